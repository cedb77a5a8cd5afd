using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

public class AttentionKernelsTests
{
    private static readonly AttentionShape[] Shapes =
    [
        Shape(1, 1, 1, 1, 1), Shape(2, 5, 2, 1, 8), Shape(1, 17, 4, 2, 16), Shape(3, 64, 4, 4, 32), Shape(2, 33, 6, 2, 24), Shape(1, 100, 2, 2, 64), Shape(1, 130, 3, 1, 40), Shape(2, 16, 1, 1, 7),
    ];

    [Fact]
    public void Forward_EveryShapeAndInstructionSet_EqualsTheScalarDefinition()
    {
        foreach (AttentionShape shape in Shapes)
        {
            Inputs x = Inputs.Make(shape);
            double[] expected = ScalarForward(shape, x.Q, x.K, x.V, x.Lengths);
            float[]? first = null;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                (float[] o, _) = Run(shape, x);
                KernelTest.AssertClose(expected, o, 2e-5, 1e-5, $"{shape} {isa}");
                first ??= o;
                KernelTest.AssertSameBits(first, o, $"{shape} {isa}");
            }
        }
    }

    [Fact]
    public void Backward_EveryShapeAndInstructionSet_EqualsTheCentralDifference()
    {
        foreach (AttentionShape shape in Shapes.Where(s => s.Time <= 33))
        {
            Inputs x = Inputs.Make(shape);
            (float[] o, float[] lse) = Run(shape, x);
            float[] dOutput = KernelTest.Random(o.Length, 9);
            float[]? first = null;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                float[] dq = Garbage(x.Q.Length), dk = Garbage(x.K.Length), dv = Garbage(x.V.Length);
                AttentionKernels.Backward(shape, x.Q, x.K, x.V, x.Lengths, o, lse, dOutput, dq, dk, dv);
                if (first is null)
                {
                    AssertSlope(shape, x, x.Q, dq, dOutput, "dq");
                    AssertSlope(shape, x, x.K, dk, dOutput, "dk");
                    AssertSlope(shape, x, x.V, dv, dOutput, "dv");
                    first = [.. dq, .. dk, .. dv];
                }

                KernelTest.AssertSameBits(first, [.. dq, .. dk, .. dv], $"{shape} {isa}");
            }
        }
    }

    [Fact]
    public void Backward_LongRows_EqualsTheSumOverItsDefinition()
    {
        // Two blocks of query rows and grouped heads, against a direct loop in double.
        foreach (AttentionShape shape in new[] { Shape(1, 150, 4, 2, 32), Shape(2, 65, 2, 2, 20) })
        {
            Inputs x = Inputs.Make(shape);
            (float[] o, float[] lse) = Run(shape, x);
            float[] dOutput = KernelTest.Random(o.Length, 9), dq = Garbage(x.Q.Length), dk = Garbage(x.K.Length), dv = Garbage(x.V.Length);
            AttentionKernels.Backward(shape, x.Q, x.K, x.V, x.Lengths, o, lse, dOutput, dq, dk, dv);
            (double[] eq, double[] ek, double[] ev) = ScalarBackward(shape, x, dOutput);
            KernelTest.AssertClose(eq, dq, 1e-4, 1e-5, "dq");
            KernelTest.AssertClose(ek, dk, 1e-4, 2e-5, "dk");
            KernelTest.AssertClose(ev, dv, 1e-4, 2e-5, "dv");
        }
    }

    [Fact]
    public void Decode_PositionByPosition_GivesTheBitsOfForward()
    {
        foreach (AttentionShape shape in Shapes)
        {
            Inputs x = Inputs.Make(shape, full: true);
            (float[] o, _) = Run(shape, x);
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                foreach (int stride in new[] { 1, 5, shape.Time })
                {
                    KernelTest.AssertSameBits(o, Decoded(shape, x, stride, AttentionKernels.CacheCapacity(shape.Time + 40)), $"{shape} {isa}, {stride} at a time");
                }
            }
        }
    }

    [Fact]
    public void Decode_RowsAtDifferentPositions_GiveTheBitsOfForward()
    {
        AttentionShape shape = Shape(3, 40, 4, 2, 32);
        Inputs x = Inputs.Make(shape, full: true);
        (float[] o, _) = Run(shape, x);
        int capacity = AttentionKernels.CacheCapacity(40);
        float[] keys = Garbage(3 * 2 * 32 * capacity), values = Garbage(3 * 2 * 32 * capacity);
        AttentionKernels.Append(shape, x.K, x.V, [0, 0, 0], keys, values, capacity);
        AttentionShape one = shape with { Time = 1 };
        int[] positions = [39, -1, 7];
        float[] q = [.. x.Q.AsSpan(39 * 128, 128), .. new float[128], .. x.Q.AsSpan((80 + 7) * 128, 128)];
        float[] y = Garbage(3 * 128);
        AttentionKernels.Decode(one, q, keys, values, capacity, positions, y);
        KernelTest.AssertSameBits(o.AsSpan(39 * 128, 128), y.AsSpan(0, 128), "row 0");
        KernelTest.AssertSameBits(o.AsSpan((80 + 7) * 128, 128), y.AsSpan(256, 128), "row 2");
        Assert.All(y[128..256], v => Assert.True(float.IsNaN(v), "a skipped row was written"));
    }

    [Fact]
    public void Forward_RowAloneOrInABatchOrWithPadding_HasTheSameBits()
    {
        AttentionShape shape = Shape(4, 50, 4, 2, 32);
        Inputs x = Inputs.Make(shape, full: true);
        (float[] o, _) = Run(shape, x);
        AttentionShape alone = shape with { Batch = 1, Time = 23 };
        int q = 2 * 50 * 128, k = 2 * 50 * 64;
        var part = new Inputs(x.Q[q..(q + (23 * 128))], x.K[k..(k + (23 * 64))], x.V[k..(k + (23 * 64))], []);
        (float[] p, _) = Run(alone, part);
        KernelTest.AssertSameBits(o.AsSpan(q, 23 * 128), p, "first 23 positions of row 2");
    }

    [Fact]
    public void Forward_NaNBehindTheLength_StaysThere()
    {
        AttentionShape shape = Shape(2, 40, 2, 1, 32);
        Inputs x = Inputs.Make(shape) with { Lengths = [21, 40] };
        (float[] clean, float[] cleanLse) = Run(shape, x);
        Inputs dirty = x with { Q = [.. x.Q], K = [.. x.K], V = [.. x.V] };
        dirty.Q.AsSpan(21 * 64, 19 * 64).Fill(float.NaN);
        dirty.K.AsSpan(21 * 32, 19 * 32).Fill(float.NaN);
        dirty.V.AsSpan(21 * 32, 19 * 32).Fill(float.NaN);
        float[] dOutput = KernelTest.Random(clean.Length, 3);
        foreach (Isa isa in KernelTest.Isas)
        {
            using Cpu.Scope scope = Cpu.Use(isa);
            (float[] o, float[] lse) = Run(shape, dirty);
            KernelTest.AssertSameBits(clean, o, $"forward {isa}");
            Assert.All(o[(21 * 64)..(40 * 64)], v => Assert.Equal(0f, v));
            var expected = Gradients(shape, x, clean, cleanLse, dOutput);
            dOutput.AsSpan(21 * 64, 19 * 64).Fill(float.NaN);
            KernelTest.AssertSameBits(expected, Gradients(shape, dirty, o, lse, dOutput), $"backward {isa}");
            dOutput = KernelTest.Random(clean.Length, 3);
        }
    }

    [Fact]
    public void Forward_NaNInALaterValue_DoesNotReachEarlierPositions()
    {
        AttentionShape shape = Shape(1, 30, 2, 2, 32);
        Inputs x = Inputs.Make(shape, full: true);
        (float[] clean, _) = Run(shape, x);
        x.V.AsSpan(20 * 64, 64).Fill(float.NaN);
        (float[] o, _) = Run(shape, x);
        KernelTest.AssertSameBits(clean.AsSpan(0, 20 * 64), o.AsSpan(0, 20 * 64), "positions before 20");
        Assert.True(float.IsNaN(o[20 * 64]));
    }

    [Fact]
    public void Forward_StridesOfAJointProjection_GiveTheSameBits()
    {
        AttentionShape shape = Shape(2, 20, 4, 2, 16);
        Inputs x = Inputs.Make(shape, full: true);
        (float[] o, float[] lse) = Run(shape, x);
        int joint = (4 * 16) + (2 * 2 * 16);
        var qkv = new float[2 * 20 * joint];
        for (int t = 0; t < 40; t++)
        {
            x.Q.AsSpan(t * 64, 64).CopyTo(qkv.AsSpan(t * joint));
            x.K.AsSpan(t * 32, 32).CopyTo(qkv.AsSpan((t * joint) + 64));
            x.V.AsSpan(t * 32, 32).CopyTo(qkv.AsSpan((t * joint) + 96));
        }

        AttentionShape strided = shape with { QueryStride = joint, KeyStride = joint };
        var y = new float[o.Length];
        var l = new float[lse.Length];
        AttentionKernels.Forward(strided, qkv, qkv.AsSpan(64), qkv.AsSpan(96), [], y, l);
        KernelTest.AssertSameBits(o, y, "output");
        float[] dOutput = KernelTest.Random(o.Length, 4), dQkv = Garbage(qkv.Length);
        AttentionKernels.Backward(strided, qkv, qkv.AsSpan(64), qkv.AsSpan(96), [], y, l, dOutput, dQkv, dQkv.AsSpan(64), dQkv.AsSpan(96));
        float[] parts = Gradients(shape, x, o, lse, dOutput);
        for (int t = 0; t < 40; t++)
        {
            KernelTest.AssertSameBits(parts.AsSpan(t * 64, 64), dQkv.AsSpan(t * joint, 64), "dq");
            KernelTest.AssertSameBits(parts.AsSpan((40 * 64) + (t * 32), 32), dQkv.AsSpan((t * joint) + 64, 32), "dk");
            KernelTest.AssertSameBits(parts.AsSpan((40 * 96) + (t * 32), 32), dQkv.AsSpan((t * joint) + 96, 32), "dv");
        }
    }

    [Fact]
    public void Forward_AnyNumberOfThreads_GivesTheSameBits()
    {
        AttentionShape shape = Shape(4, 64, 4, 2, 32);
        Inputs x = Inputs.Make(shape);
        int before = Workers.Count;
        try
        {
            Workers.Count = 1;
            (float[] one, float[] lse) = Run(shape, x);
            float[] dOutput = KernelTest.Random(one.Length, 4), oneGradient = Gradients(shape, x, one, lse, dOutput);
            Workers.Count = 4;
            KernelTest.AssertSameBits(one, Run(shape, x).Output, "forward");
            KernelTest.AssertSameBits(oneGradient, Gradients(shape, x, one, lse, dOutput), "backward");
        }
        finally
        {
            Workers.Count = before;
        }
    }

    [Fact]
    public void Decode_CapacityTooSmall_SaysSo()
    {
        AttentionShape shape = Shape(1, 1, 1, 1, 8);
        ArgumentException e = Assert.Throws<ArgumentException>(() => AttentionKernels.Decode(shape, new float[8], new float[256], new float[256], 32, [32], new float[8]));
        Assert.Contains("position 32", e.Message);
        Assert.Contains("multiple of 32", Assert.Throws<ArgumentException>(() => AttentionKernels.Decode(shape, new float[8], new float[256], new float[256], 31, [0], new float[8])).Message);
    }

    private sealed record Inputs(float[] Q, float[] K, float[] V, int[] Lengths)
    {
        public static Inputs Make(AttentionShape s, bool full = false) => new(
            KernelTest.Random(s.Batch * s.Time * s.Heads * s.Dim, 1, 1.5f),
            KernelTest.Random(s.Batch * s.Time * s.KvHeads * s.Dim, 2, 1.5f),
            KernelTest.Random(s.Batch * s.Time * s.KvHeads * s.Dim, 3),
            full ? [] : [.. Enumerable.Range(0, s.Batch).Select(b => s.Time - (b % 2 * (s.Time / 3)))]);
    }

    private static AttentionShape Shape(int batch, int time, int heads, int kvHeads, int dim) =>
        new() { Batch = batch, Time = time, Heads = heads, KvHeads = kvHeads, Dim = dim, Scale = 1f / MathF.Sqrt(dim) };

    private static float[] Garbage(int length)
    {
        var x = new float[length];
        Array.Fill(x, float.NaN);
        return x;
    }

    private static (float[] Output, float[] LogSumExp) Run(AttentionShape s, Inputs x)
    {
        float[] o = Garbage(x.Q.Length), lse = Garbage(s.Batch * s.Heads * s.Time);
        AttentionKernels.Forward(s, x.Q, x.K, x.V, x.Lengths, o, lse);
        return (o, lse);
    }

    private static float[] Gradients(AttentionShape s, Inputs x, float[] o, float[] lse, float[] dOutput)
    {
        float[] dq = Garbage(x.Q.Length), dk = Garbage(x.K.Length), dv = Garbage(x.V.Length);
        AttentionKernels.Backward(s, x.Q, x.K, x.V, x.Lengths, o, lse, dOutput, dq, dk, dv);
        return [.. dq, .. dk, .. dv];
    }

    private static float[] Decoded(AttentionShape s, Inputs x, int stride, int capacity)
    {
        int qRow = s.Heads * s.Dim, kRow = s.KvHeads * s.Dim;
        float[] o = Garbage(x.Q.Length), keys = Garbage(s.Batch * kRow * capacity), values = Garbage(s.Batch * kRow * capacity);
        for (int t = 0; t < s.Time; t += stride)
        {
            int n = Math.Min(stride, s.Time - t);
            AttentionShape now = s with { Time = n };
            float[] q = Rows(x.Q, s, qRow, t, n), k = Rows(x.K, s, kRow, t, n), v = Rows(x.V, s, kRow, t, n), y = Garbage(s.Batch * n * qRow);
            int[] positions = [.. Enumerable.Repeat(t, s.Batch)];
            AttentionKernels.Append(now, k, v, positions, keys, values, capacity);
            AttentionKernels.Decode(now, q, keys, values, capacity, positions, y);
            for (int b = 0; b < s.Batch; b++)
            {
                y.AsSpan(b * n * qRow, n * qRow).CopyTo(o.AsSpan(((b * s.Time) + t) * qRow));
            }
        }

        return o;
    }

    private static float[] Rows(float[] x, AttentionShape s, int row, int t, int n) =>
        [.. Enumerable.Range(0, s.Batch).SelectMany(b => x[(((b * s.Time) + t) * row)..(((b * s.Time) + t + n) * row)])];

    private static double[] ScalarForward(AttentionShape s, float[] q, float[] k, float[] v, int[] lengths)
    {
        var o = new double[q.Length];
        int group = s.Heads / s.KvHeads;
        for (int b = 0; b < s.Batch; b++)
        {
            for (int h = 0; h < s.Heads; h++)
            {
                for (int t = 0; t < (lengths.Length == 0 ? s.Time : lengths[b]); t++)
                {
                    int at = ((((b * s.Time) + t) * s.Heads) + h) * s.Dim;
                    double[] e = [.. Enumerable.Range(0, t + 1).Select(j => Math.Exp(s.Scale * Enumerable.Range(0, s.Dim).Sum(d => (double)q[at + d] * k[Key(s, b, j, h / group) + d])))];
                    double sum = e.Sum();
                    for (int j = 0; j <= t; j++)
                    {
                        for (int d = 0; d < s.Dim; d++)
                        {
                            o[at + d] += e[j] / sum * v[Key(s, b, j, h / group) + d];
                        }
                    }
                }
            }
        }

        return o;
    }

    private static int Key(AttentionShape s, int b, int t, int kv) => ((((b * s.Time) + t) * s.KvHeads) + kv) * s.Dim;

    private static (double[] Dq, double[] Dk, double[] Dv) ScalarBackward(AttentionShape s, Inputs x, float[] dOutput)
    {
        double[] dq = new double[x.Q.Length], dk = new double[x.K.Length], dv = new double[x.V.Length];
        int group = s.Heads / s.KvHeads;
        for (int b = 0; b < s.Batch; b++)
        {
            for (int h = 0; h < s.Heads; h++)
            {
                for (int t = 0; t < (x.Lengths.Length == 0 ? s.Time : x.Lengths[b]); t++)
                {
                    int at = ((((b * s.Time) + t) * s.Heads) + h) * s.Dim;
                    double[] e = [.. Enumerable.Range(0, t + 1).Select(j => Math.Exp(s.Scale * Enumerable.Range(0, s.Dim).Sum(d => (double)x.Q[at + d] * x.K[Key(s, b, j, h / group) + d])))];
                    double sum = e.Sum();
                    double[] dp = [.. Enumerable.Range(0, t + 1).Select(j => Enumerable.Range(0, s.Dim).Sum(d => (double)dOutput[at + d] * x.V[Key(s, b, j, h / group) + d]))];
                    double mean = Enumerable.Range(0, t + 1).Sum(j => e[j] / sum * dp[j]);
                    for (int j = 0; j <= t; j++)
                    {
                        double p = e[j] / sum, ds = p * (dp[j] - mean) * s.Scale;
                        int key = Key(s, b, j, h / group);
                        for (int d = 0; d < s.Dim; d++)
                        {
                            dq[at + d] += ds * x.K[key + d];
                            dk[key + d] += ds * x.Q[at + d];
                            dv[key + d] += p * dOutput[at + d];
                        }
                    }
                }
            }
        }

        return (dq, dk, dv);
    }

    private static void AssertSlope(AttentionShape s, Inputs x, float[] input, float[] gradient, float[] dOutput, string name)
    {
        var random = new Random(7);
        for (int trial = 0; trial < 12; trial++)
        {
            int i = random.Next(input.Length);
            const float h = 0.0078125f;
            float before = input[i];
            input[i] = before + h;
            double up = Loss();
            input[i] = before - h;
            double down = Loss();
            input[i] = before;
            double slope = (up - down) / (2 * h);
            Assert.True(Math.Abs(slope - gradient[i]) <= 2e-4 * (1 + Math.Abs(slope)), $"{name}[{i}] of {s}: {gradient[i]}, central difference {slope}");
        }

        double Loss() => ScalarForward(s, x.Q, x.K, x.V, x.Lengths).Select((o, i) => o * dOutput[i]).Sum();
    }
}
