using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Recipes.Reproductions;
using Meed.Recipes.Tests.Support;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Reproductions;

public class ReproductionTests
{
    private const string Good = """
        row: 155
        name: asymmetric
        claim: The mechanism raises pass@2.
        recipe: { kind: language, name: x, task: { countdown: {} }, reward: { countdown: {} }, trainer: { grpo: { steps: 5, advantage: standardised } } }
        arms:
          grpo: {}
          asymmetric: { trainer.grpo.advantage: asymmetric, trainer.grpo.alpha: 0.3 }
        switches: [trainer.grpo.advantage, trainer.grpo.alpha]
        measure: { name: pass@2, unit: share }
        direction: higher
        margin: 0.02
        seeds: [0, 1, 2, 3, 4]
        budget: 5m
        """;

    private static Reproduction Read(string yaml) => ReproductionReader.Read(YamlReader.Read(yaml, "155-x.yaml"), "155-x.yaml");

    [Fact]
    public void Read_GoodFile_NamesTheDifferences()
    {
        var r = Read(Good);
        Assert.Equal([("trainer.grpo.advantage", "\"standardised\"", "\"asymmetric\""), ("trainer.grpo.alpha", null, "0.3")], r.Differences.Select(d => (d.Path, d.First, d.Second)));
        Assert.Equal(("grpo", "asymmetric"), (r.Control.Name, r.Mechanism.Name));
    }

    [Theory]
    [InlineData("alpha: 0.3 }", "alpha: 0.3, trainer.grpo.learningRate: 0.1 }", "the arms also differ in 'trainer.grpo.learningRate' (absent against 0.1), which is not one of the switches")]
    [InlineData("trainer.grpo.alpha]", "trainer.grpo.alpha, trainer.grpo.steps]", "'trainer.grpo.steps' cannot be a switch: both arms train and sample equally much.")]
    [InlineData("trainer.grpo.alpha]", "trainer.grpo.alpha, seed]", "'seed' cannot be a switch: both arms get the same seeds")]
    [InlineData("trainer.grpo.alpha]", "trainer.grpo: alpha]", "switches[1]")]
    [InlineData("margin: 0.02", "margin: 0", "margin is 0, which needs marginReason")]
    [InlineData("margin: 0.02", "", "margin is missing")]
    [InlineData("seeds: [0, 1, 2, 3, 4]", "seeds: [0, 1, 2, 3]", "seeds has 4; at least 5 are needed")]
    [InlineData("seeds: [0, 1, 2, 3, 4]", "seeds: [0, 1, 2, 3, 100]", "seeds from 100 on are for tuning")]
    [InlineData("seeds: [0, 1, 2, 3, 4]", "seeds: [0, 1, 2, 3, 3]", "seeds names one twice")]
    [InlineData("row: 155", "row: 262", "row is 262; name a row of the atlas, 0 to 261.")]
    [InlineData("trainer.grpo.advantage: asymmetric, trainer.grpo.alpha: 0.3", "", "the arms do not differ")]
    [InlineData("budget: 5m", "", "budget is missing")]
    [InlineData("direction: higher", "direction: hihger", "Did you mean 'higher'?")]
    public void Read_WhatIsNotAllowed_IsRefused(string old, string put, string expected)
    {
        var error = Assert.Throws<DocumentException>(() => Read(Good.Replace(old, put, StringComparison.Ordinal)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pairs: 10", "pairs: 10", "fewPairs: 3", "'study.ideal-points.fewPairs': both arms train and sample equally much")]
    [InlineData("pairs: 10", "pairs: 12", "", "'study.ideal-points.pairs': both arms train and sample equally much")]
    public void Read_AWideSwitchThatHidesEffort_IsRefused(string control, string mechanism, string more, string expected)
    {
        string yaml = Good.Replace("recipe: { kind: language, name: x, task: { countdown: {} }, reward: { countdown: {} }, trainer: { grpo: { steps: 5, advantage: standardised } } }",
                "recipe: { kind: study, name: x, study: { ideal-points: {} } }", StringComparison.Ordinal)
            .Replace("grpo: {}", $"single: {{ study.ideal-points: {{ {control} }} }}", StringComparison.Ordinal)
            .Replace("asymmetric: { trainer.grpo.advantage: asymmetric, trainer.grpo.alpha: 0.3 }", $"prototypes: {{ study.ideal-points: {{ method: prototypes, {mechanism}{(more.Length > 0 ? ", " + more : "")} }} }}", StringComparison.Ordinal)
            .Replace("[trainer.grpo.advantage, trainer.grpo.alpha]", "[study.ideal-points]", StringComparison.Ordinal);

        var error = Assert.Throws<DocumentException>(() => Read(yaml));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, 0.01, Outcome.Held)]
    [InlineData(0.05, 0.06, Outcome.NotHeld)]
    [InlineData(-0.05, 0.01, Outcome.NotHeld)]
    public void Judge_Shares_FollowsTheInterval(double shift, double margin, Outcome expected)
    {
        var seeds = Enumerable.Range(0, 5).Select(i => new SeedResult((ulong)i, 0.3 + (0.01 * i), 0.3 + (0.01 * i) + shift + (0.001 * (i % 2)), 1, 1)).ToList();
        Assert.Equal(expected, ReproductionResult.Judge(seeds, MeasureUnit.Share, Direction.Higher, margin).Outcome);
    }

    [Theory]
    [InlineData(0.0, 0.02, MeasureUnit.Share, Outcome.Uninformative)]
    [InlineData(0.98, 1.0, MeasureUnit.Share, Outcome.Uninformative)]
    [InlineData(0.01, 0.03, MeasureUnit.Share, Outcome.Held)]
    [InlineData(0.0, 0.02, MeasureUnit.Value, Outcome.Held)]
    public void Judge_BothArmsAtAnEnd_IsUninformativeForSharesOnly(double control, double mechanism, MeasureUnit unit, Outcome expected)
    {
        var seeds = Enumerable.Range(0, 5).Select(i => new SeedResult((ulong)i, control, mechanism, 1, 1)).ToList();
        Assert.Equal(expected, ReproductionResult.Judge(seeds, unit, Direction.Higher, 0.001).Outcome);
    }

    [Fact]
    public async Task RunAsync_ToyArms_WritesAResultThatReadsBackAndAPage()
    {
        using var folder = new TemporaryFolder();
        var recipe = Toy("""
            row: 155
            name: toy
            claim: Unscaled advantages change entropy.
            recipe: RECIPE
            arms: { standardised: {}, mean: { trainer.grpo.advantage: mean } }
            switches: [trainer.grpo.advantage]
            measure: { name: entropy, unit: value }
            direction: lower
            margin: 0
            marginReason: a test
            seeds: [0, 1, 2, 3, 4]
            budget: 1m
            """, folder);
        using var never = new Training.StopAt(0);
        int pairs = 0;
        var reproduced = await ReproductionRunner.RunAsync(recipe, (arm, name, seed, stop) => (RecipeKinds.Read(arm, "x") with { Name = name, Seed = seed }).StartAsync(folder.File("runs"), never, stop), _ => pairs++, Repository.Root, TestContext.Current.CancellationToken);
        Assert.Equal(5, pairs);
        string path = reproduced.Result.Write(folder.File("results"));
        Assert.Equal("155.json", Path.GetFileName(path));
        var back = ReproductionResult.Read(path);
        Assert.Equal(reproduced.Result.Seeds, back.Seeds);
        Assert.Equal((reproduced.Result.Low, reproduced.Result.High, reproduced.Result.Outcome), (back.Low, back.High, back.Outcome));
        Assert.Equal(64, back.CodeHash.Length);
        string page = ReproductionReport.Render(recipe, reproduced);
        Assert.Contains("trainer.grpo.advantage", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_OfTheRepository_AllRead() => Assert.All(ReproductionReader.Files(Path.Combine(Repository.Root, "reproductions")), f => ReproductionReader.ReadFile(f));

    private static Reproduction Toy(string yaml, TemporaryFolder folder)
    {
        File.WriteAllText(folder.File("toy.yaml"), Training.Toy.Yaml);
        string file = folder.File("155-toy.yaml");
        File.WriteAllText(file, yaml.Replace("RECIPE", "toy.yaml", StringComparison.Ordinal));
        return ReproductionReader.ReadFile(file);
    }
}
