using System.Text.Json;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Text;

/// <summary>Compares a text with references, from 0 to 1.</summary>
public delegate double TextMetric(string candidate, IReadOnlyList<string> references, ref Work work);

/// <summary>A text metric of the response against the reference (a text or a list of texts; the metric says what several mean).</summary>
/// <remarks>An empty response scores 0 with the reason <c>empty</c>; a response without the asked tag 0 with <c>unparsed</c>. None of these metrics knows what is true: a text close to the reference in words may say its opposite.</remarks>
/// <param name="name">The reward's name.</param>
/// <param name="tag">Only the inside of the last such tag counts; null for the whole response.</param>
/// <param name="metric">The metric.</param>
public sealed class TextMetricReward(string name, string? tag, TextMetric metric) : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new(name, "1", [], 0, 1, RewardScope.Sample, true);

    /// <summary>The texts of a reference; null when it is neither a text nor a list of texts that is not empty.</summary>
    public static IReadOnlyList<string>? References(JsonElement reference)
    {
        var data = Structure.DataValue.From(reference);
        var items = data switch { { Kind: Structure.DataKind.Text } => [data], { Kind: Structure.DataKind.List } => data.Items, _ => [] };
        return items.Count == 0 || items.Any(i => i.Kind != Structure.DataKind.Text) ? null : [.. items.Select(i => i.Text)];
    }

    /// <summary>The inside of the last tag of a name; the whole text when no tag is asked for; null when the tag is missing or not closed.</summary>
    public static string? Inside(string response, string? tag)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (tag is null)
        {
            return response;
        }

        string open = $"<{tag}>", close = $"</{tag}>";
        int end = response.LastIndexOf(close, StringComparison.Ordinal);
        int start = end < 0 ? -1 : response.LastIndexOf(open, end, StringComparison.Ordinal);
        return start < 0 || start + open.Length > end ? null : response[(start + open.Length)..end];
    }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        if (References(sample.Reference) is not { } references)
        {
            row.Fail(ScoreStatus.InvalidReference, "the reference is no text and no list of texts");
            return;
        }

        work.Charge((4L * sample.Response.Length) + references.Sum(r => 4L * r.Length) + 1);
        if (Inside(sample.Response, tag) is not { } text)
        {
            row.Fault("unparsed");
        }
        else if (string.IsNullOrWhiteSpace(text))
        {
            row.Fault("empty");
        }
        else
        {
            row.Set(Math.Clamp(metric(text, references, ref work), 0, 1));
        }
    }
}

/// <summary>Share of repeated n-grams as a penalty.</summary>
/// <remarks>value = −(1 − distinct / all) over n-grams of white-space words; from −1 to 0. An empty text repeats nothing. <see cref="Repetition"/>.</remarks>
public sealed class RepetitionReward(RepetitionOptions options) : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("repetition", "1", [], -1, 0, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        work.Charge(2L * sample.Response.Length);
        row.Set(-Repetition.Share(Words.Split(sample.Response), options.N, ref work));
    }
}

/// <summary>Options of <see cref="RepetitionReward"/>.</summary>
public sealed record RepetitionOptions
{
    /// <summary>Words per n-gram. Yeo et al. 2025 use 40 for long chains of thought; 4 shows loops in short answers.</summary>
    public int N { get; init; } = 4;

    /// <summary>Every problem of these options.</summary>
    public IEnumerable<string> Problems()
    {
        if (N is < 1 or > 100)
        {
            yield return $"n is {N}: 1 to 100 words are possible.";
        }
    }
}

/// <summary>Options of text metrics.</summary>
public record TextMetricOptions
{
    /// <summary>Only the inside of the last tag of this name counts, such as <c>answer</c>; without it the whole response.</summary>
    public string? Tag { get; init; }
}

/// <summary>Options of <c>bleu</c>.</summary>
public sealed record BleuOptions : TextMetricOptions
{
    /// <summary>What to do with orders without a match. Exponential is sacreBLEU's.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>Longest n-grams.</summary>
    public int Order { get; init; } = 4;

    /// <summary>Leave out orders longer than the candidate, as sacreBLEU does for sentences.</summary>
    public bool EffectiveOrder { get; init; } = true;

    /// <summary>Every problem of these options.</summary>
    public IEnumerable<string> Problems()
    {
        if (Order is < 1 or > 9)
        {
            yield return $"order is {Order}: 1 to 9 are possible.";
        }
    }
}

/// <summary>Options of <c>rouge</c>.</summary>
public sealed record RougeOptions : TextMetricOptions
{
    /// <summary>1 to 5 for ROUGE-N, 0 for ROUGE-L.</summary>
    public int N { get; init; }

    /// <summary>Stem the words (Porter).</summary>
    public bool Stem { get; init; }

    /// <summary>Every problem of these options.</summary>
    public IEnumerable<string> Problems()
    {
        if (N is < 0 or > 5)
        {
            yield return $"n is {N}: 1 to 5, or 0 for ROUGE-L.";
        }
    }
}

/// <summary>Options of <c>chrf</c>.</summary>
public sealed record ChrFOptions : TextMetricOptions
{
    /// <summary>Word n-grams up to this order; 0 is chrF, 2 is chrF++.</summary>
    public int WordOrder { get; init; }

    /// <summary>Every problem of these options.</summary>
    public IEnumerable<string> Problems()
    {
        if (WordOrder is < 0 or > 4)
        {
            yield return $"wordOrder is {WordOrder}: 0 to 4 are possible.";
        }
    }
}

/// <summary>Options of <c>meteor</c>.</summary>
public sealed record MeteorOptions : TextMetricOptions
{
    /// <summary>Match stems where no exact word is left.</summary>
    public bool Stem { get; init; } = true;
}

/// <summary>Options of <c>embedding-similarity</c>.</summary>
public sealed record EmbeddingSimilarityOptions : TextMetricOptions
{
    /// <summary>Cosine of the mean vectors instead of bidirectional max-average similarity.</summary>
    public bool Means { get; init; }
}

/// <summary>Makes the text rewards.</summary>
public static class TextRewards
{
    /// <summary><c>bleu</c>: <see cref="Bleu"/> on <see cref="Tokenization13a"/>.</summary>
    public static IReward<TextSample> ForBleu(BleuOptions o) => new TextMetricReward("bleu", o.Tag, (string c, IReadOnlyList<string> r, ref Work w) =>
        Bleu.Sentence(Tokenization13a.Tokenize(c), [.. r.Select(Tokenization13a.Tokenize)], o.Smoothing, ref w, o.Order, o.EffectiveOrder));

    /// <summary><c>gleu</c>: <see cref="Gleu"/> on <see cref="Tokenization13a"/>.</summary>
    public static IReward<TextSample> ForGleu(TextMetricOptions o) => new TextMetricReward("gleu", o.Tag, (string c, IReadOnlyList<string> r, ref Work w) =>
        Gleu.Sentence(Tokenization13a.Tokenize(c), [.. r.Select(Tokenization13a.Tokenize)], ref w));

    /// <summary><c>chrf</c>: <see cref="ChrF"/>.</summary>
    public static IReward<TextSample> ForChrF(ChrFOptions o) => new TextMetricReward("chrf", o.Tag, (string c, IReadOnlyList<string> r, ref Work w) => ChrF.Sentence(c, r, ref w, wordOrder: o.WordOrder));

    /// <summary><c>rouge</c>: F1 of <see cref="Rouge"/>, the best reference.</summary>
    public static IReward<TextSample> ForRouge(RougeOptions o) => new TextMetricReward("rouge", o.Tag, (string c, IReadOnlyList<string> r, ref Work w) =>
    {
        var own = Rouge.Tokenize(c, o.Stem);
        double best = 0;
        foreach (var reference in r)
        {
            var other = Rouge.Tokenize(reference, o.Stem);
            best = Math.Max(best, (o.N == 0 ? Rouge.L(own, other, ref w) : Rouge.N(own, other, o.N, ref w)).F1);
        }

        return best;
    });

    /// <summary><c>meteor</c>: <see cref="Meteor"/> on <see cref="Words.Runs"/>.</summary>
    public static IReward<TextSample> ForMeteor(MeteorOptions o) => new TextMetricReward("meteor", o.Tag, (string c, IReadOnlyList<string> r, ref Work w) =>
        Meteor.Sentence(Words.Runs(c), [.. r.Select(Words.Runs)], o.Stem, ref w));

    /// <summary><c>token-f1</c>: <see cref="TokenF1"/>, the best reference.</summary>
    public static IReward<TextSample> ForTokenF1(TextMetricOptions o) => Best("token-f1", o.Tag, static (string c, string r, ref Work w) => TokenF1.Score(c, r, ref w).F1);

    /// <summary><c>edit-similarity</c>: <see cref="EditDistance.Similarity"/>, the best reference.</summary>
    public static IReward<TextSample> ForEditSimilarity(TextMetricOptions o) => Best("edit-similarity", o.Tag, EditDistance.Similarity);

    /// <summary><c>fuzzy-match</c>: <see cref="FuzzyMatch"/>, the best reference.</summary>
    public static IReward<TextSample> ForFuzzyMatch(TextMetricOptions o) => Best("fuzzy-match", o.Tag, FuzzyMatch.Ratio);

    /// <summary><c>jaccard</c>: <see cref="SetOverlap.Jaccard"/> of the words (<see cref="Words.Answer"/>), the best reference.</summary>
    public static IReward<TextSample> ForJaccard(TextMetricOptions o) => Best("jaccard", o.Tag, static (string c, string r, ref Work w) => SetOverlap.Jaccard(Words.Answer(c), Words.Answer(r)));

    /// <summary><c>embedding-similarity</c>: <see cref="EmbeddingSimilarity"/> of the words (<see cref="Words.Answer"/>) over an embedding, negative values as 0, the best reference.</summary>
    public static IReward<TextSample> ForEmbedding(EmbeddingSimilarityOptions o, ITokenEmbedding embedding) => Best("embedding-similarity", o.Tag, (string c, string r, ref Work w) => o.Means
        ? EmbeddingSimilarity.OfMeans(Words.Answer(c), Words.Answer(r), embedding, ref w)
        : EmbeddingSimilarity.MaxAverage(Words.Answer(c), Words.Answer(r), embedding, ref w));

    private delegate double PairMetric(string candidate, string reference, ref Work work);

    private static TextMetricReward Best(string name, string? tag, PairMetric metric) => new(name, tag, (string c, IReadOnlyList<string> references, ref Work w) =>
    {
        double best = 0;
        foreach (var reference in references) { best = Math.Max(best, metric(c, reference, ref w)); }
        return best;
    });
}
