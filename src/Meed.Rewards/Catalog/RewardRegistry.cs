using Meed.Rewards.Documents;

namespace Meed.Rewards;

/// <summary>The rewards that documents may name. A package adds its own; a name stands for one reward.</summary>
/// <typeparam name="TSample">What the rewards judge.</typeparam>
public sealed class RewardRegistry<TSample>
{
    private const string GraderKind = "grader";
    private readonly SortedDictionary<string, CatalogEntry> _entries;
    private readonly SortedDictionary<string, CatalogEntry> _graders;
    private readonly Dictionary<Type, object> _services;

    /// <summary>An empty registry.</summary>
    public RewardRegistry()
        : this(new(StringComparer.Ordinal), new(StringComparer.Ordinal), [])
    {
    }

    private RewardRegistry(SortedDictionary<string, CatalogEntry> entries, SortedDictionary<string, CatalogEntry> graders, Dictionary<Type, object> services)
        => (_entries, _graders, _services) = (entries, graders, services);

    /// <summary>Every entry, by name.</summary>
    public IReadOnlyCollection<CatalogEntry> Entries => _entries.Values;

    /// <summary>Every name, sorted.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Types of graders in OpenAI's spelling, <c>{ type: string_check, ... }</c>, sorted.</summary>
    public IReadOnlyCollection<string> Graders => _graders.Keys;

    /// <summary>Adds the entries whose factory makes rewards for these samples; entries of other kinds are passed over. An entry of kind <c>grader</c> is a type of OpenAI's graders.</summary>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">A name is taken.</exception>
    public RewardRegistry<TSample> Add(IEnumerable<CatalogEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var entry in entries.Where(e => e.Factory is RewardFactory<TSample>))
        {
            if (entry.Kind == GraderKind)
            {
                _graders.Add(entry.Name, entry);
                continue;
            }

            if (RewardDocuments.CommonKeys.Contains(entry.Name) || !_entries.TryAdd(entry.Name, entry))
            {
                throw new ArgumentException($"The reward name '{entry.Name}' is taken: two catalogs name it. Rename one.", nameof(entries));
            }
        }

        return this;
    }

    /// <summary>This registry with something that factories may ask for, such as the endpoint of a judge; this one stays as it is.</summary>
    public RewardRegistry<TSample> With<TService>(TService service)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(service);
        return new(_entries, _graders, new(_services) { [typeof(TService)] = service });
    }

    /// <summary>What <see cref="With"/> supplied; null when nothing did.</summary>
    public TService? Service<TService>()
        where TService : class => _services.GetValueOrDefault(typeof(TService)) as TService;

    /// <summary>The entry of a name; null when there is none.</summary>
    public CatalogEntry? Find(string name) => _entries.GetValueOrDefault(name);

    internal RewardFactory<TSample>? GraderOf(string type) => _graders.GetValueOrDefault(type)?.Factory as RewardFactory<TSample>;

    internal RewardFactory<TSample> FactoryOf(string name) => (RewardFactory<TSample>)_entries[name].Factory!;
}
