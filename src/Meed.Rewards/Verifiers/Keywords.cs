using System.Text.Json;

namespace Meed.Rewards.Verifiers;

/// <summary>What keywords are asked for.</summary>
public enum KeywordRule : byte
{
    /// <summary>Each has to be there.</summary>
    All,

    /// <summary>One is enough.</summary>
    Any,

    /// <summary>None may be there.</summary>
    None,

    /// <summary>The value is the share that is there.</summary>
    Share,
}

/// <summary>Options of <c>keywords</c>.</summary>
public sealed record KeywordsOptions
{
    /// <summary>The words or phrases; when empty, the reference holds them as a text or a list of texts.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What is asked for.</summary>
    public KeywordRule Rule { get; init; } = KeywordRule.All;

    /// <summary>True when capital and small letters differ.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>True when a word also counts inside a longer one.</summary>
    public bool Inside { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Words.Any(string.IsNullOrWhiteSpace))
        {
            yield return "Words has an empty word; write words or phrases.";
        }

        if (Words.Count > 1000)
        {
            yield return $"Words has {Words.Count} words; write at most 1000.";
        }
    }
}

/// <summary>Pays for words that the response has, or has not. A word ends where no letter, digit or underscore touches it.</summary>
/// <remarks>Reasons: <c>missing</c> or <c>forbidden</c>. One work unit for each character and word.</remarks>
public sealed class Keywords(KeywordsOptions options) : TextVerifier
{
    private readonly string[] _words = [.. options.Words];

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("keywords", "1", [], 0, 1, RewardScope.Sample, true);

    /// <summary>True when the text has the word.</summary>
    public static bool Has(ReadOnlySpan<char> text, ReadOnlySpan<char> word, bool caseSensitive = false, bool inside = false)
    {
        for (int from = 0; from <= text.Length - word.Length;)
        {
            int at = text[from..].IndexOf(word, caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return false;
            }

            at += from;
            int end = at + word.Length;
            bool left = at == 0 || !IsWord(text[at - 1]) || !IsWord(word[0]);
            bool right = end == text.Length || !IsWord(text[end]) || !IsWord(word[^1]);
            if (inside || (left && right))
            {
                return true;
            }

            from = at + 1;
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        string[] words = _words.Length > 0 ? _words : FromReference(sample);
        if (words.Length == 0)
        {
            row.Fail(ScoreStatus.InvalidReference, "no_words");
            return;
        }

        int present = 0;
        foreach (string word in words)
        {
            work.Charge(sample.Response.Length + 1);
            present += Has(sample.Response, word, options.CaseSensitive, options.Inside) ? 1 : 0;
        }

        (double value, string? reason) = options.Rule switch
        {
            KeywordRule.All => (present == words.Length ? 1 : 0, present == words.Length ? null : "missing"),
            KeywordRule.Any => (present > 0 ? 1 : 0, present > 0 ? null : "missing"),
            KeywordRule.None => (present == 0 ? 1 : 0, present == 0 ? null : "forbidden"),
            _ => ((double)present / words.Length, present == words.Length ? null : "missing"),
        };
        row.Set(value, reason);
    }

    private static string[] FromReference(TextSample sample)
    {
        if (sample.Reference.ValueKind == JsonValueKind.Array)
        {
            var list = sample.Reference.EnumerateArray().ToArray();
            return list.All(w => w.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(w.GetString())) ? [.. list.Select(w => w.GetString()!)] : [];
        }

        return string.IsNullOrWhiteSpace(sample.ReferenceText) ? [] : [sample.ReferenceText];
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
