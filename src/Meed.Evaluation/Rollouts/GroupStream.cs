using Meed.Rewards;

namespace Meed.Evaluation.Rollouts;

/// <summary>Gathers rows into groups with bounded memory, whether the rows of a group stand together or not.</summary>
/// <remarks>A group is handed on when the stream ends or, once too much is held, when it is the group that was not added to for longest. A row of it that comes later begins another group and is counted.</remarks>
/// <typeparam name="T">A row.</typeparam>
public sealed class GroupStream<T>
{
    private const int MostRemembered = 1 << 20;
    private readonly int _maxRows;
    private readonly long _maxSize;
    private readonly Dictionary<SampleKey, LinkedListNode<Open>> _open = [];
    private readonly LinkedList<Open> _order = [];   // the longest untouched first
    private readonly HashSet<SampleKey> _closed = [];
    private long _rows;
    private long _size;
    private long _sequence;

    /// <summary>A stream.</summary>
    /// <param name="maxRows">Rows held at most.</param>
    /// <param name="maxSize">Sum of the rows' sizes held at most, in the caller's unit.</param>
    public GroupStream(int maxRows = 65_536, long maxSize = 64 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSize, 1);
        (_maxRows, _maxSize) = (maxRows, maxSize);
    }

    /// <summary>Groups that were begun again after they had been handed on: their rows stood too far apart.</summary>
    public long Torn { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="key">Its group.</param>
    /// <param name="row">The row.</param>
    /// <param name="size">Its size, in the unit of the limit.</param>
    /// <param name="close">Receives groups that are handed on.</param>
    public void Add(SampleKey key, T row, long size, Action<IReadOnlyList<T>> close)
    {
        ArgumentNullException.ThrowIfNull(close);
        if (_open.TryGetValue(key, out var node))
        {
            _order.Remove(node);
        }
        else
        {
            Torn += _closed.Contains(key) ? 1 : 0;
            _open[key] = node = new LinkedListNode<Open>(new Open(key, _sequence++));
        }

        node.Value.Rows.Add(row);
        node.Value.Size += size;
        _order.AddLast(node);
        (_rows, _size) = (_rows + 1, _size + size);
        while (_rows > _maxRows || _size > _maxSize)
        {
            Close(_order.First!, close);
        }
    }

    /// <summary>Hands on what is left, in the order in which the groups began.</summary>
    public void Finish(Action<IReadOnlyList<T>> close)
    {
        foreach (var node in _open.Values.OrderBy(n => n.Value.Sequence).ToList())
        {
            Close(node, close);
        }
    }

    private void Close(LinkedListNode<Open> node, Action<IReadOnlyList<T>> close)
    {
        var open = node.Value;
        _order.Remove(node);
        _open.Remove(open.Key);
        (_rows, _size) = (_rows - open.Rows.Count, _size - open.Size);
        if (_closed.Count < MostRemembered)
        {
            _closed.Add(open.Key);
        }

        close(open.Rows);
    }

    private sealed class Open(SampleKey key, long sequence)
    {
        public SampleKey Key { get; } = key;

        public long Sequence { get; } = sequence;

        public List<T> Rows { get; } = [];

        public long Size { get; set; }
    }
}
