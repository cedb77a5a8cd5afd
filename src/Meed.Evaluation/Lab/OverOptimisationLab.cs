using Meed.Evaluation.Statistics;
using Meed.Numerics;

namespace Meed.Evaluation.Lab;

/// <summary>What the lab runs.</summary>
public sealed record LabOptions
{
    /// <summary>Worlds, each with its own proxies.</summary>
    public int Seeds { get; init; } = 20;

    /// <summary>Features of an answer.</summary>
    public int Features { get; init; } = 16;

    /// <summary>Labelled pairs of the graded proxies.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [30, 100, 1000];

    /// <summary>Share of turned labels.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>Prompts with gold labels by which a stop is recommended.</summary>
    public int Prompts { get; init; } = 32;

    /// <summary>Answers a prompt.</summary>
    public int Answers { get; init; } = 256;

    /// <summary>Steps of reinforcement learning.</summary>
    public int Steps { get; init; } = 60;

    /// <summary>First seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Seeds < 2)
        {
            yield return $"{nameof(Seeds)} is {Seeds}: an interval over worlds needs 2 or more.";
        }

        if (Features < 2 || Prompts < 2 || Answers < 8 || Steps < 10 || Labels.Count == 0 || Labels.Any(l => l < 2))
        {
            yield return $"Features {Features} (2 or more), prompts {Prompts} (2), answers {Answers} (8), steps {Steps} (10), labels {string.Join(", ", Labels)} (2 each): one is too small.";
        }

        if (Noise is not (>= 0 and < 0.5))
        {
            yield return $"{nameof(Noise)} is {Noise}: the share of turned labels lies from 0 to below 0.5.";
        }
    }
}

/// <summary>One point of a curve, over worlds.</summary>
/// <param name="Distance">√KL from the start, mean over worlds.</param>
/// <param name="Gold">Gold above the start with its 95 % interval over worlds.</param>
/// <param name="Proxy">What was optimised, above the start, in its own deviations.</param>
public sealed record LabPoint(double Distance, Interval Gold, double Proxy);

/// <summary>Gold and proxy along an optimisation.</summary>
/// <param name="Name">What was optimised, and how.</param>
/// <param name="Points">The points.</param>
/// <param name="Fit">The fitted curve.</param>
/// <param name="Alpha">Its α with a 95 % interval over worlds.</param>
/// <param name="Beta">Its β with a 95 % interval over worlds.</param>
public sealed record LabCurve(string Name, IReadOnlyList<LabPoint> Points, OptimisationCurve Fit, Interval Alpha, Interval Beta);

/// <summary>The KL divergence of best-of-n, three ways, in one world.</summary>
/// <param name="N">Draws.</param>
/// <param name="Formula">ln n − (n − 1)/n.</param>
/// <param name="Listed">Exact over the listed answers.</param>
/// <param name="Sampled">Estimated from 4,000 best-of-n draws.</param>
public sealed record LabKl(int N, double Formula, double Listed, double Sampled);

/// <summary>What stopping rules reach, over worlds.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Gold">Gold above the start at its stop.</param>
/// <param name="Lost">Gold lost against the oracle's stop, with its interval.</param>
public sealed record LabStop(string Rule, double Gold, Interval Lost);

/// <summary>What the lab found.</summary>
/// <param name="Curves">One a proxy or remedy.</param>
/// <param name="Stops">Stopping rules against the oracle.</param>
/// <param name="Kl">Divergences of best-of-n, by formula, listed and sampled.</param>
/// <param name="Options">What was run.</param>
public sealed record LabReport(IReadOnlyList<LabCurve> Curves, IReadOnlyList<LabStop> Stops, IReadOnlyList<LabKl> Kl, LabOptions Options);

/// <summary>Over-optimisation where the truth is known: graded proxies, best-of-n and reinforcement learning, remedies, and when to stop.</summary>
/// <remarks>
/// Best-of-n draws from the starting policy and takes the top by proxy; expected gold without bias, distance by ln n − (n − 1)/n. Reinforcement learning moves the centre of the policy along the score-function
/// gradient of the (shaped) proxy; its KL is |centre|²/2, exact, and its mean gold is exact too. Remedies: the mean, minimum or mean − std of five proxies of resampled labels (Coste et al. 2023, arXiv:2310.02743),
/// margins of gold's strength in training, the centred sigmoid (PAR), a KL penalty, and a KL limit at the recommended stop.
/// </remarks>
public static class OverOptimisationLab
{
    private const int Pool = 4096;
    private static readonly int[] s_sizes = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024];

    /// <summary>Runs it.</summary>
    public static LabReport Run(LabOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        string problems = string.Join(' ', options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        var curves = new SortedDictionary<int, (string Name, bool Rl, List<(double Distance, double Gold, double Proxy)[]> Worlds)>();
        var stops = new Dictionary<string, List<(double Gold, double Lost)>>();
        IReadOnlyList<LabKl> kl = [];
        for (int s = 0; s < options.Seeds; s++)
        {
            stop.ThrowIfCancellationRequested();
            var random = new RandomStream(options.Seed + (ulong)s);
            var world = new LabWorld(options.Features, options.Seed + (ulong)s);
            int next = 0;
            void Keep(string name, bool rl, (double, double, double)[] points)
            {
                if (!curves.TryGetValue(next, out var curve))
                {
                    curves[next] = curve = (name, rl, []);
                }

                curve.Worlds.Add(points);
                next++;
            }

            LabProxy[] graded = [.. options.Labels.Select((labels, i) => LabProxy.Train(world, labels, options.Noise, random.Split("proxy", i)))];
            for (int g = 0; g < graded.Length; g++)
            {
                Keep($"best-of-n, {options.Labels[g]} labels", false, Best(world, options, random.Split("best", g), graded[g].Score));
            }

            int middle = options.Labels.Count / 2, labelsOf = options.Labels[middle];
            LabProxy[] members = [.. Enumerable.Range(0, 5).Select(m => LabProxy.Train(world, labelsOf, options.Noise, random.Split("member", m)))];
            var margins = LabProxy.Train(world, labelsOf, options.Noise, random.Split("proxy", middle), margins: true);
            double limit = Stop(world, options, random.Split("stop"), graded[middle], stops);
            Keep("RL, one proxy", true, Learn(world, options, random.Split("rl", 0), graded[middle].Score, 0));
            Keep("RL, trained with margins", true, Learn(world, options, random.Split("rl", 6), margins.Score, 0));
            Keep("RL, mean of 5", true, Learn(world, options, random.Split("rl", 1), x => Ensemble(members, x, 0), 0));
            Keep("RL, mean − std of 5", true, Learn(world, options, random.Split("rl", 2), x => Ensemble(members, x, 1), 0));
            Keep("RL, minimum of 5", true, Learn(world, options, random.Split("rl", 3), x => Ensemble(members, x, double.NaN), 0));
            Keep("RL, centred sigmoid", true, Learn(world, options, random.Split("rl", 4), x => 4 / (1 + Math.Exp(-graded[middle].Score(x))), 0));
            Keep("RL, KL penalty 0.3", true, Learn(world, options, random.Split("rl", 5), graded[middle].Score, 0.3));
            Keep("RL, KL limit at the stop", true, Learn(world, options, random.Split("rl", 7), graded[middle].Score, 0, limit));
            if (s == 0)
            {
                double[] scores = [.. Enumerable.Range(0, Pool).Select(_ => graded[middle].Score(world.Draw(random)))], even = [.. Enumerable.Repeat(1.0 / Pool, Pool)];
                kl = [.. ((int[])[2, 8, 64, 256]).Select(n => new LabKl(n, BestOfN.Kl(n), BestOfN.Kl(even, scores, n), BestOfN.SampledKl(scores, n, 4000, random.Split("kl", n))))];
            }
        }

        return new LabReport(
            [.. curves.Values.Select(c => Curve(c.Name, c.Rl, c.Worlds))],
            [.. stops.Select(r => new LabStop(r.Key, r.Value.Average(v => v.Gold), ClusteredBootstrap.Mean([.. r.Value.Select(v => v.Lost)], [.. r.Value.Select((_, i) => (ulong)i)], options.Seed)))], kl, options);
    }

    private delegate double Scorer(ReadOnlySpan<double> answer);

    private static double Ensemble(LabProxy[] members, ReadOnlySpan<double> x, double k)
    {
        double sum = 0, squares = 0, least = double.PositiveInfinity;
        foreach (var m in members)
        {
            double score = m.Score(x);
            sum += score;
            squares += score * score;
            least = Math.Min(least, score);
        }

        double mean = sum / members.Length;
        return double.IsNaN(k) ? least : mean - (k * Math.Sqrt(Math.Max(0, (squares / members.Length) - (mean * mean))));
    }

    // Expected gold of the best of n, from a large pool of answers of one world.
    private static (double, double, double)[] Best(LabWorld world, LabOptions options, RandomStream random, Scorer score)
    {
        var proxy = new double[Pool];
        var gold = new double[Pool];
        for (int i = 0; i < Pool; i++)
        {
            double[] answer = world.Draw(random);
            (proxy[i], gold[i]) = (score(answer), world.Gold(answer));
        }

        double start = gold.Average(), centre = proxy.Average(), size = Math.Sqrt(proxy.Average(p => (p - centre) * (p - centre)));
        return [.. s_sizes.Select(n => (Math.Sqrt(BestOfN.Kl(n)), BestOfN.Expected(proxy, gold, n) - start, (BestOfN.Expected(proxy, proxy, n) - centre) / size))];
    }

    // Gradient of the mean score by the centre: mean of score · (x − centre), less its baseline; fixed-size steps in √KL, so that every method travels alike unless its penalty holds it.
    private static (double, double, double)[] Learn(LabWorld world, LabOptions options, RandomStream random, Scorer score, double penalty, double limit = double.PositiveInfinity)
    {
        const int Batch = 64;
        const double Rate = 0.12;
        var centre = new double[world.Features];
        var move = new double[world.Features];
        var answers = new double[Batch][];
        var scores = new double[Batch];
        var points = new (double, double, double)[options.Steps + 1];
        double start = world.MeanGold(centre), first = 0, size = 1;
        for (int step = 0; step <= options.Steps; step++)
        {
            for (int i = 0; i < Batch; i++)
            {
                answers[i] = world.Draw(random, centre);
                scores[i] = score(answers[i]);
            }

            double mean = scores.Average();
            if (step == 0)
            {
                first = mean;
                size = Math.Max(1e-9, Math.Sqrt(scores.Average(v => (v - mean) * (v - mean))));
            }

            points[step] = (Math.Sqrt(centre.Sum(c => c * c) / 2), world.MeanGold(centre) - start, (mean - first) / size);
            for (int k = 0; k < centre.Length; k++)
            {
                double gradient = 0;
                for (int i = 0; i < Batch; i++)
                {
                    gradient += (scores[i] - mean) / size * (answers[i][k] - centre[k]) / Batch;
                }

                move[k] = gradient - (penalty * centre[k]);
            }

            for (int k = 0; k < centre.Length; k++)
            {
                centre[k] += Rate * move[k];
            }

            // A limit holds √KL by moving back along the line to the start.
            double distance = Math.Sqrt(centre.Sum(c => c * c) / 2);
            for (int k = 0; k < centre.Length && distance > limit; k++)
            {
                centre[k] *= limit / distance;
            }
        }

        return points;
    }

    // A stop is recommended from a few prompts with gold labels: the curve is fitted to their unbiased best-of-n and stopped at its peak.
    private static double Stop(LabWorld world, LabOptions options, RandomStream random, LabProxy proxy, Dictionary<string, List<(double, double)>> stops)
    {
        int[] sizes = [.. s_sizes.Where(n => n <= options.Answers)];
        var labelled = new double[sizes.Length];
        for (int p = 0; p < options.Prompts; p++)
        {
            double[][] answers = [.. Enumerable.Range(0, options.Answers).Select(_ => world.Draw(random))];
            double[] scores = [.. answers.Select(a => proxy.Score(a))], gold = [.. answers.Select(a => world.Gold(a))];
            for (int i = 0; i < sizes.Length; i++)
            {
                labelled[i] += BestOfN.Expected(scores, gold, sizes[i]) / options.Prompts;
            }
        }

        var truth = Best(world, options, random.Split("truth"), proxy.Score)[..sizes.Length];
        var fit = OptimisationCurve.Fit(sizes.Select((n, i) => (Math.Sqrt(BestOfN.Kl(n)), labelled[i] - labelled[0])), logarithmic: false);
        int oracle = Enumerable.Range(0, sizes.Length).MaxBy(i => truth[i].Item2);
        int fitted = Enumerable.Range(0, sizes.Length).MinBy(i => Math.Abs(truth[i].Item1 - fit.Peak));
        fitted = double.IsInfinity(fit.Peak) ? sizes.Length - 1 : fitted;
        int measured = Enumerable.Range(0, sizes.Length).MaxBy(i => labelled[i]);
        foreach (var (rule, at) in ((string, int)[])[("oracle", oracle), ("fitted curve's peak", fitted), ("best labelled point", measured), ("never (largest n)", sizes.Length - 1), ("at once (n = 1)", 0)])
        {
            if (!stops.TryGetValue(rule, out var list))
            {
                stops[rule] = list = [];
            }

            list.Add((truth[at].Item2, truth[oracle].Item2 - truth[at].Item2));
        }

        return truth[fitted].Item1;
    }

    private static LabCurve Curve(string name, bool rl, List<(double Distance, double Gold, double Proxy)[]> worlds)
    {
        ulong[] keys = [.. worlds.Select((_, i) => (ulong)i)];
        LabPoint[] points = [.. Enumerable.Range(0, worlds[0].Length).Select(k => new LabPoint(worlds.Average(w => w[k].Distance), ClusteredBootstrap.Mean([.. worlds.Select(w => w[k].Gold)], keys, resamples: 500), worlds.Average(w => w[k].Proxy)))];
        OptimisationCurve Fit(IReadOnlyList<int> drawn) => OptimisationCurve.Fit(Enumerable.Range(0, points.Length).Select(k => (drawn.Average(w => worlds[w][k].Distance), drawn.Average(w => worlds[w][k].Gold))), rl);
        var fit = Fit([.. Enumerable.Range(0, worlds.Count)]);
        return new LabCurve(name, points, fit, ClusteredBootstrap.Of(keys, d => Fit(d).Alpha, resamples: 200), ClusteredBootstrap.Of(keys, d => Fit(d).Beta, resamples: 200));
    }
}
