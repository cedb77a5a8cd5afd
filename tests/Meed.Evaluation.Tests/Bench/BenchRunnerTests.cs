using Meed.Evaluation.Bench;
using Meed.Evaluation.Statistics;
using Meed.Rewards;

namespace Meed.Evaluation.Tests.Bench;

public class BenchRunnerTests
{
    // 300 prompts; the better answer holds the prompt's key word, lengths and markdown are drawn apart from it.
    private static BenchFile Planted()
    {
        var random = new Random(2);
        var lines = new List<string>();
        for (int i = 0; i < 300; i++)
        {
            string key = $"key{i % 150}", kind = i < 150 ? "red" : "blue";
            string good = $"The {key} box is {kind}." + string.Concat(Enumerable.Repeat(" Indeed so.", random.Next(6)));
            string bad = $"The other box is grey." + string.Concat(Enumerable.Repeat(" Indeed so.", random.Next(6)));
            lines.Add(BenchFile.Json(new { prompt = $"Which colour does the {key} box have in the {kind} room of the house?", chosen = good, rejected = random.Next(3) == 0 ? "# " + bad : bad, subset = i % 2 == 0 ? "even" : "odd" }));
        }

        return new BenchFile("pairs.jsonl", [.. lines]);
    }

    private static double Knows(TextSample s) => s.Prompt[0].Content.ToLowerInvariant().Split(' ').Count(w => w.Length > 2 && s.Response.Contains(w, StringComparison.OrdinalIgnoreCase));

    [Fact]
    public async Task Run_RowsThatShowSomething_ReachTheRewardWithTheirFolder()
    {
        using var file = new BenchFile("seen.jsonl", [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? BenchFile.Json(new { prompt = $"Which? {i}", responses = new object[] { new { states = new[] { new[] { i } }, rank = 1 }, new { states = new[] { new[] { -1 - i } }, rank = 2 } } })
            : BenchFile.Json(new { prompt = $"Which? {i}", image = "a.png", responses = new object[] { new { text = "score=1 a", rank = 1 }, new { text = "score=0 b", rank = 2 } } }))]);
        double Reads(TextSample s)
        {
            if (s.Item.TryGetProperty("states", out var states))
            {
                return states[0][0].GetDouble();
            }

            Assert.Equal("a.png", s.Item.GetProperty("image").GetString());
            Assert.Equal(file.Folder, s.Folder);
            return s.Response[6] - '0';
        }

        var report = await BenchRunner.RunAsync(file.Load("preferences"), [Spoken.Scorer(Reads, "reads"), .. NullRulers.All], new BenchOptions { TransformationPairs = 20, Resamples = 100 }, TestContext.Current.CancellationToken);

        Assert.Equal(1, report.Scorers[0].Overall.Value);
        Assert.Equal(40, report.Prompts);
        Assert.Empty(report.Transformations);
    }

    [Fact]
    public async Task Run_ARewardThatKnows_BeatsEveryRulerAndReadsThePrompt()
    {
        using var file = Planted();
        var data = file.Load("preferences");

        var report = await BenchRunner.RunAsync(data, [Spoken.Scorer(Knows, "knows"), Spoken.Scorer(s => s.Response.Length, "length"), .. NullRulers.All], new BenchOptions { TransformationPairs = 60, Resamples = 300 }, TestContext.Current.CancellationToken);

        var knows = report.Scorers[0];
        Assert.Equal(1, knows.Overall.Value);
        Assert.Equal(300, report.Items);
        Assert.Equal(["length", "longest", "shortest", "first", "most markdown", "random", "unigram"], report.Paired.Select(p => p.Second));
        Assert.All(report.Paired.Where(p => p.Second != "unigram"), p => Assert.Equal("better", p.Verdict));
        Assert.Equal(report.Scorers.Single(s => s.Name == "longest").Overall.Value, report.Scorers[1].Overall.Value);

        // A length reward chooses the longer one always; the knowing one does as often as quality has it.
        Assert.Equal(1, report.Scorers[1].Sensitivity!.ChoosesLonger);
        Assert.InRange(report.Scorers[1].Sensitivity!.LengthCorrelation, 0.95, 1);   // differences against log ratios: nearly the same order
        Assert.Equal(knows.Sensitivity!.LongerIsBetter, knows.Sensitivity.ChoosesLonger, 1e-12);
        Assert.InRange(Math.Abs(knows.Sensitivity.ChoosesFirst - 0.5), 0, 0.1);
        Assert.Equal(0, knows.Sensitivity.ChoosesMarkdown);

        // Words alone give the key away here, as planted.
        Assert.True(report.Scorers.Single(s => s.Name == "unigram").Overall.Value > 0.95);

        Assert.Equal(Transformations.All.Count, report.Transformations.Count);
        Assert.Equal(0, report.Transformations.Single(t => t.Name == "upper case").Drop.Value);
        Assert.True(report.Contrast!.Far.Value > 0.7, $"unrelated: {report.Contrast.Far.Value}");
        Assert.Equal("reads", report.Contrast.Near.Value > 0.7 ? "reads" : $"near-identical: {report.Contrast.Near.Value} of {report.Contrast.NearCount}");
        Assert.InRange(knows.Calibration!.Brier.Value, 0, 0.05);
    }

    [Fact]
    public async Task Unigram_OnOnePartOfTheSplit_StillLearns()
    {
        // The parts come from the key modulo five; folds by the same rule would leave nothing to learn from.
        using var file = Planted();
        var data = BenchData.Load(new PreferencesSuite(), [file.Path], part: RewardModels.Data.SplitPart.Test);
        double[][] scores = await new UnigramRuler().ScoreAsync(data.Items, TestContext.Current.CancellationToken);

        Assert.InRange(data.Items.Count, 20, 120);
        Assert.True(data.Suite.Overall(data.Suite.Outcomes(data.Items, scores)) > 0.8);
        Assert.Equal(Folds.Count, data.Items.Select(i => Folds.Of(i.Cluster)).Distinct().Count());
    }

    [Fact]
    public async Task Run_ARewardWithoutThePrompt_IsAtOneHalfBetweenPrompts()
    {
        using var file = Planted();
        var contrast = await ContrastPairs.RunAsync(Spoken.Scorer(s => s.Response.Length), file.Load("preferences").Items, 500, TestContext.Current.CancellationToken);

        Assert.Equal(0.5, contrast.Near.Value, 1e-12);
        Assert.Equal(0.5, contrast.Far.Value, 1e-12);
        Assert.True(contrast.NearCount > 100);
    }

    [Fact]
    public async Task Run_ARewardThatCountsSpaces_LosesToEditsOfSpace()
    {
        using var file = Planted();
        var (results, pairs) = await TransformationTest.RunAsync(Spoken.Scorer(s => Knows(s) - (s.Response.Contains("  ", StringComparison.Ordinal) ? 2 * Knows(s) : 0)), file.Load("preferences").Items, 100, TestContext.Current.CancellationToken);

        var doubled = results.Single(r => r.Name == "double spaces");
        Assert.Equal(100, pairs);
        Assert.Equal((0, 1), (doubled.Accuracy, doubled.Drop.Value));
        Assert.True(doubled.HolmP < 1e-6);
        Assert.Equal(0, results.Single(r => r.Name == "polite start").Drop.Value);
    }

    [Fact]
    public void Transformations_Of40Edits_AreRepeatableAndDistinct()
    {
        const string Text = "# Plan\n\n1. It's 3 o'clock - don't wait... because \"many\" colors, for example gray, fade.\n- **First** thing: organize everything. Then neighbors come.";

        Assert.True(Transformations.All.Count >= 25);
        Assert.Equal(Transformations.All.Count, Transformations.All.Select(t => t.Name).Distinct().Count());
        Assert.All(Transformations.All, t => Assert.Equal(Transformations.Run(t, Text), Transformations.Run(t, Text)));
        Assert.All(Transformations.All, t => Assert.NotNull(Transformations.Run(t, "")));
        string Of(string name) => Transformations.Run(Transformations.All.Single(t => t.Name == name), Text);
        Assert.Contains("It is 3 o'clock - do not wait", Of("contractions out"), StringComparison.Ordinal);
        Assert.Contains("colours, for example grey", Of("british spelling"), StringComparison.Ordinal);
        Assert.Contains("It's three o'clock", Of("numbers as words"), StringComparison.Ordinal);
        Assert.StartsWith("Plan\n\n1. It's", Of("markdown off"), StringComparison.Ordinal);
        Assert.Contains("1) It's", Of("bracket numbering"), StringComparison.Ordinal);
        Assert.Contains("\n* **First**", Of("star bullets"), StringComparison.Ordinal);
        Assert.NotEqual(Text, Of("swapped letters") + Of("missing letters"));
    }

    [Fact]
    public void Transformations_OnTextThatTheyDoNotConcern_ChangeNothing()
    {
        foreach (string name in (string[])["contractions out", "british spelling", "numbers as words", "markdown off", "star bullets", "bracket numbering", "straight quotes", "dashes", "ellipsis sign", "connectives"])
        {
            Assert.Equal("A plain sentence about 12 apples.", Transformations.Run(Transformations.All.Single(t => t.Name == name), "A plain sentence about 12 apples."));
        }
    }

    [Theory]
    [InlineData("plain words", 0)]
    [InlineData("# Head\n- a\n- b\n1. c\n2) d", 5)]
    [InlineData("**bold** and [a](b)", 3)]
    [InlineData("3.5 is a number\n-x", 0)]
    public void Markdown_OfTexts_CountsTheirMarks(string text, int marks) => Assert.Equal(marks, NullRulers.Markdown(text));

    [Fact]
    public async Task Report_AsMarkdownAndJson_HoldsTheSameFigures()
    {
        using var file = Planted();
        var report = await BenchRunner.RunAsync(file.Load("preferences"), [Spoken.Scorer(Knows, "a|b"), .. NullRulers.All], new BenchOptions { TransformationPairs = 0, ContrastPairs = 0, Resamples = 100 }, TestContext.Current.CancellationToken);

        string markdown = BenchMarkdown.Write(report);

        Assert.Contains("| a\\|b | 100.0 % | 100.0 % to 100.0 % |", markdown, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"a|b\"", report.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("Edits that keep", markdown, StringComparison.Ordinal);
        Assert.All(markdown.Split('\n').Where(l => l.StartsWith('|')), l => Assert.EndsWith("|", l, StringComparison.Ordinal));
    }
}
