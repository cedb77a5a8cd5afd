namespace Meed.RewardModels.Progress;

/// <summary>Relative progress between two states, three ways of adding it up, and a shaping reward that keeps the best policy.</summary>
/// <remarks>
/// A hop from progress p to q: (q − p)/(1 − p) forward, of what was left; (q − p)/p backward, of what was done. Fused progress = mean of the incremental estimate, the one anchored at the start and the one
/// anchored at the goal. Shaped reward = r + γ·Φ(s') − Φ(s) (Ng et al. 1999).
/// <para>Robo-Dopamine, "General Process Reward Modeling for High-Precision Robotic Manipulation" (atlas row 190).</para>
/// </remarks>
public static class HopProgress
{
    /// <summary>The hop label between two progresses, −1 to 1; 0 where nothing was left or done.</summary>
    public static double Label(double from, double to)
    {
        if (from is not (>= 0 and <= 1) || to is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(to), $"HopProgress: progress from {from} to {to}; both lie between 0 and 1.");
        }

        return to >= from ? from >= 1 ? 0 : (to - from) / (1 - from) : (to - from) / from;
    }

    /// <summary>The progress that a hop leads to.</summary>
    public static double Apply(double from, double hop) => Math.Clamp(hop >= 0 ? from + (hop * (1 - from)) : from + (hop * from), 0, 1);

    /// <summary>Progress from three predictions.</summary>
    /// <param name="before">Fused progress of the state before.</param>
    /// <param name="step">Predicted hop from the state before.</param>
    /// <param name="fromStart">Predicted hop from the first state, whose progress is 0.</param>
    /// <param name="fromGoal">Predicted hop from the goal, whose progress is 1; it is 0 or less.</param>
    public static double Fuse(double before, double step, double fromStart, double fromGoal) => (Apply(before, step) + Apply(0, fromStart) + Apply(1, fromGoal)) / 3;

    /// <summary>The shaped reward of a step; the potential of a terminal state counts as 0.</summary>
    public static double Shape(double reward, double now, double next, bool terminal, double discount) => reward + (discount * (terminal ? 0 : next)) - now;
}
