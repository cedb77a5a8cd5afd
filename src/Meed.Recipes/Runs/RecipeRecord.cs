using Meed.Recipes.Reproductions;

namespace Meed.Recipes.Runs;

/// <summary>What a recipe reached over several seeds: one finished run for each, kept in <c>recipes/results/&lt;name&gt;.json</c>.</summary>
/// <remarks>Written by <c>meed runs &lt;name&gt; --record</c> from run folders; <c>meed docs</c> turns it into a page.</remarks>
public sealed record RecipeRecord
{
    /// <summary>One run.</summary>
    /// <param name="Seed">Its seed.</param>
    /// <param name="Seconds">Wall-clock seconds from start to report.</param>
    /// <param name="PeakMegabytes">Largest working set; 0 when it was not measured.</param>
    /// <param name="Headline">Measures before and after, by name.</param>
    public sealed record Seeded(ulong Seed, double Seconds, double PeakMegabytes, IReadOnlyDictionary<string, double> Headline);

    /// <summary>The recipe's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Content hash of the resolved recipe without its seed; the same for all runs.</summary>
    public string RecipeHash { get; init; } = "";

    /// <summary>Version and commit that ran.</summary>
    public string Version { get; init; } = "";

    /// <summary>Where they ran.</summary>
    public string Machine { get; init; } = "";

    /// <summary>Day of the newest run, UTC.</summary>
    public string Date { get; init; } = "";

    /// <summary>The runs, by seed.</summary>
    public IReadOnlyList<Seeded> Runs { get; init; } = [];

    /// <summary>Names that have a value before and after in every run, such as <c>pass@1</c>.</summary>
    public IReadOnlyList<string> Measures => [.. Runs[0].Headline.Keys.Where(k => k.EndsWith(" before", StringComparison.Ordinal)).Select(k => k[..^7])
        .Where(m => Runs.All(r => r.Headline.ContainsKey(m + " before") && r.Headline.ContainsKey(m + " after")))];

    /// <summary>The newest finished run of each seed that the clock did not cut short.</summary>
    /// <exception cref="InvalidDataException">There is none, or the runs are of different recipes.</exception>
    public static RecipeRecord Of(string name, IEnumerable<RunInfo> runs)
    {
        var chosen = runs.Where(r => r.Name == name && r.Status == RunStatus.Finished && !r.ClockBound)
            .GroupBy(r => r.Seed).Select(g => g.MaxBy(r => r.Started)!).OrderBy(r => r.Seed).ToList();
        if (chosen.Count < 2)
        {
            throw new InvalidDataException($"'{name}' has {chosen.Count} seeds with a finished run that no budget cut short; a record needs two or more.");
        }

        var hashes = chosen.Select(r => r.RecipeHash).Distinct().ToList();
        if (hashes.Count > 1)
        {
            throw new InvalidDataException($"The runs of '{name}' are of {hashes.Count} different recipes ({string.Join(", ", hashes.Select(h => h[..Math.Min(19, h.Length)]))}). Run every seed with the same one.");
        }

        return new RecipeRecord
        {
            Name = name, RecipeHash = hashes[0], Version = chosen[^1].Version, Machine = chosen[^1].Machine?.Class ?? "",
            Date = chosen.Max(r => r.Started).ToString("yyyy-MM-dd"),
            Runs = [.. chosen.Select(r => new Seeded(r.Seed, r.Seconds, r.PeakMegabytes, r.Headline))],
        };
    }

    /// <summary>Mean and 95 % interval (Student t) of a measure after training, and of the gain paired by seed.</summary>
    public ((double Mean, double Low, double High) Before, (double Mean, double Low, double High) After, (double Mean, double Low, double High) Gain) Summary(string measure)
    {
        double[] before = [.. Runs.Select(r => r.Headline[measure + " before"])], after = [.. Runs.Select(r => r.Headline[measure + " after"])];
        return (StudentT.Interval(before), StudentT.Interval(after), StudentT.Interval([.. after.Zip(before, (a, b) => a - b)]));
    }

    /// <summary>Reads a record.</summary>
    public static RecipeRecord Read(string path) => ResultFile.Read<RecipeRecord>(path);

    /// <summary>Writes the record.</summary>
    public void Write(string path) => ResultFile.Write(path, this);
}
