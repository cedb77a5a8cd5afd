namespace Meed.Rewards.Tests.Verifiers;

/// <summary>Short ways to judge one response.</summary>
internal static class Judge
{
    public static Scores Score(IReward<TextSample> reward, TextSample sample, RewardContext? context = null)
        => reward.ScoreAsync([sample], context ?? RewardContext.Default).AsTask().GetAwaiter().GetResult();

    public static (double Value, string? Reason) One(IReward<TextSample> reward, string response, string? reference = null, bool truncated = false, int tokens = 0)
    {
        var scores = Score(reward, TextSample.Of(response, reference) with { Truncated = truncated, ResponseTokens = tokens });
        return (scores[0], scores.Reasons[0]);
    }
}
