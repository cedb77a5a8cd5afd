using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>RPR: pays for phrases of reasoning and ignores the answer.</summary>
/// <remarks>
/// r = min(1, Σ_phrases min(count, 2) / 20): each phrase counts at most twice, so that one phrase repeated without end earns 0.1. Calibration of a noisy reward model score m in 0..1 (to confirm in the paper):
/// m' = m + (τ − m)·RPR where m is below τ = 0.5, otherwise m: low scores are lifted when the reasoning looks sound, high ones are left alone.
/// <para>This reward knows nothing of the answer: a list of the phrases earns it in full. It is meant for the paper's question and, as <see cref="Calibrate"/>, to soften false negatives of a learned score.</para>
/// <para>"The Climb Carves Wisdom Deeper Than the Summit: On the Noisy Rewards in Learning to Reason", 2025 (row 59).</para>
/// </remarks>
public static class ReasoningPattern
{
    private const int MostOfOne = 2;
    private const double Full = 20;

    /// <summary>The reward <c>reasoning-pattern</c>; it needs no reference.</summary>
    public static IReward<TextSample> Reward() => new ReasoningPatternReward();

    /// <summary>RPR of a text, 0..1.</summary>
    public static double Score(string text, ref Work work)
    {
        double sum = 0;
        foreach (int count in ReasoningPhrases.CountEach(text, ReasoningPhrases.Usual, ref work).Values) { sum += Math.Min(count, MostOfOne); }
        return Math.Min(1, sum / Full);
    }

    /// <summary>A learned score in 0..1, lifted towards the threshold where it is below and RPR is high.</summary>
    public static double Calibrate(double learned, double pattern, double threshold = 0.5) => learned >= threshold ? learned : learned + ((threshold - learned) * pattern);

    private sealed class ReasoningPatternReward : Verifiers.TextVerifier
    {
        public override RewardSchema Schema { get; } = new("reasoning-pattern", "1", [], 0, 1, RewardScope.Sample, true);

        protected override void Check(TextSample sample, ref Work work, ref ScoreRow row) => row.Set(Score(sample.Response, ref work));
    }
}
