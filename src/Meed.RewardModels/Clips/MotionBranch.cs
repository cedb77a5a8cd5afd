using Meed.Numerics;

namespace Meed.RewardModels.Clips;

/// <summary>A clip's code from what stands in its frames and from what changes between them.</summary>
/// <remarks>
/// code = A·mean_t(f_t) + M·mean_t(f_{t+1} − f_t over several intervals), contrasted with the caption's code. Frames alone cannot tell "approach" from "stand near"; their differences can.
/// <para>"CLIP4MC: An RL-Friendly Vision-Language Model for Minecraft" (atlas row 229), whose motion branch over frame intervals is settled here as the mean absolute and signed differences over intervals 1 to K.</para>
/// </remarks>
public sealed class MotionBranch
{
    private readonly Parameter _appearance;
    private readonly Parameter _motion;
    private readonly int _intervals;

    /// <summary>A branch.</summary>
    /// <param name="width">Features of a frame, D.</param>
    /// <param name="code">Size of the code.</param>
    /// <param name="intervals">Longest interval between compared frames, K; 0 for frames alone.</param>
    /// <param name="random">For the weights.</param>
    public MotionBranch(int width, int code, int intervals, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(intervals);
        _intervals = intervals;
        _appearance = new Parameter("clip.appearance", Tensor.Normal(random.Split("appearance", 0), 0f, 1f / MathF.Sqrt(width), code, width));
        _motion = new Parameter("clip.motion", Tensor.Normal(random.Split("motion", 0), 0f, 1f / MathF.Sqrt(width), code, Math.Max(1, 2 * intervals * width)));
    }

    /// <summary>Its parameters.</summary>
    public IEnumerable<Parameter> Parameters => _intervals == 0 ? [_appearance] : [_appearance, _motion];

    /// <summary>Codes of clips, [N, T, D] to [N, code].</summary>
    public Tensor Encode(Tensor clips)
    {
        Shapes.Require(clips, [-1, -1, _appearance.Shape[1]]);
        var code = Ops.Linear(clips.Mean(1), _appearance.Value);
        int frames = clips.Shape[1];
        if (_intervals == 0)
        {
            return code;
        }

        var parts = new List<Tensor>();
        for (int k = 1; k <= _intervals; k++)
        {
            if (k >= frames)
            {
                throw new ArgumentException($"MotionBranch: clips of {frames} frames have no interval of {k}.", nameof(clips));
            }

            var change = clips.Slice(1, k, frames - k) - clips.Slice(1, 0, frames - k);   // [N, T − k, D]
            parts.Add(change.Mean(1));
            parts.Add(change.Abs().Mean(1));
        }

        return code + Ops.Linear(Tensor.Concat(1, [.. parts]), _motion.Value);
    }
}
