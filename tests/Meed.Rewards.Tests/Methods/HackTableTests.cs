using System.Globalization;
using System.Text;
using System.Text.Json;
using Meed.Rewards.Methods;
using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Tests.Methods;

/// <summary>What answers without knowledge earn from each published reward, beside the right answer.</summary>
public class HackTableTests
{
    /// <summary>One row: the reward, a sample, the right answer, and the hacks.</summary>
    private sealed record Case(string Name, int Row, IReward<TextSample> Reward, string Reference, string Right, string Enumerate, string Prompt, string Longest, string Mode, string Why, double Share = 0.75)
    {
        public string Item { get; init; } = "{}";
    }

    private static string Wrap(string answer, string thinking = "It is on the left.") => $"<think>{thinking}</think><answer>{answer}</answer>";

    private static readonly string s_spam = "[" + string.Join(",", Enumerable.Range(0, 100).Select(i => $"[{i % 10 * 10},{i / 10 * 10},{(i % 10 * 10) + 20},{(i / 10 * 10) + 20}]")) + "]";
    private static readonly string s_long = string.Concat(Enumerable.Repeat("Let me look at this again and describe everything that is there. ", 200));

    private static IReadOnlyList<Case> Cases { get; } =
    [
        new("viki", 0, Viki.Reward(), """{"level":2,"initial":["at a"],"goal":["has box"],"steps":2,"actions":{"go":{"needs":["at a"],"adds":["at b"],"removes":["at a"]},"take":{"needs":["at b"],"adds":["has box"]},"wait":{}}}""",
            Wrap("[\"go\",\"take\"]"), Wrap("[\"go\",\"take\",\"wait\",\"go\",\"take\"]"), "Get the box.", Wrap("[\"wait\",\"wait\",\"go\",\"take\"]"), Wrap("[\"go\"]"), "A plan longer than the reference's, or that ends without the goal, is worth nothing."),
        new("mixed-r1", 8, MixedR1.Reward(new HashedEmbedding()), """{"kind":"text","answer":"a brown dog sleeps under the old table"}""",
            Wrap("a brown dog sleeps under the old table"), Wrap(string.Join(' ', Enumerable.Range(0, 300).Select(i => $"object{i}"))), "Describe the picture.", s_long, Wrap("an image of something"), "Both directions of the similarity count: surplus words lower the row mean.", 0.8),
        new("vlm-r1", 34, VlmR1.Reward(), """[{"bbox_2d":[10,10,30,30],"label":"cat"},{"bbox_2d":[60,60,90,90],"label":"dog"}]""",
            Wrap("""[{"bbox_2d":[10,10,30,30],"label":"cat"},{"bbox_2d":[60,60,90,90],"label":"dog"}]"""), Wrap(s_spam.Replace("[[", "[{\"label\":\"cat\",\"bbox_2d\":[").Replace("],[", "]},{\"label\":\"cat\",\"bbox_2d\":[").Replace("]]", "]}]")), "Find the animals.", s_long, Wrap("""[{"bbox_2d":[0,0,100,100],"label":"cat"}]"""), "min(1, n_gt/n_pred) charges every surplus box; form alone is half of the sum.", 0.75),
        new("video-tuning", 42, VideoTuning.Reward(), """{"option":"B","span":[12,20]}""", Wrap("""{"option":"B","start":12,"end":20}"""), Wrap("""[{"option":"A","start":0,"end":100},{"option":"B","start":0,"end":100}]"""), "Which option, and when?", s_long, Wrap("""{"option":"A","start":0,"end":100}"""), "Lists of answers are not read; the whole clip has a small IoU."),
        new("dip-r1", 50, DipR1.Reward(), """{"boxes":[[10,10,30,30],[25,10,45,30]],"regions":[{"box":[20,10,35,30],"score":0.4}]}""",
            "<think>Two overlap.</think><look>[[20,10,35,30]]</look><answer>[[10,10,30,30],[25,10,45,30]]</answer>", $"<think>All.</think><look>{s_spam}</look><answer>{s_spam}</answer>", "Count the discs.", s_long, "<think>One.</think><look>[[0,0,100,100]]</look><answer>[[0,0,100,100]]</answer>", "The look term is divided by the inspected boxes, precision by the answered ones."),
        new("bleu (bleuberi)", 63, TextRewards.ForBleu(new()), "\"The treaty was signed in Vienna in 1815 by the four great powers.\"", "The treaty was signed in Vienna in 1815 by four great powers.", string.Join(' ', Enumerable.Range(1500, 400)) + " Vienna treaty signed great powers", "When was the treaty signed, and by whom?", s_long, "the of and in the of and in the of and", "Clipped precision charges every word that is not in the reference."),
        new("tool-rl", 62, ToolRl.Reward(), """[{"name":"weather","arguments":{"city":"Paris","days":3}}]""",
            """<think>Ask.</think><tool_call>{"name":"weather","arguments":{"city":"Paris","days":3}}</tool_call>""", """<think>All.</think><tool_call>[{"name":"weather","arguments":{"city":"Rome","days":1}},{"name":"news","arguments":{}},{"name":"mail","arguments":{}}]</tool_call>""", "What is the weather in Paris?", s_long, """<think>Ask.</think><tool_call>{"name":"news","arguments":{}}</tool_call>""", "Surplus names lower the Jaccard terms; values must be equal."),
        new("got-r1", 64, GotR1.Reward(), """{"objects":["cat","dog"],"relations":[["cat","left-of","dog"]]}""",
            """[{"label":"cat","box":[10,10,30,30]},{"label":"dog","box":[60,10,90,40]}]""", "[" + string.Join(",", Enumerable.Range(0, 40).Select(i => $"{{\"label\":\"{(i % 2 == 0 ? "cat" : "dog")}\",\"box\":[{i},{i},{i + 30},{i + 30}]}}")) + "]", "A cat to the left of a dog.", s_long, """[{"label":"cat","box":[0,0,100,100]}]""", "The product is zero when one factor is; surplus objects divide two of them.") { Item = """{"image":{"score":0.9,"boxes":[{"label":"cat","box":[10,10,30,30]},{"label":"dog","box":[62,10,90,40]}]}}""" },
        new("tool-thinking", 95, ToolThinking.Reward(), """{"answer":"B","box":[40,40,60,60]}""", Wrap("""{"answer":"B","box":[40,40,60,60]}"""), Wrap("""{"answer":"A, B, C, D","box":[0,0,100,100]}"""), "Is there a lesion?", s_long, Wrap("""{"answer":"A","box":[0,0,100,100]}"""), "The tool bonus needs a right answer; the whole image has a small IoU."),
        new("salient-grounding", 100, SalientGrounding.Reward(), """{"answer":"red","boxes":[{"box":[10,10,30,30],"score":3},{"box":[60,60,90,90],"score":1}],"patterns":["find the cup then read its colour"]}""",
            Wrap("""{"answer":"red","boxes":[[10,10,30,30],[60,60,90,90]]}""", "Find the cup, then read its colour."), Wrap($$"""{"answer":"red, blue, green","boxes":{{s_spam}}}""", s_long), "What colour is the cup?", s_long, Wrap("""{"answer":"blue","boxes":[[0,0,100,100]]}"""), "Boxes beyond the number of targets divide the term; F1 with a pattern falls with length."),
        new("shop-r1", 103, ShopR1.Reward(), """{"type":"search","query":"red running shoes size 42"}""", """{"rationale":"I need shoes.","action":{"type":"search","query":"red running shoes size 42"}}""", """{"rationale":"All.","action":{"type":"search","query":"red blue green running walking shoes boots size 40 41 42 43"}}""", "What does the shopper do next?", s_long, """{"rationale":"Done.","action":{"type":"terminate"}}""", "The easy action earns its form only; a query must reach ROUGE-L 0.75."),
        new("job-application", 107, JobApplication.Reward(), """{"skills":"high","experience":"mid","education":"high","decision":"select"}""", """{"skills":"high","experience":"mid","education":"high","decision":"select"}""", """{"skills":"high mid low","experience":"high mid low","education":"high mid low","decision":"select reject"}""", "Judge this application.", s_long, """{"skills":"mid","experience":"mid","education":"mid","decision":"reject"}""", "Verdicts are compared whole; always rejecting loses half and is not punished beyond it."),
        new("visual-rft", 108, VisualRft.Reward(), """[{"bbox_2d":[10,10,30,30],"label":"cat"}]""", Wrap("""[{"bbox_2d":[10,10,30,30],"label":"cat","score":1}]"""), Wrap("[" + string.Join(",", Enumerable.Range(0, 60).Select(i => $"{{\"bbox_2d\":[{i},{i},{i + 20},{i + 20}],\"label\":\"cat\",\"score\":0}}")) + "]"), "Find the cat.", s_long, Wrap("""[{"bbox_2d":[0,0,100,100],"label":"cat","score":1}]"""), "Both terms are charged for the number of boxes."),
        new("hybrid", 110, HybridReward.Reward(new HashedEmbedding()), "\"42\"", Wrap("42"), Wrap(string.Join(", ", Enumerable.Range(0, 100))), "What is 6 times 7?", s_long, Wrap("0"), "A list is not the answer; length beyond the free words costs."),
        new("cls-rl", 111, ClsRl.Reward(new()), "\"tabby cat\"", Wrap("tabby cat"), Wrap("tabby cat, dog, horse"), "Which animal is this?", s_long, Wrap("dog"), "Whole labels are compared."),
        new("vision-r1", 119, VisionR1.Reward(new()), """{"boxes":[[10,10,30,30],[60,60,90,90]],"width":100,"height":100}""", "[[10,10,30,30],[60,60,90,90]]", s_spam, "Find the objects.", s_long, "[[0,0,100,100]]", "Precision is over the predictions, recall over the targets."),
        new("star-r1", 120, StarR1.Reward(), """[["cube","color","red"],["ball","size","small"]]""", Wrap("""[["cube","color","red"],["ball","size","small"]]"""), Wrap("[" + string.Join(",", new[] { "cube", "ball", "cone", "ring" }.SelectMany(o => new[] { "red", "blue", "green" }.Select(c => $"[\"{o}\",\"color\",\"{c}\"]"))) + "]"), "What changed?", s_long, Wrap("""[["cube","color","blue"]]"""), "Every edit without a partner costs 1."),
        new("reward-map", 127, RewardMap.Reward(), """{"legs":[{"line":"1","from":"A","to":"C"},{"line":"2","from":"C","to":"F"}],"difficulty":1}""", Wrap("""[{"line":"1","from":"A","to":"C"},{"line":"2","from":"C","to":"F"}]"""), Wrap("[" + string.Join(",", Enumerable.Range(1, 8).Select(i => $"{{\"line\":\"{i}\",\"from\":\"A\",\"to\":\"F\"}}")) + "]"), "From A to F?", s_long, Wrap("""[{"line":"1","from":"A","to":"F"}]"""), "Surplus legs cost 5 each; correctness carries most of the weight."),
        new("magic-gui", 131, MagicGui.Reward(), """{"action":"click","box":[40,40,60,50]}""", Wrap("""{"action":"click","point":[50,45]}"""), Wrap("""{"action":"click","point":[50,45],"text":"a","key":"b","direction":"up"}"""), "Click on Save.", s_long, Wrap("""{"action":"click","point":[0,0]}"""), "Unwanted arguments count as wrong ones.", 0.8),
        new("sweet-spot", 136, SweetSpot.Reward(), "[40,40,60,50]", "[50,45]", "[[50,45],[10,10],[90,90]]", "Click on Save.", s_long, "[100,100]", "One point is one point; the outer zone ends at 2 σ."),
        new("infigui", 142, InfiGui.Reward(), "[40,40,60,50]", "[[50,45]]", "[" + string.Join(",", Enumerable.Range(1, 60).Select(i => $"[{i},{i * i / 36.0:0.###}]")) + "]", "Click on Save.", s_long, "[[0,0]]", "A hit among N candidates earns at most 1/√N."),
        new("answer-and-format", 143, AnswerAndFormat.Reward(), "\"B\"", Wrap("B"), Wrap("A B C D"), "Left or right?", s_long, Wrap("A"), "One option; a second answer tag costs both terms."),
        new("gui-g2", 145, GuiG2.Reward(), "[40,40,60,50]", "[41,40,60,50]", s_spam, "Click on Save.", s_long, "[0,0,100,100]", "One box; a large box has the wrong width and, mostly, the wrong middle."),
        new("video-rft", 149, VideoRft.Reward(new HashedEmbedding()), "\"B\"", Wrap("B", "sleeping dog"), Wrap("A B C D", "sleeping dog cat horse car tree"), "What happens?", s_long, Wrap("A", "sleeping dog"), "The similarity is paid for right answers only.") { Item = $$"""{"frames":[{{Frame("sleeping")}},{{Frame("dog")}}]}""" },
        new("information-gain", 153, InformationGain.Reward(), """{"belief":{"colour":{"red":0.5,"blue":0.5},"size":{"big":1,"small":0}},"error":0}""", "<ask>colour</ask>", "<ask>colour, size</ask>", "What shall I ask?", s_long, "<ask>size</ask>", "A question names one slot; a known slot has no entropy left."),
        new("tube-grounding", 156, TubeGrounding.Reward(), """{"span":[2,4],"boxes":{"2":[10,10,30,30],"3":[12,10,32,30],"4":[14,10,34,30]}}""",
            """<think>It moves.</think><draft>{"2":[10,10,30,30],"3":[12,10,32,30],"4":[14,10,34,30]}</draft><answer>{"start":2,"end":4,"boxes":{"2":[10,10,30,30],"3":[12,10,32,30],"4":[14,10,34,30]}}</answer>""", "<think>All.</think><draft>{}</draft><answer>{\"start\":0,\"end\":100,\"boxes\":{" + string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"{i}\":[0,0,100,100]")) + "}}</answer>", "Where is the square?", s_long, """<think>x</think><draft>{"2":[0,0,100,100]}</draft><answer>{"start":0,"end":100,"boxes":{"2":[0,0,100,100]}}</answer>""", "Whole clip and whole frame have small IoUs; more than twice the frames is unreadable."),
        new("video-2-layout", 162, Video2Layout.Reward(), "\"4.0\"", "<map>a 0 0</map><think>So.</think><answer>4.1</answer>", "<map>a 0 0</map><think>So.</think><answer>1 2 3 4 5</answer>", "How far is it?", s_long, "<map>a 0 0</map><think>So.</think><answer>1</answer>", "One number; a factor of four off meets no threshold."),
        new("clue-seeking", 166, ClueSeeking.Reward(), """{"answer":"B","clues":[[30,40]]}""", "<clip>[30,40]</clip><answer>B</answer>", string.Concat(Enumerable.Range(0, 20).Select(i => $"<clip>[{i * 5},{(i * 5) + 5}]</clip>")) + "<answer>A B C D</answer>", "Who did it?", s_long, "<clip>[0,100]</clip><answer>A</answer>", "Clips pay only with the right answer, by IoU, and less each turn."),
        new("seg-research", 201, SegResearch.Reward(new HashedEmbedding()), """{"box":[100,100,300,300],"point":[200,200],"keyframes":[3],"steps":["winner of the 2024 cup final"]}""",
            "<search>winner of the 2024 cup final</search><answer>{\"bbox_2d\":[102,100,300,300],\"point_2d\":[200,205],\"keyframe\":3}</answer>", string.Concat(Enumerable.Range(0, 50).Select(i => $"<search>query {i}</search>")) + "<answer>{\"bbox_2d\":[0,0,1000,1000],\"point_2d\":[500,500],\"keyframe\":1}</answer>", "Segment the winner.", s_long, "<answer>{\"bbox_2d\":[0,0,1000,1000],\"point_2d\":[500,500],\"keyframe\":1}</answer>", "The bonus for searching saturates at ½ after few searches."),
        new("keyframe", 211, KeyframeReward.Reward(), """{"answer":"C","keyframes":[7]}""", "<think>Frame 7.</think><frames>[7]</frames><answer>C</answer>", "<think>All.</think><frames>[" + string.Join(",", Enumerable.Range(0, 64)) + "]</frames><answer>A B C D</answer>", "What is picked up?", s_long, "<think>x</think><frames>[0]</frames><answer>A</answer>", "F1 over frames: all of 64 earn 0.03."),
        new("structured-answer", 219, new StructuredAnswerReward(new()), """{"a":"12","b":"9","c":"x+1"}""", "(a) 12\n(b) 9\n(c) x+1", "(a) 11\n(a) 12\n(b) 8\n(b) 9\n(c) x\n(c) x+1", "Solve (a), (b) and (c).", s_long, "(a) 0\n(b) 0\n(c) 0", "A part with two different answers has none."),
        new("citation-rubric", 253, CitationRubric.Reward(), """{"answer":"Ada","facts":[{"entities":["Ada","Babbage"],"pages":[2]},{"entities":["Babbage","engine"],"pages":[5]}]}""",
            "Babbage built the engine [5]; he worked with Ada [2]. <answer>Ada</answer>", "Ada Babbage engine [1,2,3,4,5,6,7,8] <answer>Ada or Babbage</answer>", "Who wrote the notes on the engine?", s_long, "<answer>Babbage</answer>", "A wrong answer earns 0; pages that support nothing cost precision."),
        new("manip-lvm", 254, ManipLvm.Reward(), """{"path":[[0,0],[50,0],[100,50]]}""", Wrap("[[0,0],[50,0],[100,50]]"), Wrap("[" + string.Join(",", Enumerable.Range(0, 100).Select(i => $"[{i % 10 * 10},{i / 10 * 10}]")) + "]"), "Move the cup to the plate.", s_long, Wrap("[[50,200]]"), "Points off the path raise the Hausdorff and Fréchet distances; the form alone is half.", 0.75),
    ];

    [Fact]
    public async Task Rewards_AnswersWithoutKnowledge_DoNotPay()
    {
        var table = new StringBuilder("| reward | row | right | empty | enumerate | copy the prompt | longest | the mode | why it does not pay |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var c in Cases)
        {
            var sample = new TextSample { Reference = JsonDocument.Parse(c.Reference).RootElement, Item = JsonDocument.Parse(c.Item).RootElement };
            string[] answers = [c.Right, "", c.Enumerate, c.Prompt, c.Longest, c.Mode];
            var scores = await c.Reward.ScoreAsync([.. answers.Select(a => sample with { Response = a })], RewardContext.Default, TestContext.Current.CancellationToken);

            Assert.All(Enumerable.Range(0, answers.Length), i => Assert.True(scores.Status[i] == ScoreStatus.Ok, $"{c.Name}: {scores.Reasons[i]}"));
            double low = c.Reward.Schema.Minimum, right = scores[0];
            Assert.True(right > low + (0.3 * (Math.Min(c.Reward.Schema.Maximum, 4) - low)), $"{c.Name}: the right answer earns {right}");
            for (int i = 1; i < answers.Length; i++)
            {
                Assert.True(scores[i] - low < c.Share * (right - low), $"{c.Name}: hack {i} earns {scores[i]}, the right answer {right}");
            }

            var values = string.Join(" | ", scores.Values.ToArray().Select(v => v.ToString("0.###", CultureInfo.InvariantCulture)));
            table.Append(CultureInfo.InvariantCulture, $"| {c.Name} | {c.Row} | {values} | {c.Why} |\n");
        }

        DataFiles.CheckGenerated("docs/rewards/methods.md", "hack table", table.ToString());
    }

    [Fact]
    public async Task ReasoningPattern_ListOfPhrases_PaysInFullAsItsRemarksSay()
    {
        var list = string.Join(". ", ReasoningPhrases.Usual);
        var scores = await ReasoningPattern.Reward().ScoreAsync([TextSample.Of(list), TextSample.Of(""), TextSample.Of(string.Concat(Enumerable.Repeat("therefore ", 1000))), TextSample.Of("Paris.")], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal([1, 0, 0.1, 0], scores.Values.ToArray().AsEnumerable());
    }

    [Fact]
    public async Task Rewards_FuzzedAnswers_AreAlwaysScored()
    {
        foreach (var c in Cases)
        {
            var sample = new TextSample { Reference = JsonDocument.Parse(c.Reference).RootElement, Item = JsonDocument.Parse(c.Item).RootElement };
            await Fuzz.IsAlwaysScored(c.Reward, sample, correctness: false, FuzzCount, c.Right, c.Mode);
        }
    }

    [Fact]
    [Trait("Tier", "long")]
    public async Task Rewards_TenThousandFuzzedAnswers_AreAlwaysScored()
    {
        foreach (var c in Cases)
        {
            var sample = new TextSample { Reference = JsonDocument.Parse(c.Reference).RootElement, Item = JsonDocument.Parse(c.Item).RootElement };
            await Fuzz.IsAlwaysScored(c.Reward, sample, correctness: false, 10_000, c.Right, c.Mode, c.Enumerate);
        }
    }

    private const int FuzzCount = 500;

    private static string Frame(string word)
    {
        var vector = new float[64];
        new HashedEmbedding().Embed(word, vector);
        return "[" + string.Join(",", vector) + "]";
    }
}
