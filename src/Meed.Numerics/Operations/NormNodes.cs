using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>Layer norm over the last axis with weight and optional bias.</summary>
internal sealed class LayerNormNode(Tensor x, Tensor weight, Tensor? bias, Tensor mean, Tensor rstd, float epsilon) : Node3(x, weight, bias)
{
    public override string Name => "LayerNorm";

    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, float epsilon)
    {
        LastAxis.Require(x, "LayerNorm");
        int n = x.Shape[^1];
        Shapes.Require(weight, [n]);
        if (bias is not null)
        {
            Shapes.Require(bias, [n]);
        }

        int rows = LastAxis.Rows(x);
        var y = Tensor.Allocate(x.Shape, x.Length, "LayerNorm");
        var mean = Tensor.Allocate([rows, 1], rows, "LayerNorm");
        var rstd = Tensor.Allocate([rows, 1], rows, "LayerNorm");
        NormKernels.LayerNorm(x.Data, weight.Data, bias is null ? default : bias.Data, y.Data, mean.Data, rstd.Data, rows, n, epsilon);
        return Tape.Records(x, weight, bias) ? y.Record(new LayerNormNode(x, weight, bias, mean, rstd, epsilon)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        int n = A.Shape[^1];
        int rows = LastAxis.Rows(A);
        if (!pass.IsRecorded)
        {
            bool accumulate = false;
            var dx = pass.Needs(A) ? pass.Into(A, out accumulate) : Tensor.Allocate(A.Shape, A.Length, "LayerNorm");
            var dWeight = NormGradients.Into(B!, pass);
            var dBias = C is null ? null : NormGradients.Into(C, pass);
            NormKernels.LayerNormBackward(A.Data, B!.Data, mean.Data, rstd.Data, gradient.Data, dx.Data, dWeight.Data, dBias is null ? default : dBias.Data, rows, n, accumulate);
            return;
        }

        var x = A.Reshape(rows, n);
        var g = gradient.Reshape(rows, n);
        var centred = x - x.Mean(1, keepAxis: true);
        var scale = (centred.Square().Mean(1, keepAxis: true) + epsilon).Pow(-0.5f);
        var normal = centred * scale;
        if (pass.Needs(A))
        {
            var gw = g * B!;
            pass.Add(A, ((gw - gw.Mean(1, keepAxis: true) - (normal * (gw * normal).Mean(1, keepAxis: true))) * scale).Reshape(A.Shape));
        }

        if (pass.Needs(B))
        {
            pass.Add(B!, (g * normal).Sum(0));
        }

        if (pass.Needs(C))
        {
            pass.Add(C!, g.Sum(0));
        }
    }
}

/// <summary>RMS norm over the last axis with weight.</summary>
internal sealed class RmsNormNode(Tensor x, Tensor weight, Tensor rstd, float epsilon) : Node2(x, weight)
{
    public override string Name => "RmsNorm";

    public static Tensor Apply(Tensor x, Tensor weight, float epsilon)
    {
        LastAxis.Require(x, "RmsNorm");
        int n = x.Shape[^1];
        Shapes.Require(weight, [n]);
        int rows = LastAxis.Rows(x);
        var y = Tensor.Allocate(x.Shape, x.Length, "RmsNorm");
        var rstd = Tensor.Allocate([rows, 1], rows, "RmsNorm");
        NormKernels.RmsNorm(x.Data, weight.Data, y.Data, rstd.Data, rows, n, epsilon);
        return Tape.Records(x, weight) ? y.Record(new RmsNormNode(x, weight, rstd, epsilon)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        int n = A.Shape[^1];
        int rows = LastAxis.Rows(A);
        if (!pass.IsRecorded)
        {
            bool accumulate = false;
            var dx = pass.Needs(A) ? pass.Into(A, out accumulate) : Tensor.Allocate(A.Shape, A.Length, "RmsNorm");
            var dWeight = NormGradients.Into(B!, pass);
            NormKernels.RmsNormBackward(A.Data, B!.Data, rstd.Data, gradient.Data, dx.Data, dWeight.Data, rows, n, accumulate);
            return;
        }

        var x = A.Reshape(rows, n);
        var g = gradient.Reshape(rows, n);
        var scale = (x.Square().Mean(1, keepAxis: true) + epsilon).Pow(-0.5f);
        var normal = x * scale;
        if (pass.Needs(A))
        {
            var gw = g * B!;
            pass.Add(A, ((gw - (normal * (gw * normal).Mean(1, keepAxis: true))) * scale).Reshape(A.Shape));
        }

        if (pass.Needs(B))
        {
            pass.Add(B!, (g * normal).Sum(0));
        }
    }
}

internal static class NormGradients
{
    /// <summary>Memory that the norm kernels add a weight gradient to; scratch where nobody wants it.</summary>
    public static Tensor Into(Tensor weight, BackwardPass pass)
    {
        bool accumulate = false;
        var into = pass.Needs(weight) ? pass.Into(weight, out accumulate) : Tensor.Allocate(weight.Shape, weight.Length, "Gradient");
        if (!accumulate)
        {
            into.Data.Clear();
        }

        return into;
    }
}
