namespace Meed.Numerics;

/// <summary>A norm over the last axis.</summary>
public interface INorm
{
    /// <summary>All parameters.</summary>
    IEnumerable<Parameter> Parameters { get; }

    /// <summary>The normalised tensor, in the shape of <paramref name="x"/>.</summary>
    Tensor Forward(Tensor x);
}
