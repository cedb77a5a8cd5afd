using System.Runtime.CompilerServices;
using Meed.Numerics.Autograd;

namespace Meed.Numerics;

/// <summary>Scopes of memory and recording, one stack of them a thread.</summary>
/// <remarks>
/// <code>
/// using var scope = Tape.Begin();
/// var loss = model.Loss(batch);
/// optimizer.Step(loss, maxGradNorm: 1f, out float gradNorm);
/// </code>
/// Inside a scope every result and gradient comes from the scope's memory, which is reused when the scope ends. Parameters, their
/// gradients and optimiser state live outside. Without a scope everything is correct, only slower.
/// </remarks>
public static class Tape
{
    [ThreadStatic]
    private static TapeState? t_state;

    /// <summary>True while results of tracked inputs remember how they were made. True outside scopes.</summary>
    public static bool IsRecording => t_state is null || t_state.Recording;

    /// <summary>Memory of the innermost scope of this thread, or null.</summary>
    internal static Arena? CurrentArena
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_state?.Current;
    }

    /// <summary>Opens a scope; dispose it on the same thread, innermost first.</summary>
    /// <param name="record">False to compute without gradients, for example while sampling.</param>
    public static TapeScope Begin(bool record = true)
    {
        var state = t_state ??= new TapeState();
        if (state.Depth == state.Arenas.Count)
        {
            state.Arenas.Add(new Arena());
        }

        var arena = state.Arenas[state.Depth++];
        var scope = new TapeScope(state, arena, state.Current, state.Depth, state.Recording, ownsMemory: true);
        state.Current = arena;
        state.Recording = record;
        return scope;
    }

    /// <summary>Stops recording until disposed; memory stays as it is.</summary>
    public static TapeScope WithoutGradients()
    {
        var state = t_state ??= new TapeState();
        var scope = new TapeScope(state, null, state.Current, state.Depth, state.Recording, ownsMemory: false);
        state.Recording = false;
        return scope;
    }

    /// <summary>Gradients of a number with respect to chosen tensors. Parameters' own gradients are not touched.</summary>
    /// <param name="result">A single number.</param>
    /// <param name="inputs">Tracked tensors, for example from <see cref="Tensor.RequireGrad"/> or <see cref="Parameter.Value"/>.</param>
    /// <param name="createGraph">True when the gradients will themselves be differentiated; throws at an operation that has no second derivative.</param>
    /// <returns>One gradient for each input, in its shape; zero where the result does not depend on it.</returns>
    public static Tensor[] Gradient(Tensor result, Tensor[] inputs, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(inputs);
        return BackwardPass.Gradients(result, inputs, null, createGraph);
    }

    /// <summary>As <see cref="Gradient(Tensor, Tensor[], bool)"/> for a result of any shape, started from <paramref name="seed"/> (a vector-Jacobian product).</summary>
    public static Tensor[] Gradient(Tensor result, Tensor[] inputs, Tensor seed, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(seed);
        return BackwardPass.Gradients(result, inputs, seed, createGraph);
    }

    /// <summary>True when an operation on these inputs must be recorded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Records(Tensor a) => a.IsTracked && IsRecording;

    /// <inheritdoc cref="Records(Tensor)"/>
    internal static bool Records(Tensor a, Tensor? b) => (a.IsTracked || b is { IsTracked: true }) && IsRecording;

    /// <inheritdoc cref="Records(Tensor)"/>
    internal static bool Records(Tensor a, Tensor? b, Tensor? c) => (a.IsTracked || b is { IsTracked: true } || c is { IsTracked: true }) && IsRecording;

    internal static void SetRecording(bool value) => (t_state ??= new TapeState()).Recording = value;
}
