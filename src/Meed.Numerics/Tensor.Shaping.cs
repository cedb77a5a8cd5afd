using Meed.Numerics.Operations;

namespace Meed.Numerics;

/// <content>Reductions, products and changes of layout.</content>
public sealed partial class Tensor
{
    /// <summary>Sum of all values, shape [].</summary>
    public Tensor Sum() => SumNode.All(this);

    /// <summary>Sum along an axis; negative axes count from the end.</summary>
    public Tensor Sum(int axis, bool keepAxis = false) => SumNode.Apply(this, Shapes.Axis(this, axis, "Tensor.Sum"), keepAxis);

    /// <summary>Mean of all values, shape [].</summary>
    /// <exception cref="InvalidOperationException">The tensor is empty.</exception>
    public Tensor Mean() => Sum() * (1f / NotEmpty(Length, "Mean"));

    /// <summary>Mean along an axis.</summary>
    public Tensor Mean(int axis, bool keepAxis = false) => Sum(axis, keepAxis) * (1f / NotEmpty(Shape[Shapes.Axis(this, axis, "Tensor.Mean")], "Mean"));

    /// <summary>Largest value, shape []; the gradient goes to its first place.</summary>
    public Tensor Max() => ExtremeNode.Apply(Reshape(Length), 0, false, 1f, out _);

    /// <summary>Largest value along an axis; the gradient goes to its first place. A NaN wins.</summary>
    public Tensor Max(int axis, bool keepAxis = false) => ExtremeNode.Apply(this, Shapes.Axis(this, axis, "Tensor.Max"), keepAxis, 1f, out _);

    /// <summary>Smallest value, shape []; the gradient goes to its first place.</summary>
    public Tensor Min() => ExtremeNode.Apply(Reshape(Length), 0, false, -1f, out _);

    /// <summary>Smallest value along an axis; the gradient goes to its first place. A NaN wins.</summary>
    public Tensor Min(int axis, bool keepAxis = false) => ExtremeNode.Apply(this, Shapes.Axis(this, axis, "Tensor.Min"), keepAxis, -1f, out _);

    /// <summary>First place of the largest value along the last axis, one for each row.</summary>
    public int[] ArgMax()
    {
        LastAxis.Require(this, "Tensor.ArgMax");
        ExtremeNode.Apply(Detach(), Rank - 1, false, 1f, out int[] index);
        return index;
    }

    /// <summary>Running sum along an axis, from the front or, with <paramref name="reverse"/>, from the back.</summary>
    public Tensor CumSum(int axis, bool reverse = false) => CumSumNode.Apply(this, Shapes.Axis(this, axis, "Tensor.CumSum"), reverse);

    /// <summary>Matrix product of the last two axes.</summary>
    /// <param name="right">[k, n], or with equal leading axes; a two-axis matrix also multiplies [.., m, k].</param>
    /// <param name="transposeA">True to use this tensor's last two axes swapped.</param>
    /// <param name="transposeB">True to use the right tensor's last two axes swapped.</param>
    /// <returns>[.., m, n].</returns>
    public Tensor MatMul(Tensor right, bool transposeA = false, bool transposeB = false)
    {
        ArgumentNullException.ThrowIfNull(right);
        return MatMulNode.Apply(this, right, transposeA, transposeB);
    }

    /// <summary>e^x / Σ e^x along the last axis.</summary>
    public Tensor Softmax() => SoftmaxNode.Apply(this);

    /// <summary>x − log Σ e^x along the last axis.</summary>
    public Tensor LogSoftmax() => LogSoftmaxNode.Apply(this);

    /// <summary>log Σ e^x along the last axis, which the result drops.</summary>
    public Tensor LogSumExp() => LogSumExpNode.Apply(this);

    /// <summary>The same values in another shape; one axis may be −1 and is worked out. Memory is shared.</summary>
    public Tensor Reshape(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int[] wanted = (int[])shape.Clone();
        int open = Array.IndexOf(wanted, -1);
        if (open >= 0)
        {
            wanted[open] = 1;
            int rest = Shapes.Length(wanted);
            wanted[open] = rest == 0 ? 0 : Length / rest;
        }

        return Shapes.Length(wanted) == Length
            ? ReshapeNode.Apply(this, wanted)
            : throw new ArgumentException($"Tensor.Reshape: {Shapes.Text(Shape)} holds {Length} values, which do not fill {Shapes.Text(shape)}.", nameof(shape));
    }

    /// <summary>Two axes swapped; the last two when none are named. The values are copied.</summary>
    public Tensor Transpose(int first = -2, int second = -1)
    {
        int[] order = new int[Rank];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        int a = Shapes.Axis(this, first, "Tensor.Transpose");
        int b = Shapes.Axis(this, second, "Tensor.Transpose");
        (order[a], order[b]) = (order[b], order[a]);
        return PermuteNode.Apply(this, order);
    }

    /// <summary>Axes in a new order: axis i of the result is axis order[i] of this tensor.</summary>
    public Tensor Permute(params int[] order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Length != Rank || order.Distinct().Count() != Rank || order.Any(axis => axis < 0 || axis >= Rank))
        {
            throw new ArgumentException($"Tensor.Permute: the order {Shapes.Text(order)} does not name each axis of {Shapes.Text(Shape)} once.", nameof(order));
        }

        return PermuteNode.Apply(this, (int[])order.Clone());
    }

    /// <summary>Repeats axes of size 1, and adds axes in front, up to the given shape.</summary>
    public Tensor BroadcastTo(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Shapes.Fits(Shape, shape)
            ? BroadcastNode.Apply(this, (int[])shape.Clone())
            : throw new ArgumentException($"Tensor.BroadcastTo: {Shapes.Text(Shape)} does not fit {Shapes.Text(shape)}; axes are aligned at the end and only size 1 is repeated.", nameof(shape));
    }

    /// <summary>A range of one axis.</summary>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="start">First place.</param>
    /// <param name="length">Number of places.</param>
    public Tensor Slice(int axis, int start, int length)
    {
        int resolved = Shapes.Axis(this, axis, "Tensor.Slice");
        return start >= 0 && length >= 0 && start <= Shape[resolved] - length
            ? SliceNode.Apply(this, resolved, start, length)
            : throw new ArgumentOutOfRangeException(nameof(start), $"Tensor.Slice: {length} places from {start} do not lie within axis {axis} of {Shapes.Text(Shape)}.");
    }

    /// <summary>One place of one axis, which the result drops.</summary>
    public Tensor Select(int axis, int index)
    {
        int resolved = Shapes.Axis(this, axis, "Tensor.Select");
        return Slice(resolved, index, 1).Reshape(ReductionShape.Without(Shape, resolved));
    }

    /// <summary>Joins tensors along an axis; all other axes are equal.</summary>
    public static Tensor Concat(int axis, params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Length == 0)
        {
            throw new ArgumentException("Tensor.Concat: there is nothing to join.", nameof(tensors));
        }

        int resolved = Shapes.Axis(tensors[0], axis, "Tensor.Concat");
        for (int i = 1; i < tensors.Length; i++)
        {
            bool fits = tensors[i].Rank == tensors[0].Rank;
            for (int j = 0; fits && j < tensors[0].Rank; j++)
            {
                fits = j == resolved || tensors[i].Shape[j] == tensors[0].Shape[j];
            }

            if (!fits)
            {
                throw new ArgumentException($"Tensor.Concat: input 1 is {Shapes.Text(tensors[0].Shape)}, input {i + 1} is {Shapes.Text(tensors[i].Shape)}; they may differ in axis {axis} only.", nameof(tensors));
            }
        }

        return ConcatNode.Apply((Tensor[])tensors.Clone(), resolved);
    }

    /// <summary>Tensors of one shape joined along a new first axis.</summary>
    public static Tensor Stack(params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Concat(0, [.. tensors.Select(tensor => tensor.Reshape([1, .. tensor.Shape]))]);
    }

    /// <summary>A border of a constant before and after one axis.</summary>
    public Tensor Pad(int axis, int before, int after, float value = 0f)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        return PadNode.Apply(this, Shapes.Axis(this, axis, "Tensor.Pad"), before, after, value);
    }

    /// <summary>One value of each row along the last axis: y[r] = x[r, indices[r]].</summary>
    /// <param name="indices">One index for each row, in row-major order of the leading axes.</param>
    /// <returns>The shape without its last axis.</returns>
    public Tensor Gather(int[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return GatherRows(indices, 1).Reshape(Shape[..^1]);
    }

    /// <summary>Several values of each row along the last axis: y[r, c] = x[r, indices[r·count + c]].</summary>
    /// <param name="indices">count indices for each row.</param>
    /// <param name="count">Values taken from each row.</param>
    /// <returns>[.., count].</returns>
    public Tensor Gather(int[] indices, int count)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return GatherRows(indices, count);
    }

    /// <summary>Whole slices of one axis: place k of the result is place indices[k] of this tensor.</summary>
    public Tensor Take(int axis, int[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int resolved = Shapes.Axis(this, axis, "Tensor.Take");
        Indices.Require(indices, Shape[resolved], "Tensor.Take");
        return TakeNode.Take(this, indices, resolved, "Take");
    }

    /// <summary>Adds row k of this tensor to row indices[k] of a zero tensor with <paramref name="size"/> rows (first axis).</summary>
    public Tensor ScatterAdd(int[] indices, int size)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (Rank == 0 || indices.Length != Shape[0])
        {
            throw new ArgumentException($"Tensor.ScatterAdd: the tensor is {Shapes.Text(Shape)} and {indices.Length} indices were given; one is needed for each place of the first axis.", nameof(indices));
        }

        Indices.Require(indices, size, "Tensor.ScatterAdd");
        return TakeNode.AddAt(this, indices, 0, size);
    }

    private Tensor GatherRows(int[] indices, int count)
    {
        LastAxis.Require(this, "Tensor.Gather");
        if (indices.Length != LastAxis.Rows(this) * count)
        {
            throw new ArgumentException($"Tensor.Gather: the tensor is {Shapes.Text(Shape)}, so {LastAxis.Rows(this) * count} indices are needed; {indices.Length} were given.", nameof(indices));
        }

        Indices.Require(indices, Shape[^1], "Tensor.Gather");
        return PickNode.Pick(this, indices, Rank - 1, count);
    }

    private static int NotEmpty(int count, string operation) =>
        count > 0 ? count : throw new InvalidOperationException($"Tensor.{operation}: there are no values to average.");
}
