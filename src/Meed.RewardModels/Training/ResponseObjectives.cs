using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Data;

namespace Meed.RewardModels.Training;

/// <summary>A score as the log-odds of a true label.</summary>
public sealed class BinaryObjective : ResponseObjective
{
    /// <inheritdoc/>
    public override string Name => "binary";

    /// <inheritdoc/>
    public override Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return BinaryReward.Loss(scores.Select(1, 0), Tensor.From(Array.ConvertAll(units.ToArray(), u => data.Responses[u].Label)));
    }

    /// <inheritdoc/>
    protected override bool Takes(TrainingData data, int row) => !float.IsNaN(data.Responses[row].Label);
}

/// <summary>Options of ordinal grades.</summary>
public sealed record OrdinalOptions
{
    /// <summary>Grades; ratings are whole numbers from <see cref="Lowest"/> to Lowest + Grades − 1.</summary>
    public int Grades { get; init; } = 5;

    /// <summary>The lowest rating.</summary>
    public int Lowest { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Grades is < 2 or > 100)
        {
            yield return $"Grades is {Grades}; it is 2 to 100.";
        }
    }
}

/// <summary>Ratings as grades in order.</summary>
public sealed class OrdinalObjective(OrdinalOptions options) : ResponseObjective
{
    private readonly Parameter _thresholds = new("objective.thresholds", Tensor.From([.. Enumerable.Range(0, options.Grades - 1).Select(i => i == 0 ? -(options.Grades - 2) / 2f : 0.5413f)]));

    /// <inheritdoc/>
    public override string Name => "ordinal";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_thresholds];

    /// <inheritdoc/>
    public override Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return OrdinalReward.Loss(scores.Select(1, 0), Array.ConvertAll(units.ToArray(), u => Grade(data.Responses[u].Rating)), _thresholds.Value);
    }

    /// <inheritdoc/>
    protected override bool Takes(TrainingData data, int row) => data.Responses[row].Rating is var r && !float.IsNaN(r) && (Grade(r) is var g && g >= 0 && g < options.Grades
        ? true
        : throw new PreferenceException($"A rating is {r}; {options.Grades} grades from {options.Lowest} on were announced (objective.ordinal)."));

    private int Grade(float rating) => (int)MathF.Round(rating) - options.Lowest;
}

/// <summary>Options of quantile regression.</summary>
public sealed record QuantileOptions
{
    /// <summary>Levels inside 0..1, rising; the reward is the middle one.</summary>
    public IReadOnlyList<float> Levels { get; init; } = [0.1f, 0.25f, 0.5f, 0.75f, 0.9f];

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Levels.Count == 0 || Levels.Any(l => l is not (> 0 and < 1)))
        {
            yield return $"Levels is [{string.Join(", ", Levels)}]; it needs one or more numbers inside 0..1.";
        }
    }
}

/// <summary>Quantiles of the rating.</summary>
public sealed class QuantileObjective(QuantileOptions options) : ResponseObjective
{
    /// <inheritdoc/>
    public override string Name => "quantile";

    /// <inheritdoc/>
    public override int Outputs => options.Levels.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Components => [.. options.Levels.Select(l => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"q{l:0.###}"))];

    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> outputs) => outputs[outputs.Length / 2];

    /// <inheritdoc/>
    public override Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units) =>
        QuantileReward.Loss(scores, Tensor.From(Array.ConvertAll(units.ToArray(), u => data.Responses[u].Rating)), [.. options.Levels]);

    /// <inheritdoc/>
    protected override bool Takes(TrainingData data, int row) => !float.IsNaN(data.Responses[row].Rating);
}

/// <summary>Options of regression on several criteria.</summary>
public sealed record AttributesOptions
{
    /// <summary>The criteria, in order.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Weight of each criterion in the reward; all 1 when empty.</summary>
    public IReadOnlyList<float> Weights { get; init; } = [];

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Names.Count == 0)
        {
            yield return "Names is empty; name the criteria, such as [helpfulness, correctness].";
        }

        if (Weights.Count > 0 && Weights.Count != Names.Count)
        {
            yield return $"Weights has {Weights.Count} numbers for {Names.Count} criteria.";
        }
    }
}

/// <summary>Regression on several criteria; the reward is their weighted sum.</summary>
public sealed class AttributesObjective(AttributesOptions options) : ResponseObjective
{
    /// <inheritdoc/>
    public override string Name => "attributes";

    /// <inheritdoc/>
    public override int Outputs => options.Names.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Components => options.Names;

    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> outputs)
    {
        double sum = 0;
        for (int k = 0; k < outputs.Length; k++)
        {
            sum += outputs[k] * (options.Weights.Count > 0 ? options.Weights[k] : 1.0);
        }

        return sum;
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(data);
        int width = options.Names.Count;
        var ratings = new float[units.Length * width];
        for (int k = 0; k < width; k++)
        {
            var column = data.Attribute(options.Names[k]);
            for (int i = 0; i < units.Length; i++)
            {
                ratings[(i * width) + k] = column[units[i]];
            }
        }

        return AttributeRegression.Loss(scores, Tensor.From(ratings, units.Length, width), Array.ConvertAll(ratings, r => !float.IsNaN(r)));
    }

    /// <inheritdoc/>
    protected override bool Takes(TrainingData data, int row)
    {
        ArgumentNullException.ThrowIfNull(data);
        return options.Names.Any(n => !float.IsNaN(data.Attribute(n)[row]));
    }
}

/// <summary>Options of the ranking likelihood.</summary>
public sealed record PlackettLuceOptions
{
    /// <summary>Draws that count; 0 for all.</summary>
    public int Top { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Top < 0)
        {
            yield return $"Top is {Top}; it is 0 or more.";
        }
    }
}

/// <summary>The likelihood of rankings; two responses make the shortest.</summary>
public sealed class PlackettLuceObjective(PlackettLuceOptions options) : RewardObjective
{
    /// <inheritdoc/>
    public override string Name => "plackett-luce";

    /// <inheritdoc/>
    public override int[] Units(TrainingData data, SplitPart part)
    {
        ArgumentNullException.ThrowIfNull(data);
        return [.. Enumerable.Range(0, data.Rankings.Count).Where(i => data.RankingParts[i] == part)];
    }

    /// <inheritdoc/>
    public override int[] Rows(TrainingData data, ReadOnlySpan<int> units)
    {
        ArgumentNullException.ThrowIfNull(data);
        return [.. units.ToArray().SelectMany(u => data.Rankings[u])];
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units)
    {
        ArgumentNullException.ThrowIfNull(scores);
        int[] lengths = Array.ConvertAll(units.ToArray(), u => data.Rankings[u].Length);
        int width = lengths.Max(), at = 0;
        var places = new int[lengths.Length * width];
        for (int b = 0; b < lengths.Length; b++)
        {
            for (int g = 0; g < width; g++)
            {
                places[(b * width) + g] = at + Math.Min(g, lengths[b] - 1);
            }

            at += lengths[b];
        }

        var rows = scores.Select(1, 0).Take(0, places).Reshape(lengths.Length, width);
        return PlackettLuce.Loss(rows, lengths, options.Top == 0 ? null : options.Top);
    }
}
