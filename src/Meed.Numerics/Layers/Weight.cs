namespace Meed.Numerics;

/// <summary>The matrix of a linear map, in whatever form it is stored; packed or low-precision forms derive from it.</summary>
public abstract class Weight
{
    /// <summary>Size of the last axis of the input.</summary>
    public abstract int Inputs { get; }

    /// <summary>Size of the last axis of the result.</summary>
    public abstract int Outputs { get; }

    /// <summary>The trainable parameters, none for a frozen form.</summary>
    public abstract IEnumerable<Parameter> Parameters { get; }

    /// <summary>f(x·Wᵀ + bias).</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="activation">f.</param>
    /// <returns>[.., outputs], in memory of its own.</returns>
    public abstract Tensor Apply(Tensor x, Tensor? bias, Activation activation = Activation.None);
}
