namespace Meed.Numerics.Autograd;

/// <summary>State of the tape on one thread.</summary>
internal sealed class TapeState
{
    public readonly List<Arena> Arenas = [];
    public int Depth;
    public bool Recording = true;
    public Arena? Current;
}
