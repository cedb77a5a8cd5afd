using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

public class UnaryKernelsTests
{
    private delegate void Forward(ReadOnlySpan<float> x, Span<float> y);

    private delegate void Backward(ReadOnlySpan<float> a, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate);

    private sealed record Function(string Name, Forward Kernel, Func<double, double> Scalar, bool PositiveOnly = false, double Relative = 3e-7, double Absolute = 0);

    private sealed record Rule(string Name, Backward Kernel, Func<double, double> Function, bool TakesOutput, bool PositiveOnly = false);

    private static readonly Function[] Functions =
    [
        new("exp", UnaryKernels.Exp, Math.Exp),
        new("log", UnaryKernels.Log, Math.Log, PositiveOnly: true),
        new("tanh", UnaryKernels.Tanh, Math.Tanh),
        new("sigmoid", UnaryKernels.Sigmoid, x => 1 / (1 + Math.Exp(-x)), Absolute: 1e-38),
        new("log-sigmoid", UnaryKernels.LogSigmoid, x => -Softplus(-x)),
        new("softplus", UnaryKernels.Softplus, Softplus),
        new("relu", UnaryKernels.Relu, x => Math.Max(x, 0)),
        new("gelu-tanh", UnaryKernels.GeluTanh, GeluTanh, Relative: 2e-6, Absolute: 1e-7),
        new("gelu-erf", UnaryKernels.GeluErf, x => x * NormalCdf(x), Relative: 2e-6, Absolute: 1e-7),
        new("silu", UnaryKernels.Silu, x => x / (1 + Math.Exp(-x)), Absolute: 1e-36),
        new("sqrt", UnaryKernels.Sqrt, Math.Sqrt, PositiveOnly: true),
        new("square", UnaryKernels.Square, x => x * x),
        new("abs", UnaryKernels.Abs, Math.Abs),
        new("negate", UnaryKernels.Negate, x => -x),
        new("clamp", (x, y) => UnaryKernels.Clamp(x, y, -0.5f, 1.25f), x => Math.Clamp(x, -0.5, 1.25)),
        new("pow 2.5", (x, y) => UnaryKernels.Pow(x, y, 2.5f), x => Math.Pow(x, 2.5), PositiveOnly: true),
        new("pow 3", (x, y) => UnaryKernels.Pow(x, y, 3f), x => x * x * x),
        new("pow -1", (x, y) => UnaryKernels.Pow(x, y, -1f), x => 1 / x),
    ];

    private static readonly Rule[] Rules =
    [
        new("exp", UnaryKernels.ExpBackward, Math.Exp, true),
        new("log", UnaryKernels.LogBackward, Math.Log, false, PositiveOnly: true),
        new("tanh", UnaryKernels.TanhBackward, Math.Tanh, true),
        new("sigmoid", UnaryKernels.SigmoidBackward, x => 1 / (1 + Math.Exp(-x)), true),
        new("log-sigmoid", UnaryKernels.LogSigmoidBackward, x => -Softplus(-x), false),
        new("softplus", UnaryKernels.SoftplusBackward, Softplus, false),
        new("relu", UnaryKernels.ReluBackward, x => Math.Max(x, 0), false),
        new("gelu-tanh", UnaryKernels.GeluTanhBackward, GeluTanh, false),
        new("gelu-erf", UnaryKernels.GeluErfBackward, x => x * NormalCdf(x), false),
        new("silu", UnaryKernels.SiluBackward, x => x / (1 + Math.Exp(-x)), false),
        new("sqrt", UnaryKernels.SqrtBackward, Math.Sqrt, true, PositiveOnly: true),
        new("square", UnaryKernels.SquareBackward, x => x * x, false),
        new("abs", UnaryKernels.AbsBackward, Math.Abs, false),
        new("clamp", (a, dy, dx, add) => UnaryKernels.ClampBackward(a, dy, dx, -0.5f, 1.25f, add), x => Math.Clamp(x, -0.5, 1.25), false),
        new("pow 2.5", (a, dy, dx, add) => UnaryKernels.PowBackward(a, dy, dx, 2.5f, add), x => Math.Pow(x, 2.5), false, PositiveOnly: true),
        new("pow 2", (a, dy, dx, add) => UnaryKernels.PowBackward(a, dy, dx, 2f, add), x => x * x, false),
    ];

    [Fact]
    public void Forward_EveryLengthAndInstructionSet_EqualsTheScalarFunctionAndTheSameBits()
    {
        foreach (Function f in Functions)
        {
            foreach (int n in KernelTest.Lengths)
            {
                float[] x = KernelTest.Random(n, n, 3f);
                if (f.PositiveOnly)
                {
                    x = [.. x.Select(MathF.Abs)];
                }

                double[] expected = [.. x.Select(v => f.Scalar(v))];
                float[]? first = null;
                foreach (Isa isa in KernelTest.Isas)
                {
                    using Cpu.Scope scope = Cpu.Use(isa);
                    Span<float> y = KernelTest.Bordered(new float[n], out float[] whole);
                    f.Kernel(KernelTest.Bordered(x, out _), y);
                    KernelTest.AssertBorderIntact(whole);
                    KernelTest.AssertClose(expected, y, f.Relative, f.Absolute, $"{f.Name} {isa} {n}");
                    first ??= y.ToArray();
                    KernelTest.AssertSameBits(first, y, $"{f.Name} {isa} {n}");
                }
            }
        }
    }

    [Fact]
    public void Forward_WholeRange_KeepsItsAccuracy()
    {
        foreach (Function f in Functions.Where(f => f.Name is not ("square" or "pow 3" or "pow 2.5")))
        {
            // Magnitudes from 1e-37 to 1e4, both signs.
            float[] x = [.. Enumerable.Range(0, 20_000).Select(i => (i % 2 == 0 ? 1f : -1f) * (float)Math.Pow(10, -37 + (41.0 * i / 20_000)))];
            if (f.PositiveOnly)
            {
                x = [.. x.Select(MathF.Abs)];
            }

            double[] expected = [.. x.Select(v => { double y = f.Scalar(v); return Math.Abs(y) > float.MaxValue ? (double)(float)y : y; })];
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                var y = new float[x.Length];
                f.Kernel(x, y);
                KernelTest.AssertClose(expected, y, f.Relative, Math.Max(f.Absolute, 1e-38), $"{f.Name} {isa}");
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(0f)]
    public void Forward_SpecialValue_GivesWhatTheScalarFunctionGives(float special)
    {
        foreach (Function f in Functions)
        {
            double expected = f.Scalar(special);
            if (f.Name is "gelu-tanh" or "gelu-erf" or "silu" && float.IsNegativeInfinity(special))
            {
                continue;   // −∞·0
            }

            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                var y = new float[19];
                var x = new float[19];
                Array.Fill(x, special);
                f.Kernel(x, y);
                foreach (float v in y)
                {
                    Assert.True(((float)expected).Equals(v) || (expected == 0 && v == 0) || Math.Abs(expected - v) <= 3e-7 * Math.Abs(expected), $"{f.Name}({special}) {isa}: {v}, expected {expected}");
                }
            }
        }
    }

    [Fact]
    public void Backward_EveryInstructionSet_EqualsTheCentralDifference()
    {
        foreach (Rule rule in Rules)
        {
            foreach (int n in new[] { 1, 7, 16, 33, 100 })
            {
                float[] x = KernelTest.Random(n, n + 5, 2f);
                if (rule.PositiveOnly)
                {
                    x = [.. x.Select(v => MathF.Abs(v) + 0.05f)];
                }

                float[] dy = KernelTest.Random(n, n + 6);
                float[] start = KernelTest.Random(n, n + 7);
                const double h = 1e-6;
                double[] slope = [.. x.Select((v, i) => dy[i] * (rule.Function(v + h) - rule.Function(v - h)) / (2 * h))];
                float[] input = rule.TakesOutput ? [.. x.Select(v => (float)rule.Function(v))] : x;
                float[]? first = null;
                foreach (Isa isa in KernelTest.Isas)
                {
                    using Cpu.Scope scope = Cpu.Use(isa);
                    var dx = new float[n];
                    rule.Kernel(input, dy, dx, false);
                    KernelTest.AssertClose(slope, dx, 1e-4, 1e-6, $"{rule.Name} {isa} {n}");
                    first ??= dx;
                    KernelTest.AssertSameBits(first, dx, $"{rule.Name} {isa} {n}");
                    float[] sum = [.. start];
                    rule.Kernel(input, dy, sum, true);
                    KernelTest.AssertClose([.. start.Select((s, i) => (double)s + dx[i])], sum, 1e-6, 1e-7, $"{rule.Name} accumulate {isa} {n}");
                }
            }
        }
    }

    [Fact]
    public void Forward_ManyThreads_GivesTheBitsOfOne()
    {
        float[] x = KernelTest.Random(200_003, 1);
        var one = new float[x.Length];
        var many = new float[x.Length];
        int before = Workers.Count;
        try
        {
            Workers.Count = 1;
            UnaryKernels.GeluTanh(x, one);
            Workers.Count = 4;
            UnaryKernels.GeluTanh(x, many);
        }
        finally
        {
            Workers.Count = before;
        }

        KernelTest.AssertSameBits(one, many, "gelu");
    }

    [Fact]
    public void Exp_LengthsDiffer_SaysBoth()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => UnaryKernels.Exp(new float[3], new float[4]));
        Assert.Contains("4", e.Message);
        Assert.Contains("3", e.Message);
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    private static double Log1P(double u) => u < 1e-5 ? u - (u * u / 2) + (u * u * u / 3) : Math.Log(1 + u);

    private static double GeluTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    // Φ by its series near 0 and its continued fraction in the tails.
    private static double NormalCdf(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (Math.Abs(x) < 3)
        {
            double term = x, sum = x;
            for (int k = 1; k < 200; k++)
            {
                term *= x * x / ((2 * k) + 1);
                sum += term;
            }

            return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
        }

        double a = Math.Abs(x), fraction = 0;
        for (int k = 200; k > 0; k--)
        {
            fraction = k / (a + fraction);
        }

        double tail = Math.Exp(-a * a / 2) / Math.Sqrt(2 * Math.PI) / (a + fraction);
        return x < 0 ? tail : 1 - tail;
    }
}
