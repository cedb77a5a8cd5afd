using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics.Operations;

/// <summary>Fused causal attention over whole sequences.</summary>
internal sealed class AttentionNode(Tensor q, Tensor k, Tensor v, AttentionRows.Shape shape, int[]? lengths, Tensor logSum) : Node3(q, k, v)
{
    public override string Name => "CausalAttention";

    public override bool IsTwiceDifferentiable => false;

    public static Tensor Apply(Tensor q, Tensor k, Tensor v, AttentionRows.Shape shape, int[]? lengths)
    {
        var y = Tensor.Allocate(q.Shape, q.Length, "CausalAttention");
        var logSum = Tensor.Allocate([shape.Batch, shape.Queries, shape.Heads], "CausalAttention");
        var scratch = Tensor.Allocate([2 * shape.Queries], "CausalAttention");
        AttentionRows.Forward(shape, q.Data, k.Data, v.Data, default, lengths, y.Data, logSum.Data, scratch.Data);
        scratch.Release();
        return Tape.Records(q, k, v) ? y.Record(new AttentionNode(q, k, v, shape, lengths, logSum)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        var gq = Tensor.Zeros(A.Shape);
        var gk = Tensor.Zeros(B!.Shape);
        var gv = Tensor.Zeros(C!.Shape);
        AttentionRows.Backward(shape, A.Data, B.Data, C.Data, lengths, output.Data, logSum.Data, gradient.Data, gq.Data, gk.Data, gv.Data);
        Pass(A, gq, pass);
        Pass(B, gk, pass);
        Pass(C, gv, pass);
    }

    private static void Pass(Tensor input, Tensor gradient, BackwardPass pass)
    {
        if (pass.Needs(input))
        {
            pass.Add(input, gradient);
        }
    }
}

/// <summary>Rotary position embedding: a rotation, whose gradient is the rotation back.</summary>
internal sealed class RotaryNode(Tensor x, int heads, int[]? starts, float theta, float sign) : Node1(x)
{
    public override string Name => "Rotary";

    public static Tensor Apply(Tensor x, int heads, int[]? starts, float theta, float sign)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, "Rotary");
        AttentionRows.Rotate(x.Data, y.Data, x.Shape[0], x.Shape[1], heads, x.Shape[2] / heads, starts, theta, sign);
        return Tape.Records(x) ? y.Record(new RotaryNode(x, heads, starts, theta, sign)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, Apply(gradient, heads, starts, theta, -sign));
}
