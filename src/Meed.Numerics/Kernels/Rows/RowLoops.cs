using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Loops over one row or chunk.</summary>
internal static unsafe class RowLoops
{
    /// <summary>y = f(a, b) or y += f(a, b) over one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Binary<T, TOp>(TOp op, float* a, float* b, float* y, int n, bool accumulate)
        where T : struct, ILanes<T>
        where TOp : struct, IBinaryOp
    {
        int i = 0;
        if (accumulate)
        {
            for (; i <= n - Lanes.Count; i += Lanes.Count)
            {
                T.Store(y + i, T.Load(y + i) + op.Apply(T.Load(a + i), T.Load(b + i)));
            }
        }
        else
        {
            for (; i <= n - Lanes.Count; i += Lanes.Count)
            {
                T.Store(y + i, op.Apply(T.Load(a + i), T.Load(b + i)));
            }
        }

        if (i < n)
        {
            int rest = n - i;
            T value = op.Apply(T.LoadPartial(a + i, rest, 0f), T.LoadPartial(b + i, rest, 0f));
            T.StorePartial(y + i, accumulate ? T.LoadPartial(y + i, rest, 0f) + value : value, rest);
        }
    }
}
