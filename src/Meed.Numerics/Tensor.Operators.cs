using Meed.Numerics.Operations;
using Kind = Meed.Numerics.Kernels.Plain.Elementwise.Kind;

namespace Meed.Numerics;

/// <content>Elementwise arithmetic and functions.</content>
public sealed partial class Tensor
{
    /// <summary>left + right, broadcasting as in <see cref="Shapes"/>.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => BinaryNode.Apply(Kind.Add, left, right);

    /// <summary>left − right, broadcasting as in <see cref="Shapes"/>.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => BinaryNode.Apply(Kind.Subtract, left, right);

    /// <summary>left · right elementwise, broadcasting as in <see cref="Shapes"/>.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => BinaryNode.Apply(Kind.Multiply, left, right);

    /// <summary>left / right elementwise, broadcasting as in <see cref="Shapes"/>.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => BinaryNode.Apply(Kind.Divide, left, right);

    /// <summary>left + right.</summary>
    public static Tensor operator +(Tensor left, float right) => AffineNode.Apply(NotNull(left), 1f, right, "Add");

    /// <summary>left + right.</summary>
    public static Tensor operator +(float left, Tensor right) => AffineNode.Apply(NotNull(right), 1f, left, "Add");

    /// <summary>left − right.</summary>
    public static Tensor operator -(Tensor left, float right) => AffineNode.Apply(NotNull(left), 1f, -right, "Subtract");

    /// <summary>left − right.</summary>
    public static Tensor operator -(float left, Tensor right) => AffineNode.Apply(NotNull(right), -1f, left, "Subtract");

    /// <summary>left · right.</summary>
    public static Tensor operator *(Tensor left, float right) => AffineNode.Apply(NotNull(left), right, 0f, "Multiply");

    /// <summary>left · right.</summary>
    public static Tensor operator *(float left, Tensor right) => AffineNode.Apply(NotNull(right), left, 0f, "Multiply");

    /// <summary>left / right.</summary>
    public static Tensor operator /(Tensor left, float right) => AffineNode.Apply(NotNull(left), 1f / right, 0f, "Divide");

    /// <summary>left / right elementwise.</summary>
    public static Tensor operator /(float left, Tensor right) => ReciprocalNode.Apply(left, NotNull(right));

    /// <summary>−x.</summary>
    public static Tensor operator -(Tensor x) => AffineNode.Apply(NotNull(x), -1f, 0f, "Negate");

    /// <summary>e^x.</summary>
    public Tensor Exp() => UnaryNode<ExpRule>.Apply(this);

    /// <summary>Natural logarithm; NaN below 0.</summary>
    public Tensor Log() => UnaryNode<LogRule>.Apply(this);

    /// <summary>Square root; NaN below 0.</summary>
    public Tensor Sqrt() => UnaryNode<SqrtRule>.Apply(this);

    /// <summary>x².</summary>
    public Tensor Square() => UnaryNode<SquareRule>.Apply(this);

    /// <summary>|x|; the gradient at 0 is 0.</summary>
    public Tensor Abs() => UnaryNode<AbsRule>.Apply(this);

    /// <summary>Sine of radians.</summary>
    public Tensor Sin() => UnaryNode<SinRule>.Apply(this);

    /// <summary>Cosine of radians.</summary>
    public Tensor Cos() => UnaryNode<CosRule>.Apply(this);

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor Tanh() => UnaryNode<TanhRule>.Apply(this);

    /// <summary>σ(x) = 1 / (1 + e^−x).</summary>
    public Tensor Sigmoid() => UnaryNode<SigmoidRule>.Apply(this);

    /// <summary>log σ(x), exact far from 0.</summary>
    public Tensor LogSigmoid() => UnaryNode<LogSigmoidRule>.Apply(this);

    /// <summary>log(1 + e^x), exact far from 0.</summary>
    public Tensor Softplus() => UnaryNode<SoftplusRule>.Apply(this);

    /// <summary>max(x, 0); the gradient at 0 is 0.</summary>
    public Tensor Relu() => UnaryNode<ReluRule>.Apply(this);

    /// <summary>GELU in its tanh form: 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). Hendrycks and Gimpel 2016; the form GPT-2 uses.</summary>
    public Tensor Gelu() => UnaryNode<GeluRule>.Apply(this);

    /// <summary>x·σ(x).</summary>
    public Tensor Silu() => UnaryNode<SiluRule>.Apply(this);

    /// <summary>x to a constant power.</summary>
    public Tensor Pow(float exponent) => PowNode.Apply(this, exponent);

    /// <summary>x limited to [minimum, maximum]. The gradient passes where x lies within, limits included.</summary>
    public Tensor Clamp(float minimum, float maximum) => ClampNode.Apply(this, minimum, maximum);

    /// <summary>The smaller of both, elementwise; where equal the gradient goes to <paramref name="left"/>. A NaN wins.</summary>
    public static Tensor Minimum(Tensor left, Tensor right) => BinaryNode.Apply(Kind.Minimum, left, right);

    /// <summary>The larger of both, elementwise; where equal the gradient goes to <paramref name="left"/>. A NaN wins.</summary>
    public static Tensor Maximum(Tensor left, Tensor right) => BinaryNode.Apply(Kind.Maximum, left, right);

    /// <summary>mask ? left : right, elementwise on equal shapes; a value that is not chosen has no influence, even if it is NaN.</summary>
    /// <param name="mask">One flag for each value, in row-major order.</param>
    /// <param name="left">Taken where the mask is true.</param>
    /// <param name="right">Taken elsewhere.</param>
    public static Tensor Where(bool[] mask, Tensor left, Tensor right)
    {
        Shapes.RequireSame(left, right);
        RequireMask(mask, left, "Where");
        return WhereNode.Apply(mask, left, right);
    }

    /// <summary>x where the mask is true, else <paramref name="otherwise"/>.</summary>
    public Tensor Where(bool[] mask, float otherwise)
    {
        RequireMask(mask, this, "Where");
        return MaskNode.Apply(this, mask, keep: true, otherwise);
    }

    /// <summary>Drops each value with the given probability and scales the others by 1 / (1 − rate).</summary>
    /// <param name="rate">In [0, 1). At 0 the tensor itself is returned and nothing is drawn.</param>
    /// <param name="random">Source of the choice.</param>
    public Tensor Dropout(float rate, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (!(rate >= 0f && rate < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), $"Tensor.Dropout: the rate is {rate}; it must be at least 0 and below 1.");
        }

        return rate == 0f ? this : Gates.Gate(this, Uniform(random, 0f, 1f, Shape), rate, float.PositiveInfinity) * (1f / (1f - rate));
    }

    private static Tensor NotNull(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor;
    }

    private static void RequireMask(bool[] mask, Tensor x, string operation)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.Length != x.Length)
        {
            throw new ArgumentException($"Tensor.{operation}: the mask has {mask.Length} flags, the tensor {Shapes.Text(x.Shape)} has {x.Length} values.", nameof(mask));
        }
    }
}
