using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meed.Recipes.Runs;

/// <summary>One sampled answer with its verdict, a line of <c>samples.jsonl</c>.</summary>
public sealed record RunSample
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>When it was drawn: <c>before</c>, <c>train</c> or <c>after</c>.</summary>
    public string Phase { get; init; } = "train";

    /// <summary>Step.</summary>
    public long Step { get; init; }

    /// <summary>The prompt.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The answer.</summary>
    public string Response { get; init; } = "";

    /// <summary>The reward; null when the row failed.</summary>
    public double? Reward { get; init; }

    /// <summary>Each component's value.</summary>
    public IReadOnlyDictionary<string, double>? Components { get; init; }

    /// <summary>Why it scored what it did.</summary>
    public string? Reason { get; init; }

    /// <summary>As a line of JSON.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, s_json);

    /// <summary>From a line of JSON.</summary>
    public static RunSample FromLine(string line) => JsonSerializer.Deserialize<RunSample>(line, s_json) ?? throw new JsonException("An empty sample.");
}
