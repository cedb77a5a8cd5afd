namespace Meed.RewardModels.Similarity;

/// <summary>A reward averaged with the labels of its nearest training samples.</summary>
/// <remarks>
/// r′ = (1 − w)·r + w·Σ sᵢ·rᵢ / Σ sᵢ over the k nearest training samples, s = max(0, cos), r their scores. Without a neighbour of positive similarity r′ = r.
/// <para>RewardFusion of Shen et al. 2023, arXiv:2309.16155, which smooths a sample's reward at inference by those of retrieved training examples.</para>
/// </remarks>
public sealed class RewardFusion
{
    private readonly float[][] _features;
    private readonly double[] _scores;

    /// <summary>The training samples.</summary>
    /// <param name="features">Their features, N rows of D, compared by cosine.</param>
    /// <param name="scores">Their scores in the reward's units.</param>
    public RewardFusion(IReadOnlyList<float[]> features, IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(scores);
        if (features.Count != scores.Count || features.Count == 0)
        {
            throw new ArgumentException($"RewardFusion: {features.Count} rows of features and {scores.Count} scores; each sample has both, and there is at least one.");
        }

        _features = [.. features.Select(Unit)];
        _scores = [.. scores];
    }

    /// <summary>The fused reward of a sample.</summary>
    /// <param name="features">Its features, [D].</param>
    /// <param name="reward">Its own reward.</param>
    /// <param name="neighbours">k.</param>
    /// <param name="weight">w, 0 to 1.</param>
    public double Fuse(float[] features, double reward, int neighbours = 8, double weight = 0.5)
    {
        ArgumentNullException.ThrowIfNull(features);
        float[] unit = Unit(features);
        double sum = 0, total = 0;
        foreach (var (similarity, score) in _features.Select((f, i) => (Similarity: Dot(f, unit), Score: _scores[i])).OrderByDescending(x => x.Similarity).Take(neighbours))
        {
            double s = Math.Max(0, similarity);
            sum += s * score;
            total += s;
        }

        return total > 0 ? ((1 - weight) * reward) + (weight * sum / total) : reward;
    }

    private static float[] Unit(float[] x)
    {
        float size = MathF.Sqrt(x.Sum(v => v * v));
        return size > 0 ? [.. x.Select(v => v / size)] : x;
    }

    private static double Dot(float[] a, float[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }
}
