using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Loops over one row or chunk.</summary>
internal static unsafe class RowLoops
{
    /// <summary>y = f(a, b) or y += f(a, b) over one row.</summary>
    /// <remarks>One call of f a method: the compiler inlines a large f whole only where it occurs once, and a call left inside costs ten times the loop.</remarks>
    public static void Binary<T, TOp>(TOp op, float* a, float* b, float* y, int n, bool accumulate)
        where T : struct, ILanes<T>
        where TOp : struct, IBinaryOp
    {
        int whole = n - (n % Lanes.Count);
        if (accumulate)
        {
            Add<T, TOp>(op, a, b, y, whole);
        }
        else
        {
            Write<T, TOp>(op, a, b, y, whole);
        }

        if (whole < n)
        {
            Rest<T, TOp>(op, a + whole, b + whole, y + whole, n - whole, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write<T, TOp>(TOp op, float* a, float* b, float* y, int n)
        where T : struct, ILanes<T>
        where TOp : struct, IBinaryOp
    {
        for (int i = 0; i < n; i += Lanes.Count)
        {
            T.Store(y + i, op.Apply(T.Load(a + i), T.Load(b + i)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T, TOp>(TOp op, float* a, float* b, float* y, int n)
        where T : struct, ILanes<T>
        where TOp : struct, IBinaryOp
    {
        for (int i = 0; i < n; i += Lanes.Count)
        {
            T.Store(y + i, T.Load(y + i) + op.Apply(T.Load(a + i), T.Load(b + i)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rest<T, TOp>(TOp op, float* a, float* b, float* y, int n, bool accumulate)
        where T : struct, ILanes<T>
        where TOp : struct, IBinaryOp
    {
        T value = op.Apply(T.LoadPartial(a, n, 0f), T.LoadPartial(b, n, 0f));
        T.StorePartial(y, accumulate ? T.LoadPartial(y, n, 0f) + value : value, n);
    }
}
