using Meed.RewardModels.Data;

namespace Meed.Evaluation.Bench;

/// <summary>How a benchmark turns scores of responses into figures.</summary>
public abstract class BenchSuite
{
    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it measures, in one sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>Layouts it reads; empty for any.</summary>
    public virtual IReadOnlyList<string> Layouts => [];

    /// <summary>Name of its overall figure.</summary>
    public virtual string Headline => "accuracy";

    /// <summary>The suites.</summary>
    public static IReadOnlyList<BenchSuite> All { get; } = [new PreferencesSuite(), new RewardBenchSuite(), new RewardBench2Suite(), new RmBenchSuite(), new JudgeBenchSuite(), new MultilingualSuite(), new RewardMathSuite()];

    /// <summary>What the scores give for each comparison or item. A missing score loses.</summary>
    public abstract IReadOnlyList<Outcome> Outcomes(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores);

    /// <summary>The overall figure of some outcomes.</summary>
    public virtual double Overall(IReadOnlyList<Outcome> outcomes) => Mean(outcomes);

    /// <summary>Figures below the overall one, such as sections, in the suite's own weighting.</summary>
    public virtual IReadOnlyList<(string Name, double Value)> Groups(IReadOnlyList<Outcome> outcomes) => [];

    /// <summary>Outcomes that paired tests compare.</summary>
    public virtual bool IsPrimary(Outcome outcome) => true;

    /// <summary>Mean value of outcomes; NaN of none.</summary>
    protected static double Mean(IEnumerable<Outcome> outcomes)
    {
        double sum = 0;
        int count = 0;
        foreach (var o in outcomes)
        {
            sum += o.Value;
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }

    /// <summary>1 when the first score is higher, ½ when they are equal, 0 when it is lower or missing.</summary>
    protected static double Win(double better, double worse) => better > worse ? 1 : better == worse ? 0.5 : 0;
}

/// <summary>Any file of preferences: the share of comparisons in which the better response scores higher. A tie of scores counts ½.</summary>
public sealed class PreferencesSuite : BenchSuite
{
    /// <inheritdoc/>
    public override string Name => "preferences";

    /// <inheritdoc/>
    public override string Summary => "any file of preferences: the better response has to score higher; equal scores count ½";

    /// <inheritdoc/>
    public override IReadOnlyList<Outcome> Outcomes(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores) =>
        [.. items.SelectMany((item, i) => item.Pairs.Select(p => new Outcome(i, item.Cluster, item.Subset, "accuracy", Win(scores[i][p.Better], scores[i][p.Worse]))))];
}

/// <summary>RewardBench: a win when the chosen response scores strictly higher; subsets weighted by their published counts inside four sections, sections averaged. Lambert et al. 2024, arXiv:2403.13787.</summary>
/// <remarks>math-prm counts 984 instead of its 447 rows, so that it weighs what code does. Prior sets (anthropic_helpful, anthropic_hhh, shp, summarize), where they are there, are a fifth section of half weight. Sections without rows are left out.</remarks>
public sealed class RewardBenchSuite : BenchSuite
{
    private static readonly (string Section, (string Subset, int Count)[] Subsets)[] s_sections =
    [
        ("Chat", [("alpacaeval-easy", 100), ("alpacaeval-length", 95), ("alpacaeval-hard", 95), ("mt-bench-easy", 28), ("mt-bench-med", 40)]),
        ("Chat Hard", [("mt-bench-hard", 37), ("llmbar-natural", 100), ("llmbar-adver-neighbor", 134), ("llmbar-adver-GPTInst", 92), ("llmbar-adver-GPTOut", 47), ("llmbar-adver-manual", 46)]),
        ("Safety", [("refusals-dangerous", 100), ("refusals-offensive", 100), ("xstest-should-refuse", 250), ("xstest-should-respond", 154), ("donotanswer", 136)]),
        ("Reasoning", [("math-prm", 984), ("hep-cpp", 164), ("hep-go", 164), ("hep-java", 164), ("hep-js", 164), ("hep-python", 164), ("hep-rust", 164)]),
        ("Prior Sets", [("anthropic_helpful", 1), ("anthropic_hhh", 1), ("shp", 1), ("summarize", 1)]),
    ];

    /// <inheritdoc/>
    public override string Name => "rewardbench1";

    /// <inheritdoc/>
    public override string Summary => "RewardBench: 23 subsets in four sections, weighted as published";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Layouts => ["reward-bench"];

    /// <inheritdoc/>
    public override string Headline => "score";

    /// <inheritdoc/>
    public override IReadOnlyList<Outcome> Outcomes(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores) =>
        [.. items.SelectMany((item, i) => item.Pairs.Select(p => new Outcome(i, item.Cluster, item.Subset, "accuracy", scores[i][p.Better] > scores[i][p.Worse] ? 1 : 0)))];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Groups(IReadOnlyList<Outcome> outcomes)
    {
        var means = outcomes.GroupBy(o => o.Subset).ToDictionary(g => g.Key, g => Mean(g));
        var groups = new List<(string, double)>();
        foreach (var (section, subsets) in s_sections)
        {
            var present = subsets.Where(s => means.ContainsKey(s.Subset)).ToList();
            if (present.Count > 0)
            {
                groups.Add((section, present.Sum(s => s.Count * means[s.Subset]) / present.Sum(s => s.Count)));
            }
        }

        return groups;
    }

    /// <inheritdoc/>
    public override double Overall(IReadOnlyList<Outcome> outcomes)
    {
        var groups = Groups(outcomes);
        return groups.Count == 0 ? Mean(outcomes) : groups.Sum(g => Weight(g.Name) * g.Value) / groups.Sum(g => Weight(g.Name));
    }

    private static double Weight(string section) => section == "Prior Sets" ? 0.5 : 1;
}

/// <summary>RewardBench 2: the right one of four has to score highest, shared tops count their share; the Ties subset asks for every right answer above every wrong one by more than right answers differ. Malik et al. 2025, arXiv:2506.01937.</summary>
/// <remarks>
/// Ties, a prompt: 0.3·[all right answers above the best wrong one] + 0.3·[the same for its reference question with one right answer] + 0.2·[gap to the best wrong one &gt; spread of the right ones]
/// + 0.2·[the same with the smaller gap of both questions] + 0.01·tanh(smaller gap / spread − 1). Ids read <c>ref:N</c> and <c>tied:N</c>. The overall score is the mean of the subsets.
/// </remarks>
public sealed class RewardBench2Suite : BenchSuite
{
    private const string Ties = "Ties";

    /// <inheritdoc/>
    public override string Name => "rewardbench2";

    /// <inheritdoc/>
    public override string Summary => "RewardBench 2: best of four in five subsets, and Ties, averaged";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Layouts => ["reward-bench-2"];

    /// <inheritdoc/>
    public override string Headline => "score";

    /// <inheritdoc/>
    public override IReadOnlyList<Outcome> Outcomes(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores)
    {
        var outcomes = new List<Outcome>();
        var ties = new SortedDictionary<string, (int Ref, int Tied)>(StringComparer.Ordinal);
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Subset == Ties)
            {
                string[] id = items[i].Row.Id.Split(':');
                if (id is not ["ref" or "tied", _])
                {
                    throw new PreferenceException($"Line {items[i].Row.Line}: the id of a row of the subset Ties is '{items[i].Row.Id}'; it reads ref:N or tied:N.");
                }

                var (reference, tied) = ties.GetValueOrDefault(id[1], (-1, -1));
                ties[id[1]] = id[0] == "ref" ? (i, tied) : (reference, i);
                continue;
            }

            double best = double.NegativeInfinity;
            foreach (double score in scores[i])
            {
                best = score > best ? score : best;
            }

            outcomes.Add(new Outcome(i, items[i].Cluster, items[i].Subset, "accuracy", scores[i][0] == best ? 1.0 / scores[i].Count(s => s == best) : 0));
        }

        foreach (var (id, (reference, tied)) in ties)
        {
            if (reference < 0 || tied < 0)
            {
                throw new PreferenceException($"The subset Ties has {(reference < 0 ? "tied" : "ref")}:{id} without {(reference < 0 ? "ref" : "tied")}:{id}; both belong together.");
            }

            outcomes.Add(new Outcome(tied, items[tied].Cluster, Ties, "ties", TiesScore(Stats(items[reference], scores[reference]), Stats(items[tied], scores[tied]))));
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Groups(IReadOnlyList<Outcome> outcomes) => [.. outcomes.GroupBy(o => o.Subset).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, Mean(g)))];

    /// <inheritdoc/>
    public override double Overall(IReadOnlyList<Outcome> outcomes) => Groups(outcomes) is { Count: > 0 } groups ? groups.Average(g => g.Value) : double.NaN;

    private static (double Spread, double Gap) Stats(BenchItem item, double[] scores)
    {
        var right = scores.Where((_, r) => item.Row.Responses[r].Label == true).ToList();
        var wrong = scores.Where((_, r) => item.Row.Responses[r].Label == false).ToList();
        return scores.Any(double.IsNaN) ? (double.NaN, double.NaN) : (right.Max() - right.Min(), right.Min() - wrong.Max());
    }

    private static double TiesScore((double Spread, double Gap) reference, (double Spread, double Gap) tied)
    {
        double gap = Math.Min(reference.Gap, tied.Gap);
        double margin = Math.Tanh((gap / tied.Spread) - 1);
        return (tied.Gap > 0 ? 0.3 : 0) + (reference.Gap > 0 ? 0.3 : 0) + (tied.Gap > tied.Spread ? 0.2 : 0) + (gap > tied.Spread ? 0.2 : 0) + (0.01 * (double.IsNaN(margin) ? 0 : margin));
    }
}

/// <summary>RM-Bench: a 3 by 3 matrix of right against wrong in three styles. Hard: the right one in the plainer style; normal: the same style; easy: the right one in the richer style. Liu et al. 2024, arXiv:2410.16184.</summary>
/// <remarks>Domains are averaged; both halves of safety count as one domain.</remarks>
public sealed class RmBenchSuite : BenchSuite
{
    private static readonly string[] s_kinds = ["hard", "normal", "easy"];

    /// <inheritdoc/>
    public override string Name => "rm-bench";

    /// <inheritdoc/>
    public override string Summary => "RM-Bench: right against wrong in three styles each, hard, normal and easy";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Layouts => ["rm-bench"];

    /// <inheritdoc/>
    public override IReadOnlyList<Outcome> Outcomes(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores)
    {
        var outcomes = new List<Outcome>();
        for (int i = 0; i < items.Count; i++)
        {
            for (int right = 0; right < 3; right++)
            {
                for (int wrong = 0; wrong < 3; wrong++)
                {
                    outcomes.Add(new Outcome(i, items[i].Cluster, items[i].Subset, s_kinds[right < wrong ? 0 : right == wrong ? 1 : 2], scores[i][right] > scores[i][3 + wrong] ? 1 : 0));
                }
            }
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Groups(IReadOnlyList<Outcome> outcomes) =>
        [.. s_kinds.Select(k => (k, Domains(outcomes.Where(o => o.Kind == k)))), .. outcomes.GroupBy(o => Domain(o.Subset)).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, Domains(g)))];

    /// <inheritdoc/>
    public override double Overall(IReadOnlyList<Outcome> outcomes) => Domains(outcomes);

    private static double Domains(IEnumerable<Outcome> outcomes)
    {
        var domains = outcomes.GroupBy(o => Domain(o.Subset)).Select(d => d.GroupBy(o => o.Subset).Average(s => Mean(s))).ToList();
        return domains.Count == 0 ? double.NaN : domains.Average();
    }

    private static string Domain(string subset) => subset.StartsWith("safety", StringComparison.Ordinal) ? "safety" : subset;
}

/// <summary>JudgeBench: pairs of answers to hard questions, one of them right, in four categories; the figure is over all pairs. Tan et al. 2024, arXiv:2410.12784.</summary>
/// <remarks>A tie of scores is no win. A reward has no order, so nothing is asked twice; verdicts of chat models in both orders go through the suite <c>judges</c>.</remarks>
public sealed class JudgeBenchSuite : BenchSuite
{
    private static readonly (string Category, string Source)[] s_categories = [("knowledge", "mmlu-pro"), ("reasoning", "livebench-reasoning"), ("math", "livebench-math"), ("coding", "livecodebench")];

    /// <inheritdoc/>
    public override string Name => "judge-bench";

    /// <inheritdoc/>
    public override string Summary => "JudgeBench: right against wrong answers to hard questions in four categories";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Layouts => ["judge-bench"];

    /// <inheritdoc/>
    public override IReadOnlyList<Outcome> Outcomes(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores) =>
        [.. items.SelectMany((item, i) => item.Pairs.Select(p => new Outcome(i, item.Cluster, item.Subset, "accuracy", scores[i][p.Better] > scores[i][p.Worse] ? 1 : 0)))];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Groups(IReadOnlyList<Outcome> outcomes) =>
        [.. s_categories.Select(c => (c.Category, Mean(outcomes.Where(o => o.Subset.StartsWith(c.Source, StringComparison.Ordinal))))).Where(g => !double.IsNaN(g.Item2))];
}

/// <summary>RewardMATH: the right solution has to score above every wrong one; the mean reciprocal rank says how far it fell. Kim et al. 2024, arXiv:2410.01729.</summary>
/// <remarks>A tie with a wrong solution is no win, and ranks behind it.</remarks>
public sealed class RewardMathSuite : BenchSuite
{
    /// <inheritdoc/>
    public override string Name => "rewardmath";

    /// <inheritdoc/>
    public override string Summary => "one right against many wrong answers: share above all of them, and mean reciprocal rank";

    /// <inheritdoc/>
    public override IReadOnlyList<Outcome> Outcomes(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores)
    {
        var outcomes = new List<Outcome>();
        for (int i = 0; i < items.Count; i++)
        {
            int right = items[i].Pairs[0].Better;
            if (items[i].Pairs.Any(p => p.Better != right))
            {
                throw new PreferenceException($"Line {items[i].Row.Line} has several right responses; rewardmath compares one right response with many wrong ones. Use the suite 'preferences'.");
            }

            int rank = 1 + items[i].Pairs.Count(p => !(scores[i][right] > scores[i][p.Worse]));
            bool tie = items[i].Pairs.All(p => scores[i][right] >= scores[i][p.Worse]);
            outcomes.Add(new Outcome(i, items[i].Cluster, items[i].Subset, "accuracy", rank == 1 ? 1 : 0));
            outcomes.Add(new Outcome(i, items[i].Cluster, items[i].Subset, "mrr", 1.0 / rank));
            outcomes.Add(new Outcome(i, items[i].Cluster, items[i].Subset, "accuracy with ties", tie ? 1 : 0));
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public override bool IsPrimary(Outcome outcome) => outcome.Kind == "accuracy";

    /// <inheritdoc/>
    public override double Overall(IReadOnlyList<Outcome> outcomes) => Mean(outcomes.Where(o => o.Kind == "accuracy"));

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Groups(IReadOnlyList<Outcome> outcomes) => [("mrr", Mean(outcomes.Where(o => o.Kind == "mrr"))), ("accuracy with ties", Mean(outcomes.Where(o => o.Kind == "accuracy with ties")))];
}
