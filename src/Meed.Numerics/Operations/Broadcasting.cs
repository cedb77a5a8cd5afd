using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics.Operations;

/// <summary>Growing a tensor to a larger shape, and summing back.</summary>
internal static class Broadcasting
{
    /// <summary>True when the small shape differs from the large one around one run of axes, as [outer, n, inner] against [outer, inner].</summary>
    public static bool TryAround(int[] small, int[] large, out int outer, out int n, out int inner)
    {
        outer = n = inner = 1;
        int stage = 0;
        int shift = large.Length - small.Length;
        for (int axis = 0; axis < large.Length; axis++)
        {
            int size = large[axis];
            if (size == 1)
            {
                continue;
            }

            bool grows = axis < shift || small[axis - shift] == 1;
            if (grows)
            {
                if (stage == 2)
                {
                    return false;
                }

                stage = 1;
                n *= size;
            }
            else if (stage == 0)
            {
                outer *= size;
            }
            else
            {
                stage = 2;
                inner *= size;
            }
        }

        return true;
    }

    /// <summary>Fills <paramref name="full"/> with the values of <paramref name="small"/>, repeated.</summary>
    public static void Expand(Tensor small, Tensor full)
    {
        var current = small;
        int shift = full.Rank - small.Rank;
        int[] shape = new int[full.Rank];
        for (int axis = 0; axis < full.Rank; axis++)
        {
            shape[axis] = axis < shift ? 1 : small.Shape[axis - shift];
        }

        // One run of growing axes at a time, from the last to the first, each into its own memory.
        for (int end = full.Rank; end > 0;)
        {
            if (shape[end - 1] == full.Shape[end - 1])
            {
                end--;
                continue;
            }

            int start = end - 1;
            while (start > 0 && shape[start - 1] != full.Shape[start - 1])
            {
                start--;
            }

            int outer = Product(shape, 0, start);
            int n = Product(full.Shape, start, end);
            int inner = Product(full.Shape, end, full.Rank);
            Array.Copy(full.Shape, start, shape, start, end - start);
            var next = Shapes.Same(shape, full.Shape) ? full : Tensor.Allocate((int[])shape.Clone(), "BroadcastTo");
            Axes.Repeat(current.Data, next.Data, outer, n, inner);
            if (!ReferenceEquals(current, small))
            {
                current.Release();
            }

            current = next;
            end = start;
        }

        if (ReferenceEquals(current, small))
        {
            small.Data.CopyTo(full.Data);
        }
    }

    /// <summary>The sum over the axes along which <paramref name="shape"/> was grown to the tensor's shape; differentiable.</summary>
    public static Tensor SumTo(Tensor x, int[] shape)
    {
        if (Shapes.Same(x.Shape, shape))
        {
            return x;
        }

        if (TryAround(shape, x.Shape, out int outer, out int n, out int inner))
        {
            return SumToNode.Apply(x, shape, outer, n, inner);
        }

        // Several runs of axes: sum the leading ones first.
        int shift = x.Rank - shape.Length;
        int axis = 0;
        while (x.Shape[axis] == 1 || (axis >= shift && shape[axis - shift] == x.Shape[axis]))
        {
            axis++;
        }

        int end = axis;
        while (end < x.Rank && (x.Shape[end] == 1 || end < shift || shape[end - shift] != x.Shape[end]))
        {
            end++;
        }

        int[] middle = (int[])x.Shape.Clone();
        for (int i = axis; i < end; i++)
        {
            middle[i] = 1;
        }

        var part = SumToNode.Apply(x, middle, Product(x.Shape, 0, axis), Product(x.Shape, axis, end), Product(x.Shape, end, x.Rank));
        return SumTo(part, shape);
    }

    public static int Product(int[] shape, int start, int end)
    {
        int product = 1;
        for (int i = start; i < end; i++)
        {
            product *= shape[i];
        }

        return product;
    }
}

/// <summary>Sum around one run of axes into a smaller shape.</summary>
internal sealed class SumToNode(Tensor a) : Node1(a)
{
    public override string Name => "Sum";

    public static Tensor Apply(Tensor x, int[] shape, int outer, int n, int inner)
    {
        var y = Tensor.Allocate(shape, "Sum");
        Axes.Sum(x.Data, y.Data, outer, n, inner);
        return Tape.Records(x) ? y.Record(new SumToNode(x)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass) => pass.Add(A, BroadcastNode.Apply(gradient, A.Shape));
}

/// <summary>Repetition into a larger shape; aligned at the end.</summary>
internal sealed class BroadcastNode(Tensor a) : Node1(a)
{
    public override string Name => "BroadcastTo";

    public static Tensor Apply(Tensor x, int[] shape)
    {
        var y = Tensor.Allocate(shape, "BroadcastTo");
        Broadcasting.Expand(x, y);
        return Tape.Records(x) ? y.Record(new BroadcastNode(x)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        if (Shapes.Same(A.Shape, gradient.Shape))
        {
            pass.AddShared(A, gradient);
        }
        else
        {
            pass.Add(A, Broadcasting.SumTo(gradient, A.Shape));
        }
    }
}
