using Meed.Numerics;
using Meed.RewardModels.Networks;

namespace Meed.RewardModels.Clips;

/// <summary>A score of a sequence of frames from frozen frame features: attention over frames, then a matrix.</summary>
/// <remarks>
/// The video-to-reward head of "ReSim: Reliable World Simulation for Autonomous Driving" (atlas row 61): it regresses a simulator's infraction score, and plans are ranked by scoring their imagined
/// frames. Places in time are told apart by a learned offset for each frame.
/// </remarks>
public sealed class FrameSequenceHead
{
    private readonly ScoreHead _head;
    private readonly Parameter _time;

    /// <summary>A head.</summary>
    /// <param name="width">Features of a frame, D.</param>
    /// <param name="frames">Most frames of a sequence.</param>
    /// <param name="random">For the weights.</param>
    public FrameSequenceHead(int width, int frames, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        _head = new ScoreHead(HeadKind.Attention, width, width, 1, random);
        _time = new Parameter("score.time", Tensor.Normal(random.Split("time", 0), 0f, 0.02f, frames, width));
    }

    /// <summary>Its parameters.</summary>
    public IEnumerable<Parameter> Parameters => _head.Parameters.Append(_time);

    /// <summary>Score of one sequence, [T, D] to [1].</summary>
    public Tensor Score(Tensor frames)
    {
        Shapes.Require(frames, [-1, _head.Width]);
        return _head.Forward(_head.Pool(frames + _time.Value.Slice(0, 0, frames.Shape[0]))).Reshape(1);
    }

    /// <summary>Index of the plan whose imagined frames score best.</summary>
    /// <param name="rollouts">Frame features of each plan's rollout, [T, D].</param>
    public int Best(IReadOnlyList<Tensor> rollouts)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        using var scope = Tape.Begin(record: false);
        float[] scores = [.. rollouts.Select(r => Score(r).Item())];
        return Array.IndexOf(scores, scores.Max());
    }
}
