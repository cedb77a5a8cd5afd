using Meed.Objectives;

namespace Meed.Alignment;

/// <summary>Settings of <see cref="SftTrainer"/>.</summary>
public sealed record SftOptions
{
    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 500;

    /// <summary>Demonstrations an update looks at, B.</summary>
    public int RowsPerStep { get; init; } = 64;

    /// <summary>Highest learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Share of the steps over which the learning rate rises linearly, 0..1.</summary>
    public double WarmUp { get; init; } = 0.05;

    /// <summary>Where the cosine of the learning rate ends, as a factor, 0..1.</summary>
    public double FinalRate { get; init; } = 0.1;

    /// <summary>Decoupled weight decay of AdamW, 0 or more.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gradients are scaled down to this norm, above 0.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>Share of each target that is spread over all tokens, 0 to below 1. Above 0, the policy keeps trying tokens it was never shown.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>What the mean over tokens means.</summary>
    public TokenReduction Reduction { get; init; } = TokenReduction.TokenMean;

    /// <summary>Wall-clock limit; the run ends at it with the learning rate decayed, and its length depends on the machine. None when null.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Every problem of this record, so that one run shows them all.</summary>
    public IEnumerable<string> Problems()
    {
        if (Steps < 0)
        {
            yield return $"{nameof(Steps)} is {Steps}: use 0 or more.";
        }

        if (RowsPerStep < 1)
        {
            yield return $"{nameof(RowsPerStep)} is {RowsPerStep}: use 1 or more.";
        }

        if (LabelSmoothing is not (>= 0 and < 1))
        {
            yield return $"{nameof(LabelSmoothing)} is {LabelSmoothing}: use 0 to below 1.";
        }

        if (Reduction == TokenReduction.ConstantLength)
        {
            yield return $"{nameof(Reduction)} is {Reduction}: demonstrations have no longest length to divide by. Use TokenMean, SequenceMean or SequenceSum.";
        }

        foreach (var problem in Rates.Problems(LearningRate, WarmUp, FinalRate, WeightDecay, MaxGradNorm, Budget))
        {
            yield return problem;
        }
    }
}

/// <summary>The checks that options of trainers share.</summary>
internal static class Rates
{
    public static IEnumerable<string> Problems(double learningRate, double warmUp, double finalRate, double weightDecay, double maxGradNorm, TimeSpan? budget)
    {
        if (learningRate is not (> 0 and < 1))
        {
            yield return $"LearningRate is {learningRate}: use a number above 0 and below 1.";
        }

        if (warmUp is not (>= 0 and <= 1))
        {
            yield return $"WarmUp is {warmUp}: it is a share of the steps, 0 to 1.";
        }

        if (finalRate is not (>= 0 and <= 1))
        {
            yield return $"FinalRate is {finalRate}: it is a factor, 0 to 1.";
        }

        if (weightDecay is not (>= 0 and < 1))
        {
            yield return $"WeightDecay is {weightDecay}: use 0 to below 1.";
        }

        if (!(maxGradNorm > 0))
        {
            yield return $"MaxGradNorm is {maxGradNorm}: use a number above 0.";
        }

        if (budget <= TimeSpan.Zero)
        {
            yield return $"Budget is {budget}: use a positive time, or none.";
        }
    }
}
