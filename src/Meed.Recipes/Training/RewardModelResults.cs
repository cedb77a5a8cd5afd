using Meed.Evaluation.Statistics;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Training;

/// <summary>A null ruler beside the model: how often it picks the preferred response.</summary>
/// <param name="Name">What it picks.</param>
/// <param name="Accuracy">Share of comparisons on its side; equal sides count half.</param>
/// <param name="Difference">Accuracy of the model minus that of the ruler, over the same comparisons, bootstrapped over prompts.</param>
public sealed record RulerResult(string Name, double Accuracy, Interval Difference);

/// <summary>What a reward model reached on the test part of one source.</summary>
public sealed record SourceResult
{
    /// <summary>The source; <c>all</c> for the pool.</summary>
    public string Source { get; init; } = "";

    /// <summary>Decided test comparisons.</summary>
    public int Comparisons { get; init; }

    /// <summary>Different prompts among them.</summary>
    public int Prompts { get; init; }

    /// <summary>Share on the right side.</summary>
    public Interval Accuracy { get; init; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>Mean log loss in nats; log 2 = 0.693 knows nothing.</summary>
    public Interval LogLoss { get; init; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>Expected calibration error over ten groups of equal width.</summary>
    public double CalibrationError { get; init; }

    /// <summary>Stated probability, observed share and size of each group.</summary>
    public IReadOnlyList<double[]> Calibration { get; init; } = [];

    /// <summary>The rulers.</summary>
    public IReadOnlyList<RulerResult> Rulers { get; init; } = [];

    /// <summary>Accuracy minus that of length where every prompt weighs the same, however many comparisons it has; the difference among <see cref="Rulers"/> weighs every comparison the same.</summary>
    public Interval LengthByPrompts { get; init; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>McNemar against length on one comparison a prompt, which tests <see cref="LengthByPrompts"/>: only the model right, only length right.</summary>
    public int OnlyModel { get; init; }

    /// <inheritdoc cref="OnlyModel"/>
    public int OnlyLength { get; init; }

    /// <summary>Its exact p-value.</summary>
    public double PValue { get; init; }

    /// <summary>The p-value adjusted after Holm over all sources and the pool.</summary>
    public double HolmPValue { get; init; }

    /// <summary>The difference to length that this many prompts would show in 80 % of such studies.</summary>
    public double Detectable { get; init; }
}

/// <summary>What one of several models reached on the same test comparisons.</summary>
public sealed record VariantResult
{
    /// <summary>Its name in the recipe.</summary>
    public string Name { get; init; } = "";

    /// <summary>What encodes the text, in a few words.</summary>
    public string Encoder { get; init; } = "";

    /// <summary>What it learned for.</summary>
    public string Objective { get; init; } = "";

    /// <summary>Seconds of training and measuring; those of its members for an ensemble.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of next-token training before it, which variants of the same transformer share.</summary>
    public double PretrainSeconds { get; init; }

    /// <summary>Numbers that the weights hold, of n-grams one a bucket; 0 for an ensemble.</summary>
    public long Parameters { get; init; }

    /// <summary>Epochs that the validation part chose, the longest where every source has a model.</summary>
    public int Epoch { get; init; }

    /// <summary>Log loss on the validation part, before it was trained on. The lowest one chooses.</summary>
    public double ValidationLogLoss { get; init; }

    /// <summary>Accuracy there.</summary>
    public double ValidationAccuracy { get; init; }

    /// <summary>The member that each source got, where an ensemble takes the best for each; empty otherwise.</summary>
    public IReadOnlyDictionary<string, string> Members { get; init; } = new Dictionary<string, string>();

    /// <summary>True for the variant that the validation part chose.</summary>
    public bool Chosen { get; init; }

    /// <summary>The pool first, then each source; of the rulers only length and unigrams, no reliability diagram.</summary>
    public IReadOnlyList<SourceResult> Sources { get; init; } = [];
}

/// <summary><c>results.json</c> of a reward-model run.</summary>
public sealed record RewardModelResults
{
    /// <summary>File name in the run folder.</summary>
    public const string FileName = "results.json";

    /// <summary>Name of the recipe.</summary>
    public string Name { get; init; } = "";

    /// <summary>Seed of the run.</summary>
    public ulong Seed { get; init; }

    /// <summary>Hash of the recipe without its seed.</summary>
    public string RecipeHash { get; init; } = "";

    /// <summary>Version and commit.</summary>
    public string Version { get; init; } = "";

    /// <summary>The machine.</summary>
    public string Machine { get; init; } = "";

    /// <summary>Day of the run, UTC.</summary>
    public string Date { get; init; } = "";

    /// <summary>Seconds of work.</summary>
    public double Seconds { get; init; }

    /// <summary>Encoder and objective in a few words.</summary>
    public string Model { get; init; } = "";

    /// <summary>Training, validation and test comparisons.</summary>
    public IReadOnlyList<int> Parts { get; init; } = [];

    /// <summary>Rows without text and comparisons of a text with itself.</summary>
    public int Skipped { get; init; }

    /// <summary>The epoch whose weights were kept.</summary>
    public int Epoch { get; init; }

    /// <summary>What the best of several candidates by the model is really worth, in a generated world; empty elsewhere.</summary>
    public IReadOnlyDictionary<string, double> BestOf { get; init; } = new Dictionary<string, double>();

    /// <summary>The pool first, then each source.</summary>
    public IReadOnlyList<SourceResult> Sources { get; init; } = [];

    /// <summary>Every variant, in the order of the recipe; empty where the recipe trains one model. <see cref="Sources"/> is then what the chosen one reached.</summary>
    public IReadOnlyList<VariantResult> Variants { get; init; } = [];

    /// <summary>The numbers that a reproduction may compare, of the pool: accuracy, log loss, calibration error, accuracy minus that of length, and those of the best of several candidates.</summary>
    public IReadOnlyDictionary<string, double> Measures()
    {
        var measures = new Dictionary<string, double>(BestOf);
        if (Sources.Count > 0)
        {
            measures["accuracy"] = Sources[0].Accuracy.Value;
            measures["log_loss"] = Sources[0].LogLoss.Value;
            measures["calibration_error"] = Sources[0].CalibrationError;
            measures["accuracy_above_length"] = Sources[0].Rulers[0].Difference.Value;
        }

        return measures;
    }

    /// <summary>Reads a file of results.</summary>
    public static RewardModelResults Read(string path) => ResultFile.Read<RewardModelResults>(path);

    /// <summary>Writes the file whole or not at all.</summary>
    public void Write(string path) => ResultFile.Write(path, this, narrow: true);
}
