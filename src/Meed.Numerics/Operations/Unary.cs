using System.Numerics.Tensors;
using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels.Plain;

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

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, T.Gradient(A, output, gradient));
}

internal readonly struct ExpRule : IUnary
{
    public static string Name => "Exp";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Exp(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * y;
}

internal readonly struct LogRule : IUnary
{
    public static string Name => "Log";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Log(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g / x;
}

internal readonly struct SqrtRule : IUnary
{
    public static string Name => "Sqrt";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Sqrt(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => 0.5f * g / y;
}

internal readonly struct SquareRule : IUnary
{
    public static string Name => "Square";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Multiply(x, x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => 2f * g * x;
}

internal readonly struct AbsRule : IUnary
{
    public static string Name => "Abs";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Abs(x, y);

    // Zero at zero.
    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) =>
        Gates.Gate(g, x, float.Epsilon, float.PositiveInfinity) - Gates.Gate(g, x, float.NegativeInfinity, -float.Epsilon);
}

internal readonly struct SinRule : IUnary
{
    public static string Name => "Sin";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Sin(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * x.Cos();
}

internal readonly struct CosRule : IUnary
{
    public static string Name => "Cos";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Cos(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => -(g * x.Sin());
}

internal readonly struct TanhRule : IUnary
{
    public static string Name => "Tanh";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Tanh(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * (1f - y.Square());
}

internal readonly struct SigmoidRule : IUnary
{
    public static string Name => "Sigmoid";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Sigmoid(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * y * (1f - y);
}

internal readonly struct LogSigmoidRule : IUnary
{
    public static string Name => "LogSigmoid";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.LogSigmoid(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * (-x).Sigmoid();
}

internal readonly struct SoftplusRule : IUnary
{
    public static string Name => "Softplus";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Softplus(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => g * x.Sigmoid();
}

internal readonly struct ReluRule : IUnary
{
    public static string Name => "Relu";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Max(x, 0f, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g) => Gates.Gate(g, x, float.Epsilon, float.PositiveInfinity);
}

internal readonly struct GeluRule : IUnary
{
    private const float Scale = 0.7978845608f;
    private const float Cubic = 0.044715f;

    public static string Name => "Gelu";

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Gelu(x, y);

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

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Silu(x, y);

    public static Tensor Gradient(Tensor x, Tensor y, Tensor g)
    {
        var s = x.Sigmoid();
        return g * (s + (x * s * (1f - s)));
    }
}
