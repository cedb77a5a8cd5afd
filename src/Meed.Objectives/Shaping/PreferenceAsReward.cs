namespace Meed.Objectives.Shaping;

/// <summary>PAR: a raw score becomes the probability of beating reference answers to the same prompt.</summary>
/// <remarks>
/// r' = (1 / M)·Σ_m σ(r(x, y) − r(x, y_m)), y_1..y_M written by the reference policy
/// <para>"Reward Shaping to Mitigate Reward Hacking in RLHF" (atlas row 44). Bounded by 0 and 1, steepest where the answer equals its references, flat far above them.</para>
/// <para>Scores are in the reward's own units; σ expects the scale of a Bradley-Terry model, where a difference is a log-odds.</para>
/// </remarks>
public static class PreferenceAsReward
{
    /// <summary>Shaped reward of each row.</summary>
    /// <param name="rewards">[B] raw scores, finite where valid.</param>
    /// <param name="valid">[B] rows without a number are left out and get 0.</param>
    /// <param name="references">[P·M] raw scores of the reference answers, those of a prompt next to each other.</param>
    /// <param name="referenceValid">[P·M] a failed reference is left out of its prompt's mean; a prompt without any fails its rows.</param>
    /// <param name="groupOffsets">[P + 1] first row of each prompt, then B.</param>
    /// <returns>Shaped rewards and which rows still have one, each [B].</returns>
    public static (double[] Rewards, bool[] Valid) Compute(
        ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid, ReadOnlySpan<double> references, ReadOnlySpan<bool> referenceValid, ReadOnlySpan<int> groupOffsets)
    {
        Advantages.Groups.Check(nameof(PreferenceAsReward), rewards, valid, groupOffsets);
        int prompts = groupOffsets.Length - 1;
        if (references.Length != referenceValid.Length || prompts == 0 || references.Length % prompts != 0 || references.Length == 0)
        {
            throw new ArgumentException($"PreferenceAsReward: {references.Length} reference scores and {referenceValid.Length} flags for {prompts} prompts; both are [P·M] with M at least 1.", nameof(references));
        }

        int perPrompt = references.Length / prompts;
        var shaped = new double[rewards.Length];
        var shapedValid = new bool[rewards.Length];
        for (int p = 0; p < prompts; p++)
        {
            var own = references.Slice(p * perPrompt, perPrompt);
            var ownValid = referenceValid.Slice(p * perPrompt, perPrompt);
            int count = ownValid.Count(true);
            for (int i = groupOffsets[p]; i < groupOffsets[p + 1]; i++)
            {
                if (!valid[i] || count == 0)
                {
                    continue;
                }

                double sum = 0;
                for (int m = 0; m < perPrompt; m++)
                {
                    sum += ownValid[m] ? Sigmoid(rewards[i] - own[m]) : 0;
                }

                shaped[i] = sum / count;
                shapedValid[i] = true;
            }
        }

        return (shaped, shapedValid);
    }

    private static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));
}
