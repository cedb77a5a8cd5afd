using Meed.Numerics;

namespace Meed.RewardModels.Training;

/// <summary>A meta-learned step: the model learns its comparisons from where it would tell shifted, unlabelled responses apart.</summary>
/// <remarks>
/// On responses of the shifted policy, k a prompt:  J(θ) = mean over prompts of 2/k² · Σ_{i&lt;j} σ(|r_i − r_j|);
/// θ' = θ + η·∇J(θ);  θ ← optimiser(θ, ∇L(θ')). The gradient is taken at θ' and applied at θ; the term with the second derivative of J is left out (first-order meta-learning).
/// <para>Dou et al. 2024, "MetaRM: Shifted Distributions Alignment via Meta-Learning", arXiv:2405.00438.</para>
/// </remarks>
public static class ShiftedStep
{
    /// <summary>J: how far responses to the same prompt are told apart.</summary>
    /// <param name="scores">r, [prompts, k], k at least 2.</param>
    /// <returns>A number on the tape.</returns>
    public static Tensor Difference(Tensor scores)
    {
        Shapes.Require(scores, [-1, -1]);
        int k = scores.Shape[1];
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 2);
        Tensor? sum = null;
        for (int apart = 1; apart < k; apart++)
        {
            // All pairs (i, i + apart) at once.
            var pair = (scores.Slice(1, 0, k - apart) - scores.Slice(1, apart, k - apart)).Abs().Sigmoid().Sum();
            sum = sum is null ? pair : sum + pair;
        }

        return sum! * (2f / ((long)k * k * scores.Shape[0]));
    }

    /// <summary>One step.</summary>
    /// <param name="optimizer">Holds θ.</param>
    /// <param name="difference">Gives J at the parameters as they are; no gradient of an earlier loss may be waiting.</param>
    /// <param name="loss">Gives L at the parameters as they are.</param>
    /// <param name="ascent">η, 0 or more; 0 is an ordinary step.</param>
    /// <param name="maxGradNorm">Largest norm of ∇L.</param>
    /// <returns>L at θ'.</returns>
    public static float Take(Optimizer optimizer, Func<Tensor> difference, Func<Tensor> loss, float ascent, float maxGradNorm = float.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(difference);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfNegative(ascent);
        Parameter[] parameters = [.. optimizer.Parameters.Where(p => p.IsTrainable)];
        float[][] before = [.. parameters.Select(p => p.Value.ToArray())];
        try
        {
            using (Tape.Begin())
            {
                var gradients = Tape.Gradient(difference(), [.. parameters.Select(p => p.Value)]);
                for (int i = 0; i < parameters.Length; i++)
                {
                    float[] ahead = gradients[i].ToArray();
                    for (int j = 0; j < ahead.Length; j++)
                    {
                        ahead[j] = before[i][j] + (ascent * ahead[j]);
                    }

                    parameters[i].Load(ahead);
                }
            }

            using var scope = Tape.Begin();
            var value = loss();
            value.Backward();
            float at = value.Item();
            Restore();
            optimizer.Step(maxGradNorm, out _);
            return at;
        }
        catch
        {
            Restore();
            throw;
        }

        void Restore()
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                parameters[i].Load(before[i]);
            }
        }
    }
}
