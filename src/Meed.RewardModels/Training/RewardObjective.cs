using Meed.Numerics;
using Meed.RewardModels.Data;

namespace Meed.RewardModels.Training;

/// <summary>What a reward model is trained for: which units of the data it sees, their loss, and what its numbers mean.</summary>
public abstract class RewardObjective
{
    /// <summary>Its name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Numbers the network gives a sample.</summary>
    public virtual int Outputs => 1;

    /// <summary>Names of the numbers; empty for a single one.</summary>
    public virtual IReadOnlyList<string> Components => [];

    /// <summary>Parameters that learn beside the network.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>True when a difference of scores is a log-odds without further fitting.</summary>
    public virtual bool Calibrated => true;

    /// <summary>Units of a part that it can learn from.</summary>
    public abstract int[] Units(TrainingData data, SplitPart part);

    /// <summary>Rows of the store that some units need, in the order of <see cref="Loss"/>.</summary>
    public abstract int[] Rows(TrainingData data, ReadOnlySpan<int> units);

    /// <summary>Loss of some units.</summary>
    /// <param name="scores">Numbers of their rows, [N, outputs].</param>
    /// <param name="data">The data.</param>
    /// <param name="units">The units.</param>
    /// <returns>[units].</returns>
    public abstract Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units);

    /// <summary>The reward of a sample from its numbers.</summary>
    public virtual double Score(ReadOnlySpan<float> outputs) => outputs[0];

    /// <summary>Log-odds that the first is better, from the numbers of both.</summary>
    public virtual double LogOdds(ReadOnlySpan<float> first, ReadOnlySpan<float> second) => Score(first) - Score(second);
}

/// <summary>An objective on comparisons.</summary>
public abstract class ComparisonObjective : RewardObjective
{
    /// <summary>True when ties are units too.</summary>
    protected virtual bool TakesTies => false;

    /// <inheritdoc/>
    public override int[] Units(TrainingData data, SplitPart part)
    {
        ArgumentNullException.ThrowIfNull(data);
        return [.. data.Of(part).Where(i => TakesTies || data.Comparisons[i].Probability != 0.5f)];
    }

    /// <inheritdoc/>
    public override int[] Rows(TrainingData data, ReadOnlySpan<int> units)
    {
        ArgumentNullException.ThrowIfNull(data);
        var rows = new int[2 * units.Length];
        for (int i = 0; i < units.Length; i++)
        {
            rows[i] = data.Comparisons[units[i]].First;
            rows[units.Length + i] = data.Comparisons[units[i]].Second;
        }

        return rows;
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units)
    {
        Shapes.Require(scores, [2 * units.Length, Outputs]);
        ArgumentNullException.ThrowIfNull(data);
        var comparisons = new Comparison[units.Length];
        for (int i = 0; i < units.Length; i++)
        {
            comparisons[i] = data.Comparisons[units[i]];
        }

        return Loss(scores.Slice(0, 0, units.Length), scores.Slice(0, units.Length, units.Length), comparisons, data);
    }

    /// <summary>Loss from the numbers of both sides.</summary>
    /// <param name="first">[B, outputs].</param>
    /// <param name="second">[B, outputs].</param>
    /// <param name="comparisons">[B].</param>
    /// <param name="data">The data.</param>
    protected abstract Tensor Loss(Tensor first, Tensor second, Comparison[] comparisons, TrainingData data);

    /// <summary>The probabilities as a tensor, [B].</summary>
    protected static Tensor Probabilities(Comparison[] comparisons) => Tensor.From(Array.ConvertAll(comparisons, c => c.Probability));

    /// <summary>1, −1 or 0 for a first that won, a second that won, a tie.</summary>
    protected static int[] OutcomesOf(Comparison[] comparisons) => Array.ConvertAll(comparisons, c => c.Probability > 0.5f ? 1 : c.Probability < 0.5f ? -1 : 0);
}

/// <summary>An objective on single responses.</summary>
public abstract class ResponseObjective : RewardObjective
{
    /// <inheritdoc/>
    public override bool Calibrated => false;

    /// <summary>True when a response can be learned from.</summary>
    protected abstract bool Takes(TrainingData data, int row);

    /// <inheritdoc/>
    public override int[] Units(TrainingData data, SplitPart part)
    {
        ArgumentNullException.ThrowIfNull(data);
        return [.. Enumerable.Range(0, data.Responses.Count).Where(i => data.Responses[i].Part == part && Takes(data, i))];
    }

    /// <inheritdoc/>
    public override int[] Rows(TrainingData data, ReadOnlySpan<int> units) => units.ToArray();
}
