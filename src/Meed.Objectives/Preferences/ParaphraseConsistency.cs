using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>The squared difference between the scores of a response and of a paraphrase of it, to be added to a ranking loss.</summary>
/// <remarks>
/// ℓ = (s(y) − s(y′))²
/// <para>reWordBench, Wu et al. 2025, Eq. 2, arXiv:2503.11751, which adds it with a weight to the Bradley-Terry loss; both sides carry gradients.</para>
/// </remarks>
public static class ParaphraseConsistency
{
    /// <summary>Penalty of each response.</summary>
    /// <param name="scores">s(y), [B].</param>
    /// <param name="paraphrased">s(y′), [B].</param>
    /// <returns>[B]; the caller weighs and reduces.</returns>
    public static Tensor Loss(Tensor scores, Tensor paraphrased)
    {
        Shapes.Require(scores, [-1]);
        Shapes.RequireSame(scores, paraphrased);
        return (scores - paraphrased).Square();
    }
}
