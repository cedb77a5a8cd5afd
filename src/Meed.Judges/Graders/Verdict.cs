using System.Globalization;
using System.Text.Json;

namespace Meed.Judges.Graders;

/// <summary>Reads what was asked for out of a judge's answer.</summary>
/// <remarks>
/// The answer is a JSON object with <c>result</c>, as the request's schema says; around it a fence or text before it is allowed, because not every server keeps to a schema.
/// Only the object that ends the answer counts, so that one quoted from the sample does not. A bare number or label is read too. At most the last 64 k characters are looked at.
/// </remarks>
public static class Verdict
{
    private const int LongestAnswer = 65_536;
    private const int MostTries = 64;

    /// <summary>The number of a <c>score_model</c>; null when the answer holds none.</summary>
    public static double? Number(string answer)
    {
        string text = Ending(answer);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double bare))
        {
            return Finite(bare);
        }

        return Result(text) is { } result
            ? result.ValueKind == JsonValueKind.Number && result.TryGetDouble(out double number) ? Finite(number)
                : result.ValueKind == JsonValueKind.String && double.TryParse(Read(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double spelled) ? Finite(spelled) : null
            : null;
    }

    /// <summary>The label of a <c>label_model</c>, as it is spelled among the labels; null when the answer holds none of them.</summary>
    public static string? Label(string answer, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        string text = Ending(answer);
        string said = Result(text) is { ValueKind: JsonValueKind.String } result ? Read(result) : text.Trim('"');
        return labels.FirstOrDefault(l => l == said) ?? (labels.Where(l => string.Equals(l, said.Trim(), StringComparison.OrdinalIgnoreCase)).ToList() is [var one] ? one : null);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Read(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static string Ending(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = (answer.Length <= LongestAnswer ? answer : answer[^LongestAnswer..]).Trim();
        if (text.EndsWith("```", StringComparison.Ordinal))
        {
            text = text[..^3].TrimEnd();
            int fence = text.LastIndexOf("```", StringComparison.Ordinal);
            int line = fence < 0 ? -1 : text.IndexOf('\n', fence);
            text = line < 0 ? text : text[(line + 1)..].Trim();
        }

        return text;
    }

    // The object that ends the text: the first "{" from the end whose rest is one whole object with a result.
    private static JsonElement? Result(string text)
    {
        int at = text.Length;
        for (int tries = 0; tries < MostTries && text.EndsWith('}') && (at = at > 0 ? text.LastIndexOf('{', at - 1) : -1) >= 0; tries++)
        {
            try
            {
                using var document = JsonDocument.Parse(text.AsMemory(at));
                if (document.RootElement.TryGetProperty("result", out var result))
                {
                    return result.Clone();
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
            {
                // It begins inside another object or a string.
            }
        }

        return null;
    }
}
