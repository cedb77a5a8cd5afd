using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>A user is a hidden vector inferred from labelled pairs; the reward is conditioned on it.</summary>
/// <remarks>
/// −ELBO = −Σ_i log σ(r(y⁺_i, z) − r(y⁻_i, z)) + β·KL(q(z | pairs) ‖ N(0, I)), z = mean + e^{logVariance/2}·ε;  KL = ½·Σ(mean² + variance − 1 − logVariance)
/// <para>"Personalizing Reinforcement Learning from Human Feedback with Variational Preference Learning" (atlas row 32).</para>
/// </remarks>
public static class VariationalUser
{
    /// <summary>Loss of each user.</summary>
    /// <param name="chosen">r(y⁺_i, z), [U, N].</param>
    /// <param name="rejected">r(y⁻_i, z), [U, N].</param>
    /// <param name="mean">Mean of q, [U, D].</param>
    /// <param name="logVariance">log variance of q, [U, D].</param>
    /// <param name="beta">β, 0 or more.</param>
    /// <returns>[U], summed over the user's pairs.</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, Tensor mean, Tensor logVariance, float beta = 1f)
    {
        Shapes.Require(chosen, [-1, -1]);
        Shapes.RequireSame(chosen, rejected);
        Shapes.Require(mean, [chosen.Shape[0], -1]);
        Shapes.RequireSame(mean, logVariance);
        ArgumentOutOfRangeException.ThrowIfNegative(beta);
        var divergence = (mean.Square() + logVariance.Exp() - 1f - logVariance).Sum(1) * 0.5f;         // [U]
        return (divergence * beta) - (chosen - rejected).LogSigmoid().Sum(1);                          // [U]
    }

    /// <summary>A draw of z, through which gradients flow.</summary>
    /// <param name="mean">[U, D].</param>
    /// <param name="logVariance">[U, D].</param>
    /// <param name="random">The noise.</param>
    public static Tensor Draw(Tensor mean, Tensor logVariance, RandomStream random)
    {
        Shapes.RequireSame(mean, logVariance);
        return mean + ((logVariance * 0.5f).Exp() * Tensor.Normal(random, 0f, 1f, mean.Shape));
    }

    /// <summary>A state's reward as its mean probability of winning against other states, which makes users comparable.</summary>
    /// <param name="reward">r(s, z).</param>
    /// <param name="others">r(s', z) of other states.</param>
    public static double WinProbability(double reward, ReadOnlySpan<double> others)
    {
        double sum = 0;
        foreach (double other in others)
        {
            sum += 1 / (1 + Math.Exp(other - reward));
        }

        return others.Length == 0 ? 0.5 : sum / others.Length;
    }

    /// <summary>Information that a comparison would give about z, in nats: H(mean p) − mean H(p) over draws of z.</summary>
    /// <param name="probabilities">p that the first wins, one for each draw of z.</param>
    public static double InformationGain(ReadOnlySpan<double> probabilities)
    {
        double mean = 0, within = 0;
        foreach (double p in probabilities)
        {
            mean += p;
            within += Entropy(p);
        }

        return probabilities.Length == 0 ? 0 : Entropy(mean / probabilities.Length) - (within / probabilities.Length);
    }

    private static double Entropy(double p) => p is <= 0 or >= 1 ? 0 : -(p * Math.Log(p)) - ((1 - p) * Math.Log(1 - p));
}
