using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>Matrix product, plain or batched over equal leading axes.</summary>
internal sealed class MatMulNode(Tensor a, Tensor b, bool transposeA, bool transposeB) : Node2(a, b)
{
    public override string Name => "MatMul";

    public static Tensor Apply(Tensor a, Tensor b, bool transposeA, bool transposeB)
    {
        if (a.Rank < 2 || b.Rank < 2)
        {
            throw new ArgumentException($"MatMul: left is {Shapes.Text(a.Shape)}, right is {Shapes.Text(b.Shape)}; both need two axes or more.");
        }

        // [.., m, k] · [k, n]: the leading axes are rows of one product.
        if (a.Rank > 2 && b.Rank == 2 && !transposeA)
        {
            int rows = a.Shape[^1] == 0 ? Broadcasting.Product(a.Shape, 0, a.Rank - 1) : a.Length / a.Shape[^1];
            int[] shape = [.. a.Shape[..^1], transposeB ? b.Shape[0] : b.Shape[1]];
            return Apply(a.Reshape(rows, a.Shape[^1]), b, transposeA, transposeB).Reshape(shape);
        }

        int m = transposeA ? a.Shape[^1] : a.Shape[^2];
        int k = transposeA ? a.Shape[^2] : a.Shape[^1];
        int n = transposeB ? b.Shape[^2] : b.Shape[^1];
        int kb = transposeB ? b.Shape[^1] : b.Shape[^2];
        bool batched = a.Rank == b.Rank && a.Shape.AsSpan(0, a.Rank - 2).SequenceEqual(b.Shape.AsSpan(0, b.Rank - 2));
        if (!batched || k != kb)
        {
            throw new ArgumentException($"MatMul: left is {Shapes.Text(a.Shape)}{(transposeA ? " transposed" : "")}, right is {Shapes.Text(b.Shape)}{(transposeB ? " transposed" : "")}; the inner sizes ({k} and {kb}) and the leading axes must be equal.");
        }

        var y = Tensor.Allocate([.. a.Shape[..^2], m, n], "MatMul");
        int batch = Broadcasting.Product(a.Shape, 0, a.Rank - 2);
        Multiply(batch, m, n, k, a, transposeA, b, transposeB, y, accumulate: false);
        return Tape.Records(a, b) ? y.Record(new MatMulNode(a, b, transposeA, transposeB)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        var b = B!;
        if (pass.Needs(A))
        {
            if (transposeA)
            {
                Form(A, b, transposeB, gradient, true, pass);
            }
            else
            {
                Form(A, gradient, false, b, !transposeB, pass);
            }
        }

        if (pass.Needs(b))
        {
            if (transposeB)
            {
                Form(b, gradient, true, A, transposeA, pass);
            }
            else
            {
                Form(b, A, !transposeA, gradient, false, pass);
            }
        }
    }

    // Gradient of an input as the product of two tensors.
    private static void Form(Tensor input, Tensor left, bool transposeLeft, Tensor right, bool transposeRight, BackwardPass pass)
    {
        if (pass.IsRecorded)
        {
            pass.Add(input, Apply(left, right, transposeLeft, transposeRight));
            return;
        }

        var into = pass.Into(input, out bool accumulate);
        Multiply(Broadcasting.Product(input.Shape, 0, input.Rank - 2), input.Shape[^2], input.Shape[^1], transposeLeft ? left.Shape[^2] : left.Shape[^1], left, transposeLeft, right, transposeRight, into, accumulate);
    }

    private static void Multiply(int batch, int m, int n, int k, Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor y, bool accumulate)
    {
        int lda = transposeA ? m : k;
        int ldb = transposeB ? k : n;
        if (batch == 1)
        {
            Gemm.Multiply(transposeA, transposeB, m, n, k, a.Data, lda, b.Data, ldb, y.Data, n, accumulate);
        }
        else
        {
            Gemm.MultiplyBatched(transposeA, transposeB, batch, m, n, k, a.Data, lda, m * k, b.Data, ldb, k * n, y.Data, n, m * n, accumulate);
        }
    }
}
