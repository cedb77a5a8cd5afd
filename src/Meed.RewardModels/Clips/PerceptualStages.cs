namespace Meed.RewardModels.Clips;

/// <summary>A reward learned from a few demonstrations alone: stages of a task, the features that tell each stage, and how likely a frame belongs to it.</summary>
/// <remarks>
/// Stages: the cut that leaves the least variance within both sides, then again within the sides. Features of a stage: the largest |μ⁺ − μ⁻| − α·(σ⁺ + σ⁻) between its frames and all others. Reward of stage k:
/// Σ over its features of the log density of a Gaussian relative to its peak, −½·((x − μ)/σ)². The total weighs later stages more: Σ_k k·exp(mean over features), k from 1.
/// <para>"Unsupervised Perceptual Rewards for Imitation Learning" (atlas row 5), whose weighting of stages is left open and settled so.</para>
/// </remarks>
public sealed class PerceptualStages
{
    private readonly (int Feature, double Mean, double Deviation)[][] _stages;

    private PerceptualStages((int, double, double)[][] stages) => _stages = stages;

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
    /// <param name="stages">How many stages.</param>
    /// <param name="features">Features a stage keeps.</param>
    /// <param name="alpha">α, how much spread counts against a feature.</param>
    public static PerceptualStages Learn(IReadOnlyList<IReadOnlyList<float[]>> demonstrations, int stages, int features, double alpha = 1)
    {
        ArgumentNullException.ThrowIfNull(demonstrations);
        var frames = new List<(float[] Frame, int Stage)>();
        foreach (var demonstration in demonstrations)
        {
            int[] cuts = Cut(demonstration, stages);
            frames.AddRange(demonstration.Select((f, t) => (f, cuts.Count(c => c <= t))));
        }

        var learned = new (int, double, double)[stages][];
        for (int k = 0; k < stages; k++)
        {
            learned[k] = [.. Enumerable.Range(0, frames[0].Frame.Length).Select(f =>
            {
                var (mean, deviation) = Moments(frames.Where(x => x.Stage == k).Select(x => (double)x.Frame[f]));
                var (other, spread) = Moments(frames.Where(x => x.Stage != k).Select(x => (double)x.Frame[f]));
                return (Feature: f, Mean: mean, Deviation: Math.Max(deviation, 1e-3), Score: Math.Abs(mean - other) - (alpha * (deviation + spread)));
            }).OrderByDescending(x => x.Score).ThenBy(x => x.Feature).Take(features).Select(x => (x.Feature, x.Mean, x.Deviation))];
        }

        return new PerceptualStages(learned);
    }

    /// <summary>Reward of a stage for a frame, 0..1.</summary>
    public double Of(int stage, ReadOnlySpan<float> frame)
    {
        double sum = 0;
        foreach (var (feature, mean, deviation) in _stages[stage])
        {
            double z = (frame[feature] - mean) / deviation;
            sum -= 0.5 * z * z;
        }

        return Math.Exp(sum / _stages[stage].Length);
    }

    /// <summary>Reward of a frame: the stages, later ones weighing more.</summary>
    public double Of(ReadOnlySpan<float> frame)
    {
        double sum = 0;
        for (int k = 0; k < _stages.Length; k++)
        {
            sum += (k + 1) * Of(k, frame);
        }

        return sum;
    }

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
