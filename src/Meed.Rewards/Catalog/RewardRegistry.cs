using Meed.Rewards.Documents;

namespace Meed.Rewards;

/// <summary>The rewards that documents may name. A package adds its own; a name stands for one reward.</summary>
/// <typeparam name="TSample">What the rewards judge.</typeparam>
public sealed class RewardRegistry<TSample>
{
    private readonly SortedDictionary<string, CatalogEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Every entry, by name.</summary>
    public IReadOnlyCollection<CatalogEntry> Entries => _entries.Values;

    /// <summary>Every name, sorted.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Adds the entries whose factory makes rewards for these samples; entries of other kinds are passed over.</summary>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">A name is taken.</exception>
    public RewardRegistry<TSample> Add(IEnumerable<CatalogEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var entry in entries.Where(e => e.Factory is RewardFactory<TSample>))
        {
            if (RewardDocuments.CommonKeys.Contains(entry.Name) || !_entries.TryAdd(entry.Name, entry))
            {
                throw new ArgumentException($"The reward name '{entry.Name}' is taken: two catalogs name it. Rename one.", nameof(entries));
            }
        }

        return this;
    }

    /// <summary>The entry of a name; null when there is none.</summary>
    public CatalogEntry? Find(string name) => _entries.GetValueOrDefault(name);

    internal RewardFactory<TSample> FactoryOf(string name) => (RewardFactory<TSample>)_entries[name].Factory!;
}
