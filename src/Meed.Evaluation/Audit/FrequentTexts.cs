namespace Meed.Evaluation.Audit;

/// <summary>The most repeated texts of a stream with bounded memory (space saving, Metwally et al. 2005).</summary>
internal sealed class FrequentTexts(int capacity)
{
    private readonly Dictionary<ulong, Entry> _entries = [];

    public void Add(ulong hash, string text, double reward)
    {
        if (!_entries.TryGetValue(hash, out var entry))
        {
            long over = 0;
            if (_entries.Count >= capacity)
            {
                // Half the entries go at once, so that the search for the smallest costs little a text.
                var sorted = _entries.OrderBy(e => e.Value.Count).ThenBy(e => e.Key).Take(capacity / 2).ToList();
                over = sorted[^1].Value.Count;
                sorted.ForEach(e => _entries.Remove(e.Key));
                _over = Math.Max(_over, over);
            }

            _entries[hash] = entry = new Entry(text.Length > 200 ? text[..200] + " …" : text) { Count = _over, Over = _over };
        }

        entry.Count++;
        entry.Sum += reward;
    }

    private long _over;

    /// <summary>Texts that surely came at least so often, the most frequent first: text, least count, mean reward.</summary>
    public IReadOnlyList<(string Text, long Count, double Mean)> Top(int most, long least) =>
    [
        .. _entries.Where(e => e.Value.Count - e.Value.Over >= least).OrderByDescending(e => e.Value.Count - e.Value.Over).ThenBy(e => e.Key).Take(most)
            .Select(e => (e.Value.Text, e.Value.Count - e.Value.Over, e.Value.Sum / (e.Value.Count - e.Value.Over))),
    ];

    private sealed class Entry(string text)
    {
        public string Text { get; } = text;

        public long Count { get; set; }

        public long Over { get; set; }

        public double Sum { get; set; }
    }
}
