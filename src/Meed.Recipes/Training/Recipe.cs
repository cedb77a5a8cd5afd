using System.Security.Cryptography;
using System.Text;
using Meed.Recipes.Documents;
using Meed.Recipes.Runs;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>A recipe of any kind, bound and checked: it can be written down, named by its hash, and run.</summary>
public abstract record Recipe
{
    /// <summary>Name of the recipe and its run folder.</summary>
    public required string Name { get; init; }

    /// <summary>Seed of everything.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Its kind.</summary>
    public abstract RecipeKind Kind { get; }

    /// <summary>True when a clock decides where a phase ends.</summary>
    public virtual bool ClockBound => false;

    /// <summary>True when a run goes by many steps, which a live view can follow; false when it says a few sentences.</summary>
    public virtual bool ManySteps => false;

    /// <summary>Why a run of this kind cannot be cut to a time, and what to do instead; null when it can.</summary>
    public virtual string? NoBudget => null;

    /// <summary>The recipe for a given time on this machine.</summary>
    /// <exception cref="NotSupportedException">This kind has no such thing; <see cref="NoBudget"/> says why.</exception>
    public virtual Recipe Within(TimeSpan budget) => throw new NotSupportedException(NoBudget);

    /// <summary>The recipe as a document with every default filled in; reading it gives the same recipe.</summary>
    public DocumentNode Resolve() => new()
    {
        Kind = NodeKind.Map,
        Entries = [Entry("kind", OptionsWriter.ToNode(Kind.Name)), Entry("name", OptionsWriter.ToNode(Name)), Entry("seed", OptionsWriter.ToNode(Seed)), .. Body()],
    };

    /// <summary>SHA-256 of the resolved recipe without its seed.</summary>
    public string Hash()
    {
        var unseeded = new DocumentNode { Kind = NodeKind.Map, Entries = [.. Resolve().Entries.Where(e => e.Key != "seed")] };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DocumentJson.Canonical(unseeded))));
    }

    /// <summary>Begins a new run.</summary>
    /// <param name="runs">Where run folders go.</param>
    /// <param name="progress">Hears about it.</param>
    /// <param name="stop">Asks for a stop.</param>
    public abstract Task<RunEnd> StartAsync(string runs, IRunProgress progress, CancellationToken stop);

    /// <summary>Goes on with a stopped run of this recipe.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="progress">Hears about it.</param>
    /// <param name="stop">Asks for a stop.</param>
    public abstract Task<RunEnd> ResumeAsync(string folder, IRunProgress progress, CancellationToken stop);

    /// <summary>A new run folder with this recipe in it.</summary>
    internal RunFolder Begin(string runs) =>
        RunFolder.Begin(runs, new RunInfo { Name = Name, Kind = Kind.Name, Seed = Seed, RecipeHash = Hash(), ClockBound = ClockBound }, DocumentWriter.ToYaml(Resolve()));

    /// <summary>The entries after kind, name and seed, in the order of the kind's keys.</summary>
    protected abstract IEnumerable<DocumentEntry> Body();

    /// <summary>An entry of <see cref="Body"/>.</summary>
    protected static DocumentEntry Entry(string key, DocumentNode value) => new(key, value, 0, 0);
}
