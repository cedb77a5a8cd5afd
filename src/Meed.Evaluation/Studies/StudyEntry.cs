using Meed.Rewards;

namespace Meed.Evaluation.Studies;

/// <summary>Makes the catalog line of a study.</summary>
public static class StudyEntry
{
    /// <summary>The kind that catalog lines of studies carry.</summary>
    public const string Kind = "study";

    /// <summary>The line of a study. It names no row: the mechanism it exercises does.</summary>
    /// <typeparam name="TOptions">Its options; a record whose defaults run, with <c>Problems()</c> where values may be wrong.</typeparam>
    /// <param name="name">Name in recipes, kebab-case.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="make">Builds it.</param>
    public static CatalogEntry Of<TOptions>(string name, string summary, Func<TOptions, IStudy> make)
        where TOptions : class, new() => new(name, Kind, [], summary, "", typeof(TOptions), (Func<object, IStudy>)(o => make((TOptions)o)));

    /// <summary>The study of a line.</summary>
    /// <param name="entry">A line of this kind.</param>
    /// <param name="options">Its options.</param>
    public static IStudy Make(CatalogEntry entry, object options)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry is { Kind: Kind, Factory: Func<object, IStudy> make } ? make(options) : throw new ArgumentException($"StudyEntry.Make: '{entry.Name}' is a {entry.Kind}, not a study.", nameof(entry));
    }
}
