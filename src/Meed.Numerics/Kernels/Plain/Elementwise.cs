using System.Numerics.Tensors;

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
            case Kind.Add: TensorPrimitives.Add(left, right, y); break;
            case Kind.Subtract: TensorPrimitives.Subtract(left, right, y); break;
            case Kind.Multiply: TensorPrimitives.Multiply(left, right, y); break;
            case Kind.Divide: TensorPrimitives.Divide(left, right, y); break;
            case Kind.Minimum: TensorPrimitives.Min(left, right, y); break;
            default: TensorPrimitives.Max(left, right, y); break;
        }
    }

    /// <summary>y = left op right with one number on the right.</summary>
    public static void Apply(Kind kind, ReadOnlySpan<float> left, float right, Span<float> y)
    {
        switch (kind)
        {
            case Kind.Add: TensorPrimitives.Add(left, right, y); break;
            case Kind.Subtract: TensorPrimitives.Subtract(left, right, y); break;
            case Kind.Multiply: TensorPrimitives.Multiply(left, right, y); break;
            case Kind.Divide: TensorPrimitives.Divide(left, right, y); break;
            case Kind.Minimum: TensorPrimitives.Min(left, right, y); break;
            default: TensorPrimitives.Max(left, right, y); break;
        }
    }

    /// <summary>y = left op right with one number on the left.</summary>
    public static void Apply(Kind kind, float left, ReadOnlySpan<float> right, Span<float> y)
    {
        switch (kind)
        {
            case Kind.Add: TensorPrimitives.Add(right, left, y); break;
            case Kind.Subtract: TensorPrimitives.Subtract(left, right, y); break;
            case Kind.Multiply: TensorPrimitives.Multiply(right, left, y); break;
            case Kind.Divide: TensorPrimitives.Divide(left, right, y); break;
            case Kind.Minimum: TensorPrimitives.Min(right, left, y); break;
            default: TensorPrimitives.Max(right, left, y); break;
        }
    }

    /// <summary>y[o, n, i] = large[o, n, i] op small[o, i]; the other way around when <paramref name="smallIsLeft"/>.</summary>
    public static void Around(Kind kind, ReadOnlySpan<float> large, ReadOnlySpan<float> small, Span<float> y, int outer, int n, int inner, bool smallIsLeft)
    {
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

    /// <summary>log σ(x) = min(x, 0) − log(1 + exp(−|x|)).</summary>
    public static void LogSigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = MathF.Min(x[i], 0f) - Log1P(MathF.Exp(-MathF.Abs(x[i])));
        }
    }

    /// <summary>log(1 + exp(x)) = max(x, 0) + log(1 + exp(−|x|)).</summary>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = MathF.Max(x[i], 0f) + Log1P(MathF.Exp(-MathF.Abs(x[i])));
        }
    }

    /// <summary>0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            float v = x[i];
            y[i] = 0.5f * v * (1f + MathF.Tanh(0.7978845608f * (v + (0.044715f * v * v * v))));
        }
    }

    /// <summary>x·σ(x).</summary>
    public static void Silu(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x[i] / (1f + MathF.Exp(-x[i]));
        }
    }

    // Kahan's form: exact rounding of 1 + x is divided out.
    private static float Log1P(float x)
    {
        float u = 1f + x;
        return u == 1f ? x : MathF.Log(u) * (x / (u - 1f));
    }
}
