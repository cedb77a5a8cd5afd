using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics.Operations;

/// <summary>Single values picked along an axis: y[o, k, i] = x[o, index[o, k, i], i]; or put back, adding.</summary>
internal sealed class PickNode(Tensor a, int[] index, int axis, bool puts) : Node1(a)
{
    public override string Name => puts ? "ScatterAdd" : "Gather";

    public static Tensor Pick(Tensor x, int[] index, int axis, int count)
    {
        int outer = Broadcasting.Product(x.Shape, 0, axis);
        int inner = Broadcasting.Product(x.Shape, axis + 1, x.Rank);
        int[] shape = (int[])x.Shape.Clone();
        shape[axis] = count;
        var y = Tensor.Allocate(shape, "Gather");
        Axes.Pick(x.Data, x.Shape[axis], index, y.Data, outer, count, inner);
        return Tape.Records(x) ? y.Record(new PickNode(x, index, axis, puts: false)) : y;
    }

    public static Tensor Put(Tensor x, int[] index, int axis, int size)
    {
        int outer = Broadcasting.Product(x.Shape, 0, axis);
        int inner = Broadcasting.Product(x.Shape, axis + 1, x.Rank);
        int[] shape = (int[])x.Shape.Clone();
        shape[axis] = size;
        var y = Tensor.Allocate(shape, "ScatterAdd");
        y.Data.Clear();
        Axes.AddPicked(x.Data, index, y.Data, size, outer, x.Shape[axis], inner);
        return Tape.Records(x) ? y.Record(new PickNode(x, index, axis, puts: true)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) =>
        pass.Add(A, puts ? Pick(gradient, index, axis, A.Shape[axis]) : Put(gradient, index, axis, A.Shape[axis]));
}

/// <summary>Whole slices taken along an axis: y[o, k, i] = x[o, index[k], i]; or added at those places.</summary>
internal sealed class TakeNode(Tensor a, int[] index, int axis, bool adds) : Node1(a)
{
    public override string Name => adds ? "ScatterAdd" : "Take";

    public static Tensor Take(Tensor x, int[] index, int axis, string name)
    {
        int[] shape = (int[])x.Shape.Clone();
        shape[axis] = index.Length;
        var y = Tensor.Allocate(shape, name);
        Axes.Take(x.Data, x.Shape[axis], index, y.Data, Broadcasting.Product(x.Shape, 0, axis), Broadcasting.Product(x.Shape, axis + 1, x.Rank));
        return Tape.Records(x) ? y.Record(new TakeNode(x, index, axis, adds: false)) : y;
    }

    public static Tensor AddAt(Tensor x, int[] index, int axis, int size)
    {
        int[] shape = (int[])x.Shape.Clone();
        shape[axis] = size;
        var y = Tensor.Allocate(shape, "ScatterAdd");
        y.Data.Clear();
        Axes.AddAt(x.Data, index, y.Data, size, Broadcasting.Product(x.Shape, 0, axis), Broadcasting.Product(x.Shape, axis + 1, x.Rank));
        return Tape.Records(x) ? y.Record(new TakeNode(x, index, axis, adds: true)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (pass.IsRecorded || adds)
        {
            pass.Add(A, adds ? Take(gradient, index, axis, "Take") : AddAt(gradient, index, axis, A.Shape[axis]));
            return;
        }

        var into = pass.Into(A, out bool accumulate);
        if (!accumulate)
        {
            into.Data.Clear();
        }

        Axes.AddAt(gradient.Data, index, into.Data, A.Shape[axis], Broadcasting.Product(A.Shape, 0, axis), Broadcasting.Product(A.Shape, axis + 1, A.Rank));
    }
}

internal static class Indices
{
    /// <summary>Throws unless every index lies in 0 .. size - 1.</summary>
    public static void Require(ReadOnlySpan<int> indices, int size, string operation)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)size)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), $"{operation}: index {i} is {indices[i]}; it must be 0 to {size - 1}.");
            }
        }
    }
}
