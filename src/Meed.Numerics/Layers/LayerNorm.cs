namespace Meed.Numerics;

/// <summary>Layer norm over the last axis. Parameters: <c>name.weight</c> and <c>name.bias</c>, both [D].</summary>
public sealed class LayerNorm : INorm
{
    /// <summary>A norm with weight 1 and bias 0.</summary>
    /// <param name="name">Prefix of the parameter names.</param>
    /// <param name="width">Size of the last axis, D.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public LayerNorm(string name, int width, float epsilon = 1e-5f)
    {
        Weight = new Parameter($"{name}.weight", Tensor.Ones(width));
        Bias = new Parameter($"{name}.bias", Tensor.Zeros(width));
        Epsilon = epsilon;
    }

    /// <summary>Scale.</summary>
    public Parameter Weight { get; }

    /// <summary>Shift.</summary>
    public Parameter Bias { get; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public IEnumerable<Parameter> Parameters => [Weight, Bias];

    /// <inheritdoc/>
    public Tensor Forward(Tensor x) => Ops.LayerNorm(x, Weight.Value, Bias.Value, Epsilon);
}
