using Meed.Numerics;
using Meed.RewardModels.Clips;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>Where the failures of a success classifier come from.</summary>
public enum NegativeSource : byte
{
    /// <summary>Instructions of other clips, drawn.</summary>
    Drawn,

    /// <summary>Half of them so, half the clip's own instruction with one word changed or two turned around.</summary>
    Rewritten,
}

/// <summary>Options of <see cref="RewrittenInstructions"/>.</summary>
public sealed record RewrittenInstructionsOptions
{
    /// <summary>Drawn or rewritten.</summary>
    public NegativeSource Method { get; init; }

    /// <summary>Successful clips.</summary>
    public int Clips { get; init; } = 300;

    /// <summary>Applications.</summary>
    public int Applications { get; init; } = 8;

    /// <summary>Updates of 64 clips, half of them negatives.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Clips", Clips), ("Applications", Applications), ("Steps", Steps));
}

/// <summary>A classifier that says whether a clip fulfils an instruction of three objects in order in one of some applications, from keyframes with pruned patches.</summary>
/// <remarks>
/// Every clip shows the title of its application, three times as bright as a pixel, and an instruction names one, so that an instruction of another clip mostly misses by the application and seldom by a detail. Five keyframes. A patch is a cell with its three colours; patches of large even areas and patches that did not change since they were
/// last kept are dropped (set to 0) for both methods. Measures on 300 new clips: <c>near_miss_accuracy</c>, over the clip with its instruction and with one that misses by a word or by the order; <c>other_accuracy</c>, the same with the instruction of another clip; <c>kept_patches</c>, their share.
/// <para>"Video-Based Reward Modeling for Computer-Use Agents" (atlas row 167).</para>
/// </remarks>
public sealed class RewrittenInstructions(RewrittenInstructionsOptions options) : IStudy
{
    private const int Batch = 64, Keyframes = 5, Objects = 3, Test = 300;
    private const float Title = 3;

    private sealed record Instruction(int Application, int[] Objects);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Hesitation = 0.2, Flicker = 0 }, draws);
        Instruction[] asked = [.. Enumerable.Range(0, options.Clips).Select(_ => Draw(draws))];
        double kept = 0;
        float[][] clips = [.. asked.Select(a => Show(world, a, draws, ref kept))];
        kept = 0;

        var net = new SmallNet("success", random.Split("weights", 0), clips[0].Length + Words(asked[0]).Length, 96, 1);
        var order = random.Split("order", 0);
        SmallNet.Fit(net.Parameters, options.Steps, options.LearningRate, _ =>
        {
            int[] own = [.. Enumerable.Range(0, Batch).Select(_ => order.NextInt(clips.Length))];
            float[][] inputs = [.. own.Select((c, i) => SmallNet.Join(clips[c], Words(i % 2 == 0 ? asked[c] : i % 4 == 1 && options.Method == NegativeSource.Rewritten ? Rewrite(asked[c], order) : Other(asked[c], order))))];
            var sign = Tensor.From([.. own.Select((_, i) => i % 2 == 0 ? 1f : -1f)]);
            return -(net.Forward(SmallNet.Matrix(inputs)).Select(1, 0) * sign).LogSigmoid().Mean();
        }, stop);

        var test = random.Split("test", 0);
        double near = 0, far = 0;
        for (int i = 0; i < Test; i++)
        {
            stop.ThrowIfCancellationRequested();
            var instruction = Draw(test);
            float[] clip = Show(world, instruction, test, ref kept);
            float[] said = net.Apply([.. new[] { instruction, Rewrite(instruction, test), Other(instruction, test) }.Select(w => SmallNet.Join(clip, Words(w)))]);
            near += (said[0] > 0 ? 0.5 : 0) + (said[1] <= 0 ? 0.5 : 0);
            far += (said[0] > 0 ? 0.5 : 0) + (said[2] <= 0 ? 0.5 : 0);
        }

        return new Dictionary<string, double> { ["near_miss_accuracy"] = near / Test, ["other_accuracy"] = far / Test, ["kept_patches"] = kept / Test };
    }

    private Instruction Draw(RandomStream random) => new(random.NextInt(options.Applications), [.. random.Permutation(ClipWorld.Colours).Take(Objects)]);

    private Instruction Other(Instruction instruction, RandomStream random)
    {
        Instruction other;
        do
        {
            other = Draw(random);
        }
        while (other.Application == instruction.Application && other.Objects.AsSpan().SequenceEqual(instruction.Objects));

        return other;
    }

    // One object replaced by the one that was not asked for, or two in the other order.
    private static Instruction Rewrite(Instruction instruction, RandomStream random)
    {
        int[] other = [.. instruction.Objects];
        int place = random.NextInt(Objects);
        if (random.NextBool())
        {
            other[place] = Enumerable.Range(0, ClipWorld.Colours).First(c => !instruction.Objects.Contains(c));
        }
        else
        {
            int next = (place + 1) % Objects;
            (other[place], other[next]) = (other[next], other[place]);
        }

        return instruction with { Objects = other };
    }

    private float[] Words(Instruction instruction)
    {
        var words = new float[options.Applications + (Objects * ClipWorld.Colours)];
        words[instruction.Application] = Title;
        for (int i = 0; i < Objects; i++)
        {
            words[options.Applications + (i * ClipWorld.Colours) + instruction.Objects[i]] = 1;
        }

        return words;
    }

    // A clip that fulfils the instruction: its title, then its keyframes.
    private float[] Show(ClipWorld world, Instruction instruction, RandomStream random, ref double kept)
    {
        var clip = world.Play(instruction.Objects, random);
        // Keyframes: the first, after each object taken, and the middle of the clip.
        int[] at = [.. new[] { 0, clip.Length / 2 }.Concat(Enumerable.Range(1, Objects).Select(k => Enumerable.Range(0, clip.Length).First(t => clip.StageAt(t) >= k))).Order()];
        float[][][] patches = [.. at.Select(t => world.Frame(clip.Cells[t], clip.Taken[t], random) is var f ? Enumerable.Range(0, world.Cells).Select(c => (float[])[f[c], f[world.Cells + c], f[(2 * world.Cells) + c]]).ToArray() : [])];
        int side = (int)Math.Sqrt(world.Cells);
        bool[][] changed = PatchPruning.Temporal(patches, 0.95);
        var shown = new float[options.Applications + (Keyframes * world.FrameWidth)];
        shown[instruction.Application] = Title;
        for (int k = 0; k < Keyframes; k++)
        {
            bool[] told = PatchPruning.Spatial(patches[k], side, 0.4, 6);
            for (int c = 0; c < world.Cells; c++)
            {
                bool keep = told[c] && changed[k][c];
                kept += keep ? 1.0 / (Keyframes * world.Cells) : 0;
                for (int plane = 0; plane < 3 && keep; plane++)
                {
                    shown[options.Applications + (k * world.FrameWidth) + (plane * world.Cells) + c] = patches[k][c][plane];
                }
            }
        }

        return shown;
    }
}
