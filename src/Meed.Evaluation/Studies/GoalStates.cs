using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.Evaluation.Studies;

/// <summary>What shapes the states of a reward model.</summary>
public enum StateLoss : byte
{
    /// <summary>Bradley-Terry on the last state alone.</summary>
    Preference,

    /// <summary>And a contrast of states with later states of the preferred answer.</summary>
    GoalContrast,
}

/// <summary>Options of <see cref="GoalStates"/>.</summary>
public sealed record GoalStatesOptions
{
    /// <summary>What shapes the states.</summary>
    public StateLoss Method { get; init; }

    /// <summary>Training pairs.</summary>
    public int Pairs { get; init; } = 300;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Weight of the contrast.</summary>
    public float Weight { get; init; } = 0.5f;

    /// <summary>Steps of a trace.</summary>
    public int Length { get; init; } = 8;

    /// <summary>Numbers that a step shows; the first two tell whether it errs.</summary>
    public int Width { get; init; } = 8;

    /// <summary>Chance that a step of a wrong trace errs.</summary>
    public double Errors { get; init; } = 0.25;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Pairs", Pairs), ("Steps", Steps)))
        {
            yield return problem;
        }

        if (!(Weight >= 0))
        {
            yield return $"Weight is {Weight}; it is 0 or more.";
        }

        if (Length < 2 || Width < 2)
        {
            yield return $"Length is {Length} and Width {Width}; both are 2 or more.";
        }

        if (Errors is not (> 0 and <= 1))
        {
            yield return $"Errors is {Errors}; it is a chance above 0 and up to 1.";
        }
    }
}

/// <summary>Traces of some steps, right where no step errs; a reward model reads them step by step.</summary>
/// <remarks>
/// A step shows normal numbers and errs where the product of the first two is below −0.4; in wrong traces a share of the steps does, in right ones none. A trace's state after t steps is a linear map of the mean of the read steps, in the manner of a bag. Training pairs are
/// a right and a wrong trace. Measures on 1,000 held-out traces: <c>auroc</c> of the score of whole traces for being right, <c>partial_auroc</c> of traces cut in the middle, by the score or, with the contrast, by the cosine with the mean last state of
/// right training traces.
/// <para>"Learning Goal-Conditioned Representations for Language Reward Models" (atlas row 114).</para>
/// </remarks>
public sealed class GoalStates(GoalStatesOptions options) : IStudy
{
    private const int Hidden = 32, Batch = 32;

    private sealed record Trace(float[][] Steps, bool[] Errs)
    {
        public bool Right => !Errs.Contains(true);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        Trace[] right = [.. Enumerable.Range(0, options.Pairs).Select(_ => New(world, true))], wrong = [.. Enumerable.Range(0, options.Pairs).Select(_ => New(world, false))];
        Trace[] test = [.. Enumerable.Range(0, 1000).Select(i => New(world, i % 2 == 0))];
        var weights = random.Split("weights", 0);
        var read = new Linear("read", options.Width, Hidden, weights, activation: Activation.Gelu);
        var join = new Linear("join", Hidden, Hidden, weights);
        var score = new Linear("score", Hidden, 1, weights);
        var optimizer = new Adam([.. read.Parameters, .. join.Parameters, .. score.Parameters], 5e-3f);
        var order = random.Split("order", 0);

        // States after the given number of steps, [N, hidden].
        Tensor States(IReadOnlyList<Trace> traces, int steps) => join.Forward(read.Forward(FeatureScorer.Matrix([.. traces.SelectMany(t => t.Steps.Take(steps))])).Reshape(traces.Count, steps, Hidden).Mean(1));
        Tensor Score(Tensor states) => score.Forward(states).Reshape(states.Shape[0]);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            Trace[] chosen = [.. Enumerable.Range(0, Batch).Select(_ => right[order.NextInt(right.Length)])], rejected = [.. Enumerable.Range(0, Batch).Select(_ => wrong[order.NextInt(wrong.Length)])];
            int early = 1 + order.NextInt(options.Length - 1);
            var goals = States(chosen, options.Length);
            var negatives = States(rejected, options.Length);
            var loss = BradleyTerry.Loss(Score(goals), Score(negatives)).Mean();
            if (options.Method == StateLoss.GoalContrast)
            {
                loss += GoalContrastive.Loss(States(chosen, early), goals, negatives).Mean() * options.Weight;
            }

            optimizer.Step(loss, 1f, out _);
        }

        using var measuring = Tape.Begin(record: false);
        float[] whole = Score(States(test, options.Length)).ToArray();
        var half = States(test, options.Length / 2);
        float[] partial = options.Method == StateLoss.GoalContrast ? GoalContrastive.Value(half, States(right, options.Length).Mean(0)).ToArray() : Score(half).ToArray();
        return new Dictionary<string, double>
        {
            ["auroc"] = RankStatistics.Auroc([.. test.Select((t, i) => ((double)whole[i], t.Right))]),
            ["partial_auroc"] = RankStatistics.Auroc([.. test.Select((t, i) => ((double)partial[i], t.Right))]),
        };
    }

    private Trace New(RandomStream random, bool right)
    {
        while (true)
        {
            bool[] errs = [.. Enumerable.Range(0, options.Length).Select(_ => random.NextBool(right ? 0 : options.Errors))];
            if (errs.Contains(true) != right)
            {
                return new Trace([.. errs.Select(e => Step(e, random))], errs);
            }
        }
    }

    private float[] Step(bool errs, RandomStream random)
    {
        while (true)
        {
            float[] x = FeaturePairs.Normal(options.Width, random);
            if (x[0] * x[1] < -0.4f == errs)
            {
                return x;
            }
        }
    }
}
