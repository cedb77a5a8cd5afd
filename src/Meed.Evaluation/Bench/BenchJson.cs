using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meed.Evaluation.Bench;

/// <summary>How benches and lab reports are written as JSON.</summary>
public static class BenchJson
{
    /// <summary>Camel case, numbers that are not finite by name.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true, IndentSize = 1, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
