using System.Text.Json;
using Meed.Rewards.Geometry;

namespace Meed.Rewards.Tests.Geometry;

public class GeometryRewardTests
{
    private static async Task<Scores> Score(IReward<TextSample> reward, string reference, string item, params string[] answers)
        => await reward.ScoreAsync([.. answers.Select(a => new TextSample { Response = a, Reference = JsonDocument.Parse(reference).RootElement, Item = JsonDocument.Parse(item).RootElement })], RewardContext.Default, TestContext.Current.CancellationToken);

    [Fact]
    public async Task BoxRewards_FramesAndHacks_AreScoredInTheReferenceFrame()
    {
        var box = await Score(GeometryRewards.ForBox(new() { Frame = CoordinateFrame.Thousand }), "[64,48,320,240]", """{"width":640,"height":480}""", "[100,100,500,500]", "[500,500,100,100]", "", "[[100,100,500,500],[100,100,500,500]]", "[0,0,1000,1000]");

        Assert.Equal([1, 0, 0, 0, 0.16], box.Values.ToArray().Select(v => Math.Round(v, 12)));
        Assert.Equal("unparsed", box.Reasons[2]);
        var noSize = await Score(GeometryRewards.ForBox(new() { Frame = CoordinateFrame.Unit }), "[64,48,320,240]", "{}", "[0,0,1,1]");
        Assert.Equal(ScoreStatus.InvalidReference, noSize.Status[0]);
        var inverted = await Score(GeometryRewards.ForBox(new()), "[4,4,1,1]", "{}", "[1,1,4,4]");
        Assert.Equal(ScoreStatus.InvalidReference, inverted.Status[0]);
    }

    [Fact]
    public async Task SetRewards_EmptyAndSpam_AreCharged()
    {
        Assert.Equal([1, 0, 0], (await Score(GeometryRewards.ForBoxSet(new()), "[]", "{}", "[]", "[[0,0,1,1]]", "")).Values.ToArray().AsEnumerable());
        var map = await Score(GeometryRewards.ForDetection(new()), "[[0,0,10,10]]", "{}", "[0,0,10,10]", "[[0,0,10,10],[20,20,30,30]]", "[]");
        Assert.Equal([1, 0.5, 0], map.Values.ToArray().AsEnumerable());
        Assert.Equal(1, map.Component("map")[1]);
        Assert.Equal([0.5, 0], (await Score(GeometryRewards.ForSpans(new()), "[0,10]", "{}", "5, 10", "[10,5]")).Values.ToArray().AsEnumerable());
        Assert.Equal([1, 0, 0], (await Score(GeometryRewards.ForPoint(new()), "[0,0,10,10]", "{}", "(5, 5)", "[[5,5],[6,6]]", "[11,5]")).Values.ToArray().AsEnumerable());
        Assert.Equal([0.5, 0], (await Score(GeometryRewards.ForMask(new()), """{"size":4,"runs":[2,2]}""", "{}", "[3,1]", "[3,2]")).Values.ToArray().AsEnumerable());
        Assert.Equal(2.0 / 3, (await Score(GeometryRewards.ForMask(new() { Dice = true }), """{"size":4,"runs":[2,2]}""", "{}", "[3,1]"))[0], 1e-12);
        Assert.Equal([Math.Exp(-3), 1], (await Score(GeometryRewards.ForTrajectory(new() { Distance = PathDistance.Endpoint }), "[[0,0],[10,0]]", "{}", "[[0,0],[0,0]]", "[[3,3],[10,0]]")).Values.ToArray().AsEnumerable());
    }

    [Fact]
    public Task GeometryRewards_FuzzedAnswers_AreAlwaysScored() => Fuzzed(Fuzz.Quick);

    [Fact]
    [Trait("Tier", "long")]
    public Task GeometryRewards_TenThousandFuzzedAnswers_AreAlwaysScored() => Fuzzed(10_000);

    private static async Task Fuzzed(int count)
    {
        static TextSample With(string reference) => new() { Reference = JsonDocument.Parse(reference).RootElement };
        await Fuzz.IsAlwaysScored(GeometryRewards.ForBox(new()), With("[1000000,1000000,1000001,1000001]"), correctness: true, count, "[1,2,3,4]");
        await Fuzz.IsAlwaysScored(GeometryRewards.ForBoxSet(new()), With("[[1,2,3,4],[5,6,7,8]]"), correctness: false, count, "[[1,2,3,4],[5,6,7,8]]", "{\"bbox_2d\":[1,2,3,4],\"label\":\"a\"}");
        await Fuzz.IsAlwaysScored(GeometryRewards.ForDetection(new()), With("[[1,2,3,4],[5,6,7,8]]"), correctness: false, count, "[[1,2,3,4],[5,6,7,8]]");
        await Fuzz.IsAlwaysScored(GeometryRewards.ForSpans(new()), With("[1,2]"), correctness: false, count, "[[1,2],[3,4]]");
        await Fuzz.IsAlwaysScored(GeometryRewards.ForPoint(new() { Gaussian = true }), With("[1,2,3,4]"), correctness: false, count, "[2,3]");
        await Fuzz.IsAlwaysScored(GeometryRewards.ForTrajectory(new()), With("[[1,2],[3,4]]"), correctness: false, count, "[[1,2],[3,4]]");
        await Fuzz.IsAlwaysScored(GeometryRewards.ForMask(new()), With("""{"size":10,"runs":[3,7]}"""), correctness: false, count, "[3,4,3]");
    }
}
