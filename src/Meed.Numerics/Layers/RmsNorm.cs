namespace Meed.Numerics;

/// <summary>RMS norm over the last axis. Parameter: <c>name.weight</c> [D].</summary>
public sealed class RmsNorm : INorm
{
    /// <summary>A norm with weight 1.</summary>
    /// <param name="name">Prefix of the parameter name.</param>
    /// <param name="width">Size of the last axis, D.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public RmsNorm(string name, int width, float epsilon = 1e-5f)
    {
        Weight = new Parameter($"{name}.weight", Tensor.Ones(width));
        Epsilon = epsilon;
    }

    /// <summary>Scale.</summary>
    public Parameter Weight { get; }

    /// <summary>Added to the mean square.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public IEnumerable<Parameter> Parameters => [Weight];

    /// <inheritdoc/>
    public Tensor Forward(Tensor x) => Ops.RmsNorm(x, Weight.Value, Epsilon);
}
