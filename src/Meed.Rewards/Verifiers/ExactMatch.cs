using System.Buffers;
using System.Text.Json;

namespace Meed.Rewards.Verifiers;

/// <summary>The part of a response that is compared.</summary>
public enum AnswerPlace : byte
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Its last line that is not blank.</summary>
    LastLine,

    /// <summary>What stands between the last <c>&lt;answer&gt;</c> and its <c>&lt;/answer&gt;</c>.</summary>
    Tag,

    /// <summary>The content of the last <c>\boxed{...}</c>.</summary>
    Boxed,

    /// <summary>The rest of the line behind the last "answer is", "answer:" or line "A:".</summary>
    Phrase,
}

/// <summary>What happens to punctuation before comparing.</summary>
public enum PunctuationRule : byte
{
    /// <summary>It is taken off both ends: <c>"Paris."</c> is <c>Paris</c>.</summary>
    Ends,

    /// <summary>It counts.</summary>
    Keep,

    /// <summary>All of it is dropped, as SQuAD's metric does: <c>3.5</c> is <c>35</c> then.</summary>
    Drop,
}

/// <summary>Options of <c>exact-match</c>.</summary>
public sealed record ExactMatchOptions
{
    /// <summary>The part of the response that is compared.</summary>
    public AnswerPlace From { get; init; } = AnswerPlace.Whole;

    /// <summary>True when capital and small letters differ.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>True when every white space counts; else runs of it are one space and both ends are cut.</summary>
    public bool KeepSpace { get; init; }

    /// <summary>What happens to punctuation.</summary>
    public PunctuationRule Punctuation { get; init; } = PunctuationRule.Ends;

    /// <summary>True when the words a, an and the are dropped.</summary>
    public bool DropArticles { get; init; }
}

/// <summary>1 when the response, or a part of it, equals the reference after the same normalisation of both; else 0.</summary>
/// <remarks>
/// The reference is a text, a number, or a list of which one has to match. Order of the steps: case, punctuation, articles, white space.
/// Reasons: <c>unparsed</c> when the part is not there (<c>truncated</c> when generation hit its limit). Two work units a character.
/// </remarks>
public sealed class ExactMatch(ExactMatchOptions options) : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("exact-match", "1", [], 0, 1, RewardScope.Sample, true);

    /// <summary>Writes the normal form of a text to a span at least as long; returns its length.</summary>
    public static int Normalise(ReadOnlySpan<char> text, Span<char> result, ExactMatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        int n = 0;
        foreach (char raw in text)
        {
            char c = options.CaseSensitive ? raw : char.ToLowerInvariant(raw);
            if (options.Punctuation == PunctuationRule.Drop && IsPunctuation(c))
            {
                continue;
            }

            if (!options.KeepSpace && char.IsWhiteSpace(c))
            {
                if (n > 0 && result[n - 1] != ' ')
                {
                    result[n++] = ' ';
                }

                continue;
            }

            result[n++] = c;
        }

        var kept = result[..n];
        if (options.Punctuation == PunctuationRule.Ends)
        {
            int start = 0, end = n;
            while (start < end && IsEdge(kept, start, start + 1))
            {
                start++;
            }

            while (end > start && IsEdge(kept, end - 1, end))
            {
                end--;
            }

            kept[start..end].CopyTo(result);
            n = end - start;
        }

        n = options.DropArticles ? DropArticles(result, n) : n;
        return !options.KeepSpace && n > 0 && result[n - 1] == ' ' ? n - 1 : n;
    }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        work.Charge(2L * sample.Response.Length);
        if (sample.Reference.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object || (sample.Reference.ValueKind == JsonValueKind.Array && sample.Reference.GetArrayLength() == 0))
        {
            row.Fail(ScoreStatus.InvalidReference, "no_reference");
            return;
        }

        if (!Find(sample.Response, options.From, out var part))
        {
            row.Fault(sample.Truncated ? "truncated" : "unparsed");
            return;
        }

        char[] buffer = ArrayPool<char>.Shared.Rent(part.Length + 1);
        try
        {
            var answer = buffer.AsSpan(0, Normalise(part, buffer, options));
            if (sample.Reference.ValueKind != JsonValueKind.Array)
            {
                row.Set(Same(answer, sample.ReferenceText!, ref work) ? 1 : 0);
                return;
            }

            bool any = false;
            foreach (var one in sample.Reference.EnumerateArray())
            {
                if (one.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
                {
                    row.Fail(ScoreStatus.InvalidReference, "reference_is_a_list_with_something_other_than_texts");
                    return;
                }

                any = any || Same(answer, one.ValueKind == JsonValueKind.String ? one.GetString()! : one.GetRawText(), ref work);
            }

            row.Set(any ? 1 : 0);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    internal static bool Find(ReadOnlySpan<char> text, AnswerPlace place, out ReadOnlySpan<char> part)
    {
        part = text;
        switch (place)
        {
            case AnswerPlace.LastLine:
                var trimmed = text.TrimEnd();
                part = trimmed[(trimmed.LastIndexOfAny('\r', '\n') + 1)..];
                return part.Length > 0;
            case AnswerPlace.Tag:
                return AnswerText.TryTag(text, out part);
            case AnswerPlace.Boxed:
                return AnswerText.TryBoxed(text, out part);
            case AnswerPlace.Phrase:
                return AnswerText.TryPhrase(text, out part);
            default:
                return true;
        }
    }

    private bool Same(ReadOnlySpan<char> answer, string reference, ref Work work)
    {
        work.Charge(2L * reference.Length);
        char[] buffer = ArrayPool<char>.Shared.Rent(reference.Length + 1);
        bool same = answer.SequenceEqual(buffer.AsSpan(0, Normalise(reference, buffer, options)));
        ArrayPool<char>.Shared.Return(buffer);
        return same;
    }

    private static bool IsPunctuation(char c) => char.IsPunctuation(c) || c is '$' or '+' or '<' or '=' or '>' or '^' or '`' or '|' or '~';

    // A sign or point in front of a digit belongs to the number.
    private static bool IsEdge(ReadOnlySpan<char> text, int i, int next)
        => char.IsWhiteSpace(text[i]) || (IsPunctuation(text[i]) && !(text[i] is '-' or '+' or '.' or '$' && next < text.Length && char.IsAsciiDigit(text[next])) && !(text[i] == '%' && i > 0 && char.IsAsciiDigit(text[i - 1])));

    private static int DropArticles(Span<char> text, int length)
    {
        int n = 0;
        for (int i = 0; i < length;)
        {
            int end = i;
            while (end < length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            bool article = text[i..end] is "a" or "an" or "the" or "A" or "An" or "The";
            if (end == i)
            {
                end++;
            }
            else if (article && end < length && text[end] == ' ')
            {
                i = end + 1;
                continue;
            }

            if (!article || end > i + 3)
            {
                text[i..end].CopyTo(text[n..]);
                n += end - i;
            }

            i = end;
        }

        return n;
    }
}
