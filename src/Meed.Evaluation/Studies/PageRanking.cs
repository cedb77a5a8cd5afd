using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Curation;

namespace Meed.Evaluation.Studies;

/// <summary>What a ranking is paid by.</summary>
public enum PageReward : byte
{
    /// <summary>The score of the whole page.</summary>
    Page,

    /// <summary>The scores of its items, discounted by position.</summary>
    Items,

    /// <summary>Both, half and half.</summary>
    Mixed,
}

/// <summary>Options of <see cref="PageRanking"/>.</summary>
public sealed record PageRankingOptions
{
    /// <summary>What a ranking is paid by.</summary>
    public PageReward Method { get; init; }

    /// <summary>Queries in the click log, with four pages each.</summary>
    public int Queries { get; init; } = 300;

    /// <summary>Times that a page was shown.</summary>
    public int Impressions { get; init; } = 20;

    /// <summary>Updates of each scorer.</summary>
    public int ScorerSteps { get; init; } = 500;

    /// <summary>Updates of the ranker.</summary>
    public int Steps { get; init; } = 150;

    /// <summary>Queries of an update of the ranker.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Rankings sampled of each query.</summary>
    public int Samples { get; init; } = 4;

    /// <summary>Learning rate of the ranker.</summary>
    public float LearningRate { get; init; } = 0.02f;

    /// <summary>Features of an item that its relevance depends on by an ideal value each; 0 for a logistic one of all features.</summary>
    public int Ideals { get; init; }

    /// <summary>Exchanges of two positions that are shown of each page in the log.</summary>
    public int Exchanges { get; init; } = 1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Queries", Queries, 1), ("Impressions", Impressions, 1), ("ScorerSteps", ScorerSteps, 1), ("Steps", Steps, 1), ("BatchSize", BatchSize, 1), ("Samples", Samples, 2), ("Exchanges", Exchanges, 1), ("Ideals", Ideals, 0)),
        .. StudyProblems.When(!(LearningRate > 0), $"LearningRate is {LearningRate}; it is above 0."),
    ];
}

/// <summary>Rankings learned from simulated clicks by a page scorer, an item scorer, or both.</summary>
/// <remarks>
/// 200 items have eight features and a hidden relevance. A click at position k has chance relevance/log₂(2 + k), halved below an item that is nearly the same. The log holds pages of five and the same pages with
/// two positions exchanged. <see cref="PageRewards"/> makes pairs of it; a page scorer (an MLP over the five items in order) and an item scorer learn them by Bradley-Terry. The ranker draws pages of five from ten
/// candidates by Plackett-Luce and is trained by policy gradient, its baseline the mean of a query's samples; both rewards are scaled to deviation 1 on the log. Measure: <c>ndcg</c> of the ranker's best ranking of
/// 300 new queries, by the hidden relevance.
/// <para>"Enhanced Whole Page Optimization via Mixed-Grained Reward Mechanism-Adapted Language Models" (atlas row 102).</para>
/// </remarks>
public sealed class PageRanking(PageRankingOptions options) : IStudy
{
    private const int Items = 200, Width = 8, Length = 5, Candidates = 10, Test = 300;

    private sealed record World(float[][] Features, double[] Relevance);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = Draw(random.Split("world", 0));
        var log = Log(world, random.Split("log", 0));
        var page = new Scorer("page", Length * Width, random);
        var item = new Scorer("item", Width, random);
        page.Fit([.. log.SelectMany(q => PageRewards.Lists(q).Select(p => (Row(world, q[p.Better].Items), Row(world, q[p.Worse].Items))))], options.ScorerSteps, random.Split("page order", 0), stop);
        item.Fit([.. log.SelectMany(q => PageRewards.Swaps(q).Select(p => (world.Features[p.Preferred], world.Features[p.Other])))], options.ScorerSteps, random.Split("item order", 0), stop);
        double pageScale = 1 / Deviation(page.Apply([.. log.SelectMany(q => q.Select(p => Row(world, p.Items)))])), itemScale = 1 / Deviation(item.Apply(world.Features));

        var ranker = new Scorer("ranker", Width, random);
        var optimizer = new Adam([.. ranker.Parameters], options.LearningRate);
        var draws = random.Split("rankings", 0);
        double weight = options.Method switch { PageReward.Page => 1, PageReward.Items => 0, _ => 0.5 };
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            Tensor? loss = null;
            for (int b = 0; b < options.BatchSize; b++)
            {
                int[] candidates = [.. draws.Permutation(Items).Take(Candidates)];
                var logits = ranker.Forward([.. candidates.Select(c => world.Features[c])]);                  // [10]
                int[][] rankings = [.. Enumerable.Range(0, options.Samples).Select(_ => Sample(logits.ToArray(), draws))];
                double[] pages = page.Apply([.. rankings.Select(r => Row(world, r.Select(k => candidates[k])))]), items = item.Apply([.. candidates.Select(c => world.Features[c])]);
                double[] rewards = [.. rankings.Select((r, i) => PageRewards.Mixed(pageScale * pages[i], [.. r.Select(k => itemScale * items[k])], weight))];
                for (int i = 0; i < rankings.Length; i++)
                {
                    var part = PlackettLuce(logits, rankings[i]) * (float)(rewards.Average() - rewards[i]);
                    loss = loss is null ? part : loss + part;
                }
            }

            optimizer.Step(loss! * (1f / (options.BatchSize * options.Samples)), 1, out _);
        }

        var held = random.Split("held-out", 0);
        return new Dictionary<string, double>
        {
            ["ndcg"] = Enumerable.Range(0, Test).Average(_ =>
            {
                int[] candidates = [.. held.Permutation(Items).Take(Candidates)];
                double[] logits = ranker.Apply([.. candidates.Select(c => world.Features[c])]);
                return PageRewards.Ndcg([.. candidates.Select((c, k) => (Relevance: world.Relevance[c], Logit: logits[k])).OrderByDescending(c => c.Logit).Select(c => c.Relevance)]);
            }),
        };
    }

    // log p of the first five places, drawn one after the other without putting back.
    private static Tensor PlackettLuce(Tensor logits, int[] ranking)
    {
        Tensor? sum = null;
        for (int k = 0; k < ranking.Length; k++)
        {
            int[] left = [.. Enumerable.Range(0, logits.Shape[0]).Except(ranking.Take(k))];
            var part = logits.Take(0, [ranking[k]]).Sum() - logits.Take(0, left).LogSumExp().Sum();
            sum = sum is null ? part : sum + part;
        }

        return sum!;
    }

    private static int[] Sample(float[] logits, RandomStream random)
    {
        // Adding Gumbel noise and sorting draws from Plackett-Luce.
        double[] noised = [.. logits.Select(l => l - Math.Log(-Math.Log(Math.Max(random.NextDouble(), 1e-300))))];
        return [.. Enumerable.Range(0, logits.Length).OrderByDescending(i => noised[i]).Take(Length)];
    }

    private List<PageRewards.Page[]> Log(World world, RandomStream random)
    {
        var log = new List<PageRewards.Page[]>();
        for (int q = 0; q < options.Queries; q++)
        {
            int[] candidates = [.. random.Permutation(Items).Take(Candidates)];
            int[] one = [.. candidates.Take(Length)], two = [.. random.Permutation(Candidates).Take(Length).Select(i => candidates[i])];
            log.Add([.. new[] { one, two }.SelectMany(p => Enumerable.Range(0, 1 + options.Exchanges).Select(k => k == 0 ? p : Exchanged(p, random))).Select(items => new PageRewards.Page(items, Clicks(world, items, random)))]);
        }

        return log;
    }

    private int[] Clicks(World world, int[] items, RandomStream random) => [.. items.Select((item, k) =>
    {
        bool repeats = items.Take(k).Any(above => world.Features[above].Zip(world.Features[item], (a, b) => (a - b) * (a - b)).Sum() < Width);
        double chance = world.Relevance[item] / Math.Log2(2 + k) * (repeats ? 0.5 : 1);
        return Enumerable.Range(0, options.Impressions).Count(_ => random.NextBool(chance));
    })];

    private static int[] Exchanged(int[] items, RandomStream random)
    {
        int[] order = random.Permutation(items.Length), copy = [.. items];
        (copy[order[0]], copy[order[1]]) = (copy[order[1]], copy[order[0]]);
        return copy;
    }

    private World Draw(RandomStream random)
    {
        var taste = new float[Width];
        random.FillNormal(taste, 0, 1);
        float[][] features = [.. Enumerable.Range(0, Items).Select(_ =>
        {
            var x = new float[Width];
            random.FillNormal(x, 0, 1);
            return x;
        })];
        return new World(features, [.. features.Select(x => options.Ideals == 0
            ? 1 / (1 + Math.Exp(-x.Zip(taste, (a, b) => a * b).Sum()))
            : Math.Exp(-x.Zip(taste, (a, b) => (a - b) * (double)(a - b)).Take(options.Ideals).Sum() / 2))]);
    }

    private static float[] Row(World world, IEnumerable<int> items) => [.. items.SelectMany(i => world.Features[i])];

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Max(1e-6, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))));
    }

    // An MLP with one hidden layer to a number.
    private sealed class Scorer(string name, int width, RandomStream random)
    {
        private readonly Linear _first = new($"{name}.first", width, 32, random, deviation: 1 / MathF.Sqrt(width), activation: Activation.Gelu);
        private readonly Linear _second = new($"{name}.second", 32, 1, random, deviation: 0.02f);

        public IEnumerable<Parameter> Parameters => _first.Parameters.Concat(_second.Parameters);

        public Tensor Forward(float[][] rows) => _second.Forward(_first.Forward(Tensor.From([.. rows.SelectMany(r => r)], rows.Length, rows[0].Length))).Reshape(rows.Length);

        public double[] Apply(float[][] rows)
        {
            using var scope = Tape.Begin(record: false);
            return [.. Forward(rows).ToArray().Select(v => (double)v)];
        }

        public void Fit((float[] Better, float[] Worse)[] pairs, int steps, RandomStream order, CancellationToken stop)
        {
            var optimizer = new AdamW([.. Parameters], 3e-3f);
            for (int step = 0; step < steps; step++)
            {
                stop.ThrowIfCancellationRequested();
                var batch = Enumerable.Range(0, 64).Select(_ => pairs[order.NextInt(pairs.Length)]).ToArray();
                using var scope = Tape.Begin();
                optimizer.Step(BradleyTerry.Loss(Forward([.. batch.Select(p => p.Better)]), Forward([.. batch.Select(p => p.Worse)])).Mean());
            }
        }
    }
}
