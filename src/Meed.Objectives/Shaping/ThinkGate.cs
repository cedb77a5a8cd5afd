namespace Meed.Objectives.Shaping;

/// <summary>Reward of a group in which answers may think or not: thought pays where it helps, and costs where it does not.</summary>
/// <remarks>
/// rᵢ = cᵢ + λ·tᵢ·(c̄₁ − c̄₀ − κ), c the correctness, t 1 where the answer thought, c̄₁ and c̄₀ the mean correctness of the group's thinking and other answers, κ the price of thought; without both kinds in the group rᵢ = cᵢ − λ·κ·tᵢ.
/// <para>After the auto-think training of SpatialTree (atlas row 146), which lets perception items skip reasoning; the formula is settled here.</para>
/// </remarks>
public static class ThinkGate
{
    /// <summary>Rewards of one group.</summary>
    /// <param name="correct">Correctness of each answer, 0 to 1, [G].</param>
    /// <param name="thought">Whether it thought, [G].</param>
    /// <param name="weight">λ.</param>
    /// <param name="price">κ, in units of correctness.</param>
    /// <returns>[G].</returns>
    public static double[] Rewards(ReadOnlySpan<double> correct, ReadOnlySpan<bool> thought, double weight = 1, double price = 0.05)
    {
        if (correct.Length != thought.Length)
        {
            throw new ArgumentException($"ThinkGate.Rewards: {correct.Length} answers and {thought.Length} marks of thought; each answer has one.");
        }

        double with = 0, without = 0;
        int thinking = 0;
        for (int i = 0; i < correct.Length; i++)
        {
            thinking += thought[i] ? 1 : 0;
            with += thought[i] ? correct[i] : 0;
            without += thought[i] ? 0 : correct[i];
        }

        double help = thinking > 0 && thinking < correct.Length ? (with / thinking) - (without / (correct.Length - thinking)) : 0;
        var rewards = new double[correct.Length];
        for (int i = 0; i < correct.Length; i++)
        {
            rewards[i] = correct[i] + (thought[i] ? weight * (help - price) : 0);
        }

        return rewards;
    }
}
