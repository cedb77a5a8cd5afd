using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Progress;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>How pictures and words are brought into one space.</summary>
public enum GoalLoss : byte
{
    /// <summary>Last frames find their caption.</summary>
    Contrast,

    /// <summary>The same, and similarity to the goal is a value that rises along the clip.</summary>
    Value,
}

/// <summary>Options of <see cref="GoalSimilarity"/>.</summary>
public sealed record GoalSimilarityOptions
{
    /// <summary>Contrast alone or with the value loss.</summary>
    public GoalLoss Method { get; init; }

    /// <summary>Captioned successes to learn from.</summary>
    public int Clips { get; init; } = 120;

    /// <summary>Updates of 32 clips.</summary>
    public int Steps { get; init; } = 500;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Episodes in which a learner looks for the way to each object, paid by the increase of similarity alone.</summary>
    public int Episodes { get; init; } = 20;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Clips", Clips), ("Steps", Steps), ("Episodes", Episodes));
}

/// <summary>One space for pictures and words, learned from captioned clips; the reward is how much nearer to the words a frame comes.</summary>
/// <remarks>
/// Clips take one object or two. Value of a frame: ten times its cosine with the caption, less ten. Measures on 100 new successes, averaged: <c>order_correlation</c>, rank correlation of the frames' similarity to
/// their caption with time; <c>caption_accuracy</c>, last frames whose nearest caption is their own among all sixteen. And <c>learner_success</c>: a tabular learner of the way to each object in turn gets, on noisy pictures, how much a step
/// raised the similarity to the object's caption and nothing else; the share of cells from which it then arrives. <c>sparse_success</c>: the same for a learner that gets 1 at the object and nothing before.
/// <para>LIV (atlas row 225), with the dual value loss of VIP.</para>
/// </remarks>
public sealed class GoalSimilarity(GoalSimilarityOptions options) : IStudy
{
    private const int Batch = 32, Code = 16, Test = 100;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Hesitation = 0.2 }, draws);
        Clip[] clips = [.. Enumerable.Range(0, options.Clips).Select(i => world.Play(Targets(i, draws), draws))];
        float[][][] frames = [.. clips.Select(c => world.Frames(c, draws))];

        var weights = random.Split("weights", 0);
        SmallNet picture = new("picture", weights, world.FrameWidth, 64, Code), words = new("words", weights, 2 * ClipWorld.Colours, 32, Code);
        var order = random.Split("order", 0);
        SmallNet.Fit(picture.Parameters.Concat(words.Parameters), options.Steps, options.LearningRate, _ =>
        {
            int[] own = [.. Enumerable.Range(0, Batch).Select(_ => order.NextInt(clips.Length))];
            int[] at = [.. own.Select(c => order.NextInt(frames[c].Length - 1))];
            var text = words.Forward(SmallNet.Matrix([.. own.Select(c => ClipWorld.Words(clips[c].Targets))]));        // [B, 16]
            var last = picture.Forward(SmallNet.Matrix([.. own.Select(c => frames[c][^1])]));
            var loss = Contrastive.Symmetric(last, text, 0.1f).Mean();
            if (options.Method == GoalLoss.Contrast)
            {
                return loss;
            }

            Tensor Values(IEnumerable<float[]> rows) => (Cosines(picture.Forward(SmallNet.Matrix([.. rows])), text) - 1f) * 10f;
            return loss + ImplicitValue.Loss(Values(own.Select(c => frames[c][0])), Values(own.Select((c, i) => frames[c][at[i]])), Values(own.Select((c, i) => frames[c][at[i] + 1])));
        }, stop);

        var test = random.Split("test", 0);
        int[][] captions = [.. Enumerable.Range(0, ClipWorld.Colours).SelectMany(a => Enumerable.Range(0, ClipWorld.Colours).Select(b => a == b ? (int[])[a] : [a, b]))];
        double ordered = 0, right = 0;
        for (int i = 0; i < Test; i++)
        {
            var clip = world.Play(Targets(i, test), test);
            using var scope = Tape.Begin(record: false);
            var seen = picture.Forward(SmallNet.Matrix(world.Frames(clip, test)));                                      // [T, 16]
            ordered += ProgressPairs.OrderCorrelation([.. Cosines(seen, words.Forward(SmallNet.Matrix([ClipWorld.Words(clip.Targets)]))).ToArray().Select(v => (double)v)]) / Test;
            float[] near = Cosines(seen.Slice(0, clip.Length - 1, 1), words.Forward(SmallNet.Matrix([.. captions.Select(ClipWorld.Words)]))).ToArray();
            right += captions[Array.IndexOf(near, near.Max())].AsSpan().SequenceEqual(clip.Targets) ? 1.0 / Test : 0;
        }

        return new Dictionary<string, double>
        {
            ["order_correlation"] = ordered, ["caption_accuracy"] = right, ["learner_success"] = Learn(world, picture, words, random.Split("learner", 0), stop), ["sparse_success"] = LearnSparse(world, random.Split("learner", 0), stop),
        };
    }

    private double Learn(ClipWorld world, SmallNet picture, SmallNet words, RandomStream random, CancellationToken stop) => Enumerable.Range(0, ClipWorld.Colours).Average(colour =>
    {
        float[] caption = words.Apply([ClipWorld.Words([colour])]);
        double Similarity(int cell, bool arrived) => Cosine(picture.Apply([world.Frame(cell, arrived ? 1 << colour : 0, random)]), caption);
        return RoomLearner.Success(world, world.Objects[colour], options.Episodes, start =>
        {
            double before = Similarity(start, false);
            return (cell, arrived) =>
            {
                double now = Similarity(cell, arrived), raised = now - before;
                before = now;
                return raised;
            };
        }, random, stop);
    });

    private double LearnSparse(ClipWorld world, RandomStream random, CancellationToken stop) =>
        world.Objects.Average(goal => RoomLearner.Success(world, goal, options.Episodes, _ => (_, arrived) => arrived ? 1 : 0, random, stop));

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, first = 1e-12, second = 1e-12;
        for (int i = 0; i < a.Length; i++)
        {
            dot += a[i] * (double)b[i];
            first += a[i] * (double)a[i];
            second += b[i] * (double)b[i];
        }

        return dot / Math.Sqrt(first * second);
    }

    private static int[] Targets(int index, RandomStream random) => index % 2 == 0 ? [random.NextInt(ClipWorld.Colours)] : ClipWorld.Pair(random);

    // Cosine of rows with rows; one side may be a single row.
    private static Tensor Cosines(Tensor a, Tensor b) => (Unit(a) * Unit(b)).Sum(1);

    private static Tensor Unit(Tensor x) => x / (x.Square().Sum(1, keepAxis: true) + 1e-12f).Sqrt();
}
