namespace Meed.Numerics;

/// <summary>An elementwise function that a linear map may apply to its result.</summary>
public enum Activation
{
    /// <summary>x.</summary>
    None,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>GELU in its tanh form.</summary>
    Gelu,

    /// <summary>x·σ(x).</summary>
    Silu,

    /// <summary>σ(x).</summary>
    Sigmoid,
}
