using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>y = matrix[rows]·weightᵀ + bias, the rows read where they stand; the matrix learns nothing.</summary>
internal sealed class LinearRowsNode(Tensor matrix, int[] rows, Tensor weight, Tensor? bias) : Node2(weight, bias)
{
    public override string Name => "LinearRows";

    public static Tensor Apply(Tensor matrix, int[] rows, Tensor weight, Tensor? bias)
    {
        if (matrix.Rank != 2 || weight.Rank != 2 || matrix.Shape[1] != weight.Shape[1])
        {
            throw new ArgumentException($"LinearRows: the matrix is {Shapes.Text(matrix.Shape)}, weight is {Shapes.Text(weight.Shape)}; they are [rows, inputs] and [outputs, inputs].");
        }

        if (matrix.IsTracked)
        {
            throw new ArgumentException("LinearRows: the matrix is tracked, but gets no gradient here. Use Take and Linear.", nameof(matrix));
        }

        int outputs = weight.Shape[0];
        if (bias is not null)
        {
            Shapes.Require(bias, [outputs]);
        }

        Indices.Require(rows, matrix.Shape[0], "LinearRows");
        var y = Tensor.Allocate([rows.Length, outputs], rows.Length * outputs, "LinearRows");
        PickedRowKernels.Products(matrix.Data, rows, weight.Data, bias is null ? [] : bias.Data, y.Data, matrix.Shape[1], outputs);
        return Tape.Records(weight, bias) ? y.Record(new LinearRowsNode(matrix, rows, weight, bias)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        int outputs = A.Shape[0];
        if (pass.Needs(A))
        {
            if (pass.IsRecorded)
            {
                pass.Add(A, gradient.MatMul(matrix.Take(0, rows), transposeA: true));
            }
            else
            {
                var into = pass.Into(A, out bool accumulate);
                PickedRowKernels.Gradient(matrix.Data, rows, gradient.Data, into.Data, matrix.Shape[1], outputs, accumulate);
            }
        }

        if (B is not null && pass.Needs(B))
        {
            if (pass.IsRecorded)
            {
                pass.Add(B, gradient.Sum(0));
            }
            else
            {
                var into = pass.Into(B, out bool accumulate);
                ReduceKernels.ColumnSums(gradient.Data, into.Data, rows.Length, outputs, accumulate);
            }
        }
    }
}
