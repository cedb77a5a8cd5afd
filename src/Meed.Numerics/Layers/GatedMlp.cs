namespace Meed.Numerics;

/// <summary>down(silu(gate(x)) · up(x)), as in Llama. Parameters: <c>name.gate_proj.weight</c>, <c>name.up_proj.weight</c>, <c>name.down_proj.weight</c>.</summary>
/// <remarks>Shazeer 2020, arXiv:2002.05202 (SwiGLU).</remarks>
public sealed class GatedMlp : IMlp
{
    /// <summary>A gated MLP with normal initial weights and no bias.</summary>
    /// <param name="name">Prefix of the parameter names.</param>
    /// <param name="width">D.</param>
    /// <param name="hidden">Width between the maps; Llama uses about 8/3·D.</param>
    /// <param name="random">Source of the initial weights.</param>
    /// <param name="deviation">Deviation of the first maps' weights.</param>
    /// <param name="outputDeviation">Deviation of the last map's weights; <paramref name="deviation"/> when null.</param>
    public GatedMlp(string name, int width, int hidden, RandomStream random, float deviation = 0.02f, float? outputDeviation = null)
    {
        Gate = new Linear($"{name}.gate_proj", width, hidden, random, bias: false, deviation);
        Up = new Linear($"{name}.up_proj", width, hidden, random, bias: false, deviation);
        Down = new Linear($"{name}.down_proj", hidden, width, random, bias: false, outputDeviation ?? deviation);
    }

    /// <summary>The map under SiLU.</summary>
    public Linear Gate { get; }

    /// <summary>The map that is gated.</summary>
    public Linear Up { get; }

    /// <summary>The last map.</summary>
    public Linear Down { get; }

    /// <inheritdoc/>
    public IEnumerable<Parameter> Parameters => Gate.Parameters.Concat(Up.Parameters).Concat(Down.Parameters);

    /// <inheritdoc/>
    public Tensor Forward(Tensor x)
    {
        var gate = Gate.Forward(x);
        var up = Up.Forward(x);
        var hidden = Ops.SiluProduct(gate, up);
        gate.ReleaseUntracked();
        up.ReleaseUntracked();
        var y = Down.Forward(hidden);
        hidden.ReleaseUntracked();
        return y;
    }
}
