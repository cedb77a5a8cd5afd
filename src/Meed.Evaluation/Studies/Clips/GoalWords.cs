using Meed.Evaluation.Statistics;
using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Similarity;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>How a picture is compared with a goal in words.</summary>
public enum GoalReward : byte
{
    /// <summary>Their cosine.</summary>
    Cosine,

    /// <summary>Halfway to the line from a baseline description to the goal.</summary>
    Baseline,
}

/// <summary>Options of <see cref="GoalWords"/>.</summary>
public sealed record GoalWordsOptions
{
    /// <summary>Cosine or goal and baseline.</summary>
    public GoalReward Method { get; init; }

    /// <summary>Captioned pictures that the encoder learns from.</summary>
    public int Pictures { get; init; } = 600;

    /// <summary>Updates of 32 pictures.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>How far embeddings are moved to the line, in percent.</summary>
    public int Strength { get; init; } = 50;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Pictures", Pictures), ("Steps", Steps), ("Strength", Strength));
}

/// <summary>A picture-and-word encoder, trained by contrast on still pictures and then frozen, as a reward of states.</summary>
/// <remarks>
/// A caption names the object within two steps of the agent, or says that it is in the room. Measure on 100 new clips: <c>reward_correlation</c>, mean rank correlation of the reward of frames for the clip's goal with
/// true progress. The baseline description is that of the room.
/// <para>"Vision-Language Models are Zero-Shot Reward Models for Reinforcement Learning" (atlas row 30).</para>
/// </remarks>
public sealed class GoalWords(GoalWordsOptions options) : IStudy
{
    private const int Batch = 32, Code = 16, Captions = ClipWorld.Colours + 1, Test = 100;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Hesitation = 0.3 }, draws);
        int[] cells = [.. Enumerable.Range(0, options.Pictures).Select(_ => draws.NextInt(world.Cells))];
        float[][] pictures = [.. cells.Select(c => world.Frame(c, 0, draws))];
        var weights = random.Split("weights", 0);
        SmallNet picture = new("picture", weights, world.FrameWidth, 64, Code), words = new("words", weights, Captions, Code);
        var order = random.Split("order", 0);
        SmallNet.Fit(picture.Parameters.Concat(words.Parameters), options.Steps, options.LearningRate, _ =>
        {
            int[] own = [.. Enumerable.Range(0, Batch).Select(_ => order.NextInt(cells.Length))];
            return Contrastive.Symmetric(picture.Forward(SmallNet.Matrix([.. own.Select(i => pictures[i])])), words.Forward(SmallNet.Matrix([.. own.Select(i => Words(CaptionOf(world, cells[i])))])), 0.2f).Mean();
        }, stop);

        float[][] text = [.. Enumerable.Range(0, Captions).Select(c => words.Apply([Words(c)]))];
        double strength = options.Method == GoalReward.Baseline ? options.Strength / 100.0 : 0, correlation = 0;
        var test = random.Split("test", 0);
        for (int i = 0; i < Test; i++)
        {
            stop.ThrowIfCancellationRequested();
            var clip = world.Play([i % ClipWorld.Colours], test);

            // Still pictures: the object stays where it is.
            double[] rewards = [.. clip.Cells.Select(c => GoalBaseline.Reward(picture.Apply([world.Frame(c, 0, test)]), text[clip.Targets[0]], text[^1], strength))];
            double found = Correlation.Spearman(rewards, [.. Enumerable.Range(0, clip.Length).Select(t => world.Progress(clip, t, clip.Targets))]);
            correlation += (double.IsNaN(found) ? 0 : found) / Test;
        }

        return new Dictionary<string, double> { ["reward_correlation"] = correlation };
    }

    private static int CaptionOf(ClipWorld world, int cell)
    {
        int nearest = Enumerable.Range(0, ClipWorld.Colours).MinBy(c => world.Steps(cell, world.Objects[c]));
        return world.Steps(cell, world.Objects[nearest]) <= 2 ? nearest : ClipWorld.Colours;
    }

    private static float[] Words(int caption) => [.. Enumerable.Range(0, Captions).Select(c => c == caption ? 1f : 0f)];
}
