namespace Meed.Numerics.Kernels.Simd;

/// <summary>Sixteen float lanes, held in as many registers as the instruction set needs.</summary>
/// <remarks>
/// Every kernel is written once over this type. All implementations round alike (FMA is fused everywhere) and sum the lanes by the same
/// tree, so a kernel returns the same bits on every instruction set.
/// </remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>All lanes zero.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>The same value in every lane.</summary>
    static abstract TSelf Splat(float value);

    /// <summary>Sixteen floats from memory.</summary>
    static abstract TSelf Load(float* p);

    /// <summary>The first <paramref name="count"/> (1..15) lanes from memory, the others <paramref name="fill"/>; memory behind them is not read.</summary>
    static abstract TSelf LoadPartial(float* p, int count, float fill);

    /// <summary>Writes sixteen floats.</summary>
    static abstract void Store(float* p, TSelf value);

    /// <summary>Writes the first <paramref name="count"/> (1..15) lanes only.</summary>
    static abstract void StorePartial(float* p, TSelf value, int count);

    /// <summary>Lane-wise sum.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Lane-wise difference.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Lane-wise product.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Lane-wise quotient.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>Sign change.</summary>
    static abstract TSelf operator -(TSelf a);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger value; b where b is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller value; b where b is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>Square root.</summary>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>Absolute value.</summary>
    static abstract TSelf Abs(TSelf a);

    /// <summary>Nearest integer, halves to even.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>a·2ⁿ for integral n in -252..252, rounded once.</summary>
    static abstract TSelf Scale(TSelf a, TSelf n);

    /// <summary>Splits a positive normal number into m·2ᵉ with m in [√½, √2).</summary>
    static abstract void Split(TSelf a, out TSelf mantissa, out TSelf exponent);

    /// <summary>Where a &lt; b take x, elsewhere y (also where a or b is NaN).</summary>
    static abstract TSelf WhereLess(TSelf a, TSelf b, TSelf x, TSelf y);

    /// <summary>Where a &gt; b take x, elsewhere y (also where a or b is NaN).</summary>
    static abstract TSelf WhereGreater(TSelf a, TSelf b, TSelf x, TSelf y);

    /// <summary>Where a = b take x, elsewhere y.</summary>
    static abstract TSelf WhereEqual(TSelf a, TSelf b, TSelf x, TSelf y);

    /// <summary>The magnitude of a with the sign bit of b.</summary>
    static abstract TSelf CopySign(TSelf a, TSelf b);

    /// <summary>The first <paramref name="count"/> (0..16) lanes of x, the others of y.</summary>
    static abstract TSelf First(int count, TSelf x, TSelf y);

    /// <summary>Sum of the lanes: i and i+8, then i and i+4, i+2, i+1.</summary>
    static abstract float Sum(TSelf a);

    /// <summary>Largest lane.</summary>
    static abstract float Max(TSelf a);

    /// <summary>Smallest lane.</summary>
    static abstract float Min(TSelf a);
}
