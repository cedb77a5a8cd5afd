namespace Meed.Numerics.Kernels.Plain;

/// <summary>Elementwise arithmetic over tensors that are equal in length or broadcast around one axis.</summary>
internal static class Elementwise
{
    /// <summary>The four operations and the two that choose.</summary>
    public enum Kind
    {
        /// <summary>left + right.</summary>
        Add,

        /// <summary>left − right.</summary>
        Subtract,

        /// <summary>left · right.</summary>
        Multiply,

        /// <summary>left / right.</summary>
        Divide,

        /// <summary>The smaller; a NaN wins.</summary>
        Minimum,

        /// <summary>The larger; a NaN wins.</summary>
        Maximum,
    }

    /// <summary>y = left op right at equal lengths.</summary>
    public static void Apply(Kind kind, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y)
    {
        switch (kind)
        {
            case Kind.Add: BinaryKernels.Add(left, right, y); break;
            case Kind.Subtract: BinaryKernels.Subtract(left, right, y); break;
            case Kind.Multiply: BinaryKernels.Multiply(left, right, y); break;
            case Kind.Divide: BinaryKernels.Divide(left, right, y); break;
            case Kind.Minimum: BinaryKernels.Minimum(left, right, y); break;
            default: BinaryKernels.Maximum(left, right, y); break;
        }
    }

    /// <summary>y = left op right with one number on the right.</summary>
    public static void Apply(Kind kind, ReadOnlySpan<float> left, float right, Span<float> y)
    {
        switch (kind)
        {
            case Kind.Add: BinaryKernels.Add(left, right, y); break;
            case Kind.Subtract: BinaryKernels.Subtract(left, right, y); break;
            case Kind.Multiply: BinaryKernels.Multiply(left, right, y); break;
            case Kind.Divide: BinaryKernels.Divide(left, right, y); break;
            case Kind.Minimum: System.Numerics.Tensors.TensorPrimitives.Min(left, right, y); break;
            default: System.Numerics.Tensors.TensorPrimitives.Max(left, right, y); break;
        }
    }

    /// <summary>y = left op right with one number on the left.</summary>
    public static void Apply(Kind kind, float left, ReadOnlySpan<float> right, Span<float> y)
    {
        switch (kind)
        {
            case Kind.Add: BinaryKernels.Add(right, left, y); break;
            case Kind.Subtract: BinaryKernels.Subtract(left, right, y); break;
            case Kind.Multiply: BinaryKernels.Multiply(right, left, y); break;
            case Kind.Divide: BinaryKernels.Divide(left, right, y); break;
            case Kind.Minimum: System.Numerics.Tensors.TensorPrimitives.Min(right, left, y); break;
            default: System.Numerics.Tensors.TensorPrimitives.Max(right, left, y); break;
        }
    }

    /// <summary>y[o, n, i] = large[o, n, i] op small[o, i]; the other way around when <paramref name="smallIsLeft"/>.</summary>
    public static void Around(Kind kind, ReadOnlySpan<float> large, ReadOnlySpan<float> small, Span<float> y, int outer, int n, int inner, bool smallIsLeft)
    {
        if (outer == 1 && inner > 1 && !smallIsLeft && kind <= Kind.Divide)
        {
            ApplyRow(kind, large, small, y);
            return;
        }

        for (int o = 0; o < outer; o++)
        {
            if (inner == 1)
            {
                var row = large.Slice(o * n, n);
                var to = y.Slice(o * n, n);
                if (smallIsLeft)
                {
                    Apply(kind, small[o], row, to);
                }
                else
                {
                    Apply(kind, row, small[o], to);
                }

                continue;
            }

            var part = small.Slice(o * inner, inner);
            for (int j = 0; j < n; j++)
            {
                int at = ((o * n) + j) * inner;
                var row = large.Slice(at, inner);
                if (smallIsLeft)
                {
                    Apply(kind, part, row, y.Slice(at, inner));
                }
                else
                {
                    Apply(kind, row, part, y.Slice(at, inner));
                }
            }
        }
    }

    private static void ApplyRow(Kind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> row, Span<float> y)
    {
        switch (kind)
        {
            case Kind.Add: BinaryKernels.AddRow(x, row, y); break;
            case Kind.Subtract: BinaryKernels.SubtractRow(x, row, y); break;
            case Kind.Multiply: BinaryKernels.MultiplyRow(x, row, y); break;
            default: BinaryKernels.DivideRow(x, row, y); break;
        }
    }

    /// <summary>y = x where minimum ≤ by ≤ maximum, else 0. Selects, so that NaN in x stays outside.</summary>
    public static void Gate(ReadOnlySpan<float> x, ReadOnlySpan<float> by, Span<float> y, float minimum, float maximum)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = by[i] >= minimum && by[i] <= maximum ? x[i] : 0f;
        }
    }

    /// <summary>y = mask ? left : right.</summary>
    public static void Select(ReadOnlySpan<bool> mask, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = mask[i] ? left[i] : right[i];
        }
    }

    /// <summary>y = mask == keep ? x : value.</summary>
    public static void Select(ReadOnlySpan<bool> mask, bool keep, ReadOnlySpan<float> x, float value, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = mask[i] == keep ? x[i] : value;
        }
    }
}
