namespace Meed.Objectives.Advantages;

/// <summary>How a trainer turns the rewards of a group into advantages.</summary>
public enum AdvantageKind : byte
{
    /// <summary><see cref="StandardisedAdvantage"/>.</summary>
    Standardised,

    /// <summary><see cref="MeanAdvantage"/>.</summary>
    Mean,

    /// <summary><see cref="LeaveOneOutAdvantage"/>.</summary>
    LeaveOneOut,

    /// <summary><see cref="AsymmetricAdvantage"/>.</summary>
    Asymmetric,
}

/// <summary>Calls the advantage that an option names.</summary>
public static class GroupAdvantage
{
    /// <summary>Advantage of each row, [B]; 0 where not valid.</summary>
    /// <param name="rewards">[B], finite where valid.</param>
    /// <param name="valid">[B].</param>
    /// <param name="groupOffsets">[P + 1].</param>
    /// <param name="kind">The formula.</param>
    /// <param name="alpha">For <see cref="AdvantageKind.Asymmetric"/> alone.</param>
    public static float[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid, ReadOnlySpan<int> groupOffsets, AdvantageKind kind, double alpha = 0.5) => kind switch
    {
        AdvantageKind.Standardised => StandardisedAdvantage.Compute(rewards, valid, groupOffsets),
        AdvantageKind.Mean => MeanAdvantage.Compute(rewards, valid, groupOffsets),
        AdvantageKind.LeaveOneOut => LeaveOneOutAdvantage.Compute(rewards, valid, groupOffsets),
        AdvantageKind.Asymmetric => AsymmetricAdvantage.Compute(rewards, valid, groupOffsets, alpha),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Known kinds: Standardised, Mean, LeaveOneOut, Asymmetric."),
    };

    /// <summary>Share of the groups whose valid rewards are all equal (or fewer than two): they teach nothing.</summary>
    public static double ShareWithoutSignal(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid, ReadOnlySpan<int> groupOffsets)
    {
        Groups.Check(nameof(GroupAdvantage), rewards, valid, groupOffsets);
        int flat = 0;
        for (int g = 0; g + 1 < groupOffsets.Length; g++)
        {
            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            for (int i = groupOffsets[g]; i < groupOffsets[g + 1]; i++)
            {
                if (valid[i])
                {
                    least = Math.Min(least, rewards[i]);
                    most = Math.Max(most, rewards[i]);
                }
            }

            flat += least < most ? 0 : 1;
        }

        return groupOffsets.Length < 2 ? 0 : (double)flat / (groupOffsets.Length - 1);
    }
}
