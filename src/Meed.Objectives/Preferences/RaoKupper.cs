using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Bradley-Terry with ties after Rao and Kupper: below a threshold the judge sees no difference.</summary>
/// <remarks>
/// With d = s₁ − s₂ and a threshold η = log θ > 0: P(1 wins) = σ(d − η), P(2 wins) = σ(−d − η), P(tie) = 1 − both = (e^{2η} − 1)·σ(d − η)·σ(−d − η).
/// <para>Rao and Kupper 1967, "Ties in paired-comparison experiments: a generalization of the Bradley-Terry model", JASA 62. The threshold is learned as its inverse softplus, which keeps it positive.</para>
/// </remarks>
public static class RaoKupper
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="first">s₁, [B].</param>
    /// <param name="second">s₂, [B].</param>
    /// <param name="outcomes">[B]: 1 the first won, −1 the second, 0 a tie.</param>
    /// <param name="threshold">The raw threshold t with η = softplus(t), one number [1]; gradients flow into it.</param>
    /// <returns>−log P(outcome), [B].</returns>
    public static Tensor Loss(Tensor first, Tensor second, int[] outcomes, Tensor threshold)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        Shapes.Require(first, [outcomes.Length]);
        Shapes.RequireSame(first, second);
        Shapes.Require(threshold, [1]);
        int rows = outcomes.Length;
        var d = first - second;                                                                        // [B]
        var eta = threshold.Softplus();                                                                // [1]
        var wins = (d - eta).LogSigmoid();                                                             // [B]
        var loses = (-d - eta).LogSigmoid();                                                           // [B]
        var tie = wins + loses + (((2f * eta).Exp() - 1f).Log());                                      // [B]
        var all = Tensor.Stack(wins, loses, tie).Transpose(0, 1);                                      // [B, 3]
        return -all.Gather([.. outcomes.Select(Outcomes.Column)]).Reshape(rows);                       // [B]
    }
}
