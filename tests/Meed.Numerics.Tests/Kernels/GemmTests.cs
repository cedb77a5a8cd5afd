using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

public class GemmTests
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 1), (1, 7, 3), (2, 32, 5), (3, 33, 17), (4, 64, 16), (5, 31, 9), (6, 96, 33), (7, 65, 64), (8, 128, 40), (9, 160, 7), (10, 32, 300), (11, 40, 2),
        (12, 32, 12), (13, 200, 31), (16, 48, 50), (17, 17, 17), (24, 64, 64), (31, 257, 29), (33, 1, 100), (1, 257, 257), (2, 130, 65), (3, 256, 129), (4, 300, 20),
        (64, 64, 64), (97, 70, 390), (100, 36, 513), (130, 1100, 10), (200, 33, 257), (1, 1, 257), (50, 50, 0), (20, 12, 1),
    ];

    [Fact]
    public void Multiply_EveryShapeTranspositionAndInstructionSet_EqualsTheScalarLoopBitForBit()
    {
        foreach ((int m, int n, int k) in Shapes)
        {
            for (int kind = 0; kind < 8; kind++)
            {
                bool ta = (kind & 1) != 0, tb = (kind & 2) != 0, add = (kind & 4) != 0;
                int lda = (ta ? m : k) + (kind % 3), ldb = (tb ? k : n) + (kind % 2 * 5), ldc = n + (kind % 4);
                float[] a = KernelTest.Random((ta ? k : m) * lda, m + kind), b = KernelTest.Random((tb ? n : k) * ldb, n + kind), c = KernelTest.Random(m * ldc, k + kind);
                float[] expected = [.. c];
                Reference(ta, tb, m, n, k, a, lda, b, ldb, null, expected, ldc, add);
                foreach (Isa isa in KernelTest.Isas)
                {
                    using Cpu.Scope scope = Cpu.Use(isa);
                    Span<float> actual = KernelTest.Bordered(c, out float[] whole);
                    Gemm.Multiply(ta, tb, m, n, k, KernelTest.Bordered(a, out _), lda, KernelTest.Bordered(b, out _), ldb, actual, ldc, add);
                    KernelTest.AssertSameBits(expected, actual, $"{m}x{n}x{k} {ta} {tb} {add} {isa}");
                    KernelTest.AssertBorderIntact(whole);
                }
            }
        }
    }

    [Fact]
    public void Multiply_EverySmallSize_EqualsTheScalarLoopBitForBit()
    {
        var random = new Random(5);
        for (int size = 1; size <= 257; size++)
        {
            int m = random.Next(1, 30), k = random.Next(1, 40);
            float[] a = KernelTest.Random(m * k, size), b = KernelTest.Random(k * size, size + 1);
            var expected = new float[m * size];
            Reference(false, false, m, size, k, a, k, b, size, null, expected, size, false);
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                var c = new float[m * size];
                Array.Fill(c, float.NaN);
                Gemm.Multiply(false, false, m, size, k, a, k, b, size, c, size, false);
                KernelTest.AssertSameBits(expected, c, $"{m}x{size}x{k} {isa}");
            }
        }
    }

    [Fact]
    public void MultiplyBias_EveryShape_StartsFromTheBias()
    {
        foreach ((int m, int n, int k) in Shapes)
        {
            float[] a = KernelTest.Random(m * k, 1), b = KernelTest.Random(k * n, 2), bias = KernelTest.Random(n, 3);
            var expected = new float[m * n];
            Reference(false, true, m, n, k, a, k, b, k, bias, expected, n, false);
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                var c = new float[m * n];
                Array.Fill(c, float.NaN);
                Gemm.MultiplyBias(false, true, m, n, k, a, k, b, k, bias, c, n);
                KernelTest.AssertSameBits(expected, c, $"{m}x{n}x{k} {isa}");
            }
        }
    }

    [Fact]
    public void MultiplyPacked_EveryShape_EqualsMultiply()
    {
        foreach ((int m, int n, int k) in Shapes)
        {
            foreach (bool tb in new[] { false, true })
            {
                int ldb = (tb ? k : n) + 3;
                float[] a = KernelTest.Random(m * k, 1), b = KernelTest.Random((tb ? n : k) * ldb, 2), bias = KernelTest.Random(n, 3), start = KernelTest.Random(m * n, 4);
                var packed = new float[Gemm.PackedLength(k, n)];
                Gemm.Pack(tb, k, n, b, ldb, packed);
                foreach (Isa isa in KernelTest.Isas)
                {
                    using Cpu.Scope scope = Cpu.Use(isa);
                    var expected = new float[m * n];
                    var c = new float[m * n];
                    Gemm.MultiplyBias(false, tb, m, n, k, a, k, b, ldb, bias, expected, n);
                    Gemm.MultiplyPacked(false, m, n, k, a, k, packed, bias, c, n, false);
                    KernelTest.AssertSameBits(expected, c, $"bias {m}x{n}x{k} {isa}");
                    expected = [.. start];
                    c = [.. start];
                    Gemm.Multiply(false, tb, m, n, k, a, k, b, ldb, expected, n, true);
                    Gemm.MultiplyPacked(false, m, n, k, a, k, packed, [], c, n, true);
                    KernelTest.AssertSameBits(expected, c, $"add {m}x{n}x{k} {isa}");
                }
            }
        }
    }

    [Fact]
    public void MultiplyBatched_Strides_EqualsOneByOne()
    {
        foreach ((int batch, int m, int n, int k) in new[] { (1, 3, 5, 7), (7, 16, 16, 8), (33, 64, 64, 32), (5, 1, 40, 100), (2, 200, 200, 130) })
        {
            int sa = (m * k) + 1, sb = k * n, sc = (m * n) + 2;
            float[] a = KernelTest.Random(batch * sa, 1), b = KernelTest.Random(batch * sb, 2), expected = KernelTest.Random(batch * sc, 3);
            float[] start = [.. expected];
            for (int i = 0; i < batch; i++)
            {
                Gemm.Multiply(false, true, m, n, k, a.AsSpan(i * sa), k, b.AsSpan(i * sb), k, expected.AsSpan(i * sc), n, false);
            }

            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                float[] c = [.. start];
                Gemm.MultiplyBatched(false, true, batch, m, n, k, a, k, sa, b, k, sb, c, n, sc, false);
                KernelTest.AssertSameBits(expected, c, $"{batch} {m}x{n}x{k} {isa}");
            }
        }
    }

    [Fact]
    public void Multiply_RowAloneOrInABatch_HasTheSameBits()
    {
        const int n = 96, k = 384;
        float[] a = KernelTest.Random(300 * k, 1), b = KernelTest.Random(n * k, 2);
        var all = new float[300 * n];
        Gemm.Multiply(false, true, 300, n, k, a, k, b, k, all, n, false);
        foreach (int m in new[] { 1, 2, 3, 4, 5, 12, 13, 100 })
        {
            int first = 299 - m;
            var part = new float[m * n];
            Gemm.Multiply(false, true, m, n, k, a.AsSpan(first * k), k, b, k, part, n, false);
            KernelTest.AssertSameBits(all.AsSpan(first * n, m * n), part, $"{m} rows");
        }
    }

    [Fact]
    public void Multiply_AnyNumberOfThreads_GivesTheSameBits()
    {
        int before = Workers.Count;
        try
        {
            foreach ((int m, int n, int k) in new[] { (300, 200, 150), (32, 1100, 200), (1, 2048, 600), (700, 40, 300), (250, 250, 900) })
            {
                float[] a = KernelTest.Random(m * k, 1), b = KernelTest.Random(k * n, 2);
                Workers.Count = 1;
                var one = new float[m * n];
                Gemm.Multiply(true, false, m, n, k, a, m, b, n, one, n, false);
                foreach (int threads in new[] { 2, 3, 8 })
                {
                    Workers.Count = threads;
                    for (int round = 0; round < 5; round++)
                    {
                        var many = new float[m * n];
                        Gemm.Multiply(true, false, m, n, k, a, m, b, n, many, n, false);
                        KernelTest.AssertSameBits(one, many, $"{m}x{n}x{k}, {threads} threads");
                    }
                }
            }
        }
        finally
        {
            Workers.Count = before;
        }
    }

    [Fact]
    public void Multiply_BadSizes_SaysWhich()
    {
        Assert.Contains("leading dimension of b is 3", Assert.Throws<ArgumentException>(() => Gemm.Multiply(false, false, 2, 4, 2, new float[4], 2, new float[8], 3, new float[8], 4, false)).Message);
        Assert.Contains("a has 3 elements", Assert.Throws<ArgumentException>(() => Gemm.Multiply(false, false, 2, 4, 2, new float[3], 2, new float[8], 4, new float[8], 4, false)).Message);
        Assert.Contains("m is -1", Assert.Throws<ArgumentException>(() => Gemm.Multiply(false, false, -1, 4, 2, new float[4], 2, new float[8], 4, new float[8], 4, false)).Message);
    }

    private static void Reference(bool ta, bool tb, int m, int n, int k, float[] a, int lda, float[] b, int ldb, float[]? bias, float[] c, int ldc, bool add)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = add ? c[(i * ldc) + j] : bias is null ? 0f : bias[j];
                for (int p = 0; p < k; p++)
                {
                    sum = MathF.FusedMultiplyAdd(ta ? a[(p * lda) + i] : a[(i * lda) + p], tb ? b[(j * ldb) + p] : b[(p * ldb) + j], sum);
                }

                c[(i * ldc) + j] = sum;
            }
        }
    }
}
