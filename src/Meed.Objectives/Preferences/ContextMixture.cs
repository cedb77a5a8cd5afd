using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>The same pair under several criteria: which criterion applies is inferred, the preference under each is learned.</summary>
/// <remarks>
/// P(y⁺ ≻ y⁻) = Σ_z w_z·σ(r_z(y⁺) − r_z(y⁻)), w = softmax of the inferred contexts;  ℓ = −log P
/// <para>
/// "Improving Context-Aware Preference Modeling for Language Models" (atlas row 36). <see cref="Decompose"/> splits the error into that of inferring the context and that of the preference
/// under the right context.
/// </para>
/// </remarks>
public static class ContextMixture
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="chosen">r_z(y⁺), [B, Z].</param>
    /// <param name="rejected">r_z(y⁻), [B, Z].</param>
    /// <param name="contextLogits">Logits of the contexts, [B, Z].</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, Tensor contextLogits)
    {
        Shapes.Require(chosen, [-1, -1]);
        Shapes.RequireSame(chosen, rejected, contextLogits);
        return -(contextLogits.LogSoftmax() + (chosen - rejected).LogSigmoid()).LogSumExp();
    }

    /// <summary>Errors of a batch: total, with the right context given, and their difference, which is what inferring the context costs.</summary>
    /// <param name="mixed">Probability of the right answer with inferred contexts, [B].</param>
    /// <param name="given">The same with the right context given, [B].</param>
    /// <returns>Shares of pairs on the wrong side of ½; exactly ½ counts half.</returns>
    public static (double Total, double Preference, double Inference) Decompose(ReadOnlySpan<double> mixed, ReadOnlySpan<double> given)
    {
        if (mixed.Length != given.Length || mixed.Length == 0)
        {
            throw new ArgumentException($"ContextMixture.Decompose: {mixed.Length} and {given.Length} probabilities; both are [B] with B at least 1.", nameof(given));
        }

        double total = Wrong(mixed), preference = Wrong(given);
        return (total, preference, total - preference);
    }

    private static double Wrong(ReadOnlySpan<double> probabilities)
    {
        double wrong = 0;
        foreach (double p in probabilities)
        {
            wrong += p < 0.5 ? 1 : p == 0.5 ? 0.5 : 0;
        }

        return wrong / probabilities.Length;
    }
}
