using Meed.Numerics.Autograd;

namespace Meed.Numerics;

/// <summary>A named, trainable tensor. Its value and gradient live outside every scope.</summary>
/// <remarks>Names follow Hugging Face, for example <c>model.layers.0.self_attn.q_proj.weight</c>.</remarks>
public sealed class Parameter
{
    /// <summary>A parameter with a copy of the given initial value.</summary>
    /// <param name="name">Full name within the model.</param>
    /// <param name="initial">Initial value; copied.</param>
    public Parameter(string name, Tensor initial)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(initial);
        Name = name;
        var value = Tensor.AllocateLasting((int[])initial.Shape.Clone(), name);
        initial.Data.CopyTo(value.Data);
        value.Leaf = new LeafGradient();
        Value = value;
    }

    /// <summary>Full name within the model.</summary>
    public string Name { get; }

    /// <summary>The current value, a tracked leaf. Optimisers and <see cref="Load(Tensor)"/> change it in place.</summary>
    public Tensor Value { get; }

    /// <summary>Sizes of the axes.</summary>
    public int[] Shape => Value.Shape;

    /// <summary>The gradient collected since the last <see cref="ClearGrad"/>, or null.</summary>
    public Tensor? Grad => Value.Grad;

    /// <summary>True when optimisers may change it; frozen parameters collect no gradient.</summary>
    public bool IsTrainable
    {
        get => Value.Leaf is not null;
        set => Value.Leaf = value ? Value.Leaf ?? new LeafGradient() : null;
    }

    /// <summary>Counts the changes of the value, so that packed copies know when they are stale.</summary>
    public long Version { get; internal set; }

    /// <summary>Forgets the collected gradient; its memory is kept for the next one.</summary>
    public void ClearGrad()
    {
        if (Value.Leaf is { } leaf)
        {
            leaf.IsSet = false;
        }
    }

    /// <summary>Copies new values in.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void Load(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!Shapes.Same(value.Shape, Shape))
        {
            throw new ArgumentException($"Parameter {Name} is {Shapes.Text(Shape)}; the value to load is {Shapes.Text(value.Shape)}.", nameof(value));
        }

        value.Data.CopyTo(Value.Data);
        Version++;
    }

    /// <inheritdoc cref="Load(Tensor)"/>
    public void Load(ReadOnlySpan<float> value)
    {
        if (value.Length != Value.Length)
        {
            throw new ArgumentException($"Parameter {Name} is {Shapes.Text(Shape)} and holds {Value.Length} values; {value.Length} were given.", nameof(value));
        }

        value.CopyTo(Value.Data);
        Version++;
    }

    /// <summary>The value, so that a parameter can stand wherever a tensor is expected.</summary>
    public static implicit operator Tensor(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Value;
    }

    /// <summary>The named twin of the conversion.</summary>
    public Tensor ToTensor() => Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shapes.Text(Shape)}";
}
