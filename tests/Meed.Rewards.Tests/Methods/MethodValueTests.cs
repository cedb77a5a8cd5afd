using System.Text.Json;
using Meed.Rewards.Geometry;
using Meed.Rewards.Methods;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Tests.Methods;

/// <summary>Values of the published formulas, computed by hand beside each assertion.</summary>
public class MethodValueTests
{
    private const double Close = 1e-12;

    private static async Task<double[]> Score(IReward<TextSample> reward, string reference, params string[] answers)
    {
        var element = JsonDocument.Parse(reference).RootElement;
        var scores = await reward.ScoreAsync([.. answers.Select(a => new TextSample { Response = a, Reference = element })], RewardContext.Default, TestContext.Current.CancellationToken);
        Assert.All(scores.Status.ToArray(), s => Assert.Equal(ScoreStatus.Ok, s));
        return scores.Values.ToArray();
    }

    private static void Values(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) { Assert.Equal(expected[i], actual[i], Close); }
    }

    private static string Wrap(string answer) => $"<think>So.</think><answer>{answer}</answer>";

    private static Detection At(double x1, double y1, double x2, double y2, double score = 1) => new(new Box(x1, y1, x2, y2), "", score);

    [Theory]
    [InlineData("<think>a</think><answer>b</answer>", 1)]
    [InlineData(" <think>a</think>\n<answer>b</answer> ", 1)]
    [InlineData("<think>a</think> so <answer>b</answer>", 0)]
    [InlineData("<think>a</think><answer>b</answer> done", 0)]
    [InlineData("<think> </think><answer>b</answer>", 0)]
    [InlineData("<think>a</think><answer>b</answer><answer>b</answer>", 0)]
    [InlineData("<think>a <think>b</think><answer>b</answer>", 0)]
    [InlineData("<answer>b</answer><think>a</think>", 0)]
    [InlineData("", 0)]
    public void Format_Tags_AllOnceInOrder(string response, double value) => Assert.Equal(value, Answers.ThinkAnswer(response));

    [Theory]
    [InlineData("B", 'B')]
    [InlineData("(b) the left one", 'B')]
    [InlineData("B. left", 'B')]
    [InlineData("Both", null)]
    [InlineData("", null)]
    public void Option_Spellings_GiveTheirLetter(string answer, char? letter) => Assert.Equal(letter, Answers.Option(answer));

    [Fact]
    public void ToolRl_Correctness_ByHand()
    {
        var work = new Work(100_000);
        ToolCall[] gold = [.. ToolCall.Read("""[f(a=1, b=2), g(x=3)]""", ref work)!];

        // S = 1 + 2 + 3 = 6. All right: R = 1 + (1 + 2) + (1 + 1) = 6. One call, b wrong: names 1/2, pair 1 + 1: 2.5.
        Assert.Equal(3, ToolRl.Correctness(gold, gold, ref work), Close);
        Assert.Equal((6 * 2.5 / 6) - 3, ToolRl.Correctness(ToolCall.Read("f(a=1, b=9)", ref work)!, gold, ref work), Close);
        Assert.Equal(-3, ToolRl.Correctness([], gold, ref work), Close);
        Assert.Equal(3, ToolRl.Correctness([], [], ref work));
        Assert.Equal(-3, ToolRl.Correctness(gold, [], ref work));
    }

    [Fact]
    public void InfiGui_Rank_ByHand()
    {
        var target = new Box(0, 0, 10, 10);
        var work = new Work(100_000);

        Assert.Equal(1, InfiGui.Accuracy([new(5, 5)], target));
        Assert.Equal(1 / Math.Sqrt(6), InfiGui.Accuracy([new(50, 5), new(5, 5), new(7, 60)], target), Close);
        Assert.Equal(-0.5, InfiGui.Accuracy([new(50, 5), new(7, 60)], target));
        Assert.True(InfiGui.AnyCollinear([new(0, 0), new(5, 5), new(1, 7), new(10, 10)], ref work));
        Assert.True(InfiGui.AnyCollinear([new(1, 1), new(1, 1), new(4, 9)], ref work));
        Assert.False(InfiGui.AnyCollinear([new(0, 0), new(5, 5), new(1, 7)], ref work));
    }

    [Fact]
    public void VisionR1_Terms_ByHand()
    {
        var work = new Work(100_000);
        Detection[] gold = [At(0, 0, 10, 10), At(50, 50, 60, 60)];

        // IoU 0.8 (above 0.75 counts 1; between 0.75 and 0.9 counts itself), 0 and a surplus box.
        Detection[] found = [At(0, 0, 10, 8), At(80, 80, 90, 90), At(20, 20, 30, 30)];
        Assert.Equal((0.5, 1.0 / 3), VisionR1.Terms(found, gold, 100, 100, 0.5, 0.75, ref work));
        var (recall, precision) = VisionR1.Terms(found, gold, 100, 100, 0.75, 0.9, ref work);
        Assert.Equal(0.5, recall);
        Assert.Equal(0.8 / 3, precision, Close);
        Assert.Equal((1.0, 1.0), VisionR1.Terms([], [], 100, 100, 0.5, 0.75, ref work));
    }

    [Fact]
    public async Task StarR1_Tiers_ByHand()
    {
        const string gold = """[["cube","color","red"],["ball","size","small"]]""";

        // Divided by 5·2 + 1: 11; 1 + 5 + 1.5; 1 + 5 + 0.5; one right and one missing 1 + 5 - 1; right ones and one surplus 11 - 1; nothing right: 1 - 4.
        Values([1, 7.5 / 11, 6.5 / 11, 5.0 / 11, 10.0 / 11, -3.0 / 11], await Score(StarR1.Reward(), gold, Wrap(gold),
            Wrap("""[["cube","color","red"],["ball","size","big"]]"""), Wrap("""[["cube","color","red"],["ball","color","small"]]"""), Wrap("""[["cube","color","red"]]"""),
            Wrap("""[["cube","color","red"],["ball","size","small"],["cone","size","big"]]"""), Wrap("""[["cone","color","red"],["ring","size","small"]]""")));
    }

    [Fact]
    public void RewardMap_Detail_ByHand()
    {
        RewardMap.Leg[] gold = [new("1", "A", "C"), new("2", "C", "F")];

        Assert.Equal(10, RewardMap.Detail(gold, gold));                                                  // 2 + 2 + 3 + 4 + 1 = 12, capped
        Assert.Equal(7, RewardMap.Detail([new("1", "A", "F")], gold));                                   // 2 + 2 + 3
        Assert.Equal(7, RewardMap.Detail([.. gold, new("3", "F", "F")], gold));                          // 12 - 5
        Assert.Equal(0, RewardMap.Detail([], gold));
        Assert.Equal(4, RewardMap.Detail([new("9", "A", "B"), new("8", "B", "F")], gold));
    }

    [Fact]
    public void Video2Layout_Thresholds_ByHand()
    {
        Assert.Equal(1, Video2Layout.Graded(4.2, 4));       // 5 %
        Assert.Equal(0.9, Video2Layout.Graded(4.4, 4));     // 10 %
        Assert.Equal(0.1, Video2Layout.Graded(2, 4));       // 50 %
        Assert.Equal(0, Video2Layout.Graded(9, 4));
        Assert.Equal(0, Video2Layout.Graded(0.1, 0));
        Assert.Equal(0, Video2Layout.Graded(double.NaN, 4));
    }

    [Fact]
    public void Vigor_RigidMotion_IsZeroAndDriftIsItsLength()
    {
        var camera = new Vigor.Camera(100, 50, 50);
        double[] same = [1, 0, 0, 0, 1, 0, 0, 0, 1], still = [0, 0, 0], right = [1, 0, 0];

        // Moving the camera so that X grows by 1 at depth 10 shifts the picture by 100/10 pixels.
        Assert.Equal(0, Vigor.Score([new(60, 70, 10, 70, 70)], camera, same, right), Close);
        Assert.Equal(-5, Vigor.Score([new(60, 70, 10, 63, 74)], camera, same, still), Close);
        Assert.Equal(-50, Vigor.Score([new(60, 70, -1, 60, 70)], camera, same, still));
        Assert.Equal(-25, Vigor.Score([new(60, 70, double.NaN, 60, 70), new(60, 70, 10, 60, 70)], camera, same, still));
        Assert.Throws<ArgumentException>(() => Vigor.Score([], camera, same, still));
    }

    [Fact]
    public void InformationGain_Entropies_ByHand()
    {
        Assert.Equal(Math.Log(2), InformationGain.Gain([0.5, 0.5], 0), Close);
        Assert.Equal(0, InformationGain.Gain([0.5, 0.5], 0.5), Close);                       // the reply is a coin
        Assert.Equal(0, InformationGain.Gain([1, 0], 0), Close);
        Assert.Equal(Math.Log(2) - InformationGain.Entropy([0.9, 0.1]), InformationGain.Gain([0.5, 0.5], 0.1), Close);
    }

    [Fact]
    public void ShopR1_SelfCertainty_IsTheDivergenceFromUniform()
    {
        double log2 = Math.Log(2);

        Assert.Equal(0, ShopR1.SelfCertainty([-log2, -log2], 2), Close);
        Assert.Equal(-(0.5 * Math.Log(0.9 * 0.1)) - log2, ShopR1.SelfCertainty([Math.Log(0.9), Math.Log(0.1)], 2), Close);
        Assert.Equal(-(0.25 * Math.Log(0.9 * 0.1)) - (log2 / 2), ShopR1.SelfCertainty([Math.Log(0.9), Math.Log(0.1), -log2, -log2], 2), Close);
        Assert.Throws<ArgumentException>(() => ShopR1.SelfCertainty([1, 2, 3], 2));
    }

    [Fact]
    public void SmallTerms_ByHand_HaveTheirValues()
    {
        var work = new Work(100_000);

        Assert.Equal(0.3 + (0.2 * 0.5), ReasoningPattern.Calibrate(0.3, 0.5), Close);
        Assert.Equal(0.8, ReasoningPattern.Calibrate(0.8, 1));
        Assert.Equal(0.5, SweetSpot.Zone(0.6, [0.25, 0.5, 0.75, 1]));
        Assert.Equal(1, SweetSpot.Zone(1, [0.25, 0.5, 0.75, 1]));
        Assert.Equal(1, MagicGui.Place(new Point(5, 5), new Box(0, 0, 10, 10)));
        Assert.Equal(0.5, MagicGui.Place(new Point(0, 0), new Box(0, 0, 10, 10)), Close);
        Assert.Equal(0.25 * Math.Exp(-5 / Math.Sqrt(50)), MagicGui.Place(new Point(15, 5), new Box(0, 0, 10, 10)), Close);
        Assert.Equal(0.5 * (1 + 0.91 + 1), SegResearch.Search(true, 2, true), Close);
        Assert.Equal(0.75, SalientGrounding.Weighted([At(0, 0, 10, 10)], [At(0, 0, 10, 10, 3), At(50, 50, 60, 60, 1)], ref work), Close);
        Assert.Equal(0.375, SalientGrounding.Weighted([At(0, 0, 10, 10), At(70, 0, 80, 10), At(80, 0, 90, 10), At(90, 0, 99, 10)], [At(0, 0, 10, 10, 3), At(50, 50, 60, 60, 1)], ref work), Close);
        Assert.Equal(0.5, DipR1.Look([At(0, 0, 10, 10)], [At(0, 0, 10, 10, 0.2), At(50, 50, 60, 60, 0.2)], ref work), Close);
        Assert.Equal(0.5, HybridReward.Length(150, 100));
        Assert.Equal((0.5, 0.25), VisualRft.Detections([At(0, 0, 10, 10, 0.5)], [At(0, 0, 10, 10), At(50, 50, 60, 60)], ref work));
        Assert.Equal(2.0 / 3, GotR1.Semantic([new(new Box(0, 0, 1, 1), "cat"), new(new Box(0, 0, 1, 1), "dog")], ["cat", "dog", "dog"]), Close);
        Assert.Equal(0.75, VideoRft.Semantic([[1, 0], [0.25f, 0.9682458f]], [1, 0]), 1e-6);   // cosines 1 and ¼: (1 + ½) / 2

        // The path goes back to its start: Hausdorff 0, Fréchet 5; RMSE over the resampled paths. The scale is the diagonal, 5.
        Point[] there = [new(0, 0), new(3, 4)], andBack = [new(0, 0), new(3, 4), new(0, 0)];
        double rmse = Trajectory.Rmse(andBack, there, ref work);
        Assert.Equal((1 + Math.Exp(-1) + Math.Exp(-rmse / 5)) / 3, Viki.PathCloseness(andBack, there, ref work), Close);
    }

    [Fact]
    public async Task Rewards_Sums_ByHand()
    {
        // viki: form 0.1 and the exact set 0.9; video-tuning: 0.1 + 0.9·(1 + 0.5)/2; manip-lvm: 1 + IoU 1/7.
        Values([1, 0.1, 0.9], await Score(Viki.Reward(), """{"level":1,"robots":["arm","dog"]}""", Wrap("""["Dog","arm"]"""), Wrap("""["arm","dog","drone"]"""), "<answer>[\"arm\",\"dog\"]</answer>"));
        Assert.Equal(0.1 + (0.9 * 0.75), (await Score(VideoTuning.Reward(), """{"option":"B","span":[0,10]}""", Wrap("""{"option":"B","start":5,"end":10}""")))[0], Close);
        Assert.Equal(1 + (1.0 / 7), (await Score(ManipLvm.Reward(), """{"box":[0,0,2,2]}""", Wrap("[1,1,3,3]")))[0], Close);
        Values([0.3 + 0.2 + 0.5, 0.2 + 0.3 + 0.25], await Score(MagicGui.Reward(), """{"action":"click","box":[0,0,10,10]}""", Wrap("""{"action":"click","point":[5,5]}"""), Wrap("""{"action":"click","point":[0,0]}""")));
        Values([1, 0.7 + (0.3 * 0.5), 0.7, 0], await Score(CitationRubric.Reward(), """{"answer":"Ada","facts":[{"entities":["Ada","Babbage"],"pages":[2]},{"entities":["Babbage","engine"],"pages":[5]}]}""",
            "Babbage, engine [5], Ada [2] <answer>Ada</answer>", "Babbage and Ada [2] <answer>Ada</answer>", "Babbage, engine [5] <answer>Ada</answer>", "Babbage, engine [5], Ada [2] <answer>Babbage</answer>"));
        Values([1, 0], await Score(ClsRl.Reward(new() { NoThinking = true }), "\"cat\"", " Cat ", "<answer>cat</answer>"));
        Values([2, 1], await Score(AnswerAndFormat.Reward(), "\"C\"", Wrap("(C)"), "<answer>c</answer>"));
    }
}
