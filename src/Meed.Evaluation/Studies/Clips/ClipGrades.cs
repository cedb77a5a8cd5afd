using Meed.Numerics;
using Meed.RewardModels.Progress;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>What a grader of clips is trained on.</summary>
public enum GradeData : byte
{
    /// <summary>Successes under their own instruction.</summary>
    Successes,

    /// <summary>The same successes, cut short, under other instructions, and whole.</summary>
    Counterfactual,
}

/// <summary>Options of <see cref="ClipGrades"/>.</summary>
public sealed record ClipGradesOptions
{
    /// <summary>Successes alone, or with failures made from them.</summary>
    public GradeData Method { get; init; }

    /// <summary>Successful clips to train on.</summary>
    public int Clips { get; init; } = 120;

    /// <summary>Updates of 64 graded clips.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Clips", Clips), ("Steps", Steps));
}

/// <summary>A grader of clips with an instruction of two objects, on five levels, from successes alone.</summary>
/// <remarks>
/// It sees the last frame, the mean frame and the words. Held out: 300 failures of three kinds, equally many: clips that stop early, whole clips under another instruction, clips that take another object first. Their
/// true grade follows the world's progress. Measures: <c>failure_mae</c>, mean absolute error in grades; <c>success_mae</c> on 100 successes.
/// <para>RoboReward (atlas row 176).</para>
/// </remarks>
public sealed class ClipGrades(ClipGradesOptions options) : IStudy
{
    private const int Batch = 64, Failures = 300, Successes = 100;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Hesitation = 0.4 }, draws);
        Clip[] clips = [.. Enumerable.Range(0, options.Clips).Select(_ => world.Play(ClipWorld.Pair(draws), draws))];
        float[][][] frames = [.. clips.Select(c => world.Frames(c, draws))];
        int[] lengths = [.. clips.Select(c => c.Length)];
        double[][] reached = [.. clips.Select(c => clips.Select(o => ClipWorld.Reached(c, c.Length - 1, o.Targets) / 2.0).ToArray())];

        var net = new SmallNet("grader", random.Split("weights", 0), (2 * world.FrameWidth) + (2 * ClipWorld.Colours), 64, 1);
        var order = random.Split("order", 0);
        SmallNet.Fit(net.Parameters, options.Steps, options.LearningRate, _ =>
        {
            var batch = new List<GradedClip>();
            while (batch.Count < Batch)
            {
                int clip = order.NextInt(clips.Length);
                batch.AddRange(options.Method == GradeData.Counterfactual ? CounterfactualClips.Augment(lengths, reached, clip, order) : [new GradedClip(clip, lengths[clip], clip, 5)]);
            }

            var graded = batch.Take(Batch).ToList();
            var inputs = SmallNet.Matrix([.. graded.Select(g => Input(frames[g.Clip][..g.Frames], clips[g.Instruction].Targets))]);
            return (net.Forward(inputs).Select(1, 0) + 3f - Tensor.From([.. graded.Select(g => (float)g.Grade)])).Square().Mean();
        }, stop);

        var test = random.Split("test", 0);
        List<float[]> failed = [], done = [];
        var grades = new List<int>();
        for (int i = 0; i < Failures; i++)
        {
            var clip = world.Play(ClipWorld.Pair(test), test);
            int[] asked = clip.Targets;
            if (i % 3 == 0)
            {
                clip = clip.Cut(test.NextInt(1, clip.Length));
            }
            else
            {
                // Another pair, or the same last object after another first one.
                do
                {
                    asked = i % 3 == 1 ? ClipWorld.Pair(test) : [test.NextInt(ClipWorld.Colours), clip.Targets[1]];
                }
                while (asked[0] == asked[1] || asked.AsSpan().SequenceEqual(clip.Targets));
            }

            failed.Add(Input(world.Frames(clip, test), asked));
            grades.Add(CounterfactualClips.Grade(i % 3 == 0 ? world.Progress(clip, clip.Length - 1, asked) : ClipWorld.Reached(clip, clip.Length - 1, asked) / 2.0));
        }

        for (int i = 0; i < Successes; i++)
        {
            var clip = world.Play(ClipWorld.Pair(test), test);
            done.Add(Input(world.Frames(clip, test), clip.Targets));
        }

        return new Dictionary<string, double>
        {
            ["failure_mae"] = CounterfactualClips.MeanAbsoluteError(Grades(net, failed), grades),
            ["success_mae"] = CounterfactualClips.MeanAbsoluteError(Grades(net, done), [.. done.Select(_ => 5)]),
        };
    }

    private static double[] Grades(SmallNet net, List<float[]> inputs) => [.. net.Apply(inputs).Select(g => Math.Clamp(g + 3.0, 1, 5))];

    private static float[] Input(float[][] frames, int[] asked) => SmallNet.Join(frames[^1], SmallNet.Mean(frames), ClipWorld.Words(asked));
}
