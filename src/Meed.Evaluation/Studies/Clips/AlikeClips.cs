using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>What features of trajectories are learned from.</summary>
public enum FeatureSource : byte
{
    /// <summary>Pictures are rebuilt from few numbers.</summary>
    Autoencoder,

    /// <summary>A person names the two most alike of three.</summary>
    Similarity,
}

/// <summary>Options of <see cref="AlikeClips"/>.</summary>
public sealed record AlikeClipsOptions
{
    /// <summary>Autoencoder or similarity.</summary>
    public FeatureSource Method { get; init; }

    /// <summary>Trajectories that features are learned from.</summary>
    public int Clips { get; init; } = 400;

    /// <summary>Answers about three of them.</summary>
    public int Queries { get; init; } = 400;

    /// <summary>Preferences that the reward is fitted from.</summary>
    public int Preferences { get; init; } = 20;

    /// <summary>Updates of the encoder, of 32 trajectories or answers.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Clips", Clips), ("Queries", Queries), ("Preferences", Preferences), ("Steps", Steps));
}

/// <summary>A linear reward on frozen features of trajectories, from few preferences.</summary>
/// <remarks>
/// What matters to the person are two numbers of a trajectory of ten frames: its mean nearness to red and to blue. Alike are trajectories whose two numbers are close; preferences follow a drawn weighting of them, by
/// Bradley and Terry. The encoder reads the mean frame and gives four numbers. Measure: <c>preference_accuracy</c> on 1,000 new pairs against the noiseless preference.
/// <para>SIRL (atlas row 77).</para>
/// </remarks>
public sealed class AlikeClips(AlikeClipsOptions options) : IStudy
{
    private const int Batch = 32, Code = 4, Length = 10, TestPairs = 1000;

    private sealed record Walk(float[] Picture, float[] Matters);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions(), draws);
        double angle = draws.NextDouble() * 2 * Math.PI;
        Walk[] walks = [.. Enumerable.Range(0, options.Clips).Select(_ => NewWalk(world, draws))];
        (Walk First, Walk Second, Walk Odd)[] answers = [.. Enumerable.Range(0, options.Queries).Select(_ => Answer(SmallNet.Draw(walks, 3, draws)))];

        var weights = random.Split("weights", 0);
        SmallNet encoder = new("encoder", weights, world.FrameWidth, 64, Code), decoder = new("decoder", weights, Code, 64, world.FrameWidth);
        var order = random.Split("order", 0);
        bool alike = options.Method == FeatureSource.Similarity;
        SmallNet.Fit(alike ? encoder.Parameters : encoder.Parameters.Concat(decoder.Parameters), options.Steps, options.LearningRate, _ =>
        {
            if (alike)
            {
                var batch = SmallNet.Draw(answers, Batch, order);
                Tensor Codes(Func<(Walk First, Walk Second, Walk Odd), Walk> side) => encoder.Forward(SmallNet.Matrix([.. batch.Select(b => side(b).Picture)]));
                return TripletSimilarity.Answer(Codes(b => b.First), Codes(b => b.Second), Codes(b => b.Odd)).Mean();
            }

            var seen = SmallNet.Matrix([.. SmallNet.Draw(walks, Batch, order).Select(w => w.Picture)]);
            return (decoder.Forward(encoder.Forward(seen)) - seen).Square().Mean() * 100f;
        }, stop);

        // The reward: Bradley-Terry on standardised features, with a little decay.
        float[][] codes = [.. walks.Select(w => encoder.Apply([w.Picture]))];
        float[] mean = SmallNet.Mean(codes), spread = [.. Enumerable.Range(0, Code).Select(k => 1e-3f + MathF.Sqrt(codes.Average(c => (c[k] - mean[k]) * (c[k] - mean[k]))))];
        float[] Features(Walk walk) => [.. encoder.Apply([walk.Picture]).Select((v, k) => (v - mean[k]) / spread[k])];
        var labels = random.Split("labels", 0);
        List<float[]> better = [], worse = [];
        for (int i = 0; i < options.Preferences; i++)
        {
            Walk a = NewWalk(world, labels), b = NewWalk(world, labels);
            bool first = labels.NextBool(1 / (1 + Math.Exp(-8 * (Worth(a, angle) - Worth(b, angle)))));
            better.Add(Features(first ? a : b));
            worse.Add(Features(first ? b : a));
        }

        var reward = new Parameter("reward", Tensor.Zeros(1, Code));
        SmallNet.Fit([reward], 200, 0.05f, _ =>
        {
            var difference = Ops.Linear(SmallNet.Matrix(better), reward.Value) - Ops.Linear(SmallNet.Matrix(worse), reward.Value);
            return BradleyTerry.Loss(difference.Select(1, 0), Tensor.Zeros(better.Count)).Mean() + (reward.Value.Square().Sum() * 0.01f);
        }, stop);

        var test = random.Split("test", 0);
        float[] learned = reward.Value.ToArray();
        int right = 0;
        for (int i = 0; i < TestPairs; i++)
        {
            stop.ThrowIfCancellationRequested();
            Walk a = NewWalk(world, test), b = NewWalk(world, test);
            double said = Features(a).Zip(Features(b), (x, y) => x - y).Zip(learned, (d, w) => (double)d * w).Sum();
            right += said > 0 == Worth(a, angle) > Worth(b, angle) ? 1 : 0;
        }

        return new Dictionary<string, double> { ["preference_accuracy"] = (double)right / TestPairs };
    }

    private static Walk NewWalk(ClipWorld world, RandomStream random)
    {
        int cell = random.NextInt(world.Cells), goal = random.NextInt(world.Cells);
        var frames = new List<float[]>();
        double red = 0, blue = 0;
        for (int t = 0; t < Length; t++)
        {
            frames.Add(world.Frame(cell, 0, random));
            red += 1 - ((double)world.Steps(cell, world.Objects[0]) / world.MostSteps);
            blue += 1 - ((double)world.Steps(cell, world.Objects[2]) / world.MostSteps);
            cell = world.Move(cell, random.NextBool(0.7) ? world.Towards(cell, goal, random) : random.NextInt(ClipWorld.Actions));
        }

        return new Walk(SmallNet.Mean(frames), [(float)(red / Length), (float)(blue / Length)]);
    }

    private static (Walk, Walk, Walk) Answer(Walk[] three)
    {
        static double Apart(Walk a, Walk b) => a.Matters.Zip(b.Matters, (x, y) => (x - y) * (double)(x - y)).Sum();
        double ab = Apart(three[0], three[1]), ac = Apart(three[0], three[2]), bc = Apart(three[1], three[2]);
        return ab <= ac && ab <= bc ? (three[0], three[1], three[2]) : ac <= bc ? (three[0], three[2], three[1]) : (three[1], three[2], three[0]);
    }

    private static double Worth(Walk walk, double angle) => (Math.Cos(angle) * walk.Matters[0]) + (Math.Sin(angle) * walk.Matters[1]);
}
