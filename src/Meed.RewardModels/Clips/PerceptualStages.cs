namespace Meed.RewardModels.Clips;

/// <summary>A reward learned from a few demonstrations alone: stages of a task, the features that tell each stage, and how likely a frame belongs to it.</summary>
/// <remarks>
/// Stages: the cut that leaves the least variance within both sides, then again within the sides. Features of a stage: the largest |μ⁺ − μ⁻| − α·(σ⁺ + σ⁻) between its frames and all others. Reward of stage k, a naive-Bayes score of its M
/// features: R_k = σ( (1/M)·Σ_j [ln N(x_j; μ⁺, σ⁺) − ln N(x_j; μ⁻, σ⁻)] ), 0..1. The total weighs later stages more and leaves the first out, in which nothing is done yet: Σ_{k≥2} 2^(k−1)·R_k.
/// <para>"Unsupervised Perceptual Rewards for Imitation Learning" (atlas row 5). The mean over features in place of their sum, which keeps the score from being all or nothing, is settled here.</para>
/// </remarks>
public sealed class PerceptualStages
{
    private readonly Told[][] _stages;

    private PerceptualStages(Told[][] stages) => _stages = stages;

    // A feature that tells a stage: its moments in the stage and elsewhere.
    private sealed record Told(int Feature, double Mean, double Deviation, double OtherMean, double OtherDeviation);

    /// <summary>Stages.</summary>
    public int Stages => _stages.Length;

    /// <summary>Features chosen for a stage.</summary>
    public IReadOnlyList<int> FeaturesOf(int stage) => [.. _stages[stage].Select(s => s.Feature)];

    /// <summary>First frame of each stage after the first, for a sequence of feature vectors.</summary>
    /// <param name="frames">[T][F].</param>
    /// <param name="stages">How many stages.</param>
    /// <param name="shortest">Frames of the shortest stage.</param>
    public static int[] Cut(IReadOnlyList<float[]> frames, int stages, int shortest = 2)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stages);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shortest);
        if (frames.Count < stages * shortest)
        {
            throw new ArgumentException($"PerceptualStages: {frames.Count} frames do not make {stages} stages of {shortest} or more.", nameof(frames));
        }

        var cuts = new SortedSet<int> { 0, frames.Count };
        while (cuts.Count - 1 < stages)
        {
            int[] at = [.. cuts];
            var best = (Gain: double.NegativeInfinity, Cut: -1);
            for (int s = 0; s + 1 < at.Length; s++)
            {
                double whole = Scatter(frames, at[s], at[s + 1]);
                for (int c = at[s] + shortest; c <= at[s + 1] - shortest; c++)
                {
                    double gain = whole - Scatter(frames, at[s], c) - Scatter(frames, c, at[s + 1]);
                    best = gain > best.Gain ? (gain, c) : best;
                }
            }

            if (best.Cut < 0)
            {
                break;
            }

            cuts.Add(best.Cut);
        }

        return [.. cuts.Skip(1).SkipLast(1)];
    }

    /// <summary>Learns from demonstrations.</summary>
    /// <param name="demonstrations">Feature vectors of their frames.</param>
    /// <param name="stages">How many stages, 2 or more: a single one has nothing to be told from.</param>
    /// <param name="features">Features a stage keeps.</param>
    /// <param name="alpha">α, how much spread counts against a feature.</param>
    public static PerceptualStages Learn(IReadOnlyList<IReadOnlyList<float[]>> demonstrations, int stages, int features, double alpha = 1)
    {
        ArgumentNullException.ThrowIfNull(demonstrations);
        ArgumentOutOfRangeException.ThrowIfLessThan(stages, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var frames = new List<(float[] Frame, int Stage)>();
        foreach (var demonstration in demonstrations)
        {
            int[] cuts = Cut(demonstration, stages);
            frames.AddRange(demonstration.Select((f, t) => (f, cuts.Count(c => c <= t))));
        }

        var learned = new Told[stages][];
        for (int k = 0; k < stages; k++)
        {
            learned[k] = [.. Enumerable.Range(0, frames[0].Frame.Length).Select(f =>
            {
                var (mean, deviation) = Moments(frames.Where(x => x.Stage == k).Select(x => (double)x.Frame[f]));
                var (other, spread) = Moments(frames.Where(x => x.Stage != k).Select(x => (double)x.Frame[f]));
                return (Told: new Told(f, mean, Math.Max(deviation, 1e-3), other, Math.Max(spread, 1e-3)), Score: Math.Abs(mean - other) - (alpha * (deviation + spread)));
            }).OrderByDescending(x => x.Score).ThenBy(x => x.Told.Feature).Take(features).Select(x => x.Told)];
        }

        return new PerceptualStages(learned);
    }

    /// <summary>Reward of a stage for a frame, 0..1.</summary>
    public double Of(int stage, ReadOnlySpan<float> frame)
    {
        double sum = 0;
        foreach (var told in _stages[stage])
        {
            sum += LogDensity(frame[told.Feature], told.Mean, told.Deviation) - LogDensity(frame[told.Feature], told.OtherMean, told.OtherDeviation);
        }

        return 1 / (1 + Math.Exp(-sum / _stages[stage].Length));
    }

    /// <summary>Reward of a frame: the stages after the first, later ones weighing more; 0 to 2^n − 2 for n stages.</summary>
    public double Of(ReadOnlySpan<float> frame)
    {
        double sum = 0;
        for (int k = 1; k < _stages.Length; k++)
        {
            sum += Math.Pow(2, k) * Of(k, frame);
        }

        return sum;
    }

    // Up to the constant, which cancels in a difference.
    private static double LogDensity(double x, double mean, double deviation) => (x - mean) / deviation is var z ? (-0.5 * z * z) - Math.Log(deviation) : 0;

    private static double Scatter(IReadOnlyList<float[]> frames, int start, int end)
    {
        double sum = 0;
        for (int f = 0; f < frames[0].Length; f++)
        {
            double mean = 0, squares = 0;
            for (int t = start; t < end; t++)
            {
                mean += frames[t][f];
                squares += (double)frames[t][f] * frames[t][f];
            }

            sum += squares - (mean * mean / (end - start));
        }

        return sum;
    }

    private static (double Mean, double Deviation) Moments(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double mean = all.Length == 0 ? 0 : all.Average();
        return (mean, all.Length == 0 ? 0 : Math.Sqrt(all.Average(v => (v - mean) * (v - mean))));
    }
}
