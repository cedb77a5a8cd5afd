using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.RewardModels.Training;

/// <summary>How ties are learned from.</summary>
public enum TieRule : byte
{
    /// <summary>They are left out.</summary>
    Skip,

    /// <summary>They ask for equal scores: a label of ½.</summary>
    Soft,
}

/// <summary>Options of Bradley-Terry.</summary>
public sealed record BradleyTerryOptions
{
    /// <summary>Label smoothing, 0 to below ½; not together with soft labels.</summary>
    public float Smoothing { get; init; }

    /// <summary>Factor on the margins that the data states; 0 ignores them.</summary>
    public float Margin { get; init; }

    /// <summary>What becomes of ties.</summary>
    public TieRule Ties { get; init; } = TieRule.Soft;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Smoothing is not (>= 0 and < 0.5f))
        {
            yield return $"Smoothing is {Smoothing}; it is 0 to below 0.5.";
        }

        if (!(Margin >= 0))
        {
            yield return $"Margin is {Margin}; it is 0 or more.";
        }
    }
}

/// <summary>Bradley-Terry with soft labels, margins and smoothing as the data has them.</summary>
public sealed class BradleyTerryObjective(BradleyTerryOptions options) : ComparisonObjective
{
    /// <inheritdoc/>
    public override string Name => "bradley-terry";

    /// <inheritdoc/>
    protected override bool TakesTies => options.Ties == TieRule.Soft;

    /// <inheritdoc/>
    protected override Tensor Loss(Tensor first, Tensor second, Comparison[] comparisons, TrainingData data)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        Tensor a = first.Select(1, 0), b = second.Select(1, 0);

        // A margin stands on the winner's side; smoothing moves every label by the same share towards ½.
        var labels = Array.ConvertAll(comparisons, c => (c.Probability * (1 - (2 * options.Smoothing))) + options.Smoothing);
        if (options.Margin > 0)
        {
            a -= Tensor.From(Array.ConvertAll(comparisons, c => c.Probability == 0.5f ? 0 : options.Margin * c.Margin * (c.Probability > 0.5f ? 1 : -1)));
        }

        return SoftBradleyTerry.Loss(a, b, Tensor.From(labels));
    }
}

/// <summary>Options of the focal ranking loss.</summary>
public sealed record FocalRankingOptions
{
    /// <summary>γ, 0 or more.</summary>
    public float Gamma { get; init; } = 2;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Gamma >= 0))
        {
            yield return $"Gamma is {Gamma}; it is 0 or more.";
        }
    }
}

/// <summary>The focal ranking loss; ties are left out.</summary>
public sealed class FocalRankingObjective(FocalRankingOptions options) : ComparisonObjective
{
    /// <inheritdoc/>
    public override string Name => "focal-ranking";

    /// <inheritdoc/>
    public override bool Calibrated => options.Gamma == 0;

    /// <inheritdoc/>
    protected override Tensor Loss(Tensor first, Tensor second, Comparison[] comparisons, TrainingData data)
    {
        var wins = Tensor.From(Array.ConvertAll(OutcomesOf(comparisons), o => (float)o));
        return FocalRanking.Loss((first.Select(1, 0) - second.Select(1, 0)) * wins, Tensor.Zeros(comparisons.Length), options.Gamma);
    }
}

/// <summary>Options of the two-sided margin.</summary>
public sealed record PriorConstraintOptions
{
    /// <summary>β₁ of the cap.</summary>
    public double Slope { get; init; } = 1;

    /// <summary>β₂, above 0.</summary>
    public double Offset { get; init; } = 0.2;

    /// <summary>β₃.</summary>
    public double Floor { get; init; } = 1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Offset > 0))
        {
            yield return $"Offset is {Offset}; it is above 0.";
        }

        if (!(Slope >= 0) || !(Floor >= 0))
        {
            yield return $"Slope is {Slope}, Floor is {Floor}; both are 0 or more.";
        }
    }
}

/// <summary>Bradley-Terry with an upper margin from the ratio of lengths; ties are left out.</summary>
public sealed class PriorConstraintObjective(PriorConstraintOptions options) : ComparisonObjective
{
    /// <inheritdoc/>
    public override string Name => "prior-constraint";

    /// <inheritdoc/>
    public override bool Calibrated => false;

    /// <inheritdoc/>
    protected override Tensor Loss(Tensor first, Tensor second, Comparison[] comparisons, TrainingData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var wins = Tensor.From(Array.ConvertAll(OutcomesOf(comparisons), o => (float)o));
        var caps = Array.ConvertAll(comparisons, c => (float)PriorConstraint.Cap(PriorConstraint.LengthRatio(data.Responses[c.First].Length, data.Responses[c.Second].Length), options.Slope, options.Offset, options.Floor));
        return PriorConstraint.Loss((first.Select(1, 0) - second.Select(1, 0)) * wins, Tensor.Zeros(comparisons.Length), Tensor.From(caps));
    }
}

/// <summary>Bradley-Terry with Davidson's ties.</summary>
public sealed class DavidsonObjective : ComparisonObjective
{
    private readonly Parameter _logNu = new("objective.log_nu", Tensor.Zeros(1));

    /// <inheritdoc/>
    public override string Name => "davidson";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_logNu];

    /// <inheritdoc/>
    protected override bool TakesTies => true;

    /// <inheritdoc/>
    protected override Tensor Loss(Tensor first, Tensor second, Comparison[] comparisons, TrainingData data) => Davidson.Loss(first.Select(1, 0), second.Select(1, 0), OutcomesOf(comparisons), _logNu.Value);
}

/// <summary>Bradley-Terry with Rao and Kupper's ties.</summary>
public sealed class RaoKupperObjective : ComparisonObjective
{
    private readonly Parameter _threshold = new("objective.threshold", Tensor.Zeros(1));

    /// <inheritdoc/>
    public override string Name => "rao-kupper";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_threshold];

    /// <inheritdoc/>
    protected override bool TakesTies => true;

    /// <inheritdoc/>
    public override double LogOdds(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double d = first[0] - second[0], eta = Math.Log(1 + Math.Exp(_threshold.Value.Item()));
        return LogSigmoid(d - eta) - LogSigmoid(-d - eta);
    }

    /// <inheritdoc/>
    protected override Tensor Loss(Tensor first, Tensor second, Comparison[] comparisons, TrainingData data) => RaoKupper.Loss(first.Select(1, 0), second.Select(1, 0), OutcomesOf(comparisons), _threshold.Value);

    private static double LogSigmoid(double x) => x >= 0 ? -Math.Log(1 + Math.Exp(-x)) : x - Math.Log(1 + Math.Exp(x));
}

/// <summary>Thurstone's comparison with a predicted variance; ties are left out.</summary>
public sealed class ThurstoneObjective : ComparisonObjective
{
    // log variances are kept within ±6 by a smooth bound, so that no response can excuse everything.
    private const float Widest = 6;

    /// <inheritdoc/>
    public override string Name => "thurstone";

    /// <inheritdoc/>
    public override int Outputs => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Components => ["mean", "log-variance"];

    /// <inheritdoc/>
    public override double LogOdds(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double p = Thurstone.Probability(first[0], second[0], Variance(first[1]), Variance(second[1]));
        return Math.Log(Math.Max(p, 1e-300)) - Math.Log(Math.Max(1 - p, 1e-300));
    }

    /// <inheritdoc/>
    protected override Tensor Loss(Tensor first, Tensor second, Comparison[] comparisons, TrainingData data)
    {
        var wins = Tensor.From(Array.ConvertAll(OutcomesOf(comparisons), o => (float)o));
        return Thurstone.Loss((first.Select(1, 0) - second.Select(1, 0)) * wins, Tensor.Zeros(comparisons.Length), Bound(first.Select(1, 1)), Bound(second.Select(1, 1)));
    }

    private static Tensor Bound(Tensor x) => (x * (1 / Widest)).Tanh() * Widest;

    private static double Variance(double raw) => Math.Exp(Math.Tanh(raw / Widest) * Widest);
}
