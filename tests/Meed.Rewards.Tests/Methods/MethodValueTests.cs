using System.Text.Json;
using Meed.Rewards.Geometry;
using Meed.Rewards.Methods;

namespace Meed.Rewards.Tests.Methods;

/// <summary>Values of methods computed by hand from their published definitions.</summary>
public class MethodValueTests
{
    private static string Wrap(string answer) => $"<think>So.</think><answer>{answer}</answer>";

    private static (double Value, ScoreStatus Status) Score(IReward<TextSample> reward, string reference, string response, params Message[] turns)
    {
        var sample = new TextSample { Response = response, Reference = JsonDocument.Parse(reference).RootElement, Turns = turns };
        var scores = reward.ScoreAsync([sample], RewardContext.Default).AsTask().GetAwaiter().GetResult();
        return (scores.Status[0] == ScoreStatus.Ok ? scores[0] : double.NaN, scores.Status[0]);
    }

    [Fact]
    public void Vigor_OnePointUnderAGeneralPose_IsItsDistanceInPixels()
    {
        // (70, 70) at depth 2 lifts to (0.4, 0.6, 2); R·X + t = (1.26, 1.41, 3.56), which projects to (126/3.56 + 50, 141/3.56 + 40).
        var camera = new Vigor.Camera(100, 50, 40);
        double[] rotation = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], move = [0.5, -0.25, 1];
        var near = new Vigor.Track(70, 70, 2, (126 / 3.56) + 50 - 3, (141 / 3.56) + 40 - 4);

        Assert.Equal(-5, Vigor.Score([near], camera, rotation, move), 1e-9);
        Assert.Equal(-4, Vigor.Score([near], camera, rotation, move, cap: 4), 1e-9);
        Assert.Equal(-0.5, Vigor.Score([near], camera, rotation, move, cap: 0.5), 1e-9);
        // Unmoved points at depth 0.5 stay where they are; (3, 4) pixels away is 5.
        Assert.Equal(-5, Vigor.Score([new(20, 30, 0.5, 23, 34)], camera, [1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0]), 1e-9);
        // A point behind the first camera, and one that the move brings onto the second camera's plane, cost the cap of 50.
        Assert.Equal(-(5 + 50) / 2.0, Vigor.Score([near, near with { Depth = -2 }], camera, rotation, move), 1e-9);
        Assert.Equal(-50, Vigor.Score([near], camera, [1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, -2]), 1e-9);
    }

    [Fact]
    public void Vigor_WrongSizes_AreErrors()
    {
        var camera = new Vigor.Camera(100, 50, 40);
        var track = new Vigor.Track(1, 1, 1, 1, 1);

        Assert.Throws<ArgumentException>(() => Vigor.Score([], camera, new double[9], new double[3]));
        Assert.Throws<ArgumentException>(() => Vigor.Score([track], camera, new double[8], new double[3]));
        Assert.Throws<ArgumentException>(() => Vigor.Score([track], camera, new double[9], new double[4]));
        Assert.Throws<ArgumentException>(() => Vigor.Score([track], camera, new double[9], new double[3], 0));
    }

    [Fact]
    public void Viki_PathCloseness_IsTheMeanOfThreeExponentials()
    {
        var work = new Work(1_000_000);
        Point[] reference = [new(0, 0), new(3, 4)];

        // The scale is the diagonal, 5; a shift by 1 has distance 1 in all three measures.
        Assert.Equal(1, Viki.PathCloseness(reference, reference, ref work), 1e-12);
        Assert.Equal(Math.Exp(-0.2), Viki.PathCloseness([new(1, 0), new(4, 4)], reference, ref work), 1e-9);
        // There and back: every point of one path is a point of the other (Hausdorff 0), the leash is the diagonal (Fréchet 5), the mean square
        // distance of points that run against each other is 25/3 in the limit; a reference that is a point has scale 1.
        Assert.Equal((Math.Exp(-Math.Sqrt(1 / 3.0)) + 1 + Math.Exp(-1)) / 3, Viki.PathCloseness([new(3, 4), new(0, 0)], reference, ref work), 0.02);
        Assert.Equal(Math.Exp(-2), Viki.PathCloseness([new(1, 3)], [new(1, 1)], ref work), 1e-9);
    }

    [Theory]
    [InlineData("""{"level":1,"robots":["arm","dog"]}""", """["Dog","arm"]""", 1)]
    [InlineData("""{"level":1,"robots":["arm","dog"]}""", """["dog","arm","arm"]""", 0.1)]
    [InlineData("""{"level":1,"robots":["arm","dog"]}""", """["dog","cat"]""", 0.1)]
    [InlineData("""{"level":1,"robots":["arm","dog"]}""", """["dog",1]""", 0.1)]
    [InlineData("""{"level":2,"steps":2,"initial":["at door"],"goal":["in"],"actions":{"open":{"needs":["at door"],"adds":["open"]},"enter":{"needs":["open"],"adds":["in"],"removes":["at door"]}}}""", """["open","enter"]""", 1)]
    [InlineData("""{"level":2,"steps":1,"initial":["at door"],"goal":["in"],"actions":{"open":{"needs":["at door"],"adds":["open"]},"enter":{"needs":["open"],"adds":["in"],"removes":["at door"]}}}""", """["open","enter"]""", 0.1)]
    [InlineData("""{"level":2,"steps":2,"initial":["at door"],"goal":["in"],"actions":{"open":{"needs":["at door"],"adds":["open"]},"enter":{"needs":["open"],"adds":["in"],"removes":["at door"]}}}""", """["enter","open"]""", 0.1)]
    [InlineData("""{"level":2,"steps":2,"initial":["in"],"goal":["in"],"actions":{"wait":{}}}""", "[]", 1)]
    [InlineData("""{"level":2,"steps":2,"initial":["out"],"goal":["in"],"actions":{"wait":{}}}""", "[]", 0.1)]
    [InlineData("""{"level":2,"steps":2,"initial":["in"],"goal":["in"],"actions":{"wait":{}}}""", """["wait"]""", 1)]
    [InlineData("""{"level":3,"path":[[0,0],[3,4]]}""", "[[0,0],[3,4]]", 1)]
    [InlineData("""{"level":3,"path":[[0,0],[3,4]]}""", "[[1,0],[4,4]]", 0.83685767)]   // 0.1 + 0.9·e^-0.2
    [InlineData("""{"level":3,"path":[[0,0],[3,4]]}""", "[]", 0.1)]
    public void Viki_EachLevel_PaysATenthForTheFormAndTheRestForTheAnswer(string reference, string answer, double expected)
    {
        Assert.Equal(expected, Score(Viki.Reward(), reference, Wrap(answer)).Value, 1e-6);
    }

    [Fact]
    public void Viki_LevelThatIsNotKnown_IsTheTasksFault() => Assert.Equal(ScoreStatus.InvalidReference, Score(Viki.Reward(), """{"level":4}""", Wrap("[]")).Status);

    [Fact]
    public void ToolThinking_ToolBonus_NeedsACallAndARightAnswer()
    {
        const string reference = """{"answer":"B","box":[40,40,60,60]}""";
        var call = new Message("assistant", "") { ToolCalls = JsonDocument.Parse("""[{"name":"crop"}]""").RootElement };
        var none = call with { ToolCalls = JsonDocument.Parse("[]").RootElement };
        string right = Wrap("""{"answer":"B","box":[40,40,60,60]}"""), wrong = Wrap("""{"answer":"A","box":[40,40,60,50]}""");
        double Value(string response, params Message[] turns) => Score(ToolThinking.Reward(), reference, response, turns).Value;

        Assert.Equal(2.5, Value(right), 1e-12);
        Assert.Equal(3, Value(right, call), 1e-12);
        Assert.Equal(3, Value(right, new Message("tool", "a picture")), 1e-12);
        Assert.Equal(2.5, Value(right, none, new Message("assistant", "Done."), new Message("user", "Go on.")), 1e-12);
        Assert.Equal(2.5, Value(right, call with { Role = "user" }), 1e-12);
        Assert.Equal(1, Value(wrong, call), 1e-12);   // half the box, half for the form
        Assert.Equal(1.5, Value(Wrap("""{"answer":"B","box":[0,0,1,1]}""")), 1e-12);
    }

    [Fact]
    public void InformationGain_EntropyAndGain_EqualTheJointTable()
    {
        // Σ p(v, a)·ln(p(v, a) / p(v)p(a)) over the table p(v)·(1 - e or e/(K - 1)), in Python
        Assert.Equal(1.0397207708399179, InformationGain.Entropy([0.5, 0.25, 0.25]), 1e-12);
        Assert.Equal(0.3680642071684971, InformationGain.Gain([0.5, 0.5], 0.1), 1e-12);
        Assert.Equal(0.2589713206722712, InformationGain.Gain([0.5, 0.3, 0.2], 0.3), 1e-12);
        Assert.Equal(0.5623351446188083, InformationGain.Gain([0.25, 0.75], 0), 1e-12);
        Assert.Equal(0, InformationGain.Gain([1, 0], 0.2), 1e-12);
        Assert.Equal(0, InformationGain.Gain([1], 0.2));
    }

    [Theory]
    [InlineData("""{"belief":{"a":{"x":0.5,"y":0.5},"b":{"x":0.5,"y":0.5}}}""", "<ask>a</ask>", 0.5)]
    [InlineData("""{"belief":{"a":{"x":0.5,"y":0.5}},"error":0}""", "<ask>a</ask>", 1)]
    [InlineData("""{"belief":{"a":{"x":0.5,"y":0.5}},"error":0.1}""", "<ask>a</ask>", 0.5310044064107)]   // 0.3680642 / ln 2
    [InlineData("""{"belief":{"a":{"x":1,"y":0}}}""", "<ask>a</ask>", 0)]
    [InlineData("""{"belief":{"a":{"x":0.5,"y":0.5}}}""", "<ask>c</ask>", 0)]
    [InlineData("""{"belief":{"a":{"x":0.5,"y":0.5}}}""", "What is a?", 0)]
    public void InformationGain_Question_IsItsShareOfWhatIsUnknown(string reference, string response, double expected)
    {
        Assert.Equal(expected, Score(InformationGain.Reward(), reference, response).Value, 1e-9);
    }

    [Theory]
    [InlineData("""{"belief":{}}""")]
    [InlineData("""{"belief":{"a":{"x":0.5,"y":0.5}},"error":1}""")]
    [InlineData("""{"belief":{"a":{"x":0.5,"y":0.5}},"error":-0.1}""")]
    [InlineData("""{"belief":{"a":{"x":0.5,"y":0.6}}}""")]
    [InlineData("""{"belief":{"a":{"x":1.5,"y":-0.5}}}""")]
    [InlineData("""{"belief":{"a":{}}}""")]
    public void InformationGain_BeliefThatIsNoDistribution_IsTheTasksFault(string reference)
    {
        Assert.Equal(ScoreStatus.InvalidReference, Score(InformationGain.Reward(), reference, "<ask>a</ask>").Status);
    }

    [Fact]
    public void StarR1_PartsOfAnEdit_EarnTheirCreditAndEveryLoneEditCosts()
    {
        const string gold = """[["cube","color","red"],["ball","size","small"]]""";
        double all = Score(StarR1.Reward(), gold, Wrap(gold)).Value;
        double value = Score(StarR1.Reward(), gold, Wrap("""[["cube","color","red"],["ball","size","big"]]""")).Value;
        double attribute = Score(StarR1.Reward(), gold, Wrap("""[["cube","color","red"],["ball","color","big"]]""")).Value;
        double missing = Score(StarR1.Reward(), gold, Wrap("""[["cube","color","red"]]""")).Value;
        double extra = Score(StarR1.Reward(), gold, Wrap("""[["cube","color","red"],["ball","size","small"],["ring","size","small"]]""")).Value;

        Assert.Equal(1, all, 1e-12);
        Assert.True(all > value && value > attribute && attribute > missing, $"{all} {value} {attribute} {missing}");
        Assert.True(all > extra && extra > missing, $"{extra} {missing}");
    }

    [Theory]
    [InlineData("""{"rationale":"Done.","action":{"type":"terminate"}}""", "{}", 0.8)]
    [InlineData("""{"rationale":"Done.","action":{"type":"terminate"}}""", """{"self_certainty":4}""", 0.82)]
    [InlineData("""{"rationale":"Done.","action":{"type":"terminate"}}""", """{"self_certainty":40}""", 0.85)]
    [InlineData("""{"rationale":"Done.","action":{"type":"search"}}""", """{"self_certainty":4}""", 0.52)]
    [InlineData("""{"action":{"type":"terminate"}}""", """{"self_certainty":4}""", 0)]
    public async Task ShopR1_FormTypeAndCertainty_AddUp(string response, string item, double expected)
    {
        var sample = new TextSample { Response = response, Reference = JsonDocument.Parse("""{"type":"terminate"}""").RootElement, Item = JsonDocument.Parse(item).RootElement };

        var scores = await ShopR1.Reward().ScoreAsync([sample], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(expected, scores[0], 1e-12);
    }

    [Fact]
    public void ShopR1_SelfCertainty_IsTheDivergenceFromUniform()
    {
        double[] row = [Math.Log(0.25), Math.Log(0.75)];
        double expected = (0.5 * Math.Log(0.5 / 0.25)) + (0.5 * Math.Log(0.5 / 0.75));

        Assert.Equal(expected, ShopR1.SelfCertainty(row, 2), 1e-12);
        Assert.Equal(expected / 2, ShopR1.SelfCertainty([.. row, Math.Log(0.5), Math.Log(0.5)], 2), 1e-12);
        Assert.Throws<ArgumentException>(() => ShopR1.SelfCertainty([], 2));
        Assert.Throws<ArgumentException>(() => ShopR1.SelfCertainty([0, 0, 0], 2));
    }

    // Cells in order; shares of 1/4, 1/2, 3/4 and 1 are the zones.
    [Theory]
    [InlineData("""["a","b","c","d"]""", """["a","b","c","d"]""", 1)]
    [InlineData("""["a","b","c","d"]""", """["a","b","c","x"]""", 0.75)]
    [InlineData("""["a","b","c","d"]""", """["a","b","d","c"]""", 0.5)]
    [InlineData("""["a","b","c","d","e"]""", """["a","x","x","x","x"]""", 0)]
    [InlineData("""["a","b"]""", """["a"]""", 0)]
    [InlineData("""["a","b"]""", """["a","b","c"]""", 0)]
    [InlineData("[40,40,60,50]", "[50,45]", 1)]
    [InlineData("[40,40,60,50]", "[500,450]", 0)]
    public void SweetSpot_CellsAndClicks_PayByZone(string reference, string response, double expected) => Assert.Equal(expected, Score(SweetSpot.Reward(), reference, response).Value, 1e-12);

    [Theory]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("[60,40,40,50]")]
    public void SweetSpot_ReferenceWithoutTarget_IsTheTasksFault(string reference) => Assert.Equal(ScoreStatus.InvalidReference, Score(SweetSpot.Reward(), reference, "[50,45]").Status);

    [Fact]
    public async Task MethodReward_AnswerThatCannotBeRead_HasTheMinimumAndZerosForItsComponents()
    {
        var sample = new TextSample { Response = "Somewhere.", Reference = JsonDocument.Parse("""["a","b"]""").RootElement };

        var scores = await SweetSpot.Reward().ScoreAsync([sample], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(0, scores[0]);
        Assert.Equal([0d], scores.Component("progress").ToArray());
        Assert.Equal("unparsed", scores.Reasons[0]);
    }
}
