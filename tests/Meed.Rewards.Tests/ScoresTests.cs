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

    [Fact]
    public void Resolve_FailedRows_AreMaskedCountedOrThrown()
    {
        var scores = new Scores(new RewardSchema("x", "1", [], -2, 3, RewardScope.Sample, true), 4);
        (scores.Status[0], scores.Status[1], scores.Status[2], scores.Status[3]) = (ScoreStatus.Ok, ScoreStatus.NotApplicable, ScoreStatus.JudgeError, ScoreStatus.Ok);
        (scores.Values[0], scores.Values[1], scores.Values[2], scores.Values[3]) = (1, 7, 7, 3);

        var (masked, valid) = scores.ResolveDouble();
        Assert.Equal([1, 0, 0, 3], masked);
        Assert.Equal([true, false, false, true], valid);
        var (least, counts) = scores.Resolve(WhenFailed.Minimum);
        Assert.Equal([1f, 0f, -2f, 3f], least);
        Assert.Equal([true, false, true, true], counts);
        Assert.ThrowsAny<InvalidOperationException>(() => scores.Resolve(WhenFailed.Throw));
        // One row of the three that apply failed.
        scores.RequireFailedAtMost(scores.FailedShare());
        Assert.Throws<InvalidOperationException>(() => scores.RequireFailedAtMost(scores.FailedShare() - 0.01));
    }
}
