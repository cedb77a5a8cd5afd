namespace Meed.Numerics.Autograd;

/// <summary>One recorded operation: its inputs and how a gradient passes back through it.</summary>
internal abstract class Node
{
    /// <summary>Name of the operation.</summary>
    public abstract string Name { get; }

    /// <summary>Number of inputs.</summary>
    public abstract int InputCount { get; }

    /// <summary>An input; null where an optional one was left out.</summary>
    public abstract Tensor? Input(int index);

    /// <summary>False for fused operations whose gradient has no gradient of its own.</summary>
    public virtual bool IsTwiceDifferentiable => true;

    /// <summary>Passes <paramref name="gradient"/>, the gradient of the result <paramref name="output"/>, on to the inputs.</summary>
    /// <remarks>
    /// A rule written in tensor operations serves the first and the second order alike. Where a faster rule writes into memory
    /// directly it may do so only while <see cref="BackwardPass.IsRecorded"/> is false.
    /// </remarks>
    public abstract void Backward(Tensor output, Tensor gradient, BackwardPass pass);
}

/// <summary>A node with one input.</summary>
internal abstract class Node1(Tensor a) : Node
{
    public readonly Tensor A = a;

    public sealed override int InputCount => 1;

    public sealed override Tensor? Input(int index) => A;
}

/// <summary>A node with two inputs, the second optional.</summary>
internal abstract class Node2(Tensor a, Tensor? b) : Node
{
    public readonly Tensor A = a;
    public readonly Tensor? B = b;

    public sealed override int InputCount => 2;

    public sealed override Tensor? Input(int index) => index == 0 ? A : B;
}

/// <summary>A node with three inputs, the second and third optional.</summary>
internal abstract class Node3(Tensor a, Tensor? b, Tensor? c) : Node
{
    public readonly Tensor A = a;
    public readonly Tensor? B = b;
    public readonly Tensor? C = c;

    public sealed override int InputCount => 3;

    public sealed override Tensor? Input(int index) => index switch { 0 => A, 1 => B, _ => C };
}

/// <summary>A node with any number of inputs.</summary>
internal abstract class NodeN(Tensor[] inputs) : Node
{
    public readonly Tensor[] Inputs = inputs;

    public sealed override int InputCount => Inputs.Length;

    public sealed override Tensor? Input(int index) => Inputs[index];
}
