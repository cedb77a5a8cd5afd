using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics.Operations;

/// <summary>y = x·weightᵀ + bias with weight [outputs, inputs].</summary>
internal sealed class LinearNode(Tensor x, Tensor weight, Tensor? bias) : Node3(x, weight, bias)
{
    public override string Name => "Linear";

    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias)
    {
        if (weight.Rank != 2 || x.Rank < 1 || x.Shape[^1] != weight.Shape[1])
        {
            throw new ArgumentException($"Linear: x is {Shapes.Text(x.Shape)}, weight is {Shapes.Text(weight.Shape)}; weight is [outputs, inputs] and the last axis of x must be inputs.");
        }

        int outputs = weight.Shape[0];
        int inputs = weight.Shape[1];
        if (bias is not null)
        {
            Shapes.Require(bias, [outputs]);
        }

        int rows = Broadcasting.Product(x.Shape, 0, x.Rank - 1);
        var y = Tensor.Allocate([.. x.Shape[..^1], outputs], rows * outputs, "Linear");
        if (bias is not null)
        {
            Axes.Repeat(bias.Data, y.Data, 1, rows, outputs);
        }

        Products.Gemm(rows, outputs, inputs, x.Data, false, weight.Data, true, y.Data, bias is not null);
        return Tape.Records(x, weight, bias) ? y.Record(new LinearNode(x, weight, bias)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        int outputs = B!.Shape[0];
        int inputs = B.Shape[1];
        int rows = Broadcasting.Product(A.Shape, 0, A.Rank - 1);
        var g = gradient.Reshape(rows, outputs);
        if (pass.IsRecorded)
        {
            if (pass.Needs(A))
            {
                pass.Add(A, g.MatMul(B).Reshape(A.Shape));
            }

            if (pass.Needs(B))
            {
                pass.Add(B, g.MatMul(A.Reshape(rows, inputs), transposeA: true));
            }

            if (pass.Needs(C))
            {
                pass.Add(C!, g.Sum(0));
            }

            return;
        }

        if (pass.Needs(A))
        {
            var into = pass.Into(A, out bool accumulate);
            Products.Gemm(rows, inputs, outputs, g.Data, false, B.Data, false, into.Data, accumulate);
        }

        if (pass.Needs(B))
        {
            var into = pass.Into(B, out bool accumulate);
            Products.Gemm(outputs, inputs, rows, g.Data, true, A.Data, false, into.Data, accumulate);
        }

        if (pass.Needs(C))
        {
            pass.Add(C!, g.Sum(0));
        }
    }
}
