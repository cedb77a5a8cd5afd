using Meed.RewardModels.Data;
using Meed.Rewards;

namespace Meed.RewardModels.Tests.Data;

public class LayoutTests
{
    [Theory]
    [InlineData("reward-bench.jsonl", "reward-bench")]
    [InlineData("m-reward-bench.jsonl", "m-reward-bench")]
    [InlineData("reward-bench-2.jsonl", "reward-bench-2")]
    [InlineData("rm-bench.json", "rm-bench")]
    [InlineData("judge-bench.jsonl", "judge-bench")]
    [InlineData("ultra-feedback.jsonl", "ultra-feedback")]
    [InlineData("help-steer.jsonl", "help-steer")]
    [InlineData("help-steer-preference.jsonl", "help-steer-preference")]
    [InlineData("prm800k.jsonl", "prm800k")]
    [InlineData("chosen-rejected.jsonl", "chosen-rejected")]
    [InlineData("hh.jsonl", "hh-rlhf")]
    [InlineData("meed.jsonl", "meed")]
    public void Open_HandMadeFile_FindsItsLayoutAndReadsThreeRows(string file, string layout)
    {
        var open = PreferenceFile.Open(Files.Of(file));

        Assert.Equal(layout, open.Layout.Name);
        var rows = open.Rows().ToList();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.False(string.IsNullOrEmpty(r.Prompt[^1].Content)));
        Assert.All(rows.SelectMany(r => r.Responses), r => Assert.False(string.IsNullOrEmpty(r.Text)));
    }

    [Fact]
    public void RewardBench_FirstRow_HasSubsetModelsAndOnePair()
    {
        var row = Files.Rows(Files.Of("reward-bench.jsonl"))[0];

        Assert.Equal(("alpacaeval-easy", "1", "a", "Blue."), (row.Subset, row.Id, row.Responses[0].Model, row.Responses[0].Text));
        Assert.Equal([new PreferencePair(0, 1)], row.Pairs);
    }

    [Fact]
    public void RewardBench2_Ties_ComparesEachRightWithEachWrong()
    {
        var row = Files.Rows(Files.Of("reward-bench-2.jsonl"))[1];

        Assert.Equal([new(0, 2), new(0, 3), new(1, 2), new(1, 3)], row.Pairs);
        Assert.Equal("Ties", row.Subset);
    }

    [Fact]
    public void RmBench_JsonArrayWithBracketsInTexts_GivesNinePairsARow()
    {
        var rows = Files.Rows(Files.Of("rm-bench.json"));

        Assert.All(rows, r => Assert.Equal(9, r.Pairs.Count));
        Assert.Equal("**9** [sum]", rows[1].Responses[2].Text);
        Assert.Equal("It is ab}.", rows[2].Responses[4].Text);
    }

    [Fact]
    public void JudgeBench_LabelB_PrefersTheSecond() => Assert.Equal([new PreferencePair(1, 0)], Files.Rows(Files.Of("judge-bench.jsonl"))[1].Pairs);

    [Fact]
    public void UltraFeedback_Ratings_AreOverallElseFineGrainedElseMean()
    {
        var rows = Files.Rows(Files.Of("ultra-feedback.jsonl"));

        Assert.Equal([8.0, 3.0], rows[0].Responses.Select(r => r.Rating!.Value));
        Assert.Equal([new PreferencePair(0, 1, 1, 5)], rows[0].Pairs);
        Assert.Single(rows[0].Responses[1].Attributes);
        Assert.Equal([new PreferencePair(1, 0, 1, 3.5)], rows[1].Pairs);
        Assert.Empty(rows[2].Pairs);
    }

    [Fact]
    public void HelpSteer_Row_CarriesFiveAttributes()
    {
        var row = Files.Rows(Files.Of("help-steer.jsonl"))[2];

        Assert.Equal(2, row.Responses[0].Attributes["verbosity"]);
        Assert.Equal(5, row.Responses[0].Attributes.Count);
        Assert.Equal(4, row.Responses[0].Rating);
    }

    [Fact]
    public void HelpSteerPreference_Strengths_BecomeMarginsAndTies()
    {
        var rows = Files.Rows(Files.Of("help-steer-preference.jsonl"));

        Assert.Equal([new PreferencePair(0, 1, 1, 3), new PreferencePair(1, 0, 1, 2), new PreferencePair(0, 1, 0.5)], rows.SelectMany(r => r.Pairs));
        Assert.Equal("Name a year.", rows[2].Prompt[0].Content);
    }

    [Fact]
    public void Prm800k_FollowedPath_HasALabelForEachStep()
    {
        var rows = Files.Rows(Files.Of("prm800k.jsonl"));

        Assert.Equal("3 * 4 = 12\n2 + 12 = 14", rows[0].Responses[0].Text);
        Assert.Equal([1.0, 1.0], rows[0].Responses[0].Steps.Select(s => s.Value));
        Assert.Equal([0.5, 0.0], rows[1].Responses[0].Steps.Select(s => s.Value));
        Assert.Equal([true, false, true], rows.Select(r => r.Responses[0].Label!.Value));
    }

    [Fact]
    public void ChosenRejected_MessagesAndScores_GivePromptResponseAndMargin()
    {
        var rows = Files.Rows(Files.Of("chosen-rejected.jsonl"));

        Assert.Equal(("Iron", "Name a metal.", 6.5), (rows[0].Responses[0].Text, rows[0].Prompt[0].Content, rows[0].Pairs[0].Margin));
        Assert.Equal(1, rows[1].Pairs[0].Margin);
        Assert.True(rows[2].Pairs[0].IsTie);
        Assert.Equal("system", rows[2].Prompt[0].Role);
    }

    [Fact]
    public void Hh_Dialogues_AreCutWhereTheyPart()
    {
        var rows = Files.Rows(Files.Of("hh.jsonl"));

        Assert.Equal(["Hello", "Hi. How can I help?", "Name a number."], rows[0].Prompt.Select(m => m.Content));
        Assert.Equal(["user", "assistant", "user"], rows[0].Prompt.Select(m => m.Role));
        Assert.Equal(["Seven.", "Green."], rows[0].Responses.Select(r => r.Text));
        Assert.Equal(["May", "Maybe not"], rows[1].Responses.Select(r => r.Text));   // the shared beginning of a word stays in both
        Assert.Equal("Owl\n\nHuman: More.\n\nAssistant: Crow", rows[2].Responses[0].Text);
    }

    [Fact]
    public void Meed_Row_CarriesEverythingTheFormatNames()
    {
        var rows = Files.Rows(Files.Of("meed.jsonl"));

        Assert.Equal(("a", "geography", "train"), (rows[0].Annotator, rows[0].Context, rows[0].Split));
        Assert.Equal([new(0, 1, 1, 3), new(0, 2, 1, 3)], rows[0].Pairs);
        Assert.Equal(new SpanLabel(2, 6, "wrong"), rows[0].Responses[1].Spans[0]);
        Assert.Equal([new PreferencePair(0, 1, 1, 2)], rows[1].Pairs);
        Assert.Equal([1.0, 1.0], rows[1].Responses[0].Steps.Select(s => s.Value));
        Assert.Equal([new PreferencePair(2, 0, 0.75, 0, "b"), new PreferencePair(0, 1, 0.5)], rows[2].Pairs);
        Assert.Equal(("picks", "meed"), (rows[2].Source, rows[0].Source));
    }

    [Fact]
    public void Open_UnknownLayout_ShowsTheRowAndEveryLayoutTried()
    {
        using var file = Files.Temporary("odd.jsonl", """{"question":"a","good":"b","bad":"c"}""");

        var error = Assert.Throws<PreferenceException>(() => PreferenceFile.Open(file.Path));

        Assert.Contains("odd.jsonl:1: the row fits no layout: {\"question\":\"a\",\"good\":\"b\",\"bad\":\"c\"}", error.Message, StringComparison.Ordinal);
        Assert.All(PreferenceLayout.All, l => Assert.Contains($"  {l.Name}: ", error.Message, StringComparison.Ordinal));
        Assert.Contains("judge-bench: \"response_A\" is missing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"a","chosen":"b"}""", "bad.jsonl:2: \"rejected\" is missing. The layout is chosen-rejected")]
    [InlineData("{\"prompt\":", "bad.jsonl:2: the row is no JSON")]
    [InlineData("""{"prompt":"a","chosen":7.5e400,"rejected":[],"margin":1}""", "\"rejected\" is an empty list")]
    [InlineData("""{"prompt":"a","chosen":"b","rejected":"c","margin":"big"}""", "\"margin\" is \"big\", not a finite number")]
    [InlineData("{\"prompt\":\"a\",\"chosen\":\"\\ud800\",\"rejected\":\"c\"}", "bad.jsonl:2: the row is not valid text: byte 23 begins a string with half of a surrogate pair")]
    public void Rows_BadRow_NamesFileLineAndReason(string row, string expected)
    {
        using var file = Files.Temporary("bad.jsonl", """{"prompt":"a","chosen":"b","rejected":"c"}""", row);

        var error = Assert.Throws<PreferenceException>(() => Files.Rows(file.Path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Single(PreferenceFile.Open(file.Path).Rows(_ => { }));
    }

    [Theory]
    [InlineData("""{"prompt":"a","responses":[{"text":"b","spans":[{"start":0,"end":5,"label":"x"}]}]}""", "a span runs from 0 to 5 in a response of 1 characters")]
    [InlineData("""{"prompt":"a","responses":["b"],"preferences":[{"first":0,"second":1}]}""", "compares responses 0 and 1 of 1")]
    [InlineData("""{"prompt":"a","responses":["b","c"],"preferences":[{"first":0,"second":1,"p":1.5}]}""", "has p 1.5")]
    [InlineData("""{"prompt":"a","responses":[3]}""", "a response is 3, not an object")]
    public void Meed_WrongValue_IsOneSentence(string row, string expected)
    {
        using var file = Files.Temporary("meed.jsonl", row);

        Assert.Contains(expected, Assert.Throws<PreferenceException>(() => Files.Rows(file.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fine-grained-rlhf", "{\"question\":\"q\",\"prediction 1\":\"a\",\"prediction 2\":\"b\",\"prediction 3\":\"c\",\"prediction 4\":\"d\",\"preference\":[1,2,\"x\",0,0,1]}", "\"preference\" holds \"x\"; it is 0, 1 or 2")]
    [InlineData("rewardmath-scores", "{\"problem\":\"q\",\"scores\":{\"m\":5}}", "the scores of m are 5, not a list. The layout is rewardmath-scores: problem, scores")]
    [InlineData("rewardmath-scores", "{\"problem\":\"q\",\"scores\":{\"m\":[1,2],\"m\":[2,1]}}", "\"scores\" names m twice")]
    [InlineData("meed", "{\"prompt\":\"q\",\"responses\":[{\"text\":\"a\",\"attributes\":{\"x\":1,\"x\":2}}]}", "\"attributes\" names x twice")]
    [InlineData("meed", "{\"prompt\":\"q\",\"responses\":[{\"text\":\"a\",\"attributes\":{\"x\":\"big\"}}]}", "attribute \"x\" is \"big\", not a finite number")]
    [InlineData("mr-gsm8k", "{\"question\":\"q\",\"ground_truth_solution\":5,\"model_output_steps\":[]}", "\"ground_truth_solution\" is a number, not a text")]
    public void Rows_ValueOfAnotherType_IsOneSentence(string layout, string row, string expected)
    {
        using var file = Files.Temporary("typed.jsonl", row);
        Assert.Contains(expected, Assert.Throws<PreferenceException>(() => PreferenceFile.Open(file.Path, layout: layout).Rows().ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_BytesThatAreNoText_AreOneSentence()
    {
        using var file = Files.Temporary("bytes.jsonl", "");
        File.WriteAllBytes(file.Path, [.. "{\"prompt\":\"a"u8, 0xff, .. "\",\"chosen\":\"b\",\"rejected\":\"c\"}"u8]);
        Assert.EndsWith("bytes.jsonl:1: the row is not valid UTF-8.", Assert.Throws<PreferenceException>(() => PreferenceFile.Open(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_LinesLongerThanTheBuffer_AreWhole()
    {
        string text = new('x', 200_000);
        using var lines = Files.Temporary("long.jsonl", $$"""{"prompt":"a","chosen":"{{text}}","rejected":"c"}""", "", $$"""{"prompt":"b","chosen":"c","rejected":"{{text}}"}""");
        using var array = Files.Temporary("long.json", $$"""[{"prompt":"a","chosen":"{{text}}","rejected":"c"},""", $$"""{"prompt":"b","chosen":"c]","rejected":"{{text}}"}]""");

        foreach (var rows in new[] { Files.Rows(lines.Path), Files.Rows(array.Path) })
        {
            Assert.Equal(2, rows.Count);
            Assert.Equal([text.Length, text.Length], [rows[0].Responses[0].Text!.Length, rows[1].Responses[1].Text!.Length]);
        }
    }

    [Fact]
    public void PartOf_ContinuationsOfOneDialogue_AreSplitTogether()
    {
        Message[] one = [new("user", "Name a  Bird.")], other = [new("user", "name a bird."), new("assistant", "Owl"), new("user", "More.")];

        Assert.Equal(PromptSplit.BucketOf(one), PromptSplit.BucketOf(other));
        Assert.Equal(5, Enumerable.Range(0, 100).Select(i => PromptSplit.BucketOf([new Message("user", $"{i}")])).Distinct().Count());
    }
}
