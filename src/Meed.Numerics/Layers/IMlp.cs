namespace Meed.Numerics;

/// <summary>The feed-forward half of a transformer block.</summary>
public interface IMlp
{
    /// <summary>All parameters.</summary>
    IEnumerable<Parameter> Parameters { get; }

    /// <summary>[.., D] to [.., D].</summary>
    Tensor Forward(Tensor x);
}
