using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Data;

namespace Meed.RewardModels.Training;

/// <summary>Options of <see cref="TiedLabelsObjective"/>.</summary>
public sealed record TiedLabelsOptions
{
    /// <summary>What pairs of equal labels teach: nothing, or equal scores.</summary>
    public TieRule Ties { get; init; } = TieRule.Soft;

    /// <summary>m of the tie term; above 0 its walls are steeper.</summary>
    public float Margin { get; init; }
}

/// <summary>Labelled responses paired with those of other prompts: passes above fails, equal labels together (<see cref="TiedRanking"/>).</summary>
/// <remarks>SoliReward (atlas row 182). Each labelled response meets one other, drawn once by its place.</remarks>
public sealed class TiedLabelsObjective(TiedLabelsOptions options) : RewardObjective
{
    private readonly Dictionary<int, int> _partner = [];

    /// <inheritdoc/>
    public override string Name => "tied-labels";

    /// <inheritdoc/>
    public override bool Calibrated => false;

    /// <inheritdoc/>
    public override int[] Units(TrainingData data, SplitPart part)
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] own = [.. Enumerable.Range(0, data.Responses.Count).Where(i => data.Responses[i].Part == part && !float.IsNaN(data.Responses[i].Label))];
        int[] shuffled = new RandomStream(0x501).Split("partners", own.Length).Permutation(own.Length);
        for (int i = 0; i < own.Length; i++)
        {
            _partner[own[shuffled[i]]] = own[shuffled[(i + 1) % own.Length]];
        }

        return own;
    }

    /// <inheritdoc/>
    public override int[] Rows(TrainingData data, ReadOnlySpan<int> units) => [.. units, .. Array.ConvertAll(units.ToArray(), u => _partner[u])];

    /// <inheritdoc/>
    public override Tensor Loss(Tensor scores, TrainingData data, ReadOnlySpan<int> units)
    {
        Shapes.Require(scores, [2 * units.Length, 1]);
        ArgumentNullException.ThrowIfNull(data);
        int n = units.Length;
        var equal = new bool[n];
        var sign = new float[n];
        for (int i = 0; i < n; i++)
        {
            float own = data.Responses[units[i]].Label, other = data.Responses[_partner[units[i]]].Label;
            equal[i] = own == other;
            sign[i] = own >= other ? 1 : -1;
        }

        // The better one first: d · sign stands for s(better) − s(worse).
        var d = (scores.Slice(0, 0, n) - scores.Slice(0, n, n)).Reshape(n) * Tensor.From(sign);
        var loss = TiedRanking.Loss(d, Tensor.Zeros(n), equal, options.Margin);
        return options.Ties == TieRule.Soft ? loss : loss.Where(Array.ConvertAll(equal, e => !e), 0f);
    }
}
