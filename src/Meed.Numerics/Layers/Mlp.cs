namespace Meed.Numerics;

/// <summary>down(gelu(up(x))), as in GPT-2. Parameters: <c>name.c_fc</c> and <c>name.c_proj</c> with weight and bias.</summary>
/// <remarks>Weights are [outputs, inputs]; GPT-2 checkpoints hold them transposed.</remarks>
public sealed class Mlp : IMlp
{
    /// <summary>An MLP with normal initial weights.</summary>
    /// <param name="name">Prefix of the parameter names.</param>
    /// <param name="width">D.</param>
    /// <param name="hidden">Width between the two maps; GPT-2 uses 4·D.</param>
    /// <param name="random">Source of the initial weights.</param>
    /// <param name="deviation">Deviation of the first map's weights.</param>
    /// <param name="outputDeviation">Deviation of the second map's weights; <paramref name="deviation"/> when null.</param>
    public Mlp(string name, int width, int hidden, RandomStream random, float deviation = 0.02f, float? outputDeviation = null)
    {
        Up = new Linear($"{name}.c_fc", width, hidden, random, bias: true, deviation, Activation.Gelu);
        Down = new Linear($"{name}.c_proj", hidden, width, random, bias: true, outputDeviation ?? deviation);
    }

    /// <summary>The first map, with GELU.</summary>
    public Linear Up { get; }

    /// <summary>The second map.</summary>
    public Linear Down { get; }

    /// <inheritdoc/>
    public IEnumerable<Parameter> Parameters => Up.Parameters.Concat(Down.Parameters);

    /// <inheritdoc/>
    public Tensor Forward(Tensor x)
    {
        var hidden = Up.Forward(x);
        var y = Down.Forward(hidden);
        hidden.ReleaseUntracked();
        return y;
    }
}
