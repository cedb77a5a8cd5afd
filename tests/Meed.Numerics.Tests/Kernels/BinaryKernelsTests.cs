using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

public class BinaryKernelsTests
{
    private delegate void SpanForm(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y);

    private delegate void ScalarForm(ReadOnlySpan<float> a, float b, Span<float> y);

    private delegate void FromForm(float a, ReadOnlySpan<float> b, Span<float> y);

    private static readonly (string Name, SpanForm Span, Func<float, float, float> Scalar)[] Spans =
    [
        ("add", BinaryKernels.Add, (a, b) => a + b),
        ("subtract", BinaryKernels.Subtract, (a, b) => a - b),
        ("multiply", BinaryKernels.Multiply, (a, b) => a * b),
        ("divide", BinaryKernels.Divide, (a, b) => a / b),
        ("minimum", BinaryKernels.Minimum, MathF.Min),
        ("maximum", BinaryKernels.Maximum, MathF.Max),
        ("add row", BinaryKernels.AddRow, (a, b) => a + b),
        ("subtract row", BinaryKernels.SubtractRow, (a, b) => a - b),
        ("multiply row", BinaryKernels.MultiplyRow, (a, b) => a * b),
        ("divide row", BinaryKernels.DivideRow, (a, b) => a / b),
    ];

    [Fact]
    public void SpanForms_EveryLengthAndInstructionSet_EqualTheScalarLoop()
    {
        foreach ((string name, SpanForm kernel, Func<float, float, float> scalar) in Spans)
        {
            foreach (int n in KernelTest.Lengths)
            {
                int rows = name.Contains("row") ? 1 + (n % 4) : 1;
                float[] a = KernelTest.Random(rows * n, n), b = KernelTest.Random(n, n + 1);
                float[] expected = [.. a.Select((v, i) => scalar(v, b[i % n]))];
                foreach (Isa isa in KernelTest.Isas)
                {
                    using Cpu.Scope scope = Cpu.Use(isa);
                    Span<float> y = KernelTest.Bordered(new float[rows * n], out float[] whole);
                    kernel(KernelTest.Bordered(a, out _), KernelTest.Bordered(b, out _), y);
                    KernelTest.AssertSameBits(expected, y, $"{name} {isa} {n}");
                    KernelTest.AssertBorderIntact(whole);
                    float[] inPlace = [.. a];
                    kernel(inPlace, b, inPlace);
                    KernelTest.AssertSameBits(expected, inPlace, $"{name} in place {isa} {n}");
                }
            }
        }
    }

    [Fact]
    public void ScalarForms_EveryInstructionSet_EqualTheScalarLoop()
    {
        (string, ScalarForm, Func<float, float, float>)[] right =
        [
            ("add", BinaryKernels.Add, (a, b) => a + b), ("subtract", BinaryKernels.Subtract, (a, b) => a - b),
            ("multiply", BinaryKernels.Multiply, (a, b) => a * b), ("divide", BinaryKernels.Divide, (a, b) => a / b),
        ];
        (string, FromForm, Func<float, float, float>)[] left = [("subtract", BinaryKernels.Subtract, (a, b) => a - b), ("divide", BinaryKernels.Divide, (a, b) => a / b)];
        foreach (int n in new[] { 1, 15, 16, 17, 100 })
        {
            float[] x = KernelTest.Random(n, n);
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                var y = new float[n];
                foreach ((string name, ScalarForm kernel, Func<float, float, float> scalar) in right)
                {
                    kernel(x, 1.7f, y);
                    KernelTest.AssertSameBits([.. x.Select(v => scalar(v, 1.7f))], y, $"{name} {isa} {n}");
                }

                foreach ((string name, FromForm kernel, Func<float, float, float> scalar) in left)
                {
                    kernel(1.7f, x, y);
                    KernelTest.AssertSameBits([.. x.Select(v => scalar(1.7f, v))], y, $"{name} from {isa} {n}");
                }
            }
        }
    }

    [Fact]
    public void MinimumAndMaximum_NaNOnEitherSide_GiveNaN()
    {
        foreach (Isa isa in KernelTest.Isas)
        {
            using Cpu.Scope scope = Cpu.Use(isa);
            var y = new float[2];
            BinaryKernels.Minimum([float.NaN, 1f], [1f, float.NaN], y);
            Assert.All(y, v => Assert.True(float.IsNaN(v)));
            BinaryKernels.Maximum([float.NaN, 1f], [1f, float.NaN], y);
            Assert.All(y, v => Assert.True(float.IsNaN(v)));
        }
    }

    [Fact]
    public void ColumnForms_Matrix_UseTheValueOfTheRow()
    {
        float[] x = KernelTest.Random(5 * 19, 1), column = KernelTest.Random(5, 2), y = new float[x.Length];
        BinaryKernels.MultiplyColumn(x, column, y);
        KernelTest.AssertSameBits([.. x.Select((v, i) => v * column[i / 19])], y, "multiply");
        BinaryKernels.AddColumn(x, column, y);
        KernelTest.AssertSameBits([.. x.Select((v, i) => v + column[i / 19])], y, "add");
    }

    [Fact]
    public void MultiplyAddAndAxpyAndApproach_EveryLength_EqualTheScalarLoop()
    {
        foreach (int n in KernelTest.Lengths)
        {
            float[] a = KernelTest.Random(n, n), b = KernelTest.Random(n, n + 1), start = KernelTest.Random(n, n + 2);
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                float[] y = [.. start];
                BinaryKernels.MultiplyAdd(a, b, y);
                KernelTest.AssertSameBits([.. start.Select((v, i) => v + (a[i] * b[i]))], y, $"multiply-add {isa} {n}");
                y = [.. start];
                VectorKernels.Axpy(-0.3f, a, y);
                KernelTest.AssertSameBits([.. start.Select((v, i) => MathF.FusedMultiplyAdd(-0.3f, a[i], v))], y, $"axpy {isa} {n}");
                y = [.. start];
                VectorKernels.Approach(0.1f, a, y);
                KernelTest.AssertSameBits([.. start.Select((v, i) => MathF.FusedMultiplyAdd(0.1f, a[i] - v, v))], y, $"approach {isa} {n}");
            }
        }
    }

    [Fact]
    public void AddRow_BrokenRows_SaysSo() =>
        Assert.Contains("whole number of rows", Assert.Throws<ArgumentException>(() => BinaryKernels.AddRow(new float[7], new float[3], new float[7])).Message);
}
