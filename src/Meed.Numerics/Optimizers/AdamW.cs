namespace Meed.Numerics;

/// <summary>Adam with decoupled weight decay: before each step θ ← θ − η·λ·θ.</summary>
/// <remarks>Loshchilov and Hutter 2017, arXiv:1711.05101. By default matrices decay and vectors (biases, norms) do not.</remarks>
public sealed class AdamW : AdamBase
{
    private readonly float[] _decay;

    /// <summary>An optimiser with zero state.</summary>
    /// <param name="parameters">The parameters to train.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="decays">Which parameters decay; those with two axes or more when null.</param>
    public AdamW(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float weightDecay = 0.01f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, Func<Parameter, bool>? decays = null)
        : base(parameters, learningRate, beta1, beta2, epsilon)
    {
        if (!(weightDecay >= 0f))
        {
            throw new ArgumentOutOfRangeException(nameof(weightDecay), $"AdamW: the weight decay is {weightDecay}; it must be 0 or more.");
        }

        decays ??= parameter => parameter.Shape.Length >= 2;
        _decay = [.. Parameters.Select(parameter => decays(parameter) ? weightDecay : 0f)];
    }

    private protected override float Decay(int index) => _decay[index];
}
