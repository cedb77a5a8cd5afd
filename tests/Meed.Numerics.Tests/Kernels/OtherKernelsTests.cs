using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

/// <summary>Rotary embedding, embedding tables, optimiser updates.</summary>
public class OtherKernelsTests
{
    [Fact]
    public void Rotate_EveryHalfWidth_TurnsPairsByTheirAngle()
    {
        foreach (int dim in Enumerable.Range(1, 40).Select(i => 2 * i))
        {
            int[] positions = [3, 0, 11, 7];
            const int heads = 2;
            float[] cos = new float[12 * dim / 2], sin = new float[12 * dim / 2], x = KernelTest.Random(4 * heads * dim, dim);
            RopeKernels.Tables(12, dim, 10_000, cos, sin);
            var expected = new double[x.Length];
            for (int at = 0; at < x.Length; at += dim)
            {
                for (int i = 0; i < dim / 2; i++)
                {
                    double angle = positions[at / dim / heads] * Math.Pow(10_000, -2.0 * i / dim);
                    expected[at + i] = (x[at + i] * Math.Cos(angle)) - (x[at + i + (dim / 2)] * Math.Sin(angle));
                    expected[at + i + (dim / 2)] = (x[at + i + (dim / 2)] * Math.Cos(angle)) + (x[at + i] * Math.Sin(angle));
                }
            }

            float[]? first = null;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                float[] y = new float[x.Length], back = new float[x.Length], added = [.. x];
                RopeKernels.Rotate(x, y, positions, cos, sin, heads, dim, false, false);
                KernelTest.AssertClose(expected, y, 1e-6, 1e-6, $"{dim} {isa}");
                RopeKernels.Rotate(y, back, positions, cos, sin, heads, dim, true, false);
                KernelTest.AssertClose([.. x.Select(v => (double)v)], back, 1e-6, 1e-6, $"back {dim} {isa}");
                RopeKernels.Rotate(x, added, positions, cos, sin, heads, dim, false, true);
                KernelTest.AssertClose([.. x.Select((v, i) => (double)v + y[i])], added, 1e-6, 1e-6, $"added {dim} {isa}");
                first ??= y;
                KernelTest.AssertSameBits(first, y, $"{dim} {isa}");
            }
        }

        Assert.Contains("position 5", Assert.Throws<ArgumentException>(() => RopeKernels.Rotate(new float[2], new float[2], [5], new float[1], new float[1], 1, 2, false, false)).Message);
    }

    [Fact]
    public void Embedding_GatherAndScatter_FollowTheIndices()
    {
        float[] table = KernelTest.Random(7 * 19, 1), y = new float[4 * 19], dTable = new float[7 * 19];
        EmbeddingKernels.Gather(table, [6, 0, 6, 3], y, 19);
        KernelTest.AssertSameBits([.. table[(6 * 19)..], .. table[..19], .. table[(6 * 19)..], .. table[(3 * 19)..(4 * 19)]], y, "gather");
        EmbeddingKernels.ScatterAdd(y, [6, 0, 6, 3], dTable, 19);
        KernelTest.AssertSameBits([.. table[..19], .. new float[38], .. table[(3 * 19)..(4 * 19)], .. new float[38], .. table[(6 * 19)..].Select(v => v + v)], dTable, "scatter");
        Assert.Contains("index 7 at position 1", Assert.Throws<ArgumentException>(() => EmbeddingKernels.Gather(table, [0, 7], new float[38], 19)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Adam_ThreeSteps_EqualsTheDefinition(bool decoupled)
    {
        foreach (int n in KernelTest.Lengths)
        {
            float[]? first = null;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                float[] p = KernelTest.Random(n, 1), m = new float[n], v = new float[n];
                double[] dp = [.. p.Select(x => (double)x)], dm = new double[n], dv = new double[n];
                for (int step = 1; step <= 3; step++)
                {
                    float[] g = KernelTest.Random(n, 10 + step);
                    var s = new AdamStep { LearningRate = 0.01, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, WeightDecay = 0.1, Decoupled = decoupled, GradientScale = 0.5f, Step = step };
                    OptimizerKernels.Adam(p, g, m, v, s);
                    for (int i = 0; i < n; i++)
                    {
                        double gi = (0.5 * g[i]) + (decoupled ? 0 : 0.1 * dp[i]);
                        dp[i] *= decoupled ? 1 - 0.001 : 1;
                        dm[i] = (0.9 * dm[i]) + (0.1 * gi);
                        dv[i] = (0.999 * dv[i]) + (0.001 * gi * gi);
                        dp[i] -= 0.01 * (dm[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(dv[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
                    }
                }

                KernelTest.AssertClose(dp, p, 1e-5, 1e-6, $"{n} {isa}");
                first ??= p;
                KernelTest.AssertSameBits(first, p, $"{n} {isa}");
            }
        }
    }

    [Fact]
    public void Sgd_Momentum_EqualsTheDefinition()
    {
        foreach (Isa isa in KernelTest.Isas)
        {
            using Cpu.Scope scope = Cpu.Use(isa);
            float[] p = KernelTest.Random(37, 1), velocity = new float[37], g = KernelTest.Random(37, 2);
            double[] dp = [.. p.Select(x => (double)x)], dv = new double[37];
            for (int step = 0; step < 3; step++)
            {
                OptimizerKernels.Sgd(p, g, velocity, 0.1f, 0.9f, 0.01f, 2f);
                for (int i = 0; i < 37; i++)
                {
                    dv[i] = (0.9 * dv[i]) + (2 * g[i]) + (0.01 * dp[i]);
                    dp[i] -= 0.1 * dv[i];
                }
            }

            KernelTest.AssertClose(dp, p, 1e-6, 1e-6, $"{isa}");
            float[] plain = [1f, 2f];
            OptimizerKernels.Sgd(plain, [8f, 16f], [], 0.125f, 0f, 0f, 1f);
            Assert.Equal([0f, 0f], plain);
        }
    }
}
