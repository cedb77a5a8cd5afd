namespace Meed.Numerics.Autograd;

/// <summary>Memory of one scope: a few large arrays handed out from front to back, reused when the scope ends.</summary>
/// <remarks>Pieces begin on 64-byte boundaries relative to the (pinned) array. Pieces given back early are handed out again by exact size.</remarks>
internal sealed class Arena
{
    private const int Alignment = 16;
    private const int FirstChunk = 1 << 16;

    private readonly List<float[]> _chunks = [];
    private readonly Dictionary<int, Stack<Piece>> _free = [];
    private float[] _chunk = [];
    private int _next;
    private long _retired;

    /// <summary>Grows by one at every end of the scope; tensors of older generations are dead.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>Floats held by the arena.</summary>
    public long Capacity => _chunks.Sum(chunk => (long)chunk.Length);

    /// <summary>Memory for <paramref name="length"/> floats; content is undefined.</summary>
    public float[] Rent(int length, out int offset)
    {
        if (length >= Alignment && _free.TryGetValue(length, out var pieces) && pieces.TryPop(out var piece))
        {
            offset = piece.Offset;
            return piece.Buffer;
        }

        int size = (length + Alignment - 1) & ~(Alignment - 1);
        if (size < length)
        {
            size = length;
        }

        if (_chunk.Length - _next < size)
        {
            Grow(size);
        }

        offset = _next;
        _next += size;
        return _chunk;
    }

    /// <summary>Takes a piece back before the scope ends.</summary>
    public void Return(float[] buffer, int offset, int length)
    {
        if (length < Alignment)
        {
            return;
        }

        if (!_free.TryGetValue(length, out var pieces))
        {
            _free[length] = pieces = new Stack<Piece>();
        }

        pieces.Push(new Piece(buffer, offset));
    }

    /// <summary>Ends the scope: every tensor of this arena is dead from here on.</summary>
    public void Reset()
    {
        Generation++;
        foreach (var pieces in _free.Values)
        {
            pieces.Clear();
        }

        // Several chunks become one of their total size, so that a steady loop runs in one array.
        if (_chunks.Count > 1)
        {
            long total = _retired + _chunk.Length;
            _chunks.Clear();
            _chunk = Create((int)Math.Min(total, Array.MaxLength));
            _chunks.Add(_chunk);
            _free.Clear();
        }

        _retired = 0;
        _next = 0;
    }

    private void Grow(int size)
    {
        _retired += _chunk.Length;
        long wanted = Math.Max(Math.Max(FirstChunk, size), Math.Min(2L * _chunk.Length, 1 << 26));
        _chunk = Create((int)Math.Min(wanted, Array.MaxLength));
        _chunks.Add(_chunk);
        _next = 0;
    }

    private static unsafe float[] Create(int length)
    {
        var chunk = GC.AllocateUninitializedArray<float>(length, pinned: true);
        return chunk;
    }

    private readonly record struct Piece(float[] Buffer, int Offset);
}
