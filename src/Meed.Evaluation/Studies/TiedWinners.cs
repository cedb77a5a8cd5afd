using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.Evaluation.Studies;

/// <summary>What pairs of equal labels are for.</summary>
public enum EqualPairs : byte
{
    /// <summary>Left out: Bradley-Terry on a pass against a fail.</summary>
    LeftOut,

    /// <summary>Half of each batch, pulled together.</summary>
    Tied,
}

/// <summary>Options of <see cref="TiedWinners"/>.</summary>
public sealed record TiedWinnersOptions
{
    /// <summary>What pairs of equal labels are for.</summary>
    public EqualPairs Method { get; init; }

    /// <summary>Labelled clips.</summary>
    public int Clips { get; init; } = 1500;

    /// <summary>Share of wrong labels.</summary>
    public double Noise { get; init; } = 0.15;

    /// <summary>How much a pass raises the spurious feature in training, in deviations.</summary>
    public double Spurious { get; init; } = 1;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Pairs of an update.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 3e-3f;

    /// <summary>m of the tie term.</summary>
    public float Margin { get; init; } = 0.5f;

    /// <summary>Candidates of a choice.</summary>
    public int Candidates { get; init; } = 64;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Clips", Clips, 10), ("Steps", Steps, 1), ("BatchSize", BatchSize, 2), ("Candidates", Candidates, 1)),
        .. StudyProblems.When(Noise is not (>= 0 and < 0.5), $"Noise is {Noise}; it is a share below 0.5."),
        .. StudyProblems.When(!double.IsFinite(Spurious), $"Spurious is {Spurious}; it is a finite number."),
        .. StudyProblems.When(!(LearningRate > 0), $"LearningRate is {LearningRate}; it is above 0."),
        .. StudyProblems.When(!(Margin >= 0), $"Margin is {Margin}; it is 0 or more."),
    ];
}

/// <summary>A clip reward model from noisy pass and fail labels, with and without a term that keeps the scores of equally labelled clips together, optimised by best-of-n.</summary>
/// <remarks>
/// A clip is 16 numbers. Its gold quality is the mean of tanh over the first eight; it passes when that is above 0. One further number, which the gold does not know, is raised by the label in training, while in
/// the candidates it is drawn from Student's t with 3 degrees, so that extremes are there to be found. Measures: <c>gold</c> of the candidate that the model likes best, mean over 500 choices, in deviations of a
/// candidate's gold; <c>spread</c>, the deviation of the passes' scores over the distance between the means of passes and fails; <c>accuracy</c> of passes against fails by gold.
/// <para>"SoliReward" (atlas row 182).</para>
/// </remarks>
public sealed class TiedWinners(TiedWinnersOptions options) : IStudy
{
    private const int Quality = 8, Width = 16, Choices = 500;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        List<float[]> passes = [], fails = [];
        for (int i = 0; i < options.Clips; i++)
        {
            float[] clip = Clip(world);
            bool pass = Gold(clip) > 0 != world.NextBool(options.Noise);
            clip[Width - 1] += (float)((pass ? 0.5 : -0.5) * options.Spurious);
            (pass ? passes : fails).Add(clip);
        }

        var weights = random.Split("weights", 0);
        var first = new Linear("first", Width, 32, weights, deviation: 0.25f, activation: Activation.Gelu);
        var second = new Linear("second", 32, 1, weights, deviation: 0.1f);
        Tensor Scores(IReadOnlyList<float[]> clips) => second.Forward(first.Forward(Tensor.From([.. clips.SelectMany(c => c)], clips.Count, Width))).Reshape(clips.Count);
        var optimizer = new AdamW([.. first.Parameters, .. second.Parameters], options.LearningRate);
        var order = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            bool[] equal = [.. Enumerable.Range(0, options.BatchSize).Select(i => options.Method == EqualPairs.Tied && i % 2 == 1)];
            float[][] better = new float[equal.Length][], worse = new float[equal.Length][];
            for (int i = 0; i < equal.Length; i++)
            {
                var others = i % 4 == 1 ? passes : fails;
                better[i] = Pick(equal[i] ? others : passes, order);
                worse[i] = Pick(equal[i] ? others : fails, order);
            }

            using var scope = Tape.Begin();
            optimizer.Step(TiedRanking.Loss(Scores(better), Scores(worse), equal, options.Margin).Mean());
        }

        return Measure(Scores, random.Split("held-out", 0), stop);
    }

    private Dictionary<string, double> Measure(Func<IReadOnlyList<float[]>, Tensor> scores, RandomStream random, CancellationToken stop)
    {
        double[] Score(IReadOnlyList<float[]> clips)
        {
            using var scope = Tape.Begin(record: false);
            return [.. scores(clips).ToArray().Select(s => (double)s)];
        }

        float[][] held = [.. Enumerable.Range(0, 2000).Select(_ => Clip(random))];
        double[] gold = [.. held.Select(Gold)], score = Score(held);
        double deviation = Math.Sqrt(gold.Average(g => g * g) - Math.Pow(gold.Average(), 2));
        double[] pass = [.. score.Where((_, i) => gold[i] > 0)], fail = [.. score.Where((_, i) => gold[i] <= 0)];
        double spread = Math.Sqrt(pass.Average(s => s * s) - Math.Pow(pass.Average(), 2)) / (pass.Average() - fail.Average());
        double chosen = 0;
        for (int i = 0; i < Choices; i++)
        {
            stop.ThrowIfCancellationRequested();
            float[][] candidates = [.. Enumerable.Range(0, options.Candidates).Select(_ =>
            {
                float[] clip = Clip(random);
                double chi = Enumerable.Range(0, 3).Sum(_ => Math.Pow(random.NextNormal(), 2));
                clip[Width - 1] = (float)(random.NextNormal() / Math.Sqrt(chi / 3));
                return clip;
            })];
            double[] liked = Score(candidates);
            chosen += Gold(candidates[Array.IndexOf(liked, liked.Max())]) / deviation;
        }

        return new Dictionary<string, double>
        {
            ["gold"] = chosen / Choices,
            ["spread"] = spread,
            ["accuracy"] = Enumerable.Range(0, Math.Min(pass.Length, fail.Length)).Average(i => pass[i] > fail[i] ? 1.0 : 0),
        };
    }

    private static float[] Clip(RandomStream random)
    {
        var clip = new float[Width];
        random.FillNormal(clip, 0, 1);
        return clip;
    }

    private static double Gold(float[] clip) => clip.Take(Quality).Average(x => Math.Tanh(x));

    private static float[] Pick(List<float[]> from, RandomStream random) => from[random.NextInt(from.Count)];
}
