using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>Fused causal attention over whole sequences.</summary>
internal sealed class AttentionNode(Tensor q, Tensor k, Tensor v, AttentionShape shape, int[]? lengths, Tensor logSum) : Node3(q, k, v)
{
    public override string Name => "CausalAttention";

    public override bool IsTwiceDifferentiable => false;

    public static Tensor Apply(Tensor q, Tensor k, Tensor v, in AttentionShape shape, int[]? lengths)
    {
        var y = Tensor.Allocate(q.Shape, q.Length, "CausalAttention");
        var logSum = Tensor.Allocate([shape.Batch, shape.Heads, shape.Time], "CausalAttention");
        AttentionKernels.Forward(shape, q.Data, k.Data, v.Data, lengths, y.Data, logSum.Data);
        return Tape.Records(q, k, v) ? y.Record(new AttentionNode(q, k, v, shape, lengths, logSum)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        var gq = Tensor.Allocate(A.Shape, A.Length, Name);
        var gk = Tensor.Allocate(B!.Shape, B.Length, Name);
        var gv = Tensor.Allocate(C!.Shape, C.Length, Name);
        AttentionKernels.Backward(shape, A.Data, B.Data, C.Data, lengths, output.Data, logSum.Data, gradient.Data, gq.Data, gk.Data, gv.Data);
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
        else
        {
            gradient.Release();
        }
    }
}

/// <summary>Fused causal attention whose queries, keys and values lie side by side in each token.</summary>
internal sealed class JointAttentionNode(Tensor qkv, AttentionShape shape, int[]? lengths, Tensor logSum) : Node1(qkv)
{
    public override string Name => "CausalAttention";

    public override bool IsTwiceDifferentiable => false;

    public static Tensor Apply(Tensor qkv, in AttentionShape shape, int[]? lengths)
    {
        var y = Tensor.Allocate([shape.Batch, shape.Time, shape.Heads * shape.Dim], "CausalAttention");
        var logSum = Tensor.Allocate([shape.Batch, shape.Heads, shape.Time], "CausalAttention");
        var data = qkv.Data;
        AttentionKernels.Forward(shape, data, data[Keys(shape)..], data[Values(shape)..], lengths, y.Data, logSum.Data);
        return Tape.Records(qkv) ? y.Record(new JointAttentionNode(qkv, shape, lengths, logSum)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        var joint = Tensor.Allocate(A.Shape, A.Length, Name);
        var data = A.Data;
        var to = joint.Data;
        AttentionKernels.Backward(shape, data, data[Keys(shape)..], data[Values(shape)..], lengths, output.Data, logSum.Data, gradient.Data, to, to[Keys(shape)..], to[Values(shape)..]);
        pass.Add(A, joint);
    }

    private static int Keys(in AttentionShape shape) => Math.Min(shape.Heads * shape.Dim, shape.Batch * shape.Time * shape.QueryStride);

    private static int Values(in AttentionShape shape) => Math.Min((shape.Heads + shape.KvHeads) * shape.Dim, shape.Batch * shape.Time * shape.QueryStride);
}

/// <summary>Rotary position embedding: a rotation, whose gradient is the rotation back.</summary>
internal sealed class RotaryNode(Tensor x, int heads, int[] positions, float theta, bool inverse) : Node1(x)
{
    public override string Name => "Rotary";

    public static Tensor Apply(Tensor x, int heads, int[] positions, float theta, bool inverse)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, "Rotary");
        Turn(x, y, heads, positions, theta, inverse, accumulate: false);
        return Tape.Records(x) ? y.Record(new RotaryNode(x, heads, positions, theta, inverse)) : y;
    }

    /// <summary>The position of every token: starts[b] + t.</summary>
    public static int[] Positions(int rows, int tokens, int[]? starts)
    {
        var positions = new int[rows * tokens];
        for (int row = 0; row < rows; row++)
        {
            for (int t = 0; t < tokens; t++)
            {
                positions[(row * tokens) + t] = (starts is null ? 0 : starts[row]) + t;
            }
        }

        return positions;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (pass.IsRecorded)
        {
            pass.Add(A, Apply(gradient, heads, positions, theta, !inverse));
            return;
        }

        var into = pass.Into(A, out bool accumulate);
        Turn(gradient, into, heads, positions, theta, !inverse, accumulate);
    }

    private static void Turn(Tensor x, Tensor y, int heads, int[] positions, float theta, bool inverse, bool accumulate)
    {
        int size = x.Shape[2] / heads;
        int last = 0;
        foreach (int position in positions)
        {
            last = Math.Max(last, position);
        }

        var tables = RotaryTables.For(last + 1, size, theta);
        RopeKernels.Rotate(x.Data, y.Data, positions, tables.Cos, tables.Sin, heads, size, inverse, accumulate);
    }
}
