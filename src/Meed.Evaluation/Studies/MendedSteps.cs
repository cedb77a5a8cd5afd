using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Curation;

namespace Meed.Evaluation.Studies;

/// <summary>What a process reward model is trained on and judges.</summary>
public enum StepUnits : byte
{
    /// <summary>Single steps.</summary>
    Single,

    /// <summary>Single steps and merged neighbours.</summary>
    Merged,
}

/// <summary>Options of <see cref="MendedSteps"/>.</summary>
public sealed record MendedStepsOptions
{
    /// <summary>What the model judges.</summary>
    public StepUnits Method { get; init; }

    /// <summary>Chance that a step errs, 0 to 1.</summary>
    public double Errors { get; init; } = 0.5;

    /// <summary>Labelled derivations.</summary>
    public int Derivations { get; init; } = 400;

    /// <summary>Candidates a problem.</summary>
    public int Candidates { get; init; } = 32;

    /// <summary>Updates, each on 64 units.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Derivations", Derivations), ("Candidates", Candidates), ("Steps", Steps)))
        {
            yield return problem;
        }

        if (Errors is not (>= 0 and <= 1))
        {
            yield return $"Errors is {Errors}; it is a chance, 0 to 1.";
        }
    }
}

/// <summary>Derivations whose mistakes are sometimes mended by the next step; a process reward model picks the best of many.</summary>
/// <remarks>
/// Eight steps. A step errs with a stated chance, in one of two directions; the step after an error mends it half of the time by the opposite move. A step shows four numbers: its move (−1, 0 or 1) with noise and three of
/// noise. A derivation is right where nothing is left unmended; a step's label is whether the derivation is right up to it. A unit is two steps, the first of zeros for a single one (<see cref="StepMerging.Units"/>); a
/// derivation scores the mean log-odds of its units. Measures: <c>best_of_n_right</c>, share of right derivations among the best; <c>auroc</c> of right against wrong ones.
/// <para>"Towards Hierarchical Multi-Step Reward Models for Enhanced Reasoning in Large Language Models" (atlas row 27).</para>
/// </remarks>
public sealed class MendedSteps(MendedStepsOptions options) : IStudy
{
    private const int Length = 8, Width = 4, Problem = 200;

    private sealed record Derivation(float[][] Steps, double[] Labels)
    {
        public bool Right => Labels[^1] == 1;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        int longest = options.Method == StepUnits.Merged ? 2 : 1;
        var train = Enumerable.Range(0, options.Derivations).Select(_ => New(world)).SelectMany(d => StepMerging.Units(d.Labels, longest).Select(u => (X: Features(d, u), Y: (float)u.Label))).ToArray();
        var model = new FeatureScorer("steps", 2 * Width, 32, random.Split("weights", 0));
        var optimizer = new Adam(model.Parameters, 5e-3f);
        var order = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            var own = Enumerable.Range(0, 64).Select(_ => train[order.NextInt(train.Length)]).ToArray();
            optimizer.Step(BinaryReward.Loss(model.Forward(FeatureScorer.Matrix([.. own.Select(u => u.X)])), Tensor.From([.. own.Select(u => u.Y)])).Mean());
        }

        var candidates = random.Split("candidates", 0);
        var all = new List<(double Score, bool Right)>();
        int best = 0;
        for (int p = 0; p < Problem; p++)
        {
            var own = Enumerable.Range(0, options.Candidates).Select(_ => New(candidates)).Select(d => (Score: Judge(d), d.Right)).ToArray();
            best += own.MaxBy(o => o.Score).Right ? 1 : 0;
            all.AddRange(own);
        }

        return new Dictionary<string, double> { ["best_of_n_right"] = best / (double)Problem, ["auroc"] = RankStatistics.Auroc(all) };

        double Judge(Derivation d)
        {
            float[][] units = [.. StepMerging.Units(d.Labels, longest).Select(u => Features(d, u))];
            return model.Score(units).Average();
        }
    }

    private static float[] Features(Derivation d, MergedStep unit) => unit.Count == 1 ? [.. new float[Width], .. d.Steps[unit.First]] : [.. d.Steps[unit.First], .. d.Steps[unit.First + 1]];

    private Derivation New(RandomStream random)
    {
        var steps = new float[Length][];
        var labels = new double[Length];
        int open = 0, last = 0;
        for (int t = 0; t < Length; t++)
        {
            int move = last != 0 && random.NextBool() ? -last : random.NextBool(options.Errors) ? random.NextBool() ? 1 : -1 : 0;

            // The opposite move right after an error mends it; any other move is a new error.
            bool mends = last != 0 && move == -last;
            open += mends ? -1 : move != 0 ? 1 : 0;
            last = mends ? 0 : move;
            steps[t] = FeaturePairs.Normal(Width, random, 0.3f);
            steps[t][0] += move;
            labels[t] = open == 0 ? 1 : 0;
        }

        return new Derivation(steps, labels);
    }
}
