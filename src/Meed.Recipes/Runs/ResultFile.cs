using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meed.Recipes.Runs;

/// <summary>Results kept as JSON: camel case, indented, numbers that are not finite by name, LF on every platform.</summary>
public static class ResultFile
{
    private static readonly JsonSerializerOptions s_two = Options(2);
    private static readonly JsonSerializerOptions s_one = Options(1);

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It is not there or not readable; the message names it.</exception>
    public static T Read<T>(string path)
        where T : class
    {
        try
        {
            return Parse<T>(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} is not readable: {e.Message}", e);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonException">It is none of these.</exception>
    public static T Parse<T>(string json)
        where T : class => JsonSerializer.Deserialize<T>(json, s_two) ?? throw new JsonException("it is empty.");

    /// <summary>Writes a file whole or not at all, with its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="value">What to write.</param>
    /// <param name="narrow">True to indent by one space, for long lists of numbers; false for two.</param>
    public static void Write<T>(string path, T value, bool narrow = false)
        where T : class
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Disk.ReplaceText(path, JsonSerializer.Serialize(value, narrow ? s_one : s_two) + "\n");
    }

    private static JsonSerializerOptions Options(int indent) => new()
    {
        WriteIndented = true, IndentSize = indent, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
