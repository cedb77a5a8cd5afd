using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>Softmax over the last axis.</summary>
internal sealed class SoftmaxNode(Tensor a) : Node1(a)
{
    public override string Name => "Softmax";

    public static Tensor Apply(Tensor x)
    {
        LastAxis.Require(x, "Softmax");
        var y = Tensor.Allocate(x.Shape, x.Length, "Softmax");
        SoftmaxKernels.Softmax(x.Data, y.Data, LastAxis.Rows(x), x.Shape[^1]);
        return Tape.Records(x) ? y.Record(new SoftmaxNode(x)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (pass.IsRecorded)
        {
            pass.Add(A, output * (gradient - (gradient * output).Sum(-1, keepAxis: true)));
            return;
        }

        var into = pass.Into(A, out bool accumulate);
        SoftmaxKernels.SoftmaxBackward(output.Data, gradient.Data, into.Data, LastAxis.Rows(A), A.Shape[^1], accumulate);
    }
}

/// <summary>log softmax over the last axis.</summary>
internal sealed class LogSoftmaxNode(Tensor a) : Node1(a)
{
    public override string Name => "LogSoftmax";

    public static Tensor Apply(Tensor x)
    {
        LastAxis.Require(x, "LogSoftmax");
        var y = Tensor.Allocate(x.Shape, x.Length, "LogSoftmax");
        SoftmaxKernels.LogSoftmax(x.Data, y.Data, LastAxis.Rows(x), x.Shape[^1]);
        return Tape.Records(x) ? y.Record(new LogSoftmaxNode(x)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (pass.IsRecorded)
        {
            pass.Add(A, gradient - (output.Exp() * gradient.Sum(-1, keepAxis: true)));
            return;
        }

        var into = pass.Into(A, out bool accumulate);
        SoftmaxKernels.LogSoftmaxBackward(output.Data, gradient.Data, into.Data, LastAxis.Rows(A), A.Shape[^1], accumulate);
    }
}

/// <summary>log Σ exp over the last axis, which the result drops.</summary>
internal sealed class LogSumExpNode(Tensor a) : Node1(a)
{
    public override string Name => "LogSumExp";

    public static Tensor Apply(Tensor x)
    {
        LastAxis.Require(x, "LogSumExp");
        var y = Tensor.Allocate(x.Shape[..^1], "LogSumExp");
        SoftmaxKernels.LogSumExp(x.Data, y.Data, LastAxis.Rows(x), x.Shape[^1]);
        return Tape.Records(x) ? y.Record(new LogSumExpNode(x)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (!pass.IsRecorded)
        {
            var into = pass.Into(A, out bool accumulate);
            SoftmaxKernels.LogSumExpBackward(A.Data, output.Data, gradient.Data, into.Data, LastAxis.Rows(A), A.Shape[^1], accumulate);
            return;
        }

        int[] kept = [.. output.Shape, 1];
        pass.Add(A, (A - output.Reshape(kept)).Exp() * gradient.Reshape(kept));
    }
}

internal static class LastAxis
{
    public static int Rows(Tensor x) => x.Length / x.Shape[^1];

    public static void Require(Tensor x, string operation)
    {
        if (x.Rank == 0 || x.Shape[^1] == 0)
        {
            throw new ArgumentException($"{operation}: the tensor is {Shapes.Text(x.Shape)}; it works along the last axis, which must hold at least one value.");
        }
    }
}
