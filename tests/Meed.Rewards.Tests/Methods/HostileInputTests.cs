using System.Diagnostics;
using System.Text.Json;
using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Methods;

/// <summary>Long answers made to be slow: every verifier scores them within its work limit and in processor time that shows no hidden square.</summary>
public class HostileInputTests
{
    private const int Length = 200_000;

    /// <summary>Far above what linear work takes, far below what a square of the length takes.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private static readonly string[] s_pieces =
    [
        "[", "{\"a\":", "[1,", "[[1,2],", "(", "\"", "\\", "*", "**a", "<<", "a. ", "A.B. The ", ".", "?! ", "<answer>", "<answer>1</answer>", "<search>", "<search>a</search>", "<clip>", "<clip>[1,2]</clip>", "<tool_call>", "f(a=1,",
        "```json\n", "P. P.", "Section 1", "word ", "y", "[1] ", "a\n", "\n\n", "(a) 1\n", "<think>", "é", "😀", "\ud800", "1", "[1,2,3,4],", "{\"bbox_2d\":[1,2,3,4]},", "first of all ", "\"a,b\"\t", "Question 1: a\nA) b\n",
    ];

    /// <summary>A reference that each verifier of the catalog can read.</summary>
    private static readonly Dictionary<string, string> s_references = new()
    {
        ["ifeval"] = "1", ["ifbench"] = "1", ["tool-call"] = "[{\"name\":\"f\",\"arguments\":{\"a\":1}}]", ["tool-rl"] = "[{\"name\":\"f\",\"arguments\":{\"a\":1}}]", ["json-schema"] = "{\"type\":\"object\"}", ["json-match"] = "{\"a\":[1,2]}",
        ["citations"] = "[1]", ["structured-answer"] = "{\"a\":\"1\"}", ["box-iou"] = "[1,2,3,4]", ["box-set"] = "[[1,2,3,4]]", ["detection-map"] = "[[1,2,3,4]]", ["temporal-iou"] = "[1,2]", ["point"] = "[1,2,3,4]", ["trajectory"] = "[[1,2],[3,4]]",
        ["mask-overlap"] = "{\"size\":4,\"runs\":[2,2]}", ["viki"] = "{\"level\":3,\"path\":[[1,2],[3,4]]}", ["mixed-r1"] = "{\"kind\":\"text\",\"answer\":\"a word\"}", ["vlm-r1"] = "[[1,2,3,4],[5,6,7,8]]", ["video-tuning"] = "{\"option\":\"B\",\"span\":[1,2]}",
        ["dip-r1"] = "{\"boxes\":[[1,2,3,4]],\"regions\":[[1,2,3,4]]}", ["salient-grounding"] = "{\"answer\":\"a\",\"boxes\":[[1,2,3,4]],\"patterns\":[\"first look\"]}", ["shop-r1"] = "{\"type\":\"search\",\"query\":\"a word\"}",
        ["job-application"] = "{\"skills\":\"a\",\"experience\":\"a\",\"education\":\"a\",\"decision\":\"a\"}", ["visual-rft"] = "[[1,2,3,4],[5,6,7,8]]", ["vision-r1"] = "{\"boxes\":[[1,2,3,4]],\"width\":10,\"height\":10}", ["star-r1"] = "[[\"a\",\"b\",\"c\"]]",
        ["reward-map"] = "{\"legs\":[{\"line\":\"1\",\"from\":\"A\",\"to\":\"B\"}]}", ["magic-gui"] = "{\"action\":\"click\",\"box\":[1,2,3,4]}", ["sweet-spot"] = "[1,2,3,4]", ["infigui"] = "[1,2,3,4]", ["gui-g2"] = "[1,2,3,4]", ["got-r1"] = "{\"objects\":[\"a\"]}",
        ["tool-thinking"] = "{\"answer\":\"a\"}", ["information-gain"] = "{\"belief\":{\"a\":{\"x\":1}}}", ["tube-grounding"] = "{\"span\":[1,2],\"boxes\":{\"1\":[1,2,3,4]}}", ["clue-seeking"] = "{\"answer\":\"a\",\"clues\":[[1,2]]}",
        ["seg-research"] = "{\"box\":[1,2,3,4],\"point\":[2,3],\"keyframes\":[1],\"steps\":[\"a word\"]}", ["keyframe"] = "{\"answer\":\"a\",\"keyframes\":[1]}", ["citation-rubric"] = "{\"answer\":\"a\",\"facts\":[{\"entities\":[\"a\"],\"pages\":[1]}]}", ["manip-lvm"] = "{\"path\":[[1,2],[3,4]]}",
    };

    private const string Item = """
        {"instruction_id_list":["length_constraints:number_sentences","language:response_language","detectable_format:number_highlighted_sections","detectable_content:postscript","change_case:capital_word_frequency","detectable_format:title"],
         "kwargs":[{"relation":"at least","num_sentences":3},{"language":"de"},{"num_highlights":2},{"postscript_marker":"P.P.S"},{"capital_relation":"at least","capital_frequency":2},{}],
         "image":{"score":1,"boxes":[]},"frames":[[FRAME]]}
        """;

    private const string BenchItem = """
        {"instruction_id_list":["ratio:sentence_balance","format:emoji","format:parentheses","custom:mcq_count_length","custom:csv_quotes","words:last_first","words:repeats","ratio:overlap"],"kwargs":[{},{},{},{},{},{},{"small_n":2},{"percentage":50,"reference_text":"abcdef"}]}
        """;

    [Fact]
    [Trait("Tier", "long")]
    public async Task EveryVerifier_LongHostileAnswers_StayWithinTheirBounds()
    {
        var item = JsonDocument.Parse(Item.Replace("FRAME", string.Join(",", Enumerable.Repeat(1, 64)))).RootElement;
        var bench = JsonDocument.Parse(BenchItem).RootElement;
        var names = MeasureEntries.All.Concat(Meed.Rewards.Methods.MethodEntries.All).Where(e => e.Factory is not null).Select(e => e.Name).ToList();
        var slow = new List<string>();
        var context = new RewardContext { WallLimit = TimeSpan.Zero, Threads = 1 };
        using var process = Process.GetCurrentProcess();
        foreach (var name in names)
        {
            var reward = RewardDocuments.Parse("{\"" + name + "\":{}}", Catalog.TextRewards()).Reward;
            var sample = new TextSample { Reference = JsonDocument.Parse(s_references.GetValueOrDefault(name, "\"a word\"")).RootElement, Item = name == "ifbench" ? bench : item };
            foreach (var piece in s_pieces)
            {
                var answer = string.Concat(Enumerable.Repeat(piece, Length / piece.Length));
                foreach (var text in new[] { answer, $"<think>{answer}</think><answer>{answer}</answer>" })
                {
                    var start = process.TotalProcessorTime;
                    var scores = await reward.ScoreAsync([sample with { Response = text }], context, TestContext.Current.CancellationToken);
                    process.Refresh();
                    var time = process.TotalProcessorTime - start;

                    Assert.True(scores.Status[0] == ScoreStatus.Ok, $"{name}, '{piece}': {scores.Status[0]} {scores.Reasons[0]}");
                    if (time > s_patience)
                    {
                        slow.Add($"{name}, '{piece}': {time.TotalSeconds:0.0} s for {scores.Work[0]} units");
                    }
                }
            }
        }

        Assert.True(slow.Count == 0, string.Join("\n", slow));
    }
}
