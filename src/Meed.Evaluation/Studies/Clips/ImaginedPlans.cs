using Meed.Evaluation.Statistics;
using Meed.Numerics;
using Meed.RewardModels.Clips;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>What a model of the world is trained on.</summary>
public enum WorldData : byte
{
    /// <summary>Steps of an expert that never touches an object.</summary>
    Expert,

    /// <summary>As many steps, half of them with random actions.</summary>
    Mixed,
}

/// <summary>Options of <see cref="ImaginedPlans"/>.</summary>
public sealed record ImaginedPlansOptions
{
    /// <summary>Expert steps, or half of them random.</summary>
    public WorldData Method { get; init; }

    /// <summary>Steps that the frame predictor is trained on.</summary>
    public int Transitions { get; init; } = 4000;

    /// <summary>Updates of the predictor, 64 steps each.</summary>
    public int Steps { get; init; } = 1500;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Transitions", Transitions), ("Steps", Steps));
}

/// <summary>Plans are judged by the frames that a learned model of the world imagines for them.</summary>
/// <remarks>
/// Every frame on an object's cell is an infraction. A plan is six actions. The predictor gives the next frame from a frame and an action; the judge of sequences learns the number of infractions from 400 rollouts in
/// the world itself, the same for both methods. Measures on 200 starts with eight random plans each: <c>infractions</c> of the plan with the best imagined score; <c>rank_correlation</c> of imagined scores with true
/// infractions over all plans, turned so that higher is better.
/// <para>ReSim (atlas row 61).</para>
/// </remarks>
public sealed class ImaginedPlans(ImaginedPlansOptions options) : IStudy
{
    private const int Batch = 64, PlanLength = 6, Plans = 8, Starts = 200, Judged = 400;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Noise = 0.02f, Flicker = 0 }, draws);
        (int From, int Action, int To)[] expert = [.. Steps(world, options.Transitions, true, random.Split("expert", 0))], free = [.. Steps(world, options.Transitions / 2, false, random.Split("free", 0))];
        (int From, int Action, int To)[] known = options.Method == WorldData.Expert ? expert : [.. expert[..(options.Transitions / 2)], .. free];

        var weights = random.Split("weights", 0);
        var predictor = new SmallNet("predictor", weights, world.FrameWidth + ClipWorld.Actions, 128, world.FrameWidth);
        var order = random.Split("order", 0);
        SmallNet.Fit(predictor.Parameters, options.Steps, options.LearningRate, _ =>
        {
            var batch = SmallNet.Draw(known, Batch, order);
            float[][] from = [.. batch.Select(b => world.Frame(b.From, 0, order))];
            var next = predictor.Forward(SmallNet.Matrix([.. batch.Select((b, i) => Input(from[i], b.Action))])) + SmallNet.Matrix(from);
            return (next - SmallNet.Matrix([.. batch.Select(b => world.Frame(b.To, 0))])).Square().Mean() * 100f;
        }, stop);

        // The judge learns from the world's own frames.
        var judge = new FrameSequenceHead(world.FrameWidth, PlanLength, weights.Split("judge", 0));
        var rollouts = Enumerable.Range(0, Judged).Select(_ => Follow(world, draws.NextInt(world.Cells), Plan(draws))).ToArray();
        SmallNet.Fit(judge.Parameters, 400, 5e-3f, _ =>
        {
            var batch = SmallNet.Draw(rollouts, 16, order);
            var said = Tensor.Concat(0, [.. batch.Select(cells => judge.Score(SmallNet.Matrix([.. cells.Select(c => world.Frame(c, 0, order))])))]);
            return (said + Tensor.From([.. batch.Select(cells => (float)Infractions(world, cells))])).Square().Mean();      // score = minus infractions
        }, stop);

        var test = random.Split("test", 0);
        double chosen = 0;
        List<double> said = [], truth = [];
        for (int i = 0; i < Starts; i++)
        {
            stop.ThrowIfCancellationRequested();
            int start;
            do
            {
                start = test.NextInt(world.Cells);
            }
            while (world.Objects.Contains(start));

            int[][] plans = [.. Enumerable.Range(0, Plans).Select(_ => Plan(test))];
            Tensor[] imagined = [.. plans.Select(p => Imagine(world, predictor, start, p))];
            double[] scores = [.. imagined.Select(f => (double)Score(judge, f))], real = [.. plans.Select(p => (double)Infractions(world, Follow(world, start, p)))];
            chosen += real[judge.Best(imagined)] / Starts;
            said.AddRange(scores);
            truth.AddRange(real.Select(r => -r));
        }

        double correlation = Correlation.Spearman(said, truth);
        return new Dictionary<string, double> { ["infractions"] = chosen, ["rank_correlation"] = double.IsNaN(correlation) ? 0 : correlation };
    }

    private static IEnumerable<(int, int, int)> Steps(ClipWorld world, int count, bool expert, RandomStream random)
    {
        int cell = random.NextInt(world.Cells), made = 0;
        while (made < count)
        {
            if (world.Objects.Contains(cell) || made % 20 == 0)
            {
                cell = random.NextInt(world.Cells);
            }

            int action = random.NextInt(ClipWorld.Actions), next = world.Move(cell, action);
            if (expert && (world.Objects.Contains(next) || world.Objects.Contains(cell)))
            {
                cell = world.Objects.Contains(cell) ? random.NextInt(world.Cells) : cell;
                continue;
            }

            yield return (cell, action, next);
            made++;
            cell = next;
        }
    }

    private static int[] Plan(RandomStream random) => [.. Enumerable.Range(0, PlanLength).Select(_ => random.NextInt(ClipWorld.Actions))];

    private static int[] Follow(ClipWorld world, int start, int[] plan) => [.. plan.Select(a => start = world.Move(start, a))];

    private static int Infractions(ClipWorld world, int[] cells) => cells.Count(world.Objects.Contains);

    private static Tensor Imagine(ClipWorld world, SmallNet predictor, int start, int[] plan)
    {
        float[] frame = world.Frame(start, 0);
        var frames = new List<float[]>();
        foreach (int action in plan)
        {
            float[] change = predictor.Apply([Input(frame, action)]);
            frame = [.. frame.Zip(change, (f, d) => Math.Clamp(f + d, 0, 1))];
            frames.Add(frame);
        }

        return SmallNet.Matrix(frames);
    }

    private static float Score(FrameSequenceHead judge, Tensor frames)
    {
        using var scope = Tape.Begin(record: false);
        return judge.Score(frames).Item();
    }

    private static float[] Input(float[] frame, int action) => SmallNet.Join(frame, [.. Enumerable.Range(0, ClipWorld.Actions).Select(a => a == action ? 1f : 0f)]);
}
