using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Values of frames learned from videos alone: similarity to the goal is the value, and it should rise by one step's reward a frame.</summary>
/// <remarks>
/// V(s; g) = similarity of embeddings; L = (1 − γ)·E[−V(s₀; g)] + log E[exp(V(s_t; g) + 1 − γ·V(s_{t+1}; g))]
/// <para>The dual of a KL-regularised reinforcement problem with reward −1 until the goal: VIP, arXiv:2210.00030, with language goals LIV (atlas row 225). The expectations are means over the batch.</para>
/// </remarks>
public static class ImplicitValue
{
    /// <summary>Loss of the batch.</summary>
    /// <param name="first">V of each clip's first frame, [B].</param>
    /// <param name="now">V of a frame in the middle, [B].</param>
    /// <param name="later">V of the frame after it, [B].</param>
    /// <param name="discount">γ, 0 to below 1.</param>
    /// <returns>One number, [].</returns>
    public static Tensor Loss(Tensor first, Tensor now, Tensor later, float discount = 0.98f)
    {
        Shapes.Require(first, [-1]);
        Shapes.RequireSame(now, later);
        Shapes.Require(now, [-1]);
        if (discount is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(discount), $"ImplicitValue: discount is {discount}; it is 0 to below 1.");
        }

        var step = now + 1f - (later * discount);                                                      // [B]
        return (first.Mean() * -(1 - discount)) + (step.LogSumExp() - MathF.Log(now.Length));
    }

    /// <summary>The reward of a step: how much nearer to the goal it came.</summary>
    public static double Reward(double valueNow, double valueNext) => valueNext - valueNow;
}
