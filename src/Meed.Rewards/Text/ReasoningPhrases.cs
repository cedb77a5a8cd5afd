namespace Meed.Rewards.Text;

/// <summary>Counts phrases that people use when they reason step by step.</summary>
/// <remarks>
/// The reasoning-pattern reward of "The Climb Carves Wisdom Deeper Than the Summit" (2025, row 59 of the atlas) pays for such phrases and looks at nothing else. The paper's list is not reproduced:
/// ours has the same four kinds (order, condition, check, conclusion). Matching is without case, at word boundaries, without overlap, the longest phrase first.
/// </remarks>
public static class ReasoningPhrases
{
    /// <summary>The phrases in use unless others are given.</summary>
    public static IReadOnlyList<string> Usual { get; } =
    [
        "first", "first of all", "second", "third", "next", "then", "finally", "step by step", "to begin with", "let's", "we need to", "we know that", "given that", "we have", "recall that", "note that",
        "because", "since", "if", "suppose", "assume", "assuming", "in this case", "on the other hand", "however", "but wait", "wait", "alternatively", "let me check", "let me verify", "check", "verify", "double-check",
        "to confirm", "this means", "which means", "it follows that", "as a result", "so", "thus", "hence", "therefore", "consequently", "in conclusion", "we can conclude", "the answer is",
    ];

    /// <summary>Occurrences of any phrase, and how many different phrases occur.</summary>
    public static (int Count, int Different) Count(string text, IReadOnlyList<string> phrases, ref Work work)
    {
        var each = CountEach(text, phrases, ref work);
        return (each.Values.Sum(), each.Count);
    }

    /// <summary>Occurrences of each phrase that occurs.</summary>
    public static IReadOnlyDictionary<string, int> CountEach(string text, IReadOnlyList<string> phrases, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(phrases);
        work.Charge((4L * text.Length) + 1);
        var words = Words.Split(text.ToLowerInvariant()).Select(Words.Trim).Where(w => w.Length > 0).ToList();
        var byFirst = phrases.Select(p => p.Split(' ')).GroupBy(p => p[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.OrderByDescending(p => p.Length).ToList(), StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < words.Count; i++)
        {
            work.Charge(1);
            foreach (var phrase in byFirst.GetValueOrDefault(words[i]) ?? [])
            {
                if (i + phrase.Length <= words.Count && words.GetRange(i, phrase.Length).SequenceEqual(phrase, StringComparer.Ordinal))
                {
                    var name = string.Join(' ', phrase);
                    counts[name] = counts.GetValueOrDefault(name) + 1;
                    i += phrase.Length - 1;
                    break;
                }
            }
        }

        return counts;
    }
}
