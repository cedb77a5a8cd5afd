namespace Meed.RewardModels.Curation;

/// <summary>What becomes of an unverified comparison.</summary>
public enum CurationVerdict : byte
{
    /// <summary>Kept with its label.</summary>
    Keep,

    /// <summary>Kept with the opposite label: both models contradict it with confidence.</summary>
    Flip,

    /// <summary>Left out: the models disagree, or neither is sure.</summary>
    Drop,
}

/// <summary>Curates a large unverified set with a small verified one.</summary>
/// <remarks>
/// Stage 1: errors of the current model on verified pairs fetch their nearest unverified neighbours for labelling (<see cref="Retrieve"/>), and this repeats. Stage 2: a pair is kept where the
/// best model and a model trained on verified pairs alone both side with its label, flipped where both contradict it with confidence, else dropped (<see cref="Judge"/>).
/// <para>"Skywork-Reward-V2: Scaling Preference Data Curation via Human-AI Synergy" (atlas row 124); confidence is settled as σ(margin) at least a threshold.</para>
/// </remarks>
public static class ConsistencyCuration
{
    /// <summary>The verdict on a pair from the margins, chosen minus rejected, of two models.</summary>
    /// <param name="best">Margin of the best model.</param>
    /// <param name="gold">Margin of the model trained on verified pairs.</param>
    /// <param name="confidence">Probability from which a contradiction flips, ½ to 1.</param>
    public static CurationVerdict Judge(double best, double gold, double confidence = 0.75)
    {
        if (confidence is not (>= 0.5 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), $"ConsistencyCuration: confidence is {confidence}; it is 0.5 to below 1.");
        }

        double margin = Math.Log(confidence / (1 - confidence));
        return best > 0 && gold > 0 ? CurationVerdict.Keep : best < -margin && gold < -margin ? CurationVerdict.Flip : CurationVerdict.Drop;
    }

    /// <summary>Unverified pairs nearest to the model's errors, without repetition, nearest first.</summary>
    /// <param name="errors">Vectors of verified pairs that the model gets wrong.</param>
    /// <param name="pool">Vectors of unverified pairs.</param>
    /// <param name="perError">Neighbours an error fetches.</param>
    /// <returns>Indices into the pool.</returns>
    public static IReadOnlyList<int> Retrieve(IReadOnlyList<float[]> errors, IReadOnlyList<float[]> pool, int perError)
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(pool);
        var best = new Dictionary<int, double>();
        foreach (var error in errors)
        {
            foreach (var (index, similarity) in pool.Select((p, i) => (i, s: Cosine(error, p))).OrderByDescending(p => p.s).ThenBy(p => p.i).Take(perError))
            {
                best[index] = Math.Max(best.GetValueOrDefault(index, double.NegativeInfinity), similarity);
            }
        }

        return [.. best.OrderByDescending(p => p.Value).ThenBy(p => p.Key).Select(p => p.Key)];
    }

    private static double Cosine(float[] a, float[] b) => Rewards.Text.EmbeddingSimilarity.Cosine(a, b);
}
