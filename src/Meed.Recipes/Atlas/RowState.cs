using Meed.Recipes.Reproductions;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Atlas;

/// <summary>How far a row of the atlas has come.</summary>
public enum RowState : byte
{
    /// <summary>Nothing yet.</summary>
    Missing,

    /// <summary>Code and tests; the effect is not measured.</summary>
    Mechanism,

    /// <summary>Measured: the claim held.</summary>
    Held,

    /// <summary>Measured: the claim did not hold.</summary>
    NotHeld,

    /// <summary>Measured: the experiment cannot tell.</summary>
    Uninformative,

    /// <summary>The row has no mechanism to build.</summary>
    Listed,
}

/// <summary>A row with its methods, its result and the state that follows from them.</summary>
/// <param name="Row">The row.</param>
/// <param name="Methods">Methods that name it.</param>
/// <param name="Result">Its result file; null when it was not measured.</param>
public sealed record AtlasEntry(AtlasRow Row, IReadOnlyList<Method> Methods, ReproductionResult? Result)
{
    /// <summary>Computed, never typed.</summary>
    public RowState State => Row.Scope == "none" ? RowState.Listed
        : Result is { } r && Methods.Count > 0 ? r.Outcome switch { Outcome.Held => RowState.Held, Outcome.NotHeld => RowState.NotHeld, _ => RowState.Uninformative }
        : Methods.Count > 0 ? RowState.Mechanism : RowState.Missing;

    /// <summary>All 262 rows with their states.</summary>
    /// <param name="methods">The joined catalog.</param>
    /// <param name="results">Results by row.</param>
    public static IReadOnlyList<AtlasEntry> All(IReadOnlyList<Method> methods, IReadOnlyDictionary<int, ReproductionResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var byRow = methods.SelectMany(m => m.Entry.Rows.Select(r => (r, m))).ToLookup(p => p.r, p => p.m);
        return [.. AtlasTable.Rows.Select(row => new AtlasEntry(row, [.. byRow[row.Index].Distinct()], results.GetValueOrDefault(row.Index)))];
    }

    /// <summary>The result files of a folder by row; those built into the program when the folder is null.</summary>
    public static IReadOnlyDictionary<int, ReproductionResult> Results(string? folder)
    {
        IEnumerable<ReproductionResult> results;
        if (folder is not null)
        {
            results = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Select(ReproductionResult.Read) : [];
        }
        else
        {
            var assembly = typeof(AtlasEntry).Assembly;
            results = assembly.GetManifestResourceNames().Where(n => n.StartsWith("reproductions/results/", StringComparison.Ordinal)).Select(n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                return ResultFile.Parse<ReproductionResult>(reader.ReadToEnd());
            });
        }

        return results.ToDictionary(r => r.Row);
    }
}
