using System.Runtime.CompilerServices;

namespace Meed.Numerics;

/// <summary>Shape arithmetic and the checks every operation starts with.</summary>
/// <remarks>
/// Broadcasting is one-sided: axes are aligned at the end, and the smaller operand may have size 1 (or no axis) where the larger has any
/// size; one operand always already has the shape of the result. [B] with [B, 1] would give [B, B] and is an error instead. Where both
/// sides are meant to grow, say so with <see cref="Tensor.BroadcastTo"/>.
/// </remarks>
public static class Shapes
{
    /// <summary>Number of values a shape holds.</summary>
    /// <exception cref="ArgumentException">An axis is negative or the product passes 2^31 - 1.</exception>
    public static int Length(int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long length = 1;
        foreach (int size in shape)
        {
            if (size < 0)
            {
                throw new ArgumentException($"Shape {Text(shape)} has a negative axis.", nameof(shape));
            }

            length *= size;
            if (length > int.MaxValue)
            {
                throw new ArgumentException($"Shape {Text(shape)} holds more than {int.MaxValue} values.", nameof(shape));
            }
        }

        return (int)length;
    }

    /// <summary>True when both shapes have equal axes.</summary>
    public static bool Same(int[] first, int[] second) => ReferenceEquals(first, second) || first.AsSpan().SequenceEqual(second);

    /// <summary>Throws unless all tensors have one shape.</summary>
    /// <param name="first">The tensor the others are compared with.</param>
    /// <param name="others">The others.</param>
    public static void RequireSame(Tensor first, params ReadOnlySpan<Tensor> others)
    {
        ArgumentNullException.ThrowIfNull(first);
        for (int i = 0; i < others.Length; i++)
        {
            if (!Same(first.Shape, others[i].Shape))
            {
                throw new ArgumentException($"Shapes differ: input 1 is {Text(first.Shape)}, input {i + 2} is {Text(others[i].Shape)}; all {others.Length + 1} must be equal.");
            }
        }
    }

    /// <summary>Throws unless the tensor has the given shape; -1 accepts any size.</summary>
    /// <param name="tensor">The tensor to check.</param>
    /// <param name="shape">The shape it must have.</param>
    /// <param name="name">Name used in the message; the argument's own text when left out.</param>
    public static void Require(Tensor tensor, int[] shape, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(shape);
        bool fits = tensor.Rank == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i] < 0 || shape[i] == tensor.Shape[i];
        }

        if (!fits)
        {
            throw new ArgumentException($"{name} is {Text(tensor.Shape)}; it must be {Text(shape)}.", name);
        }
    }

    /// <summary>The shape as people read it, for example [2, 3].</summary>
    public static string Text(int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return "[" + string.Join(", ", shape.Select(size => size < 0 ? "*" : size.ToString())) + "]";
    }

    /// <summary>The axis as a number from 0; negative axes count from the end.</summary>
    internal static int Axis(Tensor tensor, int axis, string operation)
    {
        int resolved = axis < 0 ? axis + tensor.Rank : axis;
        if ((uint)resolved >= (uint)tensor.Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), $"{operation}: axis {axis} does not exist in {Text(tensor.Shape)}.");
        }

        return resolved;
    }

    /// <summary>The shape with its last axis replaced.</summary>
    internal static int[] WithLast(int[] shape, int last)
    {
        if (shape[^1] == last)
        {
            return shape;
        }

        var result = new int[shape.Length];
        Array.Copy(shape, result, shape.Length - 1);
        result[^1] = last;
        return result;
    }

    /// <summary>True when <paramref name="small"/> broadcasts to <paramref name="large"/> with the result having the shape of <paramref name="large"/>.</summary>
    internal static bool Fits(int[] small, int[] large)
    {
        if (small.Length > large.Length)
        {
            return false;
        }

        int shift = large.Length - small.Length;
        for (int i = 0; i < small.Length; i++)
        {
            if (small[i] != 1 && small[i] != large[shift + i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The shape of a result of two operands under one-sided broadcasting.</summary>
    internal static int[] Broadcast(Tensor left, Tensor right, string operation)
    {
        if (Fits(right.Shape, left.Shape))
        {
            return left.Shape;
        }

        return Fits(left.Shape, right.Shape)
            ? right.Shape
            : throw new ArgumentException($"{operation}: left is {Text(left.Shape)}, right is {Text(right.Shape)}. One of them must already have the shape of the result; use Reshape or BroadcastTo to say what is meant.");
    }
}
