using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>y = silu(a)·b; silu(a) is formed again on the way back instead of being kept.</summary>
internal sealed class SiluProductNode(Tensor a, Tensor b) : Node2(a, b)
{
    public override string Name => "SiluProduct";

    public static Tensor Apply(Tensor a, Tensor b)
    {
        var y = Tensor.Allocate(a.Shape, a.Length, "SiluProduct");
        UnaryKernels.Silu(a.Data, y.Data);
        BinaryKernels.Multiply(y.Data, b.Data, y.Data);
        return Tape.Records(a, b) ? y.Record(new SiluProductNode(a, b)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        var b = B!;
        if (pass.IsRecorded)
        {
            if (pass.Needs(A))
            {
                pass.Add(A, SiluRule.Gradient(A, output, gradient * b));
            }

            if (pass.Needs(b))
            {
                pass.Add(b, gradient * A.Silu());
            }

            return;
        }

        if (pass.Needs(b))
        {
            var slope = Tensor.Allocate(A.Shape, A.Length, "SiluProduct");
            UnaryKernels.Silu(A.Data, slope.Data);
            BinaryKernels.Multiply(slope.Data, gradient.Data, slope.Data);
            pass.Add(b, slope);
        }

        if (pass.Needs(A))
        {
            bool temporary = !pass.MayOverwrite;
            var g = temporary ? Tensor.Allocate(A.Shape, A.Length, "SiluProduct") : gradient;
            BinaryKernels.Multiply(gradient.Data, b.Data, g.Data);
            var into = pass.Into(A, out bool accumulate);
            UnaryKernels.SiluBackward(A.Data, g.Data, into.Data, accumulate);
            if (temporary)
            {
                g.Release();
            }
        }
    }
}
