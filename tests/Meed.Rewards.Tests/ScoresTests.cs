namespace Meed.Rewards.Tests;

public class ScoresTests
{
    private static readonly RewardSchema s_schema = new("unit", "1", ["a"], 0, 1, RewardScope.Sample, true);

    [Fact]
    public void Indexer_RowThatIsNotOk_ThrowsWithStatusAndReason()
    {
        var scores = new Scores(s_schema, 2);
        scores.Values[0] = 0.5;
        scores.Status[0] = ScoreStatus.Ok;
        scores.Status[1] = ScoreStatus.InvalidReference;
        scores.Reasons[1] = "no_reference";

        Assert.Equal(0.5, scores[0]);
        var error = Assert.Throws<InvalidOperationException>(() => scores[1]);
        Assert.Contains("InvalidReference (no_reference)", error.Message);
    }

    [Fact]
    public void FailedShare_NotApplicableRow_IsNotAFailure()
    {
        var scores = new Scores(s_schema, 4);
        scores.Status[0] = ScoreStatus.Ok;
        scores.Status[1] = ScoreStatus.NotApplicable;
        scores.Status[2] = ScoreStatus.Timeout;
        scores.Status[3] = ScoreStatus.Ok;

        Assert.Equal(0.25, scores.FailedShare());
    }
}
