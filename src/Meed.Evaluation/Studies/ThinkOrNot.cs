using Meed.Evaluation.Protocols;
using Meed.Numerics;
using Meed.Objectives.Shaping;

namespace Meed.Evaluation.Studies;

/// <summary>When a policy thinks.</summary>
public enum Thinking : byte
{
    /// <summary>On every item.</summary>
    Always,

    /// <summary>Where the gated reward taught it to.</summary>
    Gated,
}

/// <summary>Options of <see cref="ThinkOrNot"/>.</summary>
public sealed record ThinkOrNotOptions
{
    /// <summary>Always or gated.</summary>
    public Thinking Thinking { get; init; }

    /// <summary>Policy updates.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Answers a group.</summary>
    public int GroupSize { get; init; } = 8;

    /// <summary>Weight of the gate, λ.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Price of a thought, κ.</summary>
    public double Price { get; init; } = 0.02;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Below(("Steps", Steps, 1), ("GroupSize", GroupSize, 2), ("Weight", Weight, 0), ("Price", Price, 0));
}

/// <summary>Grid tasks in four levels: whether to think is learned for each kind of item, from the gated reward.</summary>
/// <remarks>
/// A 6 × 6 grid has an agent, a goal, walls and a key. Level 1 reads a cell, level 2 a relation of two cells, level 3 the number of moves to the goal, level 4 the number of moves by way of the key. The reader sees every cell wrongly with
/// 3 %. Answering at once is right for levels 1 and 2 up to that reading, and guesses distances as if there were no walls. Thinking searches the grid it read, step by step, and drifts: on level 1 and 2 every one of its eight passes over the grid may overwrite what was read, so that
/// thought costs accuracy there. The policy holds one log-odds of thinking for each of eight skills and learns by REINFORCE with leave-one-out baselines on <see cref="ThinkGate"/>; always thinking trains the same number of groups and cannot choose.
/// The row itself concerns this choice, so that the policy is tabular. Measures on 400 new items: <c>accuracy</c> overall, <c>perception</c> on levels 1 and 2, <c>reasoning</c> on 3 and 4, <c>thought</c> share of items with a thought; <c>low_correlation</c> and <c>high_correlation</c> between skills over 24 readers of graded eyesight and care.
/// <para>SpatialTree (atlas row 146).</para>
/// </remarks>
public sealed class ThinkOrNot(ThinkOrNotOptions options) : IStudy
{
    private const int Side = 6, Skills = 8;

    private sealed record Item(int Skill, bool[] Walls, int Agent, int Goal, int Key, int Truth);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var logits = new double[Skills];
        var items = random.Split("items", 0);
        var draws = random.Split("answers", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            var item = New(items, step % Skills);
            double p = options.Thinking == Thinking.Always ? 1 : 1 / (1 + Math.Exp(-logits[item.Skill]));
            bool[] thought = [.. Enumerable.Range(0, options.GroupSize).Select(_ => draws.NextBool(p))];
            double[] correct = [.. thought.Select(t => Answer(item, t, 0.03, 0.02, draws) == item.Truth ? 1.0 : 0)];
            if (options.Thinking == Thinking.Gated)
            {
                double[] rewards = ThinkGate.Rewards(correct, thought, options.Weight, options.Price);
                double sum = rewards.Sum();
                for (int i = 0; i < rewards.Length; i++)
                {
                    double advantage = rewards[i] - ((sum - rewards[i]) / (rewards.Length - 1));
                    logits[item.Skill] += 0.4 / rewards.Length * advantage * ((thought[i] ? 1 : 0) - p) * 4;
                }
            }
        }

        // New items; the more likely way of answering.
        var test = random.Split("test", 0);
        var right = new double[Skills];
        double thoughts = 0;
        const int Each = 50;
        for (int skill = 0; skill < Skills; skill++)
        {
            for (int i = 0; i < Each; i++)
            {
                var item = New(test, skill);
                bool think = options.Thinking == Thinking.Always || logits[skill] > 0;
                thoughts += think ? 1.0 / (Skills * Each) : 0;
                right[skill] += Answer(item, think, 0.03, 0.02, test) == item.Truth ? 1.0 / Each : 0;
            }
        }

        var report = Correlations(random.Split("readers", 0), stop);
        return new Dictionary<string, double>
        {
            ["accuracy"] = right.Average(), ["perception"] = right[..4].Average(), ["reasoning"] = right[4..].Average(), ["thought"] = thoughts,
            ["low_correlation"] = report.ByLevel[1], ["high_correlation"] = report.ByLevel[4],
        };
    }

    // Readers whose eyes differ by what they look at, and whose care in thought differs: what needs several abilities goes together more.
    private static SkillReport Correlations(RandomStream random, CancellationToken stop)
    {
        Skill[] skills = [.. Enumerable.Range(0, Skills).Select(s => new Skill($"skill {s}", (s / 2) + 1))];
        var scores = new List<double[]>();
        for (int m = 0; m < 24; m++)
        {
            stop.ThrowIfCancellationRequested();
            double care = 0.15 * random.NextDouble();
            double[] eyes = [.. Enumerable.Range(0, Skills).Select(_ => 0.3 * random.NextDouble())];
            scores.Add([.. Enumerable.Range(0, Skills).Select(s => Enumerable.Range(0, 60).Average(_ =>
            {
                var item = New(random, s);
                return Answer(item, s >= 4, s < 4 ? eyes[s] : 0.01, care, random) == item.Truth ? 1.0 : 0;
            }))]);
        }

        return SkillTree.Report(skills, scores);
    }

    private static Item New(RandomStream random, int skill)
    {
        while (true)
        {
            bool[] walls = [.. Enumerable.Range(0, Side * Side).Select(_ => random.NextBool(0.3))];
            int[] places = random.Permutation(Side * Side);
            int agent = places[0], goal = places[1], key = places[2];
            walls[agent] = walls[goal] = walls[key] = false;
            int truth = skill switch
            {
                0 => walls[places[3]] ? 1 : 0,
                1 => goal % Side,
                2 => Math.Sign((agent % Side) - (goal % Side)),
                3 => Math.Sign((agent / Side) - (goal / Side)),
                4 => Moves(walls, agent, goal),
                5 => Moves(walls, agent, key),
                _ => Moves(walls, agent, key) is var a and >= 0 && Moves(walls, key, goal) is var b and >= 0 ? skill == 6 ? a + b : (a + b) % 5 : -1,
            };
            if (truth >= 0 || skill is 2 or 3)
            {
                return new Item(skill, walls, agent, goal, skill == 0 ? places[3] : key, truth);
            }
        }
    }

    private static int Answer(Item item, bool think, double blur, double drift, RandomStream random)
    {
        bool[] seen = [.. item.Walls.Select(w => w ^ random.NextBool(blur))];
        int agent = item.Agent, goal = item.Goal, key = item.Key;
        for (int pass = 0; think && pass < 8; pass++)
        {
            // Each pass of thought may overwrite where a thing is.
            goal = random.NextBool(drift / 2) ? random.NextInt(Side * Side) : goal;
            agent = random.NextBool(drift / 2) ? random.NextInt(Side * Side) : agent;
            seen[item.Key] ^= item.Skill == 0 && random.NextBool(drift);
        }

        int reading = random.NextBool(blur) ? 1 : 0;
        switch (item.Skill)
        {
            case 0:
                return seen[item.Key] ? 1 : 0;
            case 1:
                return Math.Clamp((goal % Side) + reading, 0, Side - 1);
            case 2:
                return Math.Sign((agent % Side) - (goal % Side) + reading);
            case 3:
                return Math.Sign((agent / Side) - (goal / Side) + reading);
            default:
                int first = think ? Moves(seen, agent, item.Skill == 4 ? goal : key) : Straight(agent, item.Skill == 4 ? goal : key);
                int second = item.Skill < 6 ? 0 : think ? Moves(seen, key, goal) : Straight(key, goal);
                return first < 0 || second < 0 ? -1 : item.Skill == 7 ? (first + second) % 5 : first + second;
        }
    }

    private static int Straight(int a, int b) => Math.Abs((a % Side) - (b % Side)) + Math.Abs((a / Side) - (b / Side));

    private static int Moves(bool[] walls, int from, int to)
    {
        var distance = new int[Side * Side];
        Array.Fill(distance, -1);
        distance[from] = 0;
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out int at))
        {
            if (at == to)
            {
                return distance[at];
            }

            foreach (var (dx, dy) in ((int, int)[])[(1, 0), (-1, 0), (0, 1), (0, -1)])
            {
                int x = (at % Side) + dx, y = (at / Side) + dy, next = (y * Side) + x;
                if (x is >= 0 and < Side && y is >= 0 and < Side && (!walls[next] || next == to) && distance[next] < 0)
                {
                    distance[next] = distance[at] + 1;
                    queue.Enqueue(next);
                }
            }
        }

        return -1;
    }
}
