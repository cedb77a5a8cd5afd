using Meed.Numerics.Autograd;

namespace Meed.Numerics;

/// <summary>An open scope of <see cref="Tape"/>. Disposing it returns the memory of every tensor made inside.</summary>
public struct TapeScope : IDisposable
{
    private readonly Arena? _arena;
    private readonly Arena? _outer;
    private readonly int _depth;
    private readonly bool _recording;
    private readonly bool _ownsMemory;
    private TapeState? _state;

    internal TapeScope(TapeState state, Arena? arena, Arena? outer, int depth, bool recording, bool ownsMemory)
    {
        _state = state;
        _arena = arena;
        _outer = outer;
        _depth = depth;
        _recording = recording;
        _ownsMemory = ownsMemory;
    }

    /// <summary>Ends the scope. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">An inner scope is still open.</exception>
    public void Dispose()
    {
        if (_state is not { } state)
        {
            return;
        }

        if (state.Depth != _depth)
        {
            throw new InvalidOperationException($"A tape scope of depth {_depth} was ended while the depth is {state.Depth}. End scopes on their own thread, innermost first: write 'using var scope = Tape.Begin();'.");
        }

        _state = null;
        state.Recording = _recording;
        if (_ownsMemory)
        {
            state.Depth--;
            state.Current = _outer;
            _arena!.Reset();
        }
    }
}
