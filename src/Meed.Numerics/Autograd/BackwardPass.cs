using Meed.Numerics.Operations;

namespace Meed.Numerics.Autograd;

/// <summary>One walk from a result back to the leaves, in the reverse order of creation.</summary>
internal sealed class BackwardPass
{
    private static long s_lastStamp;

    [ThreadStatic]
    private static BackwardPass? t_spare;

    private Tensor[] _visited = new Tensor[64];
    private long[] _order = new long[64];
    private int _count;
    private long _stamp;
    private long _targetStamp;
    private bool _intoLeaves;
    private Tensor? _current;

    /// <summary>True while the pass itself is recorded, for second derivatives.</summary>
    public bool IsRecorded { get; private set; }

    /// <summary>Adds gradients into the leaves of <paramref name="result"/>.</summary>
    public static void Run(Tensor result, Tensor? seed)
    {
        CheckStart(result, seed, "Backward");
        bool recording = Tape.IsRecording;
        var pass = Take();
        try
        {
            Tape.SetRecording(false);
            pass.IsRecorded = false;
            pass._intoLeaves = true;
            pass._targetStamp = 0;
            pass.Collect(result);
            pass.Start(result, seed);
            pass.Walk();
        }
        finally
        {
            Tape.SetRecording(recording);
            pass.Clear();
            t_spare = pass;
        }
    }

    /// <summary>Gradients of <paramref name="result"/> with respect to <paramref name="targets"/>; leaves are not touched.</summary>
    public static Tensor[] Gradients(Tensor result, Tensor[] targets, Tensor? seed, bool record)
    {
        CheckStart(result, seed, "Tape.Gradient");
        bool recording = Tape.IsRecording;
        var pass = new BackwardPass();
        try
        {
            Tape.SetRecording(record);
            pass.IsRecorded = record;
            pass._intoLeaves = false;
            pass.Collect(result);
            pass.MarkTargets(targets);
            pass.Start(result, seed);
            pass.Walk();
            var gradients = new Tensor[targets.Length];
            for (int i = 0; i < targets.Length; i++)
            {
                // A target that the result does not depend on has gradient zero.
                gradients[i] = targets[i].PassStamp == pass._targetStamp && targets[i].PassGradient is { } gradient ? gradient : Tensor.Zeros(targets[i].Shape);
            }

            return gradients;
        }
        finally
        {
            Tape.SetRecording(recording);
            pass.Clear();
        }
    }

    /// <summary>True when the gradient of an input is wanted.</summary>
    public bool Needs(Tensor? input) => input is not null && (_targetStamp == 0 ? input.IsTracked : input.PassStamp == _targetStamp);

    /// <summary>True while the gradient handed to the running rule is held by nobody else, so that the rule may overwrite it.</summary>
    public bool MayOverwrite => !IsRecorded && _intoLeaves && _current?.PassGradient is { } gradient && gradient.HolderRoot.Holders == 1;

    /// <summary>Adds a freshly computed gradient; the pass may keep and change <paramref name="gradient"/>.</summary>
    public void Add(Tensor input, Tensor gradient)
    {
        RequireFit(input, gradient);
        if (IsRecorded)
        {
            input.PassGradient = input.PassGradient is null ? gradient : input.PassGradient + gradient;
            return;
        }

        if (input.PassGradient is null && !(_intoLeaves && input.Leaf is not null))
        {
            input.PassGradient = gradient;
            gradient.Holders = 1;
            return;
        }

        Sums.AddInto(gradient, Into(input, out bool accumulate), accumulate);
        gradient.Release();
    }

    /// <summary>Adds the gradient handed to the running rule, or a view of it.</summary>
    public void AddShared(Tensor input, Tensor gradient)
    {
        RequireFit(input, gradient);
        if (IsRecorded)
        {
            Add(input, gradient);
            return;
        }

        if (input.PassGradient is null && !(_intoLeaves && input.Leaf is not null))
        {
            var root = (_current?.PassGradient ?? gradient).HolderRoot;
            if (!ReferenceEquals(root, gradient))
            {
                gradient.HolderRoot = root;
            }

            root.Holders++;
            input.PassGradient = gradient;
            return;
        }

        Sums.AddInto(gradient, Into(input, out bool accumulate), accumulate);
    }

    /// <summary>Memory in which a kernel may form the gradient of <paramref name="input"/> directly.</summary>
    /// <param name="input">The input whose gradient is formed.</param>
    /// <param name="accumulate">True when the kernel must add to what is there, false when it must overwrite.</param>
    public Tensor Into(Tensor input, out bool accumulate)
    {
        if (_intoLeaves && input.Leaf is { } leaf)
        {
            leaf.Value ??= Tensor.AllocateLasting(input.Shape, "Gradient");
            accumulate = leaf.IsSet;
            leaf.IsSet = true;
            return leaf.Value;
        }

        if (input.PassGradient is null)
        {
            accumulate = false;
            input.PassGradient = Tensor.Allocate(input.Shape, input.Length, "Gradient");
            input.PassGradient.Holders = 1;
            return input.PassGradient;
        }

        var root = input.PassGradient.HolderRoot;
        if (root.Holders > 1)
        {
            root.Holders--;
            var copy = Tensor.Allocate(input.Shape, input.Length, "Gradient");
            input.PassGradient.Data.CopyTo(copy.Data);
            copy.Holders = 1;
            input.PassGradient = copy;
        }

        accumulate = true;
        return input.PassGradient;
    }

    private static void CheckStart(Tensor result, Tensor? seed, string name)
    {
        if (seed is null && result.Length != 1)
        {
            throw new InvalidOperationException($"{name}: the tensor is {Shapes.Text(result.Shape)}; a gradient starts from one number. Reduce it first, or pass the gradient to start from.");
        }

        if (seed is not null && !Shapes.Same(seed.Shape, result.Shape))
        {
            throw new ArgumentException($"{name}: the gradient is {Shapes.Text(seed.Shape)}, the tensor {Shapes.Text(result.Shape)}; they must be equal.", nameof(seed));
        }

        if (!result.IsTracked)
        {
            throw new InvalidOperationException($"{name}: the result of {result.Origin} depends on no parameter, or was computed while the tape did not record.");
        }
    }

    private static BackwardPass Take()
    {
        var pass = t_spare ?? new BackwardPass();
        t_spare = null;
        return pass;
    }

    /// <summary>Finds every tracked tensor the result depends on and sorts them by creation.</summary>
    private void Collect(Tensor result)
    {
        _stamp = Interlocked.Increment(ref s_lastStamp);
        Visit(result);

        // The list serves as the queue of its own breadth-first walk.
        for (int next = 0; next < _count; next++)
        {
            if (_visited[next].Node is { } node)
            {
                for (int i = 0; i < node.InputCount; i++)
                {
                    if (node.Input(i) is { IsTracked: true } input && input.PassStamp != _stamp)
                    {
                        Visit(input);
                    }
                }
            }
        }

        // Latest first. Chains come out of the walk in this order already.
        for (int i = 1; i < _count; i++)
        {
            if (_order[i] < _order[i - 1])
            {
                Array.Sort(_order, _visited, 0, _count);
                break;
            }
        }
    }

    private void Visit(Tensor tensor)
    {
        if (_count == _visited.Length)
        {
            Array.Resize(ref _visited, 2 * _count);
            Array.Resize(ref _order, 2 * _count);
        }

        tensor.PassStamp = _stamp;
        tensor.PassGradient = null;
        _order[_count] = -tensor.Order;
        _visited[_count++] = tensor;
    }

    /// <summary>Marks the targets and everything computed from them; only those need gradients.</summary>
    private void MarkTargets(Tensor[] targets)
    {
        _targetStamp = Interlocked.Increment(ref s_lastStamp);
        foreach (var target in targets)
        {
            if (target.PassStamp == _stamp || target.PassStamp == _targetStamp)
            {
                target.PassStamp = _targetStamp;
            }
        }

        // Inputs before results.
        for (int i = _count - 1; i >= 0; i--)
        {
            var tensor = _visited[i];
            if (tensor.PassStamp != _targetStamp && tensor.Node is { } node)
            {
                for (int j = 0; j < node.InputCount; j++)
                {
                    if (node.Input(j)?.PassStamp == _targetStamp)
                    {
                        tensor.PassStamp = _targetStamp;
                        break;
                    }
                }
            }
        }
    }

    private void Start(Tensor result, Tensor? seed)
    {
        if (seed is null)
        {
            Add(result, Tensor.Full(1f, result.Shape));
            return;
        }

        // The caller holds the seed as well, so that nothing writes to it.
        var start = seed.Detach();
        start.Holders = 1;
        AddShared(result, start);
    }

    private void Walk()
    {
        for (int i = 0; i < _count; i++)
        {
            var tensor = _visited[i];
            if (tensor.Node is not { } node || tensor.PassGradient is not { } gradient || !Needs(tensor))
            {
                continue;
            }

            if (IsRecorded && !node.IsTwiceDifferentiable)
            {
                throw new NotSupportedException($"{node.Name} is a fused operation without a second derivative. Write it with plain tensor operations where gradients of gradients are needed.");
            }

            _current = tensor;
            node.Backward(tensor, gradient, this);
            _current = null;
            if (_intoLeaves)
            {
                tensor.PassGradient = null;
                var root = gradient.HolderRoot;
                if (--root.Holders == 0)
                {
                    root.Release();
                }
            }
        }
    }

    private static void RequireFit(Tensor input, Tensor gradient)
    {
        if (!Shapes.Same(input.Shape, gradient.Shape))
        {
            throw new InvalidOperationException($"The gradient {Shapes.Text(gradient.Shape)} from {gradient.Origin} does not fit the tensor {Shapes.Text(input.Shape)} made by {input.Origin}.");
        }
    }

    private void Clear()
    {
        for (int i = 0; i < _count; i++)
        {
            _visited[i].PassGradient = null;
        }

        Array.Clear(_visited, 0, _count);
        _count = 0;
        _current = null;
    }
}
