using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Clips;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>What a clip's code is made from.</summary>
public enum ClipCode : byte
{
    /// <summary>What stands in its frames.</summary>
    Frames,

    /// <summary>The same, and what changes between them.</summary>
    Motion,
}

/// <summary>Options of <see cref="MotionWords"/>.</summary>
public sealed record MotionWordsOptions
{
    /// <summary>Frames alone or with motion.</summary>
    public ClipCode Method { get; init; }

    /// <summary>Captioned clips to learn from.</summary>
    public int Clips { get; init; } = 360;

    /// <summary>Updates of twelve clips, one a caption.</summary>
    public int Steps { get; init; } = 500;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 3e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Clips", Clips), ("Steps", Steps));
}

/// <summary>Clips of eight frames with one of twelve captions: approach, stay near or leave one of four objects.</summary>
/// <remarks>
/// To leave is to approach backwards, so that the two show the same frames in another order. Codes of clips and captions are contrasted in both directions. Measures on 240 new clips: <c>verb_accuracy</c>, whose verb is
/// nearest among the three with the right object (chance 1/3); <c>caption_accuracy</c> among all twelve.
/// <para>CLIP4MC (atlas row 229).</para>
/// </remarks>
public sealed class MotionWords(MotionWordsOptions options) : IStudy
{
    private const int Verbs = VerbClips.Verbs, Frames = VerbClips.Frames, Code = 24, Test = 240, Captions = Verbs * ClipWorld.Colours;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions(), draws);
        float[][] clips = [.. Enumerable.Range(0, options.Clips / Captions * Captions).Select(i => NewClip(world, i % Captions, draws))];

        var weights = random.Split("weights", 0);
        var branch = new MotionBranch(world.FrameWidth, Code, options.Method == ClipCode.Motion ? 2 : 0, weights);
        var words = new SmallNet("words", weights, Captions, Code);
        float[][] captions = [.. Enumerable.Range(0, Captions).Select(c => Enumerable.Range(0, Captions).Select(k => k == c ? 1f : 0f).ToArray())];
        var order = random.Split("order", 0);
        SmallNet.Fit(branch.Parameters.Concat(words.Parameters), options.Steps, options.LearningRate, _ =>
        {
            float[][] batch = [.. Enumerable.Range(0, Captions).Select(c => clips[(order.NextInt(clips.Length / Captions) * Captions) + c])];
            return Contrastive.Symmetric(branch.Encode(Pictures(batch, world)), words.Forward(SmallNet.Matrix(captions)), 0.1f).Mean();
        }, stop);

        var test = random.Split("test", 0);
        float[][] seen = [.. Enumerable.Range(0, Test).Select(i => NewClip(world, i % Captions, test))];
        using var scope = Tape.Begin(record: false);
        var text = words.Forward(SmallNet.Matrix(captions));
        var codes = branch.Encode(Pictures(seen, world));
        int verbs = 0, whole = 0;
        for (int i = 0; i < Test; i++)
        {
            // The loss of a row against each caption orders captions by cosine.
            float[] near = (Unit(codes.Slice(0, i, 1)) * Unit(text)).Sum(1).ToArray();
            int caption = i % Captions, colour = caption % ClipWorld.Colours;
            whole += Array.IndexOf(near, near.Max()) == caption ? 1 : 0;
            verbs += Enumerable.Range(0, Verbs).MaxBy(v => near[(v * ClipWorld.Colours) + colour]) == caption / ClipWorld.Colours ? 1 : 0;
        }

        return new Dictionary<string, double> { ["verb_accuracy"] = (double)verbs / Test, ["caption_accuracy"] = (double)whole / Test };
    }

    private static float[] NewClip(ClipWorld world, int caption, RandomStream random) => VerbClips.Draw(world, caption / ClipWorld.Colours, caption % ClipWorld.Colours, random);

    private static Tensor Pictures(float[][] clips, ClipWorld world) => SmallNet.Matrix(clips).Reshape(clips.Length, Frames, world.FrameWidth);

    private static Tensor Unit(Tensor x) => x / (x.Square().Sum(1, keepAxis: true) + 1e-12f).Sqrt();
}
