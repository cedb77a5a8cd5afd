using Meed.Rewards.Combinators;
using Meed.Rewards.Documents;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards;

/// <summary>The rewards of this package.</summary>
public static class Catalog
{
    /// <summary>Every entry for text samples.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        RewardEntry.Of<TextSample, NumericAnswerOptions>("numeric-answer", "verifier", [], "1 when the number that the response states equals the reference.", "", o => new NumericAnswer(o)),
        RewardEntry.Of<TextSample, MathAnswers.MathOptions>("math", "verifier", [], "1 when the final answer is mathematically the reference.", "", o => new MathAnswers.MathVerifier(o)),
        .. MeasureEntries.All,
        .. Methods.MethodEntries.All,
        RewardEntry.Of<TextSample, ExactMatchOptions>("exact-match", "verifier", [8], "1 when the response, or a part of it, equals the reference after normalisation.", "", o => new ExactMatch(o)),
        RewardEntry.Of<TextSample, Code.CodeOptions>("code", "verifier", [], "1 when the program in the response passes the task's tests, run in a sandbox.", "", o => new Code.CodeReward(o)) with { RunsPrograms = true },
        RewardEntry.Of<TextSample, MultipleChoiceOptions>("multiple-choice", "verifier", [], "1 when the letter that the response chooses is the reference's.", "", o => new MultipleChoice(o)),
        RewardEntry.Of<TextSample, RegexMatchOptions>("regex", "verifier", [], "1 when a regular expression matches, in linear time.", "", o => new RegexMatch(o)),
        RewardEntry.Of<TextSample, TagsOptions>("tags", "verifier", [8], "1 when the response has the asked tags once, in order, and nothing outside.", "DeepSeek-R1, arXiv:2501.12948", o => new Tags(o)),
        RewardEntry.Of<TextSample, LengthBandOptions>("length", "verifier", [], "1 inside a band of lengths, falling outside.", "", o => new LengthBand(o)),
        RewardEntry.Of<TextSample, KeywordsOptions>("keywords", "verifier", [59], "Pays for words that the response has, or has not.", "", o => new Keywords(o)),
        .. Documents.OpenAi.GraderEntries.All,
        .. Combinators(TextTraits.Instance),
    ];

    /// <summary>The combinators for a kind of sample.</summary>
    public static IEnumerable<CatalogEntry> Combinators<T>(SampleTraits<T> traits) =>
    [
        RewardEntry.List<T>("sum", [], "Weighted sum; children that do not apply leave their weight to the others.", "", (c, w) => new Sum<T>(c, w), weights: true),
        RewardEntry.List<T>("product", [], "Product of the children.", "", (c, _) => new Product<T>(c)),
        RewardEntry.List<T>("min", [], "The smallest child.", "", (c, _) => new Minimum<T>(c)),
        RewardEntry.List<T>("max", [], "The largest child.", "", (c, _) => new Maximum<T>(c)),
        RewardEntry.Tree<T, GateOptions>("gate", [149], "A reward that is paid only where a condition reaches a threshold.", "", (o, p, b) => (b.Build(o.If, p + ".if"), b.Build(o.Then, p + ".then")) is ({ } i, { } t) ? new Gate<T>(i, t, o.AtLeast, o.Closed) : null),
        RewardEntry.Tree<T, ClipOptions>("clip", [12, 44], "The value, and its segments, kept within bounds.", "On Designing Effective RL Reward at Training Time for LLM Reasoning", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Clip<T>(c, o.Min ?? c.Schema.Minimum, o.Max ?? c.Schema.Maximum) : null),
        RewardEntry.Tree<T, OfOptions>("delta", [12], "Differences of neighbouring steps, which more steps of the same value cannot raise.", "On Designing Effective RL Reward at Training Time for LLM Reasoning", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Delta<T>(c) : null),
        RewardEntry.Tree<T, ScaleOptions>("scale", [], "A factor and an offset.", "", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Scale<T>(c, o.By, o.Add) : null),
        RewardEntry.Tree<T, SigmoidOptions>("sigmoid", [44], "The value through a centred sigmoid.", "Reward Shaping to Mitigate Reward Hacking in RLHF", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Sigmoid<T>(c, o.Center, o.Width) : null),
        RewardEntry.Tree<T, PowerOptions>("power", [], "sign(x)·|x| to an exponent.", "", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Power<T>(c, o.Exponent) : null),
        RewardEntry.Tree<T, NormaliseOptions>("normalise", [44], "Mean off, divided by the deviation, over the group, the batch or all batches so far.", "", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Normalise<T>(c, o.Over, o.Deviate, o.Limit, o.Epsilon) : null),
        RewardEntry.Tree<T, QuantileOptions>("quantile", [], "The rank among the group, the batch or fixed values, from 0 to 1.", "", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Quantile<T>(c, o.Over, o.Among) : null),
        RewardEntry.Tree<T, TiersOptions>("tiers", [136], "Steps instead of a slope: the value of the highest threshold reached.", "SSL: Sweet Spot Learning for Differentiated Guidance in Agentic Optimization", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Tiers<T>(c, o.At, o.Values) : null),
        RewardEntry.Tree<T, LengthPenaltyOptions>("length-penalty", [110], "A penalty that grows over the last stretch before a length limit.", "DAPO: An Open-Source LLM Reinforcement Learning System at Scale, arXiv:2503.14476", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new LengthPenalty<T>(c, traits, o) : null),
        RewardEntry.Tree<T, CacheOptions>("cache", [], "Remembers scores of samples that come again.", "", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Cache<T>(c, traits, new Caching.ScoreStore(o.Capacity), RewardDocuments.HashOf(o.Of!)) : null),
        RewardEntry.Tree<T, EnsembleOptions>("ensemble", [70], "Mean, median, minimum or mean − k·std of several rewards of the same thing.", "Helping or Herding? Reward Model Ensembles Mitigate but do not Eliminate Reward Hacking", (o, p, b) => b.List(o.Of, p + ".of", false) is { } m ? new Ensemble<T>(m.Rewards, o.By, o.K, o.Quorum) : null),
        RewardEntry.Tree<T, RouteOptions>("route", [8, 110], "Sends each sample to the reward of its case.", "", (o, p, b) => Routes(o, p, b, traits)),
        RewardEntry.Tree<T, NoiseOptions>("noise", [59], "Seeded flips and Gaussian noise.", "The Climb Carves Wisdom Deeper Than the Summit: On the Noisy Rewards in Learning to Reason", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Noise<T>(c, traits, o.Deviation, o.Flip) : null),
        RewardEntry.Tree<T, AnnealOptions>("anneal", [45], "A weight that moves with the training step.", "", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Anneal<T>(c, o.From, o.To, o.Start, o.End, o.Shape) : null),
        RewardEntry.Tree<T, OtherwiseOptions>("otherwise", [], "A value for rows that failed.", "", (o, p, b) => b.Build(o.Of, p + ".of") is { } c ? new Otherwise<T>(c, o.Value ?? 0) : null),
    ];

    /// <summary>A registry with every reward of this package for text samples; other packages add theirs.</summary>
    public static RewardRegistry<TextSample> TextRewards() => new RewardRegistry<TextSample>().Add(Entries);

    private static Route<T>? Routes<T>(RouteOptions options, string path, RewardBuilder<T> builder, SampleTraits<T> traits)
    {
        var cases = options.Cases.Select(c => KeyValuePair.Create(c.Key, builder.Build(c.Value, $"{path}.cases.{c.Key}"))).ToList();
        var other = options.Else is null ? null : builder.Build(options.Else, path + ".else");
        bool complete = cases.TrueForAll(c => c.Value is not null) && (options.Else is null || other is not null);
        return complete ? new Route<T>(s => traits.FieldOf(s, options.By), [.. cases.Select(c => KeyValuePair.Create(c.Key, c.Value!))], other) : null;
    }
}
