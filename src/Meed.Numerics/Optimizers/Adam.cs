namespace Meed.Numerics;

/// <summary>Adam: steps along m̂ / (√v̂ + ε), with running means m of the gradient and v of its square.</summary>
/// <remarks>m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  θ ← θ − η·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε). Kingma and Ba 2014, arXiv:1412.6980.</remarks>
public sealed class Adam : AdamBase
{
    /// <summary>An optimiser with zero state.</summary>
    /// <param name="parameters">The parameters to train.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    public Adam(IEnumerable<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
        : base(parameters, learningRate, beta1, beta2, epsilon)
    {
    }

    private protected override float Decay(int index) => 0f;
}
