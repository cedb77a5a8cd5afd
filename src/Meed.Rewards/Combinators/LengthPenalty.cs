using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>length-penalty</c>.</summary>
public sealed record LengthPenaltyOptions
{
    /// <summary>The reward that the penalty is added to.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>Length from which the whole penalty is paid.</summary>
    public int Max { get; init; } = 4096;

    /// <summary>Length before <see cref="Max"/> over which the penalty grows.</summary>
    public int Soft { get; init; } = 1024;

    /// <summary>The whole penalty, taken off.</summary>
    public double Penalty { get; init; } = 1;

    /// <summary>What lengths count.</summary>
    public LengthUnit Unit { get; init; } = LengthUnit.Tokens;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Max < 1)
        {
            yield return $"Max is {Max}; write 1 or more.";
        }

        if (Soft < 0 || Soft > Max)
        {
            yield return $"Soft is {Soft}; write 0 to max, which is {Max}.";
        }

        if (!(Penalty >= 0))
        {
            yield return $"Penalty is {Penalty}; write 0 or more, it is taken off.";
        }
    }
}

/// <summary>The child's value less a penalty that grows over the last stretch before a length limit; see <see cref="ScoreMath.LengthPenalty"/>.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class LengthPenalty<TSample>(IReward<TSample> child, SampleTraits<TSample> traits, LengthPenaltyOptions options)
    : Combinator<TSample>("length-penalty", [(".of", child)], child.Schema.Minimum - options.Penalty, child.Schema.Maximum)
{
    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        for (int row = 0; row < result.Count; row++)
        {
            result.Status[row] = children[0].Status[row];
            cause[row] = result.Status[row] == ScoreStatus.Ok ? -1 : 0;
            if (cause[row] >= 0)
            {
                continue;
            }

            if (traits.LengthOf(samples[row], options.Unit) is { } length)
            {
                result.Values[row] = children[0].Values[row] + ScoreMath.LengthPenalty(length, options.Max, options.Soft, options.Penalty);
            }
            else
            {
                result.Status[row] = ScoreStatus.VerifierError;
                result.Reasons[row] = "tokens were not counted; use unit: characters";
            }
        }
    }
}
