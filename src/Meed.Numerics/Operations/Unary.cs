using System.Numerics.Tensors;
using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>An elementwise function of one input and its derivative in tensor operations.</summary>
internal interface IUnary
{
    /// <summary>Name of the operation.</summary>
    static abstract string Name { get; }

    /// <summary>y = f(x).</summary>
    static abstract void Forward(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>g·f′(x), with y = f(x) at hand.</summary>
    static abstract Tensor Gradient(Tensor x, Tensor y, Tensor g);

    /// <summary>True when <see cref="Backward"/> exists.</summary>
    static virtual bool HasKernel => true;

    /// <summary>gx = g·f′(x), or gx += where <paramref name="accumulate"/>. gx may be g.</summary>
    static virtual void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => throw new InvalidOperationException();
}

/// <summary>A recorded elementwise function.</summary>
internal sealed class UnaryNode<T>(Tensor a) : Node1(a)
    where T : IUnary
{
    public override string Name => T.Name;

    public static Tensor Apply(Tensor x)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, T.Name);
        T.Forward(x.Data, y.Data);
        return Tape.Records(x) ? y.Record(new UnaryNode<T>(x)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (!T.HasKernel || pass.IsRecorded)
        {
            pass.Add(A, T.Gradient(A, output, gradient));
            return;
        }

        var into = pass.Into(A, out bool accumulate);
        T.Backward(A.Data, output.Data, gradient.Data, into.Data, accumulate);
    }
}

internal readonly struct ExpRule : IUnary
{
    public static string Name => "Exp";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Exp(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.ExpBackward(y, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * y;
}

internal readonly struct LogRule : IUnary
{
    public static string Name => "Log";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Log(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.LogBackward(x, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g / x;
}

internal readonly struct SqrtRule : IUnary
{
    public static string Name => "Sqrt";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Sqrt(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.SqrtBackward(y, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => 0.5f * g / y;
}

internal readonly struct SquareRule : IUnary
{
    public static string Name => "Square";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Square(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.SquareBackward(x, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => 2f * g * x;
}

internal readonly struct AbsRule : IUnary
{
    public static string Name => "Abs";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Abs(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.AbsBackward(x, g, gx, accumulate);

    // Zero at zero.
    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) =>
        Gates.Gate(g, x, float.Epsilon, float.PositiveInfinity) - Gates.Gate(g, x, float.NegativeInfinity, -float.Epsilon);
}

internal readonly struct SinRule : IUnary
{
    public static string Name => "Sin";

    public static bool HasKernel => false;

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Sin(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * x.Cos();
}

internal readonly struct CosRule : IUnary
{
    public static string Name => "Cos";

    public static bool HasKernel => false;

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Cos(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => -(g * x.Sin());
}

internal readonly struct TanhRule : IUnary
{
    public static string Name => "Tanh";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Tanh(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.TanhBackward(y, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * (1f - y.Square());
}

internal readonly struct SigmoidRule : IUnary
{
    public static string Name => "Sigmoid";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Sigmoid(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.SigmoidBackward(y, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * y * (1f - y);
}

internal readonly struct LogSigmoidRule : IUnary
{
    public static string Name => "LogSigmoid";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.LogSigmoid(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.LogSigmoidBackward(x, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * (-x).Sigmoid();
}

internal readonly struct SoftplusRule : IUnary
{
    public static string Name => "Softplus";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Softplus(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.SoftplusBackward(x, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * x.Sigmoid();
}

internal readonly struct ReluRule : IUnary
{
    public static string Name => "Relu";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Relu(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.ReluBackward(x, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => Gates.Gate(g, x, float.Epsilon, float.PositiveInfinity);
}

internal readonly struct GeluRule : IUnary
{
    private const float Scale = 0.7978845608f;
    private const float Cubic = 0.044715f;

    public static string Name => "Gelu";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.GeluTanh(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.GeluTanhBackward(x, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g)
    {
        var square = x.Square();
        var t = (Scale * x * (1f + (Cubic * square))).Tanh();
        var slope = (0.5f * (1f + t)) + (0.5f * Scale * x * (1f - t.Square()) * (1f + (3f * Cubic * square)));
        return g * slope;
    }
}

internal readonly struct SiluRule : IUnary
{
    public static string Name => "Silu";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => UnaryKernels.Silu(x, y);

    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, bool accumulate) => UnaryKernels.SiluBackward(x, g, gx, accumulate);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g)
    {
        var s = x.Sigmoid();
        return g * (s + (x * s * (1f - s)));
    }
}
