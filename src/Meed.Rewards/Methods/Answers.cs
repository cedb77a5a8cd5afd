using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>What many methods share: the think-and-answer form, equality of short answers, option letters.</summary>
public static class Answers
{
    /// <summary>1 when the whole response is the given tags in this order, each exactly once and not blank, with only white space between; otherwise 0.</summary>
    /// <remarks>The format reward of DeepSeek-R1 (arXiv:2501.12948) and its followers. A second copy of a tag, or text outside, costs it.</remarks>
    public static double Format(string response, params ReadOnlySpan<string> tags)
    {
        ArgumentNullException.ThrowIfNull(response);
        int at = 0;
        foreach (var tag in tags)
        {
            string open = $"<{tag}>", close = $"</{tag}>";
            while (at < response.Length && Words.IsSpace(response[at])) { at++; }
            if (string.CompareOrdinal(response, at, open, 0, open.Length) != 0)
            {
                return 0;
            }

            int start = at + open.Length, end = response.IndexOf(close, start, StringComparison.Ordinal);
            if (end < 0 || string.IsNullOrWhiteSpace(response[start..end]) || response.IndexOf(open, start, StringComparison.Ordinal) >= 0 || response.IndexOf(close, end + 1, StringComparison.Ordinal) >= 0)
            {
                return 0;
            }

            at = end + close.Length;
        }

        return string.IsNullOrWhiteSpace(response[at..]) ? 1 : 0;
    }

    /// <summary><see cref="Format"/> with <c>think</c> and <c>answer</c>.</summary>
    public static double ThinkAnswer(string response) => Format(response, "think", "answer");

    /// <summary>The inside of the only <c>answer</c> tag, trimmed; null when there is none or more than one, so that listing answers never pays.</summary>
    public static string? Only(string response, string tag = "answer")
    {
        var inside = TextMetricReward.Inside(response, tag);
        return inside is null || response.IndexOf($"<{tag}>", StringComparison.Ordinal) != response.LastIndexOf($"<{tag}>", StringComparison.Ordinal) ? null : Words.TrimSpace(inside);
    }

    /// <summary>1 when two short answers are the same (<see cref="StructuredAnswer.Same"/>), otherwise 0.</summary>
    public static double Same(string? answer, string gold, double tolerance = 0) => answer is not null && StructuredAnswer.Same(answer, gold, tolerance) ? 1 : 0;

    /// <summary>The option letter that an answer is or starts with, such as B, (B), B. or B: text; null otherwise.</summary>
    public static char? Option(string? answer)
    {
        var text = (answer ?? "").Trim().TrimStart('(', '[');
        return text.Length > 0 && char.IsAsciiLetter(text[0]) && (text.Length == 1 || text[1] is ')' or ']' or '.' or ':') ? char.ToUpperInvariant(text[0]) : null;
    }

    /// <summary>1 for the right option letter, or, when the gold is no letter, for the same answer.</summary>
    public static double Choice(string? answer, string gold) => Option(gold) is { } letter && gold.Trim().Length <= 3 ? (Option(answer) == letter ? 1 : 0) : Same(answer, gold);

    /// <summary>Data inside the only <c>answer</c> tag; null when it cannot be read.</summary>
    public static DataValue? Data(string response, ref Work work, string tag = "answer") => Only(response, tag) is { } text ? Geometry.GeometryReader.Data(text, ref work) : null;
}
