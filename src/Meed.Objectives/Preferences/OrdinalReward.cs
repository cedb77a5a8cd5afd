using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Grades in order: a score falls between learned thresholds.</summary>
/// <remarks>
/// P(y ≤ k) = σ(θ_k − s) for thresholds θ_0 &lt; … &lt; θ_{K−2}, so P(y = k) = σ(θ_k − s) − σ(θ_{k−1} − s);  ℓ = −log P(y)
/// <para>
/// The proportional-odds model, McCullagh 1980. With a = θ_k − s and b = θ_{k−1} − s, σ(a) − σ(b) = σ(a)·σ(−b)·(1 − e^{b−a}), which is computed in logarithms. The thresholds are
/// θ_0 = t_0 and θ_k = θ_{k−1} + softplus(t_k), which keeps their order.
/// </para>
/// </remarks>
public static class OrdinalReward
{
    /// <summary>Loss of each response.</summary>
    /// <param name="scores">s, [B].</param>
    /// <param name="grades">[B], 0 to K − 1.</param>
    /// <param name="raw">t, [K − 1]; gradients flow into it.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor scores, int[] grades, Tensor raw)
    {
        ArgumentNullException.ThrowIfNull(grades);
        Shapes.Require(scores, [grades.Length]);
        Shapes.Require(raw, [-1]);
        int last = raw.Length;
        if (Array.Exists(grades, g => g < 0 || g > last))
        {
            throw new ArgumentException($"OrdinalReward: a grade is {Array.Find(grades, g => g < 0 || g > last)}; {last} thresholds make grades 0 to {last}.", nameof(grades));
        }

        var thresholds = Thresholds(raw);                                                              // [K − 1]
        var above = thresholds.Take(0, Array.ConvertAll(grades, g => Math.Min(g, last - 1))) - scores; // a, [B]
        var below = thresholds.Take(0, Array.ConvertAll(grades, g => Math.Max(g - 1, 0))) - scores;    // b, [B]
        var first = Array.ConvertAll(grades, g => g == 0);
        var final = Array.ConvertAll(grades, g => g == last);
        var gap = Array.ConvertAll(grades, g => g > 0 && g < last);
        var wide = (above - below).Where(gap, 1f);                                                     // [B]
        return -above.LogSigmoid().Where(Array.ConvertAll(final, f => !f), 0f)
            - (-below).LogSigmoid().Where(Array.ConvertAll(first, f => !f), 0f)
            - (1f - (-wide).Exp()).Log().Where(gap, 0f);                                               // [B]
    }

    /// <summary>The thresholds of raw numbers, rising, [K − 1].</summary>
    public static Tensor Thresholds(Tensor raw)
    {
        Shapes.Require(raw, [-1]);
        return raw.Length == 1 ? raw : Tensor.Concat(0, raw.Slice(0, 0, 1), raw.Slice(0, 1, raw.Length - 1).Softplus()).CumSum(0);
    }
}
