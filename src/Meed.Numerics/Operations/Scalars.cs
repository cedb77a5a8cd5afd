using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics.Operations;

/// <summary>y = factor·x + shift; one of the two is trivial, or the factor is −1.</summary>
internal sealed class AffineNode(Tensor a, float factor) : Node1(a)
{
    public override string Name => "Affine";

    public static Tensor Apply(Tensor x, float factor, float shift, string name)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, name);
        if (factor == 1f)
        {
            BinaryKernels.Add(x.Data, shift, y.Data);
        }
        else if (factor == -1f)
        {
            BinaryKernels.Subtract(shift, x.Data, y.Data);
        }
        else
        {
            BinaryKernels.Multiply(x.Data, factor, y.Data);
        }

        return Tape.Records(x) ? y.Record(new AffineNode(x, factor)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (factor == 1f)
        {
            pass.AddShared(A, gradient);
        }
        else
        {
            pass.Add(A, gradient * factor);
        }
    }
}

/// <summary>y = value / x.</summary>
internal sealed class ReciprocalNode(Tensor a) : Node1(a)
{
    public override string Name => "Divide";

    public static Tensor Apply(float value, Tensor x)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, "Divide");
        BinaryKernels.Divide(value, x.Data, y.Data);
        return Tape.Records(x) ? y.Record(new ReciprocalNode(x)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, -(gradient * output / A));
}

/// <summary>y = x^p for a constant p.</summary>
internal sealed class PowNode(Tensor a, float exponent) : Node1(a)
{
    public override string Name => "Pow";

    public static Tensor Apply(Tensor x, float exponent)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, "Pow");
        UnaryKernels.Pow(x.Data, y.Data, exponent);
        return Tape.Records(x) ? y.Record(new PowNode(x, exponent)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (pass.IsRecorded)
        {
            pass.Add(A, exponent == 1f ? gradient * 1f : gradient * exponent * A.Pow(exponent - 1f));
            return;
        }

        var into = pass.Into(A, out bool accumulate);
        UnaryKernels.PowBackward(A.Data, gradient.Data, into.Data, exponent, accumulate);
    }
}

/// <summary>y = x limited to [minimum, maximum]; the gradient passes where the input lies within, limits included.</summary>
internal sealed class ClampNode(Tensor a, float minimum, float maximum) : Node1(a)
{
    public override string Name => "Clamp";

    public static Tensor Apply(Tensor x, float minimum, float maximum)
    {
        if (!(minimum <= maximum))
        {
            throw new ArgumentException($"Tensor.Clamp: the minimum {minimum} is not at most the maximum {maximum}.", nameof(minimum));
        }

        var y = Tensor.Allocate(x.Shape, x.Length, "Clamp");
        UnaryKernels.Clamp(x.Data, y.Data, minimum, maximum);
        return Tape.Records(x) ? y.Record(new ClampNode(x, minimum, maximum)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, Gates.Gate(gradient, A, minimum, maximum));
}

/// <summary>y = x where a second tensor lies in an interval, else 0. Selects, so that NaN stays outside.</summary>
internal sealed class GateNode(Tensor a, Tensor by, float minimum, float maximum) : Node1(a)
{
    public override string Name => "Gate";

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, Gates.Gate(gradient, by, minimum, maximum));
}

internal static class Gates
{
    /// <summary>x where minimum ≤ by ≤ maximum, else 0. No gradient flows to <paramref name="by"/>.</summary>
    public static Tensor Gate(Tensor x, Tensor by, float minimum, float maximum)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, "Gate");
        Elementwise.Gate(x.Data, by.Data, y.Data, minimum, maximum);
        return Tape.Records(x) ? y.Record(new GateNode(x, by, minimum, maximum)) : y;
    }
}
