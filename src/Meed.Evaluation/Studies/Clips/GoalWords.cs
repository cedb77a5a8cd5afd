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

    /// <summary>Lights beside daylight, which captions name and which come and go in a clip.</summary>
    public int Lights { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => [.. StudyProblems.Of(LearningRate, ("Pictures", Pictures), ("Steps", Steps), ("Strength", Strength)), .. Lights < 0 ? [$"Lights is {Lights}; it is 0 or more."] : Array.Empty<string>()];
}

/// <summary>A picture-and-word encoder, trained by contrast on still pictures and then frozen, as a reward of states.</summary>
/// <remarks>
/// A caption names the object within two steps of the agent, or says that it is in the room, and names the light unless it is daylight. A light adds a pattern of its own, of deviation 0.3, to all pixels; in a clip it changes
/// between frames with probability 0.3. Goals do not name a light. Measure on 100 new clips: <c>reward_correlation</c>, mean rank correlation of the reward of frames for the clip's goal with
/// true progress. The baseline description is that of the room.
/// <para>"Vision-Language Models are Zero-Shot Reward Models for Reinforcement Learning" (atlas row 30).</para>
/// </remarks>
public sealed class GoalWords(GoalWordsOptions options) : IStudy
{
    private const int Batch = 32, Code = 16, Places = ClipWorld.Colours + 1, Test = 100;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Hesitation = 0.3 }, draws);
        int[] cells = [.. Enumerable.Range(0, options.Pictures).Select(_ => draws.NextInt(world.Cells))];
        float[][] patterns = [.. Enumerable.Range(0, options.Lights).Select(_ => FeaturePairs.Normal(world.FrameWidth, draws, 0.3f))];
        int[] lights = [.. cells.Select(_ => draws.NextInt(options.Lights + 1))];
        float[] Seen(int cell, int light, RandomStream noise) => world.Frame(cell, 0, noise) is var frame && light == 0 ? frame : [.. frame.Zip(patterns[light - 1], (f, p) => f + p)];
        float[] Words(int place, int light) => [.. Enumerable.Range(0, Places + options.Lights).Select(k => k == place || (light > 0 && k == Places + light - 1) ? 1f : 0f)];
        float[][] pictures = [.. cells.Select((c, i) => Seen(c, lights[i], draws))];
        var weights = random.Split("weights", 0);
        SmallNet picture = new("picture", weights, world.FrameWidth, 64, Code), words = new("words", weights, Places + options.Lights, Code);
        var order = random.Split("order", 0);
        SmallNet.Fit(picture.Parameters.Concat(words.Parameters), options.Steps, options.LearningRate, _ =>
        {
            int[] own = [.. Enumerable.Range(0, Batch).Select(_ => order.NextInt(cells.Length))];
            return Contrastive.Symmetric(picture.Forward(SmallNet.Matrix([.. own.Select(i => pictures[i])])), words.Forward(SmallNet.Matrix([.. own.Select(i => Words(PlaceOf(world, cells[i]), lights[i]))])), 0.2f).Mean();
        }, stop);

        float[][] text = [.. Enumerable.Range(0, Places).Select(c => words.Apply([Words(c, 0)]))];
        double strength = options.Method == GoalReward.Baseline ? options.Strength / 100.0 : 0, correlation = 0;
        var test = random.Split("test", 0);
        for (int i = 0; i < Test; i++)
        {
            stop.ThrowIfCancellationRequested();
            var clip = world.Play([i % ClipWorld.Colours], test);

            // Still pictures: the object stays where it is.
            int light = test.NextInt(options.Lights + 1);
            double[] rewards = [.. clip.Cells.Select(c =>
            {
                light = test.NextBool(0.3) ? test.NextInt(options.Lights + 1) : light;
                return GoalBaseline.Reward(picture.Apply([Seen(c, light, test)]), text[clip.Targets[0]], text[^1], strength);
            })];
            double found = Correlation.Spearman(rewards, [.. Enumerable.Range(0, clip.Length).Select(t => world.Progress(clip, t, clip.Targets))]);
            correlation += (double.IsNaN(found) ? 0 : found) / Test;
        }

        return new Dictionary<string, double> { ["reward_correlation"] = correlation };
    }

    private static int PlaceOf(ClipWorld world, int cell)
    {
        int nearest = Enumerable.Range(0, ClipWorld.Colours).MinBy(c => world.Steps(cell, world.Objects[c]));
        return world.Steps(cell, world.Objects[nearest]) <= 2 ? nearest : ClipWorld.Colours;
    }
}
