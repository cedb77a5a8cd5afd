using Meed.Numerics;
using Meed.RewardModels.Data;

namespace Meed.RewardModels.Training;

/// <summary>An objective on the units of one source, for a model that learns from it alone.</summary>
/// <param name="inner">An objective on comparisons or on single responses.</param>
/// <param name="source">Index of the source.</param>
public sealed class SourceObjective(RewardObjective inner, int source) : RewardObjective
{
    /// <inheritdoc/>
    public override string Name => inner.Name;

    /// <inheritdoc/>
    public override int Outputs => inner.Outputs;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Components => inner.Components;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => inner.Parameters;

    /// <inheritdoc/>
    public override bool Calibrated => inner.Calibrated;

    /// <summary>True when units of an objective belong to sources.</summary>
    public static bool Takes(RewardObjective objective) => objective is ComparisonObjective or ResponseObjective;

    /// <inheritdoc/>
    public override int[] Units(TrainingData data, SplitPart part)
    {
        ArgumentNullException.ThrowIfNull(data);
        return inner switch
        {
            ComparisonObjective => [.. inner.Units(data, part).Where(u => data.Comparisons[u].Source == source)],
            ResponseObjective => [.. inner.Units(data, part).Where(u => data.Responses[u].Source == source)],
            _ => throw new PreferenceException($"The objective {inner.Name} learns from more than one source at a time; a model a source needs comparisons or single responses."),
        };
    }

    /// <inheritdoc/>
    public override int[] Rows(TrainingData data, ReadOnlySpan<int> units) => inner.Rows(data, units);

    /// <inheritdoc/>
    public override Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units) => inner.Loss(scores, data, units);

    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> outputs) => inner.Score(outputs);

    /// <inheritdoc/>
    public override double LogOdds(ReadOnlySpan<float> first, ReadOnlySpan<float> second) => inner.LogOdds(first, second);
}
