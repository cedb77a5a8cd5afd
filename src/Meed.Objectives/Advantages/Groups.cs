namespace Meed.Objectives.Advantages;

/// <summary>The checks and sums that group-relative advantages share.</summary>
internal static class Groups
{
    public static void Check(string caller, ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid, ReadOnlySpan<int> offsets)
    {
        if (rewards.Length != valid.Length)
        {
            throw new ArgumentException($"{caller}: {rewards.Length} rewards and {valid.Length} valid flags; both are [B].");
        }

        if (offsets.Length < 1 || offsets[0] != 0 || offsets[^1] != rewards.Length)
        {
            throw new ArgumentException($"{caller}: group offsets run from 0 to {rewards.Length}, the number of rows; they are {string.Join(", ", offsets.ToArray().Take(8))}.");
        }

        for (int i = 0; i < rewards.Length; i++)
        {
            if (valid[i] && !double.IsFinite(rewards[i]))
            {
                throw new ArgumentException($"{caller}: the reward of row {i} is {rewards[i]}. Mark failed rows as not valid.");
            }
        }

        for (int g = 1; g < offsets.Length; g++)
        {
            if (offsets[g] < offsets[g - 1])
            {
                throw new ArgumentException($"{caller}: group offsets fall from {offsets[g - 1]} to {offsets[g]} at index {g}; they must not fall.");
            }
        }
    }

    /// <summary>Number and mean of a group's valid rewards.</summary>
    public static (int Count, double Mean) Mean(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid)
    {
        int count = 0;
        double sum = 0;
        for (int i = 0; i < rewards.Length; i++)
        {
            if (valid[i])
            {
                count++;
                sum += rewards[i];
            }
        }

        return (count, count == 0 ? 0 : sum / count);
    }
}
