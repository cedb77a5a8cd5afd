using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics.Operations;

/// <summary>The same values in another shape; shares memory.</summary>
internal sealed class ReshapeNode(Tensor a) : Node1(a)
{
    public override string Name => "Reshape";

    public static Tensor Apply(Tensor x, int[] shape)
    {
        var y = x.View(shape, "Reshape");
        return Tape.Records(x) ? y.Record(new ReshapeNode(x)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.AddShared(A, Apply(gradient, A.Shape));
}

/// <summary>Axes in another order.</summary>
internal sealed class PermuteNode(Tensor a, int[] order) : Node1(a)
{
    public override string Name => "Permute";

    public static Tensor Apply(Tensor x, int[] order)
    {
        var shape = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            shape[i] = x.Shape[order[i]];
        }

        var y = Tensor.Allocate(shape, x.Length, "Permute");
        Axes.Permute(x.Data, x.Shape, order, y.Data);
        return Tape.Records(x) ? y.Record(new PermuteNode(x, order)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        var inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        pass.Add(A, Apply(gradient, inverse));
    }
}

/// <summary>A range along one axis.</summary>
internal sealed class SliceNode(Tensor a, int axis, int start) : Node1(a)
{
    public override string Name => "Slice";

    public static Tensor Apply(Tensor x, int axis, int start, int length)
    {
        int[] shape = (int[])x.Shape.Clone();
        shape[axis] = length;
        var y = Tensor.Allocate(shape, "Slice");
        Axes.CopyRange(x.Data, x.Shape[axis], start, y.Data, length, 0, Broadcasting.Product(x.Shape, 0, axis), length, Broadcasting.Product(x.Shape, axis + 1, x.Rank));
        return Tape.Records(x) ? y.Record(new SliceNode(x, axis, start)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) =>
        pass.Add(A, PadNode.Apply(gradient, axis, start, A.Shape[axis] - start - gradient.Shape[axis], 0f));
}

/// <summary>A constant border along one axis.</summary>
internal sealed class PadNode(Tensor a, int axis, int before) : Node1(a)
{
    public override string Name => "Pad";

    public static Tensor Apply(Tensor x, int axis, int before, int after, float value)
    {
        int n = x.Shape[axis];
        int[] shape = (int[])x.Shape.Clone();
        shape[axis] = before + n + after;
        var y = Tensor.Allocate(shape, "Pad");
        y.Data.Fill(value);
        Axes.CopyRange(x.Data, n, 0, y.Data, shape[axis], before, Broadcasting.Product(x.Shape, 0, axis), n, Broadcasting.Product(x.Shape, axis + 1, x.Rank));
        return Tape.Records(x) ? y.Record(new PadNode(x, axis, before)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, SliceNode.Apply(gradient, axis, before, A.Shape[axis]));
}

/// <summary>Tensors joined along one axis.</summary>
internal sealed class ConcatNode(Tensor[] inputs, int axis) : NodeN(inputs)
{
    public override string Name => "Concat";

    public static Tensor Apply(Tensor[] inputs, int axis)
    {
        int[] shape = (int[])inputs[0].Shape.Clone();
        shape[axis] = inputs.Sum(input => input.Shape[axis]);
        var y = Tensor.Allocate(shape, "Concat");
        int outer = Broadcasting.Product(shape, 0, axis);
        int inner = Broadcasting.Product(shape, axis + 1, shape.Length);
        bool tracked = false;
        for (int i = 0, start = 0; i < inputs.Length; i++)
        {
            int n = inputs[i].Shape[axis];
            Axes.CopyRange(inputs[i].Data, n, 0, y.Data, shape[axis], start, outer, n, inner);
            start += n;
            tracked |= inputs[i].IsTracked;
        }

        return tracked && Tape.IsRecording ? y.Record(new ConcatNode(inputs, axis)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        for (int i = 0, start = 0; i < Inputs.Length; i++)
        {
            int n = Inputs[i].Shape[axis];
            if (pass.Needs(Inputs[i]))
            {
                pass.Add(Inputs[i], SliceNode.Apply(gradient, axis, start, n));
            }

            start += n;
        }
    }
}

/// <summary>mask ? a : b, with either side a constant where it is null.</summary>
internal sealed class WhereNode(Tensor a, Tensor? b, bool[] mask) : Node2(a, b)
{
    public override string Name => "Where";

    public static Tensor Apply(bool[] mask, Tensor left, Tensor right)
    {
        var y = Tensor.Allocate(left.Shape, left.Length, "Where");
        Elementwise.Select(mask, left.Data, right.Data, y.Data);
        return Tape.Records(left, right) ? y.Record(new WhereNode(left, right, mask)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (pass.Needs(A))
        {
            pass.Add(A, MaskNode.Apply(gradient, mask, keep: true, 0f));
        }

        if (pass.Needs(B))
        {
            pass.Add(B!, MaskNode.Apply(gradient, mask, keep: false, 0f));
        }
    }
}

/// <summary>x where the mask equals <c>keep</c>, else a constant. Selects, so that NaN stays outside.</summary>
internal sealed class MaskNode(Tensor a, bool[] mask, bool keep) : Node1(a)
{
    public override string Name => "Where";

    public static Tensor Apply(Tensor x, bool[] mask, bool keep, float value)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, "Where");
        Elementwise.Select(mask, keep, x.Data, value, y.Data);
        return Tape.Records(x) ? y.Record(new MaskNode(x, mask, keep)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, Apply(gradient, mask, keep, 0f));
}
