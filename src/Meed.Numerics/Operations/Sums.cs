using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>Sums in place, for gradients and optimisers.</summary>
internal static class Sums
{
    /// <summary>target += x, or target = x.</summary>
    public static void AddInto(Tensor x, Tensor target, bool accumulate)
    {
        if (accumulate)
        {
            BinaryKernels.Add(target.Data, x.Data, target.Data);
        }
        else
        {
            x.Data.CopyTo(target.Data);
        }
    }
}
