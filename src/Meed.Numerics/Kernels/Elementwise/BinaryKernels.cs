using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Elementwise functions of two inputs: span with span, span with scalar, matrix with row or column.</summary>
/// <remarks>
/// Outputs may be one of the inputs of the same length. Row forms take x as [R, C] and row as [C]; column forms take column as [R].
/// Long spans are shared among <see cref="Workers"/>.
/// </remarks>
public static unsafe class BinaryKernels
{
    private const int ParallelFrom = 262_144;

    /// <summary>y = a + b.</summary>
    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(b.Length, a.Length, nameof(b));
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Binary(default(Plus), a, b, y, false, ParallelFrom);
    }

    /// <summary>y = a + b with a scalar b.</summary>
    public static void Add(ReadOnlySpan<float> a, float b, Span<float> y)
    {
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Unary(new PlusScalar(b), a, y, ParallelFrom);
    }

    /// <summary>y[r, c] = x[r, c] + row[c].</summary>
    public static void AddRow(ReadOnlySpan<float> x, ReadOnlySpan<float> row, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        RequireRows(x.Length, row.Length);
        Map.Rows(default(Plus), x, row, y, ParallelFrom);
    }

    /// <summary>y = a − b.</summary>
    public static void Subtract(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(b.Length, a.Length, nameof(b));
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Binary(default(Minus), a, b, y, false, ParallelFrom);
    }

    /// <summary>y = a − b with a scalar b.</summary>
    public static void Subtract(ReadOnlySpan<float> a, float b, Span<float> y)
    {
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Unary(new MinusScalar(b), a, y, ParallelFrom);
    }

    /// <summary>y[r, c] = x[r, c] − row[c].</summary>
    public static void SubtractRow(ReadOnlySpan<float> x, ReadOnlySpan<float> row, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        RequireRows(x.Length, row.Length);
        Map.Rows(default(Minus), x, row, y, ParallelFrom);
    }

    /// <summary>y = a − b with a scalar a.</summary>
    public static void Subtract(float a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(y.Length, b.Length, nameof(y));
        Map.Unary(new MinusFrom(a), b, y, ParallelFrom);
    }

    /// <summary>y = a·b.</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(b.Length, a.Length, nameof(b));
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Binary(default(Times), a, b, y, false, ParallelFrom);
    }

    /// <summary>y = a·b with a scalar b.</summary>
    public static void Multiply(ReadOnlySpan<float> a, float b, Span<float> y)
    {
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Unary(new TimesScalar(b), a, y, ParallelFrom);
    }

    /// <summary>y[r, c] = x[r, c] · row[c].</summary>
    public static void MultiplyRow(ReadOnlySpan<float> x, ReadOnlySpan<float> row, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        RequireRows(x.Length, row.Length);
        Map.Rows(default(Times), x, row, y, ParallelFrom);
    }

    /// <summary>y = a / b.</summary>
    public static void Divide(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(b.Length, a.Length, nameof(b));
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Binary(default(Over), a, b, y, false, ParallelFrom);
    }

    /// <summary>y = a / b with a scalar b.</summary>
    public static void Divide(ReadOnlySpan<float> a, float b, Span<float> y)
    {
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Unary(new OverScalar(b), a, y, ParallelFrom);
    }

    /// <summary>y[r, c] = x[r, c] / row[c].</summary>
    public static void DivideRow(ReadOnlySpan<float> x, ReadOnlySpan<float> row, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        RequireRows(x.Length, row.Length);
        Map.Rows(default(Over), x, row, y, ParallelFrom);
    }

    /// <summary>y = a / b with a scalar a.</summary>
    public static void Divide(float a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(y.Length, b.Length, nameof(y));
        Map.Unary(new OverFrom(a), b, y, ParallelFrom);
    }

    /// <summary>y = the smaller of a and b; NaN if either is.</summary>
    public static void Minimum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(b.Length, a.Length, nameof(b));
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Binary(default(MinimumOp), a, b, y, false, ParallelFrom);
    }

    /// <summary>y = the larger of a and b; NaN if either is.</summary>
    public static void Maximum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(b.Length, a.Length, nameof(b));
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Binary(default(MaximumOp), a, b, y, false, ParallelFrom);
    }

    /// <summary>y += a·b.</summary>
    public static void MultiplyAdd(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        Check.Length(b.Length, a.Length, nameof(b));
        Check.Length(y.Length, a.Length, nameof(y));
        Map.Binary(default(Times), a, b, y, true, ParallelFrom);
    }

    /// <summary>y[r, c] = x[r, c]·column[r].</summary>
    public static void MultiplyColumn(ReadOnlySpan<float> x, ReadOnlySpan<float> column, Span<float> y)
    {
        int cols = Columns(x, column, y);
        for (int r = 0; r < column.Length; r++)
        {
            Map.Unary(new TimesScalar(column[r]), x.Slice(r * cols, cols), y.Slice(r * cols, cols), ParallelFrom);
        }
    }

    /// <summary>y[r, c] = x[r, c] + column[r].</summary>
    public static void AddColumn(ReadOnlySpan<float> x, ReadOnlySpan<float> column, Span<float> y)
    {
        int cols = Columns(x, column, y);
        for (int r = 0; r < column.Length; r++)
        {
            Map.Unary(new PlusScalar(column[r]), x.Slice(r * cols, cols), y.Slice(r * cols, cols), ParallelFrom);
        }
    }

    private static int Columns(ReadOnlySpan<float> x, ReadOnlySpan<float> column, Span<float> y, [CallerMemberName] string where = "")
    {
        Check.Length(y.Length, x.Length, nameof(y), where);
        int cols = column.Length == 0 ? 0 : x.Length / column.Length;
        Check.Length(x.Length, cols * column.Length, nameof(x), where);
        return cols;
    }

    private static void RequireRows(int length, int cols, [CallerMemberName] string where = "")
    {
        if (cols == 0 ? length != 0 : length % cols != 0)
        {
            throw new ArgumentException($"{where}: x has {length} elements, which is no whole number of rows of {cols}.");
        }
    }

    private struct Plus : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => a + b;
    }

    private struct Minus : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => a - b;
    }

    private struct Times : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => a * b;
    }

    private struct Over : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => a / b;
    }

    private struct MinimumOp : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => T.WhereLess(a, b, a, T.WhereEqual(a, a, b, a));
    }

    private struct MaximumOp : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => T.WhereGreater(a, b, a, T.WhereEqual(a, a, b, a));
    }

    private struct PlusScalar(float scalar) : IUnaryOp
    {
        private readonly float scalar = scalar;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => x + T.Splat(scalar);
    }

    private struct MinusScalar(float scalar) : IUnaryOp
    {
        private readonly float scalar = scalar;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => x - T.Splat(scalar);
    }

    private struct TimesScalar(float scalar) : IUnaryOp
    {
        private readonly float scalar = scalar;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => x * T.Splat(scalar);
    }

    private struct OverScalar(float scalar) : IUnaryOp
    {
        private readonly float scalar = scalar;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => x / T.Splat(scalar);
    }

    private struct MinusFrom(float scalar) : IUnaryOp
    {
        private readonly float scalar = scalar;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => T.Splat(scalar) - x;
    }

    private struct OverFrom(float scalar) : IUnaryOp
    {
        private readonly float scalar = scalar;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => T.Splat(scalar) / x;
    }
}
