namespace Meed.Numerics.Kernels.Plain;

/// <summary>Matrix products, one output row at a time; each output is a sum over k in order.</summary>
internal static class Products
{
    /// <summary>C [m, n] = op(A)·op(B), or C += where <paramref name="accumulate"/>.</summary>
    public static void Gemm(int m, int n, int k, ReadOnlySpan<float> a, bool transposeA, ReadOnlySpan<float> b, bool transposeB, Span<float> c, bool accumulate)
    {
        for (int i = 0; i < m; i++)
        {
            var row = c.Slice(i * n, n);
            if (!accumulate)
            {
                row.Clear();
            }

            if (transposeB)
            {
                for (int j = 0; j < n; j++)
                {
                    float sum = 0;
                    for (int p = 0; p < k; p++)
                    {
                        sum = MathF.FusedMultiplyAdd(transposeA ? a[(p * m) + i] : a[(i * k) + p], b[(j * k) + p], sum);
                    }

                    row[j] += sum;
                }

                continue;
            }

            for (int p = 0; p < k; p++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(b.Slice(p * n, n), transposeA ? a[(p * m) + i] : a[(i * k) + p], row, row);
            }
        }
    }
}
