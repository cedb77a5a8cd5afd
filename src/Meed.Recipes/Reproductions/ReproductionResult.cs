using System.Text.Json.Serialization;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Reproductions;

/// <summary>What a reproduction came to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome : byte
{
    /// <summary>The interval lies wholly beyond the margin.</summary>
    [JsonStringEnumMemberName("held")]
    Held,

    /// <summary>It does not.</summary>
    [JsonStringEnumMemberName("not-held")]
    NotHeld,

    /// <summary>Both arms are at most 2 % or both at least 98 %: the experiment cannot tell them apart.</summary>
    [JsonStringEnumMemberName("uninformative")]
    Uninformative,
}

/// <summary>The measure of both arms at one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Control">Without the mechanism.</param>
/// <param name="Mechanism">With it.</param>
/// <param name="ControlSeconds">Seconds that the control took.</param>
/// <param name="MechanismSeconds">Seconds that the mechanism's arm took.</param>
public sealed record SeedResult(ulong Seed, double Control, double Mechanism, double ControlSeconds, double MechanismSeconds);

/// <summary>The result of a reproduction, <c>reproductions/results/&lt;row&gt;.json</c>.</summary>
public sealed record ReproductionResult
{
    /// <summary>Row of the atlas.</summary>
    public int Row { get; init; }

    /// <summary>Name of the reproduction.</summary>
    public string Name { get; init; } = "";

    /// <summary>The claim as it was stated.</summary>
    public string Claim { get; init; } = "";

    /// <summary>What it came to; computed from the numbers below.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>Name of the measure.</summary>
    public string Measure { get; init; } = "";

    /// <summary>The stated direction: higher or lower.</summary>
    public string Direction { get; init; } = "";

    /// <summary>The stated margin.</summary>
    public double Margin { get; init; }

    /// <summary>Mean of mechanism − control.</summary>
    public double Difference { get; init; }

    /// <summary>Lower end of its 95 % interval (Student t, paired by seed).</summary>
    public double Low { get; init; }

    /// <summary>Upper end.</summary>
    public double High { get; init; }

    /// <summary>Names of the arms: control, mechanism.</summary>
    public IReadOnlyList<string> Arms { get; init; } = [];

    /// <summary>Every seed.</summary>
    public IReadOnlyList<SeedResult> Seeds { get; init; } = [];

    /// <summary>Hash of arms, measure, margin and seeds.</summary>
    public string RecipeHash { get; init; } = "";

    /// <summary>Hash of the source that ran.</summary>
    public string CodeHash { get; init; } = "";

    /// <summary>Commit of the checkout that ran; empty outside of one.</summary>
    public string Commit { get; init; } = "";

    /// <summary>Machine class.</summary>
    public string Machine { get; init; } = "";

    /// <summary>When, UTC.</summary>
    public DateTime Time { get; init; }

    /// <summary>Seconds for both arms and all seeds.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds that were allowed.</summary>
    public double BudgetSeconds { get; init; }

    /// <summary>The outcome of pairs of numbers against a claim.</summary>
    public static (Outcome Outcome, double Difference, double Low, double High) Judge(IReadOnlyList<SeedResult> seeds, MeasureUnit unit, Direction direction, double margin)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        var (mean, low, high) = StudentT.Interval([.. seeds.Select(s => s.Mechanism - s.Control)]);
        double control = seeds.Average(s => s.Control), mechanism = seeds.Average(s => s.Mechanism);
        bool flat = unit == MeasureUnit.Share && ((control <= 0.02 && mechanism <= 0.02) || (control >= 0.98 && mechanism >= 0.98));
        bool held = direction == Reproductions.Direction.Higher ? low > margin : high < -margin;
        return (flat ? Outcome.Uninformative : held ? Outcome.Held : Outcome.NotHeld, mean, low, high);
    }

    /// <summary>Reads a result file.</summary>
    /// <exception cref="IOException">It is not readable.</exception>
    public static ReproductionResult Read(string path) => ResultFile.Read<ReproductionResult>(path);

    /// <summary>Writes <c>folder/&lt;row&gt;.json</c> and returns its path.</summary>
    public string Write(string folder)
    {
        string path = Path.Combine(folder, $"{Row}.json");
        ResultFile.Write(path, this);
        return path;
    }
}
