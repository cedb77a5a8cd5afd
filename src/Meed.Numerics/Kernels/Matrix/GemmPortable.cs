namespace Meed.Numerics.Kernels;

public static unsafe partial class Gemm
{
    private static void Run(bool transA, bool transB, int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc, float* bias, bool accumulate)
    {
        for (int i = 0; i < m; i++)
        {
            float* row = c + ((nint)i * ldc);
            for (int j = 0; j < n; j++)
            {
                float sum = accumulate ? row[j] : bias != null ? bias[j] : 0f;
                for (int p = 0; p < k; p++)
                {
                    float x = transA ? a[((nint)p * lda) + i] : a[((nint)i * lda) + p];
                    float y = transB ? b[((nint)j * ldb) + p] : b[((nint)p * ldb) + j];
                    sum = MathF.FusedMultiplyAdd(x, y, sum);
                }

                row[j] = sum;
            }
        }
    }

    private static void RunBatched(
        bool transA, bool transB, int batch, int m, int n, int k, float* a, int lda, nint strideA, float* b, int ldb, nint strideB, float* c, int ldc, nint strideC, bool accumulate)
    {
        for (int i = 0; i < batch; i++)
        {
            Run(transA, transB, m, n, k, a + (i * strideA), lda, b + (i * strideB), ldb, c + (i * strideC), ldc, null, accumulate);
        }
    }
}
