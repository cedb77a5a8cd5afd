using System.Text.Json;
using System.Text.Json.Serialization;
using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Bench;

/// <summary>Everything a bench found. Figures are shares of one unless they say otherwise.</summary>
public sealed record BenchReport
{
    /// <summary>The suite.</summary>
    public required string Suite { get; init; }

    /// <summary>What it measures.</summary>
    public required string Summary { get; init; }

    /// <summary>Name of the overall figure.</summary>
    public required string Headline { get; init; }

    /// <summary>Files with their layouts.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Start of the hash over the files.</summary>
    public required string Hash { get; init; }

    /// <summary>Items that were judged.</summary>
    public required int Items { get; init; }

    /// <summary>Comparisons in them.</summary>
    public required int Comparisons { get; init; }

    /// <summary>Different prompts.</summary>
    public required int Prompts { get; init; }

    /// <summary>Comparisons without a decision, left out.</summary>
    public required int Ties { get; init; }

    /// <summary>Rows that could not be read, left out.</summary>
    public required int Bad { get; init; }

    /// <summary>True when the layout was written from its documentation alone.</summary>
    public required bool ByDocumentation { get; init; }

    /// <summary>Every scorer with its figures: rewards first, rulers after them.</summary>
    public required IReadOnlyList<ScorerResult> Scorers { get; init; }

    /// <summary>The first reward against every other scorer, Holm-corrected.</summary>
    public required IReadOnlyList<PairedResult> Paired { get; init; }

    /// <summary>Edits that keep the meaning and what they cost the first reward.</summary>
    public IReadOnlyList<TransformationResult> Transformations { get; init; } = [];

    /// <summary>Comparisons the transformations were measured on.</summary>
    public int TransformationPairs { get; init; }

    /// <summary>Whether the first reward reads the prompt.</summary>
    public ContrastResult? Contrast { get; init; }

    /// <summary>What linear probes read from the first reward's frozen features; empty where it has none.</summary>
    public IReadOnlyList<Probes.ProbeResult> Probes { get; init; } = [];

    /// <summary>Subsets in the order of the tables.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Subsets => [.. Scorers.SelectMany(s => s.Subsets.Select(x => x.Name)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What the first reward is worth beside the rulers, in one or two sentences; empty where no reward was tested.</summary>
    [JsonIgnore]
    public string Verdict
    {
        get
        {
            var rulers = Paired.Where(p => Scorers.Any(s => s.IsRuler && s.Name == p.Second)).ToList();
            if (rulers.Count == 0)
            {
                return "";
            }

            string Names(string verdict) => string.Join(", ", rulers.Where(p => p.Verdict == verdict).Select(p => p.Second));
            var words = new List<string>();
            if (Names("better") is { Length: > 0 } better)
            {
                words.Add($"better than {better}");
            }

            if (Names("worse") is { Length: > 0 } worse)
            {
                words.Add($"worse than {worse}");
            }

            if (Names("not decided") is { Length: > 0 } open)
            {
                words.Add($"not decided against {open}");
            }

            return $"{Paired[0].First} is {string.Join("; ", words)}.";
        }
    }

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BenchJson.Options) + "\n";
}

/// <summary>The figures of one scorer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsRuler">True for a null ruler.</param>
/// <param name="Overall">The overall figure with its 95 % interval.</param>
/// <param name="Groups">Sections and other figures of the suite.</param>
/// <param name="Subsets">Mean, interval and number of outcomes of each subset.</param>
/// <param name="Failed">Responses without a score.</param>
/// <param name="TiedPairs">Comparisons whose scores are equal.</param>
/// <param name="Sensitivity">What its choices go with.</param>
/// <param name="Calibration">How well its margins, scaled, state probabilities; null for rulers.</param>
public sealed record ScorerResult(string Name, bool IsRuler, Interval Overall, IReadOnlyList<GroupFigure> Groups, IReadOnlyList<SubsetFigure> Subsets, int Failed, int TiedPairs, Sensitivity? Sensitivity, CalibrationResult? Calibration);

/// <summary>A figure of the suite.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record GroupFigure(string Name, double Value);

/// <summary>A subset's figure.</summary>
/// <param name="Name">The subset.</param>
/// <param name="Count">Outcomes in it.</param>
/// <param name="Accuracy">Mean value with its 95 % interval.</param>
public sealed record SubsetFigure(string Name, int Count, Interval Accuracy);

/// <summary>Two scorers on the same items.</summary>
/// <param name="First">The one that is tested.</param>
/// <param name="Second">The one it is compared with.</param>
/// <param name="OnlyFirst">Comparisons only the first got right.</param>
/// <param name="OnlySecond">Comparisons only the second got right.</param>
/// <param name="Difference">Difference of the means with its clustered 95 % interval.</param>
/// <param name="P">Exact McNemar.</param>
/// <param name="HolmP">The same, corrected for all comparisons of the table.</param>
/// <param name="Detectable">Difference that this many prompts find four times in five at 5 %; NaN where none would do.</param>
public sealed record PairedResult(string First, string Second, long OnlyFirst, long OnlySecond, Interval Difference, double P, double HolmP, double Detectable)
{
    /// <summary>What the data says, in words.</summary>
    [JsonIgnore]
    public string Verdict => HolmP < 0.05 && Difference.Excludes(0) ? Difference.Value > 0 ? "better" : "worse" : "not decided";
}

/// <summary>How a scorer's margins behave as probabilities: σ(k · margin), k fitted on the other half of the prompts.</summary>
/// <param name="Error">Expected calibration error over ten bins of confidence from ½ to 1.</param>
/// <param name="Brier">Mean squared error; ¼ for knowing nothing.</param>
/// <param name="LogLoss">In nats; 0.693 for knowing nothing.</param>
/// <param name="Scale">Mean of both factors k.</param>
/// <param name="Bins">The reliability diagram.</param>
public sealed record CalibrationResult(Interval Error, Interval Brier, Interval LogLoss, double Scale, IReadOnlyList<ReliabilityBin> Bins);
