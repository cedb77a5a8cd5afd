using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics.Operations;

/// <summary>Sum along one axis; the result may drop the axis, so its gradient is reshaped before it is repeated.</summary>
internal sealed class SumNode(Tensor a, int[] kept) : Node1(a)
{
    public override string Name => "Sum";

    public static Tensor Apply(Tensor x, int axis, bool keepAxis)
    {
        int[] kept = (int[])x.Shape.Clone();
        kept[axis] = 1;
        var y = Tensor.Allocate(keepAxis ? kept : ReductionShape.Without(x.Shape, axis), "Sum");
        Axes.Sum(x.Data, y.Data, Broadcasting.Product(x.Shape, 0, axis), x.Shape[axis], Broadcasting.Product(x.Shape, axis + 1, x.Rank));
        return Tape.Records(x) ? y.Record(new SumNode(x, kept)) : y;
    }

    public static Tensor All(Tensor x)
    {
        var y = Tensor.Allocate([], 1, "Sum");
        Axes.Sum(x.Data, y.Data, 1, x.Length, 1);
        return Tape.Records(x) ? y.Record(new SumNode(x, [])) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) =>
        pass.Add(A, BroadcastNode.Apply(gradient.Reshape(kept), A.Shape));
}

/// <summary>The largest (sign 1) or smallest (sign −1) value along an axis; the gradient goes to the first such place.</summary>
internal sealed class ExtremeNode(Tensor a, int axis, int[] index, string name) : Node1(a)
{
    public override string Name => name;

    public static Tensor Apply(Tensor x, int axis, bool keepAxis, float sign, out int[] index)
    {
        string name = sign > 0 ? "Max" : "Min";
        if (x.Shape[axis] == 0)
        {
            throw new ArgumentException($"Tensor.{name}: axis {axis} of {Shapes.Text(x.Shape)} is empty.");
        }

        int outer = Broadcasting.Product(x.Shape, 0, axis);
        int inner = Broadcasting.Product(x.Shape, axis + 1, x.Rank);
        int[] kept = (int[])x.Shape.Clone();
        kept[axis] = 1;
        var y = Tensor.Allocate(keepAxis ? kept : ReductionShape.Without(x.Shape, axis), name);
        index = new int[outer * inner];
        Axes.Max(x.Data, y.Data, index, outer, x.Shape[axis], inner, sign);
        return Tape.Records(x) ? y.Record(new ExtremeNode(x, axis, index, name)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        int[] kept = (int[])A.Shape.Clone();
        kept[axis] = 1;
        pass.Add(A, PickNode.Put(gradient.Reshape(kept), index, axis, A.Shape[axis]));
    }
}

internal static class ReductionShape
{
    public static int[] Without(int[] shape, int axis)
    {
        var result = new int[shape.Length - 1];
        Array.Copy(shape, 0, result, 0, axis);
        Array.Copy(shape, axis + 1, result, axis, result.Length - axis);
        return result;
    }
}

/// <summary>Running sum along an axis.</summary>
internal sealed class CumSumNode(Tensor a, int axis, bool reverse) : Node1(a)
{
    public override string Name => "CumSum";

    public static Tensor Apply(Tensor x, int axis, bool reverse)
    {
        var y = Tensor.Allocate(x.Shape, x.Length, "CumSum");
        Axes.CumSum(x.Data, y.Data, Broadcasting.Product(x.Shape, 0, axis), x.Shape[axis], Broadcasting.Product(x.Shape, axis + 1, x.Rank), reverse);
        return Tape.Records(x) ? y.Record(new CumSumNode(x, axis, reverse)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, Apply(gradient, axis, !reverse));
}
