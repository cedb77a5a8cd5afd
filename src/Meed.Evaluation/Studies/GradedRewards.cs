using Meed.Evaluation.Bench;
using Meed.Evaluation.Statistics;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.Tasks.PreferenceSet;

namespace Meed.Evaluation.Studies;

/// <summary>How rewards are benched.</summary>
public enum BenchProtocol : byte
{
    /// <summary>One right answer against one wrong one of the same style.</summary>
    Pairwise,

    /// <summary>One right answer against three wrong ones of the same style.</summary>
    BestOfFour,

    /// <summary>One right answer against one wrong one that also differs in style: the right ones are terse.</summary>
    TwoWay,

    /// <summary>One right answer against nine wrong ones of the same style.</summary>
    OneToMany,
}

/// <summary>Options of <see cref="GradedRewards"/>.</summary>
public sealed record GradedRewardsOptions
{
    /// <summary>The protocol.</summary>
    public BenchProtocol Protocol { get; init; }

    /// <summary>Rewards of graded quality.</summary>
    public int Rewards { get; init; } = 12;

    /// <summary>Updates of 32 comparisons each.</summary>
    public int Steps { get; init; } = 150;

    /// <summary>Items of the bench.</summary>
    public int Items { get; init; } = 200;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Below(("Rewards", Rewards, 4), ("Steps", Steps, 1), ("Items", Items, 10));
}

/// <summary>Rewards trained on labels of graded quality and with planted likings for length are benched; does the bench say which of them is worth optimising?</summary>
/// <remarks>
/// Each reward has its own number of labels (40 to 1,200), share of turned labels (0 to 30 %) and judges who pay for or against length (−1.5 to 1.5 a sentence). Items and candidates are held-out prompts of the generated set. "Same style": as many gold-neutral sentences. Measures: <c>accuracy</c>, the mean figure of
/// the protocol; <c>correlation</c>, Spearman's over rewards between figure and mean gold of the reward's choice among 16 candidates. Figures come from the suites <c>rewardbench2</c> and <c>rewardmath</c>.
/// <para>RewardBench 2, arXiv:2506.01937 (atlas row 28); RewardMATH, arXiv:2410.01729 (atlas row 69).</para>
/// </remarks>
public sealed class GradedRewards(GradedRewardsOptions options) : IStudy
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = new PreferenceSetTask(new PreferenceSetOptions { Pairs = 1, Test = 1 });
        var items = Items(world, seed + 1000);
        BenchSuite suite = options.Protocol is BenchProtocol.TwoWay or BenchProtocol.OneToMany ? new RewardMathSuite() : new RewardBench2Suite();
        double[] figure = new double[options.Rewards], gold = new double[options.Rewards];
        for (int r = 0; r < options.Rewards; r++)
        {
            stop.ThrowIfCancellationRequested();
            var draw = random.Split("reward", r);
            var flaws = new PreferenceSetOptions { Pairs = (int)(40 * Math.Pow(30, draw.NextDouble())), Test = 1, Noise = 0.3 * draw.NextDouble(), LengthBias = 3 * (draw.NextDouble() - 0.5) };
            var reward = TextReward.Train(TextReward.Pairs(new PreferenceSetTask(flaws).Training((seed * 100) + (ulong)r)), options.Steps, draw, stop);
            double[][] scores = [.. items.Select(i => reward.Score([.. i.Row.Responses.Select(x => new RewardInput(i.Row.Prompt, x.Text!))]))];
            figure[r] = suite.Overall(suite.Outcomes(items, scores));
            gold[r] = BestOfCandidates.Measure(world, seed, 16, reward.Score)["best_of_n_gold"];
        }

        return new Dictionary<string, double> { ["accuracy"] = figure.Average(), ["correlation"] = Correlation.Spearman(figure, gold), ["best_of_16_gold"] = gold.Average() };
    }

    // The right answer is at least two facts better than each wrong one.
    private List<BenchItem> Items(PreferenceSetTask world, ulong seed)
    {
        int wrong = options.Protocol switch { BenchProtocol.BestOfFour => 3, BenchProtocol.OneToMany => 9, _ => 1 };
        var items = new List<BenchItem>();
        for (ulong batch = 0; items.Count < options.Items && batch < 40; batch++)
        {
            foreach (var c in world.Candidates(seed + (1000 * batch), 50, 64))
            {
                // Terse right answers and wordy wrong ones where the style may differ.
                bool tell = options.Protocol == BenchProtocol.TwoWay;
                foreach (var right in c.Responses.Where(r => !tell || r.Fillers <= 1).OrderByDescending(r => r.Gold).Take(1))
                {
                    var others = c.Responses.Where(o => o.Gold <= right.Gold - 2 && (tell ? o.Fillers >= 2 : o.Fillers == right.Fillers)).Take(wrong).ToList();
                    if (others.Count == wrong && items.Count < options.Items)
                    {
                        RatedResponse[] responses = [new RatedResponse { Text = right.Text, Label = true }, .. others.Select(o => new RatedResponse { Text = o.Text, Label = false })];
                        BenchPair[] pairs = [.. Enumerable.Range(1, wrong).Select(k => new BenchPair(0, k))];
                        items.Add(new BenchItem(new PreferenceRow { Prompt = TextReward.Input(c.Prompt, "").Prompt, Responses = responses, Pairs = [.. pairs.Select(p => new PreferencePair(p.Better, p.Worse))] }, "facts", (ulong)items.Count, pairs, [.. Enumerable.Range(0, wrong + 1)]));
                    }
                }
            }
        }

        return items;
    }
}
