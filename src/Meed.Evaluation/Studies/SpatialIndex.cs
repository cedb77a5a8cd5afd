using Meed.Evaluation.Protocols;
using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>How task scores become one figure.</summary>
public enum IndexRule : byte
{
    /// <summary>Share of exact answers over all items.</summary>
    Exact,

    /// <summary>Each type's own metric, merged by level.</summary>
    Levels,
}

/// <summary>Options of <see cref="SpatialIndex"/>.</summary>
public sealed record SpatialIndexOptions
{
    /// <summary>Exact share or merged by level.</summary>
    public IndexRule Rule { get; init; }

    /// <summary>Items of each of the ten task types in a draw of the benchmark.</summary>
    public int Items { get; init; } = 4;

    /// <summary>Draws.</summary>
    public int Draws { get; init; } = 200;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Below(("Items", Items, 1), ("Draws", Draws, 2));
}

/// <summary>Clips of five objects that move over a floor, asked about on five levels; does a small benchmark put four agents in order?</summary>
/// <remarks>
/// Levels: observation (how many red ones, which is leftmost), relation (distance of two, order by distance to the door), change (how far one went, order of arrival), inference (where one will be, who is hidden behind another), planning
/// (length of the shortest round through all, the best order). Agents: random; eyes (sees objects to 8 %, knows levels 1 and 2, guesses above); rules (sees to 8 %, knows levels 1 to 4, plans greedily); oracle (sees to 2 %, plans exactly). Measures:
/// <c>ordered</c>, share of draws in which the figure puts all four in order; <c>gap</c>, mean smallest step between neighbours in that order, of 100; <c>level_1</c> to <c>level_5</c> of the rules.
/// <para>SpatialBench (atlas row 147).</para>
/// </remarks>
public sealed class SpatialIndex(SpatialIndexOptions options) : IStudy
{
    private const int Objects = 5;

    private static readonly TaskType[] s_types =
    [
        new("count red", 1, AnswerMetric.Number), new("leftmost", 1, AnswerMetric.Choice), new("distance", 2, AnswerMetric.Number), new("order by distance", 2, AnswerMetric.Order), new("path length", 3, AnswerMetric.Number),
        new("order of arrival", 3, AnswerMetric.Order), new("next place", 4, AnswerMetric.Number), new("who is hidden", 4, AnswerMetric.Choice), new("shortest round", 5, AnswerMetric.Number), new("best order", 5, AnswerMetric.Order),
    ];

    private static readonly int[][] s_orders = [.. Orders([]).Where(o => o[0] < o[^1])];

    private sealed record Clip(bool[] Red, double[][] X, double[][] Y);   // [object][frame]

    private enum Agent : byte { Random, Eyes, Rules, Oracle }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed).Split("world", 0);
        double ordered = 0, gap = 0;
        var levels = new double[5];
        var agents = Enum.GetValues<Agent>();
        for (int d = 0; d < options.Draws; d++)
        {
            stop.ThrowIfCancellationRequested();
            var figures = new double[agents.Length];
            var scores = agents.Select(_ => new double[s_types.Length]).ToArray();
            double[] exact = new double[agents.Length];
            for (int t = 0; t < s_types.Length; t++)
            {
                for (int i = 0; i < options.Items; i++)
                {
                    var clip = New(random);
                    double[] truth = Solve(clip, t, 5);
                    for (int a = 0; a < agents.Length; a++)
                    {
                        double[] answer = Answer(agents[a], clip, t, random);
                        scores[a][t] += CapabilityIndex.Score(s_types[t].Metric, truth, answer) / options.Items;
                        exact[a] += truth.Zip(answer, (x, y) => Math.Abs(x - y) < 1e-9).All(x => x) ? 100.0 / options.Items / s_types.Length : 0;
                    }
                }
            }

            for (int a = 0; a < agents.Length; a++)
            {
                figures[a] = options.Rule == IndexRule.Exact ? exact[a] : CapabilityIndex.Of(s_types, scores[a]);
            }

            double least = Enumerable.Range(1, agents.Length - 1).Min(a => figures[a] - figures[a - 1]);
            ordered += least > 0 ? 1.0 / options.Draws : 0;
            gap += least / options.Draws;
            foreach (var (level, score) in CapabilityIndex.Levels(s_types, scores[(int)Agent.Rules]))
            {
                levels[level - 1] += score / options.Draws;
            }
        }

        var result = new Dictionary<string, double> { ["ordered"] = ordered, ["gap"] = gap };
        for (int l = 0; l < levels.Length; l++)
        {
            result[$"level_{l + 1}"] = levels[l];
        }

        return result;
    }

    private static IEnumerable<int[]> Orders(int[] begun) => begun.Length == Objects ? [begun] : Enumerable.Range(0, Objects).Where(o => !begun.Contains(o)).SelectMany(o => Orders([.. begun, o]));

    private static Clip New(RandomStream random)
    {
        bool[] red = [.. Enumerable.Range(0, Objects).Select(i => i == 0 || random.NextBool())];
        var x = new double[Objects][];
        var y = new double[Objects][];
        for (int o = 0; o < Objects; o++)
        {
            double px = random.NextDouble() * 10, py = random.NextDouble() * 10, vx = random.NextNormal() * 0.5, vy = random.NextNormal() * 0.5;
            x[o] = [.. Enumerable.Range(0, 8).Select(f => px + (vx * f))];
            y[o] = [.. Enumerable.Range(0, 8).Select(f => py + (vy * f))];
        }

        return new Clip(red, x, y);
    }

    private static double[] Answer(Agent agent, Clip clip, int type, RandomStream random)
    {
        if (agent == Agent.Random)
        {
            return Guess(type, random);
        }

        double blur = agent == Agent.Oracle ? 0.02 : 0.08;
        double[][] Blurred(double[][] v) => [.. v.Select(o => o.Select(p => p + (blur * 10 * 0.3 * random.NextNormal())).ToArray())];
        var seen = new Clip([.. clip.Red.Select(r => r ^ random.NextBool(blur))], Blurred(clip.X), Blurred(clip.Y));
        int knows = agent switch { Agent.Eyes => 2, Agent.Rules => 4, _ => 5 };
        return s_types[type].Level <= knows || agent == Agent.Rules ? Solve(seen, type, knows) : Guess(type, random);
    }

    private static double[] Guess(int type, RandomStream random) => s_types[type].Metric switch
    {
        AnswerMetric.Choice => [random.NextInt(Objects)],
        AnswerMetric.Number => [type == 0 ? random.NextInt(1, Objects + 1) : 12 * random.NextDouble()],
        _ => [.. random.Permutation(Objects).Select(p => (double)p)],
    };

    private static double[] Solve(Clip c, int type, int knows)
    {
        double Apart(int a, int b, int f = 0) => Math.Sqrt(Math.Pow(c.X[a][f] - c.X[b][f], 2) + Math.Pow(c.Y[a][f] - c.Y[b][f], 2));
        double Door(int a, int f) => Math.Sqrt((c.X[a][f] * c.X[a][f]) + (c.Y[a][f] * c.Y[a][f]));
        double[] Places(Func<int, double> key, int count = Objects)
        {
            int[] order = [.. Enumerable.Range(0, count).OrderBy(key)];
            return [.. Enumerable.Range(0, count).Select(i => (double)Array.IndexOf(order, i))];
        }

        switch (type)
        {
            case 0:
                return [c.Red.Count(r => r)];
            case 1:
                return [Enumerable.Range(0, Objects).MinBy(o => c.X[o][0])];
            case 2:
                return [Apart(0, 1)];
            case 3:
                return Places(o => Door(o, 0));
            case 4:
                return [Math.Sqrt(Math.Pow(c.X[0][^1] - c.X[0][0], 2) + Math.Pow(c.Y[0][^1] - c.Y[0][0], 2))];
            case 5:
                return Places(o => Door(o, 7));
            case 6:
                return [c.X[0][7] + (c.X[0][7] - c.X[0][0]) * 4 / 7];
            case 7:
                return [Enumerable.Range(1, Objects - 1).MinBy(o => Math.Abs(c.X[o][7] - c.X[0][7]))];
        }

        // Rounds from the door through all objects and back.
        double Round(int[] o) => Door(o[0], 7) + Enumerable.Range(1, Objects - 1).Sum(i => Apart(o[i - 1], o[i], 7)) + Door(o[^1], 7);
        int[] best;
        if (knows == 5)
        {
            best = s_orders.MinBy(Round)!;
        }
        else
        {
            var left = Enumerable.Range(0, Objects).ToList();
            var way = new List<int>();
            while (left.Count > 0)
            {
                int next = left.MinBy(o => way.Count == 0 ? Door(o, 7) : Apart(way[^1], o, 7));
                left.Remove(next);
                way.Add(next);
            }

            // A round and its reverse are equally long; the one that begins at the smaller number counts.
            best = way[0] < way[^1] ? [.. way] : [.. Enumerable.Reverse(way)];
        }

        return type == 8 ? [Round(best)] : [.. Enumerable.Range(0, Objects).Select(i => (double)Array.IndexOf(best, i))];
    }
}
