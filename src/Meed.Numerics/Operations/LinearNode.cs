using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>y = f(x·weightᵀ + bias) with weight [outputs, inputs].</summary>
/// <param name="x">[.., inputs].</param>
/// <param name="weight">[outputs, inputs].</param>
/// <param name="bias">[outputs], or null.</param>
/// <param name="activation">f.</param>
/// <param name="sum">x·weightᵀ + bias where the derivative of f needs it, else null.</param>
internal sealed class LinearNode(Tensor x, Tensor weight, Tensor? bias, Activation activation, Tensor? sum) : Node3(x, weight, bias)
{
    public override string Name => "Linear";

    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, Activation activation)
    {
        if (weight.Rank != 2 || x.Rank < 1 || x.Shape[^1] != weight.Shape[1])
        {
            throw new ArgumentException($"Linear: x is {Shapes.Text(x.Shape)}, weight is {Shapes.Text(weight.Shape)}; weight is [outputs, inputs] and the last axis of x must be inputs.");
        }

        int outputs = weight.Shape[0];
        int inputs = weight.Shape[1];
        if (bias is not null && (bias.Rank != 1 || bias.Length != outputs))
        {
            Shapes.Require(bias, [outputs]);
        }

        int rows = 1;
        for (int axis = 0; axis < x.Rank - 1; axis++)
        {
            rows *= x.Shape[axis];
        }

        int[] shape = Shapes.WithLast(x.Shape, outputs);
        var y = Tensor.Allocate(shape, rows * outputs, "Linear");
        if (bias is null)
        {
            Gemm.Multiply(false, true, rows, outputs, inputs, x.Data, inputs, weight.Data, inputs, y.Data, outputs, accumulate: false);
        }
        else
        {
            Gemm.MultiplyBias(false, true, rows, outputs, inputs, x.Data, inputs, weight.Data, inputs, bias.Data, y.Data, outputs);
        }

        bool records = Tape.Records(x, weight, bias);
        Tensor? sum = null;
        if (activation != Activation.None)
        {
            // GELU and SiLU are differentiated from their input, the others from their value.
            if (records && activation is Activation.Gelu or Activation.Silu)
            {
                sum = y;
                y = Tensor.Allocate(shape, sum.Length, "Linear");
            }

            Activate(activation, (sum ?? y).Data, y.Data);
        }

        return records ? y.Record(new LinearNode(x, weight, bias, activation, sum)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (pass.IsRecorded)
        {
            BackwardRecorded(output, gradient, pass);
            return;
        }

        int outputs = B!.Shape[0];
        int inputs = B.Shape[1];
        int rows = outputs == 0 ? 0 : output.Length / outputs;
        var g = gradient;
        bool temporary = false;
        if (activation != Activation.None)
        {
            temporary = !pass.MayOverwrite;
            g = temporary ? Tensor.Allocate(gradient.Shape, gradient.Length, "Linear") : gradient;
            Slope(gradient.Data, (sum ?? output).Data, g.Data);
        }

        if (pass.Needs(B))
        {
            var into = pass.Into(B, out bool accumulate);
            Gemm.Multiply(true, false, outputs, inputs, rows, g.Data, outputs, A.Data, inputs, into.Data, inputs, accumulate);
        }

        if (C is not null && pass.Needs(C))
        {
            var into = pass.Into(C, out bool accumulate);
            ReduceKernels.ColumnSums(g.Data, into.Data, rows, outputs, accumulate);
        }

        if (pass.Needs(A))
        {
            var into = pass.Into(A, out bool accumulate);
            Gemm.Multiply(false, false, rows, inputs, outputs, g.Data, outputs, B.Data, inputs, into.Data, inputs, accumulate);
        }

        if (temporary)
        {
            g.Release();
        }
    }

    private static void Activate(Activation activation, ReadOnlySpan<float> x, Span<float> y)
    {
        switch (activation)
        {
            case Activation.Tanh: UnaryKernels.Tanh(x, y); break;
            case Activation.Relu: UnaryKernels.Relu(x, y); break;
            case Activation.Gelu: UnaryKernels.GeluTanh(x, y); break;
            case Activation.Silu: UnaryKernels.Silu(x, y); break;
            case Activation.Sigmoid: UnaryKernels.Sigmoid(x, y); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "Linear: unknown activation.");
        }
    }

    private void Slope(ReadOnlySpan<float> gradient, ReadOnlySpan<float> at, Span<float> to)
    {
        switch (activation)
        {
            case Activation.Tanh: UnaryKernels.TanhBackward(at, gradient, to, accumulate: false); break;
            case Activation.Relu: UnaryKernels.ReluBackward(at, gradient, to, accumulate: false); break;
            case Activation.Gelu: UnaryKernels.GeluTanhBackward(at, gradient, to, accumulate: false); break;
            case Activation.Silu: UnaryKernels.SiluBackward(at, gradient, to, accumulate: false); break;
            default: UnaryKernels.SigmoidBackward(at, gradient, to, accumulate: false); break;
        }
    }

    // The sum before the activation is formed again from the inputs, so that second derivatives reach them.
    private void BackwardRecorded(Tensor output, Tensor gradient, BackwardPass pass)
    {
        int outputs = B!.Shape[0];
        int inputs = B.Shape[1];
        int rows = output.Length / outputs;
        var x = A.Reshape(rows, inputs);
        var g = gradient.Reshape(rows, outputs);
        if (activation is Activation.Gelu or Activation.Silu)
        {
            var before = Apply(x, B, C, Activation.None);
            g = activation == Activation.Gelu ? GeluRule.Gradient(before, before, g) : SiluRule.Gradient(before, before, g);
        }
        else if (activation != Activation.None)
        {
            var y = output.Reshape(rows, outputs);
            g = activation switch
            {
                Activation.Tanh => TanhRule.Gradient(y, y, g),
                Activation.Relu => ReluRule.Gradient(y, y, g),
                _ => SigmoidRule.Gradient(y, y, g),
            };
        }

        if (pass.Needs(A))
        {
            pass.Add(A, g.MatMul(B).Reshape(A.Shape));
        }

        if (pass.Needs(B))
        {
            pass.Add(B, g.MatMul(x, transposeA: true));
        }

        if (C is not null && pass.Needs(C))
        {
            pass.Add(C, g.Sum(0));
        }
    }
}
