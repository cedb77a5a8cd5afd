namespace Meed.Numerics.Autograd;

/// <summary>Where a leaf collects its gradient over backward passes. The memory is ordinary and kept between steps.</summary>
internal sealed class LeafGradient
{
    /// <summary>The collected gradient; meaningful only while <see cref="IsSet"/>.</summary>
    public Tensor? Value;

    /// <summary>False after clearing: the next gradient overwrites instead of adding.</summary>
    public bool IsSet;
}
