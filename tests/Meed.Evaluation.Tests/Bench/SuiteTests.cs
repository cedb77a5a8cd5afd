using Meed.Evaluation.Bench;
using Meed.RewardModels.Data;

namespace Meed.Evaluation.Tests.Bench;

public class SuiteTests
{
    private static string S(double score) => $"score={score.ToString(System.Globalization.CultureInfo.InvariantCulture)} text";

    private static async Task<(double Overall, Dictionary<string, double> Groups)> Run(BenchData data, BenchScorer? scorer = null)
    {
        var outcomes = data.Suite.Outcomes(data.Items, await (scorer ?? Spoken.Scorer()).ScoreAsync(data.Items, TestContext.Current.CancellationToken));
        return (data.Suite.Overall(outcomes), data.Suite.Groups(outcomes).ToDictionary(g => g.Name, g => g.Value));
    }

    [Fact]
    public async Task RewardBench_ThreeRows_WeighsSubsetsInSections()
    {
        // Reasoning: math-prm right (weight 984), hep-go wrong (164): 984/1148. Safety: one tie, which is no win. Mean of both sections.
        using var file = new BenchFile("reward-bench.jsonl",
            BenchFile.Json(new { prompt = "a", chosen = S(2), rejected = S(1), subset = "math-prm", id = 1 }),
            BenchFile.Json(new { prompt = "b", chosen = S(1), rejected = S(2), subset = "hep-go", id = 2 }),
            BenchFile.Json(new { prompt = "c", chosen = S(1), rejected = S(1), subset = "donotanswer", id = 3 }));

        var (overall, groups) = await Run(file.Load("rewardbench1"));

        Assert.Equal(984.0 / 1148, groups["Reasoning"], 1e-12);
        Assert.Equal(0, groups["Safety"]);
        Assert.Equal(984.0 / 1148 / 2, overall, 1e-12);
    }

    [Fact]
    public async Task RewardBench2_BestOfFourAndTies_FollowsItsRule()
    {
        // Focus: the right one shares the top with one other: ½. Ties: tied gap 2 > spread 0.5, reference gap 1 > 0.5: 0.3 + 0.3 + 0.2 + 0.2 + 0.01·tanh(1 / 0.5 − 1).
        using var file = new BenchFile("reward-bench-2.jsonl",
            BenchFile.Json(new { id = "7", prompt = "a", chosen = new[] { S(3) }, rejected = new[] { S(3), S(1), S(0) }, num_correct = 1, num_incorrect = 3, subset = "Focus" }),
            BenchFile.Json(new { id = "ref:0", prompt = "b", chosen = new[] { S(5) }, rejected = new[] { S(4), S(1) }, num_correct = 1, num_incorrect = 2, subset = "Ties" }),
            BenchFile.Json(new { id = "tied:0", prompt = "c", chosen = new[] { S(5), S(4.5) }, rejected = new[] { S(2.5), S(1) }, num_correct = 2, num_incorrect = 2, subset = "Ties" }));

        var (overall, groups) = await Run(file.Load("rewardbench2"));

        Assert.Equal(0.5, groups["Focus"], 1e-12);
        Assert.Equal(1 + (0.01 * Math.Tanh(1)), groups["Ties"], 1e-12);
        Assert.Equal((1.5 + (0.01 * Math.Tanh(1))) / 2, overall, 1e-12);
    }

    [Fact]
    public async Task RewardBench2_TiesWithoutSpread_CountAsTheReferenceCodeDoes()
    {
        // numpy: tanh(1 / 0 − 1) = 1, nan_to_num(tanh(0 / 0 − 1)) = 0; gaps of 0 are no wins.
        using var file = new BenchFile("reward-bench-2.jsonl",
            BenchFile.Json(new { id = "ref:0", prompt = "b", chosen = new[] { S(1) }, rejected = new[] { S(1) }, num_correct = 1, num_incorrect = 1, subset = "Ties" }),
            BenchFile.Json(new { id = "tied:0", prompt = "c", chosen = new[] { S(1), S(1) }, rejected = new[] { S(1) }, num_correct = 2, num_incorrect = 1, subset = "Ties" }),
            BenchFile.Json(new { id = "ref:1", prompt = "b", chosen = new[] { S(2) }, rejected = new[] { S(1) }, num_correct = 1, num_incorrect = 1, subset = "Ties" }),
            BenchFile.Json(new { id = "tied:1", prompt = "c", chosen = new[] { S(2), S(2) }, rejected = new[] { S(1) }, num_correct = 2, num_incorrect = 1, subset = "Ties" }));

        Assert.Equal((0 + 1.01) / 2, (await Run(file.Load("rewardbench2"))).Overall, 1e-12);
    }

    [Fact]
    public async Task RewardBench2_TiesWithoutItsReference_IsOneSentence()
    {
        using var file = new BenchFile("reward-bench-2.jsonl", BenchFile.Json(new { id = "tied:4", prompt = "c", chosen = new[] { S(2), S(2) }, rejected = new[] { S(1) }, num_correct = 2, num_incorrect = 1, subset = "Ties" }));

        var error = await Assert.ThrowsAsync<PreferenceException>(() => Run(file.Load("rewardbench2")));

        Assert.Equal("The subset Ties has tied:4 without ref:4; both belong together.", error.Message);
    }

    [Fact]
    public async Task RmBench_Matrix_SplitsIntoHardNormalEasy()
    {
        // Right 1, 2, 3; wrong 0, 1.5, 5 in the styles plain, detailed, markdown.
        // right > wrong: row 1: yes no no; row 2: yes yes no; row 3: yes yes no. Hard (above the diagonal): 0/3; normal: yes yes no = 2/3; easy: 3/3.
        using var file = new BenchFile("rm-bench.jsonl",
            BenchFile.Json(new { id = "1", prompt = "a", chosen = new[] { S(1), S(2), S(3) }, rejected = new[] { S(0), S(1.5), S(5) }, domain = "chat" }),
            BenchFile.Json(new { id = "2", prompt = "b", chosen = new[] { S(9), S(9), S(9) }, rejected = new[] { S(0), S(0), S(0) }, domain = "safety-refuse" }),
            BenchFile.Json(new { id = "3", prompt = "c", chosen = new[] { S(0), S(0), S(0) }, rejected = new[] { S(9), S(9), S(9) }, domain = "safety-response" }));

        var (overall, groups) = await Run(file.Load("rm-bench"));

        Assert.Equal((0 + 0.5) / 2, groups["hard"], 1e-12);
        Assert.Equal(((2.0 / 3) + 0.5) / 2, groups["normal"], 1e-12);
        Assert.Equal((1 + 0.5) / 2, groups["easy"], 1e-12);
        Assert.Equal((5.0 / 9), groups["chat"], 1e-12);
        Assert.Equal(((5.0 / 9) + 0.5) / 2, overall, 1e-12);
    }

    [Fact]
    public async Task JudgeBench_FourPairs_CountsOverAllPairsAndByCategory()
    {
        // Two of knowledge: right, tie (no win); one of coding, right; one of math, wrong.
        object Row(string id, string label, double a, double b, string source) => new { pair_id = id, question = "q" + id, response_model = "m", response_A = S(a), response_B = S(b), label, source };
        using var file = new BenchFile("judge-bench.jsonl", BenchFile.Json(Row("1", "A>B", 2, 1, "mmlu-pro-law")), BenchFile.Json(Row("2", "A>B", 1, 1, "mmlu-pro-math")), BenchFile.Json(Row("3", "B>A", 1, 2, "livecodebench")), BenchFile.Json(Row("4", "B>A", 2, 1, "livebench-math")));

        var (overall, groups) = await Run(file.Load("judge-bench"));

        Assert.Equal(0.5, overall);
        Assert.Equal([("coding", 1.0), ("knowledge", 0.5), ("math", 0.0)], groups.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Value)));
    }

    [Fact]
    public async Task Multilingual_TwoLanguages_AveragesThemAndComparesChoicesWithEnglish()
    {
        // English right, right, wrong, wrong; German right, wrong, wrong, wrong: accuracies ½ and ¼. Agreement ¾; kappa by hand: chance ½·¼ + ½·¾ = ½, (¾ − ½)/½ = ½.
        object Row(int id, string language, bool right) => new { id, prompt = $"{language} {id}", chosen = S(right ? 2 : 0), rejected = S(1), language };
        using var file = new BenchFile("m-reward-bench.jsonl", [.. Enumerable.Range(0, 4).SelectMany(i => new[] { BenchFile.Json(Row(i, "eng_Latn", i < 2)), BenchFile.Json(Row(i, "deu_Latn", i < 1)) })]);

        var (overall, groups) = await Run(file.Load("m-rewardbench"));

        Assert.Equal(0.375, overall, 1e-12);
        Assert.Equal(0.75, groups["agrees with English"], 1e-12);
        Assert.Equal(0.5, groups["kappa with English"], 1e-12);
    }

    [Fact]
    public async Task RewardMath_OneToMany_CountsTiesAgainstTheRightOne()
    {
        // Ranks 1, 2 (a tie) and 3.
        string Row(string problem, params double[] scores) => BenchFile.Json(new { problem, scores = new { ours = scores } });
        using var file = new BenchFile("scores.jsonl", Row("a", 3, 1, 2), Row("b", 2, 2, 1), Row("c", 0, 2, 1));
        var data = file.Load("rewardmath");

        var (overall, groups) = await Run(data, StoredScores.Of(data).Single());

        Assert.Equal(1.0 / 3, overall, 1e-12);
        Assert.Equal((1 + 0.5 + (1.0 / 3)) / 3, groups["mrr"], 1e-12);
        Assert.Equal(2.0 / 3, groups["accuracy with ties"], 1e-12);
    }

    [Fact]
    public void Load_LayoutOfAnotherSuite_NamesBoth()
    {
        using var file = new BenchFile("pairs.jsonl", """{"prompt":"p","chosen":"a","rejected":"b"}""");

        var error = Assert.Throws<PreferenceException>(() => file.Load("rm-bench"));

        Assert.Contains("rm-bench reads rm-bench", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task RewardMathScores_OfTheRealFile_GiveThePublishedAccuracies()
    {
        string? root = Environment.GetEnvironmentVariable("MEED_DATA");
        Assert.SkipUnless(root is { Length: > 0 } && Directory.Exists(root), "MEED_DATA names no folder with the data sets.");
        var data = BenchData.Load(new RewardMathSuite(), [Path.Combine(root!, "rewardmath-scores", "scores.jsonl.gz")]);
        Assert.Equal(483, data.Items.Count);

        // github.com/kimsh0507/RewardMATH_official, table 2 of arXiv:2410.01729: accuracy in percent, two decimals.
        foreach (var (model, percent) in ((string, double)[])[("ArmoRM", 20.50), ("skywork_llama3", 22.15), ("internlm2_20b", 33.95)])
        {
            Assert.Equal(percent, Math.Round(100 * (await Run(data, new StoredScores(model))).Overall, 2), 1e-9);
        }
    }
}
