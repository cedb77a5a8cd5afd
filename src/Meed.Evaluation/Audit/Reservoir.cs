namespace Meed.Evaluation.Audit;

/// <summary>A sample of bounded size in which every item of a stream has the same chance (Vitter 1985, algorithm R); all items while they fit.</summary>
/// <remarks>The draws are seeded: the same stream gives the same sample.</remarks>
/// <typeparam name="T">An item.</typeparam>
internal sealed class Reservoir<T>(int capacity)
{
    private readonly List<T> _items = [];
    private ulong _state = 1;

    public IReadOnlyList<T> Items => _items;

    public long Seen { get; private set; }

    public void Add(T item)
    {
        Seen++;
        if (_items.Count < capacity)
        {
            _items.Add(item);
            return;
        }

        ulong draw = Shingles.Mix(_state++ * 0x9e3779b97f4a7c15);
        long at = (long)Math.BigMul(draw, (ulong)Seen, out _);
        if (at < capacity)
        {
            _items[(int)at] = item;
        }
    }
}
