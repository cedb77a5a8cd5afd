using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Meed.Numerics.Autograd;

namespace Meed.Numerics;

/// <summary>A float32 array with a shape, row-major and contiguous; the value every operation takes and gives.</summary>
/// <remarks>
/// A tensor made outside a scope owns an ordinary array. One made inside <see cref="Tape.Begin(bool)"/> lives in the scope's memory and
/// may not be used after the scope ends; <see cref="Keep"/> copies it out. Operations return new tensors and never change their inputs.
/// Where an input is tracked (a parameter, or computed from one) and the tape records, the result remembers how it was made, so that
/// <see cref="Backward()"/> can find the gradients.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class Tensor
{
    private static long s_lastOrder;

    private readonly float[] _buffer;
    private readonly int _offset;
    private readonly Arena? _arena;
    private readonly int _generation;

    /// <summary>How the tensor was made: the node to run backwards, or null for inputs and constants.</summary>
    internal Node? Node;

    /// <summary>Gradient of the running backward pass, or null.</summary>
    internal Tensor? PassGradient;

    /// <summary>Of a gradient: how many tensors of the running pass hold its memory. It is added to in place only while this is 1.</summary>
    internal int Holders;

    private Tensor? _holderRoot;

    /// <summary>The backward pass that last reached this tensor.</summary>
    internal long PassStamp;

    /// <summary>Place in the order of creation: inputs come before results.</summary>
    internal long Order;

    /// <summary>Gradient storage of a leaf; null for everything else.</summary>
    internal LeafGradient? Leaf;

    private Tensor(float[] buffer, int offset, int length, int[] shape, Arena? arena, int generation, string origin)
    {
        _buffer = buffer;
        _offset = offset;
        Length = length;
        Shape = shape;
        _arena = arena;
        _generation = generation;
        Origin = origin;
    }

    /// <summary>Of a gradient that is a view: the tensor whose holders count.</summary>
    internal Tensor HolderRoot
    {
        get => _holderRoot ?? this;
        set => _holderRoot = value;
    }

    /// <summary>Sizes of the axes, outermost first; empty for a single number. Read it, do not change it.</summary>
    public int[] Shape { get; }

    /// <summary>Number of values.</summary>
    public int Length { get; }

    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Length;

    /// <summary>Name of the operation that made the tensor.</summary>
    public string Origin { get; }

    /// <summary>True when gradients flow into this tensor: it is a leaf that asks for them or was computed from one.</summary>
    public bool IsTracked => Node is not null || Leaf is not null;

    /// <summary>The values; for kernels only. Throws after the tensor's scope has ended.</summary>
    internal Span<float> Data
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_arena is not null && _arena.Generation != _generation)
            {
                ThrowExpired();
            }

            return new Span<float>(_buffer, _offset, Length);
        }
    }

    /// <summary>True when the tensor's memory has gone back to its scope.</summary>
    internal bool IsExpired => _arena is not null && _arena.Generation != _generation;

    /// <summary>A tensor with undefined content, from the current scope where there is one.</summary>
    internal static Tensor Allocate(int[] shape, string origin) => Allocate(shape, Shapes.Length(shape), origin);

    /// <summary>As <see cref="Allocate(int[], string)"/>, with the length already known.</summary>
    internal static Tensor Allocate(int[] shape, int length, string origin)
    {
        var arena = Tape.CurrentArena;
        if (arena is null)
        {
            return new Tensor(length == 0 ? [] : GC.AllocateUninitializedArray<float>(length), 0, length, shape, null, 0, origin);
        }

        var buffer = arena.Rent(length, out int offset);
        return new Tensor(buffer, offset, length, shape, arena, arena.Generation, origin);
    }

    /// <summary>A tensor with undefined content that outlives every scope.</summary>
    internal static Tensor AllocateLasting(int[] shape, string origin)
    {
        int length = Shapes.Length(shape);
        return new Tensor(length == 0 ? [] : GC.AllocateUninitializedArray<float>(length), 0, length, shape, null, 0, origin);
    }

    /// <summary>The same memory under another shape of equal length.</summary>
    internal Tensor View(int[] shape, string origin)
    {
        if (IsExpired)
        {
            ThrowExpired();
        }

        return new Tensor(_buffer, _offset, Length, shape, _arena, _generation, origin);
    }

    /// <summary>A contiguous part of the same memory.</summary>
    internal Tensor View(int start, int[] shape, string origin)
    {
        if (IsExpired)
        {
            ThrowExpired();
        }

        return new Tensor(_buffer, _offset + start, Shapes.Length(shape), shape, _arena, _generation, origin);
    }

    /// <summary>Hands the memory back to the scope early. The caller knows that nobody else holds the tensor.</summary>
    internal void Release()
    {
        if (_arena is not null && _arena.Generation == _generation)
        {
            _arena.Return(_buffer, _offset, Length);
        }
    }

    /// <summary>Hands the memory of a layer's own intermediate result back where nothing is recorded, so that inference stays in cache.</summary>
    internal void ReleaseUntracked()
    {
        if (!IsTracked && !Tape.IsRecording)
        {
            Release();
        }
    }

    /// <summary>Remembers how the tensor was made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Tensor Record(Node node)
    {
        Node = node;
        Order = Interlocked.Increment(ref s_lastOrder);
        return this;
    }

    /// <summary>A tensor with the given values in row-major order.</summary>
    /// <param name="values">The values; they are copied.</param>
    /// <param name="shape">Sizes of the axes; none for a vector as long as <paramref name="values"/>.</param>
    /// <exception cref="ArgumentException">The shape does not hold exactly as many values.</exception>
    public static Tensor From(float[] values, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From(values.AsSpan(), shape);
    }

    /// <inheritdoc cref="From(float[], int[])"/>
    public static Tensor From(ReadOnlySpan<float> values, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int[] wanted = shape.Length == 0 ? [values.Length] : (int[])shape.Clone();
        if (Shapes.Length(wanted) != values.Length)
        {
            throw new ArgumentException($"Tensor.From: {values.Length} values do not fill the shape {Shapes.Text(wanted)}, which holds {Shapes.Length(wanted)}.", nameof(shape));
        }

        var result = Allocate(wanted, values.Length, "From");
        values.CopyTo(result.Data);
        return result;
    }

    /// <summary>A single number, shape [].</summary>
    public static Tensor Scalar(float value) => Full(value);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(params int[] shape) => Full(0f, shape);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(params int[] shape) => Full(1f, shape);

    /// <summary>A tensor filled with one value.</summary>
    public static Tensor Full(float value, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var result = Allocate((int[])shape.Clone(), "Full");
        result.Data.Fill(value);
        return result;
    }

    /// <summary>Independent normal numbers with the given mean and standard deviation.</summary>
    public static Tensor Normal(RandomStream random, float mean, float deviation, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(shape);
        var result = Allocate((int[])shape.Clone(), "Normal");
        random.FillNormal(result.Data, mean, deviation);
        return result;
    }

    /// <summary>Independent numbers, uniform in [<paramref name="minimum"/>, <paramref name="maximum"/>).</summary>
    public static Tensor Uniform(RandomStream random, float minimum, float maximum, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(shape);
        var result = Allocate((int[])shape.Clone(), "Uniform");
        random.FillUniform(result.Data, minimum, maximum);
        return result;
    }

    /// <summary>The value of a tensor that holds exactly one.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds none or several.</exception>
    public float Item()
    {
        if (Length != 1)
        {
            throw new InvalidOperationException($"Tensor.Item: the tensor is {Shapes.Text(Shape)} and holds {Length} values; Item reads exactly one. Reduce it first, or use ToArray.");
        }

        return Data[0];
    }

    /// <summary>A copy of the values in row-major order.</summary>
    public float[] ToArray() => Data.ToArray();

    /// <summary>Copies the values in row-major order.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than the tensor.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length < Length)
        {
            throw new ArgumentException($"Tensor.CopyTo: the destination holds {destination.Length} values, the tensor {Shapes.Text(Shape)} has {Length}.", nameof(destination));
        }

        Data.CopyTo(destination);
    }

    /// <summary>A copy that outlives the scope. It carries no gradient history.</summary>
    public Tensor Keep()
    {
        var result = AllocateLasting(Shape, Origin);
        Data.CopyTo(result.Data);
        return result;
    }

    /// <summary>The same values without history: no gradient flows through the result.</summary>
    public Tensor Detach() => View(Shape, "Detach");

    /// <summary>A leaf with the same values that collects a gradient in <see cref="Grad"/>, for gradients with respect to data.</summary>
    public Tensor RequireGrad()
    {
        var leaf = View(Shape, "RequireGrad");
        leaf.Leaf = new LeafGradient();
        leaf.Order = Interlocked.Increment(ref s_lastOrder);
        return leaf;
    }

    /// <summary>The gradient a leaf has collected so far, or null.</summary>
    public Tensor? Grad => Leaf is { IsSet: true } leaf ? leaf.Value : null;

    /// <summary>Adds the gradient of this single number to the gradients of every leaf it depends on.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds several numbers, or depends on no leaf.</exception>
    public void Backward() => BackwardPass.Run(this, null);

    /// <summary>As <see cref="Backward()"/> for a tensor of any shape: <paramref name="gradient"/> is the gradient of the outcome with respect to it.</summary>
    public void Backward(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        BackwardPass.Run(this, gradient);
    }

    /// <summary>Shape and the first values, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Origin} {Shapes.Text(Shape)}");
        if (IsExpired)
        {
            return text.Append(" (its scope has ended)").ToString();
        }

        text.Append(" {");
        var data = Data;
        for (int i = 0; i < Math.Min(8, data.Length); i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? " " : ", ")}{data[i]:G6}");
        }

        return text.Append(data.Length > 8 ? ", ... }" : " }").ToString();
    }

    private void ThrowExpired() =>
        throw new ObjectDisposedException(Origin, $"The tensor {Shapes.Text(Shape)} made by {Origin} was used after its scope ended. Call Keep() inside the scope on what must outlive it, or read it out with Item or ToArray.");
}
