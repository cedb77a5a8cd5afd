using System.Globalization;
using System.Text.Json;
using Meed.Evaluation.Statistics;
using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.RewardModels;
using Meed.RewardModels.Data;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Training;

public sealed class RewardVariantsTests : IDisposable
{
    private const string Transformer = "transformer: { vocabulary: 300, hiddenSize: 16, layers: 1, heads: 2, intermediateSize: 24, maximumTokens: 48, pretrainSteps: 6";
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-rm-variants-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Good words win; in the source "odd" they lose.
    private string Data(int rows)
    {
        var random = new Random(4);
        string[] good = ["clear", "kind", "exact"], bad = ["vague", "rude", "wrong"], other = ["the", "answer", "is", "here"];
        string Text(string[] words) => string.Join(' ', Enumerable.Range(0, 2 + random.Next(8)).Select(_ => random.Next(3) == 0 ? words[random.Next(3)] : other[random.Next(4)]).Append(words[random.Next(3)]));
        string path = Path.Combine(_folder, "preferences.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"prompt":"Question {{i}}","chosen":"{{Text(i % 2 == 0 ? good : bad)}}","rejected":"{{Text(i % 2 == 0 ? bad : good)}}","source":"{{(i % 2 == 0 ? "even" : "odd")}}"}""")));
        return path;
    }

    private async Task<RewardModelEnd> RunAsync(Recipe recipe) => (RewardModelEnd)await recipe.StartAsync(_folder, new SilentProgress(), TestContext.Current.CancellationToken);

    private static RewardModelRecipe Recipe(string data, string variants, string more = "") => (RewardModelRecipe)RecipeKinds.Read(YamlReader.Read($$"""
        kind: reward-model
        name: test
        data: { files: [ { path: "{{data}}" } ] }
        encoder: { ngrams: { words: 1, buckets: 4096 } }
        trainer: { epochs: 3, batchSize: 16, refit: true }
        evaluate: { bootstrap: 200 }
        {{more}}
        variants:
        {{variants}}
        """, "test.yaml"), "test.yaml");

    [Fact]
    public async Task StartAsync_SourcesThatDisagree_AreWonByModelsThatKnowTheSource()
    {
        var recipe = Recipe(Data(500), """
              pooled: {}
              by-source: { encoder: { ngrams: { words: 1, buckets: 4096, context: true } }, trainer: { epochs: 4 } }
              own: { perSource: true }
              both: { ensemble: { of: [pooled, own] } }
              best: { ensemble: { of: [pooled, own], by: best-for-source } }
              sure: { ensemble: { of: [pooled, by-source, own], by: calibrated-for-source } }
              careful: { ensemble: { of: [pooled, own], by: mean-minus-deviation, k: 0.5 } }
            """);

        var (folder, results) = await RunAsync(recipe);

        Assert.Equal(["pooled", "by-source", "own", "both", "best", "sure", "careful"], results.Variants.Select(v => v.Name));
        double Of(string name) => results.Variants.Single(v => v.Name == name).Sources[0].Accuracy.Value;
        Assert.True(Of("own") > 0.95 && Of("by-source") > Of("pooled") + 0.1, $"{string.Join(", ", results.Variants.Select(v => (v.Name, v.Sources[0].Accuracy.Value)))}");
        Assert.Equal("own", results.Variants.Single(v => v.Name == "best").Members["odd"]);
        Assert.True(Of("best") >= Of("pooled") && results.Variants.Single(v => v.Name == "best").ValidationLogLoss <= results.Variants.Single(v => v.Name == "pooled").ValidationLogLoss);
        var chosen = Assert.Single(results.Variants, v => v.Chosen);
        Assert.Equal(results.Variants.Min(v => v.ValidationLogLoss), chosen.ValidationLogLoss);
        Assert.Equal(chosen.Sources[0].Accuracy, results.Sources[0].Accuracy);
        Assert.Equal(6, results.Sources[0].Rulers.Count(r => r.Name != "unigrams"));

        // The chosen one is a reward: as a document it has the accuracy that was measured.
        var document = RewardDocuments.Bind(YamlReader.ReadFile(Path.Combine(folder, "reward.yaml")), RewardCatalog.All, "reward.yaml");
        var rows = File.ReadLines(recipe.Data!.Files[0].Path).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).Where(r => PromptSplit.PartOf([new Message("user", r.GetProperty("prompt").GetString()!)]) == SplitPart.Test && r.GetProperty("chosen").GetString() != r.GetProperty("rejected").GetString()).ToList();
        TextSample Sample(JsonElement row, string side) => new() { Prompt = [new Message("user", row.GetProperty("prompt").GetString()!)], Response = row.GetProperty(side).GetString()!, Item = row };
        var better = await document.Reward.ScoreAsync([.. rows.Select(r => Sample(r, "chosen"))], RewardContext.Default, TestContext.Current.CancellationToken);
        var worse = await document.Reward.ScoreAsync([.. rows.Select(r => Sample(r, "rejected"))], RewardContext.Default, TestContext.Current.CancellationToken);
        Assert.Equal(results.Sources[0].Comparisons, rows.Count);
        Assert.Equal(results.Sources[0].Accuracy.Value, rows.Select((_, i) => better[i] == worse[i] ? 0.5 : better[i] > worse[i] ? 1.0 : 0.0).Average(), 1e-9);

        // All trained models are there to be used; the best single one is the run's own.
        Assert.True(RewardModel.Load(Path.Combine(folder, "models", "own", "odd")).Info.Sources is ["odd"]);
        Assert.Equal(RewardModel.Load(Path.Combine(folder, "models", "by-source")).Info.WeightsHash, RewardModel.Load(folder).Info.WeightsHash);
        Assert.Contains("by-source", File.ReadAllText(Path.Combine(folder, RunReport.FileName)), StringComparison.Ordinal);
        Assert.Equal("finished", RunInfo.Read(folder).State);
    }

    [Fact]
    public async Task StartAsync_FrozenHeads_ShareOnePretrainedTransformer()
    {
        var recipe = Recipe(Data(120), $$"""
              whole: { encoder: { {{Transformer}} } }, trainer: { epochs: 1, refit: false } }
              linear: { encoder: { {{Transformer}}, freeze: true } }, trainer: { epochs: 1 } }
              attention: { encoder: { {{Transformer}}, freeze: true, head: attention } }, trainer: { epochs: 1 } }
            """);

        var (folder, results) = await RunAsync(recipe);

        byte[] Backbone(string name) => File.ReadAllBytes(Path.Combine(folder, "models", name, "backbone", "model.safetensors"));
        Assert.Equal(Backbone("linear"), Backbone("attention"));
        Assert.NotEqual(Backbone("linear"), Backbone("whole"));
        Assert.Equal(["transformer 1 × 16, pretrained", "transformer 1 × 16, pretrained, frozen, linear head", "transformer 1 × 16, pretrained, frozen, attention head"], results.Variants.Select(v => v.Encoder));
        Assert.Single(results.Variants.Select(v => v.PretrainSeconds).Distinct());
    }

    [Fact]
    public void Read_AVariant_TakesFromTheRecipeWhatItDoesNotName()
    {
        var recipe = Recipe("x.jsonl", """
              a: { trainer: { epochs: 9 } }
              b: { objective: thurstone }
            """);

        Assert.Equal((9, 16, true), (recipe.Variants[0].Recipe.Trainer.Epochs, recipe.Variants[0].Recipe.Trainer.BatchSize, recipe.Variants[0].Recipe.Trainer.Refit));
        Assert.Equal(("thurstone", 3), (recipe.Variants[1].Recipe.ObjectiveName, recipe.Variants[1].Recipe.Trainer.Epochs));
        Assert.Equal(recipe.Encoder, recipe.Variants[1].Recipe.Encoder);
        Assert.Equal(recipe.Hash(), RecipeKinds.Read(YamlReader.Read(DocumentWriter.ToYaml(recipe.Resolve()), "resolved"), "resolved").Hash());
    }

    [Theory]
    [InlineData("  a: { encoder: { ngram: {} } }", "", "Did you mean 'ngrams'?")]
    [InlineData("  a: { epochs: 3 }", "", "unknown key 'variants.a.epochs'")]
    [InlineData("  a: { perSource: true, objective: plackett-luce }", "", "more than one source at a time")]
    [InlineData("  words: {}\n  b: { ensemble: { of: [words, word] } }", "", "Did you mean 'words'?")]
    [InlineData("  words: {}\n  b: { ensemble: { of: [words] } }", "", "Of names 1 variants")]
    [InlineData("  a: {}", "curation: { length-gap: {} }", "leave out data.window, curation")]
    [InlineData("  a: { encoder: pictures }", "", "variants compare encoders of text")]
    [InlineData("  a: 3", "", "must be a map with what differs")]
    public void Read_AMistakeInAVariant_IsNamed(string variants, string more, string expected) =>
        Assert.Contains(expected, Assert.Throws<DocumentException>(() => Recipe("x.jsonl", variants.ReplaceLineEndings("\n"), more)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0.03, 60, 30, 0.01, "better than length")]
    [InlineData(-0.02, 60, 30, 0.01, "better by prompts; by comparisons the data cannot decide")]
    [InlineData(-0.09, 60, 30, 0.01, "better by prompts, worse by comparisons")]
    [InlineData(0.03, 60, 30, 0.2, "better by comparisons; by prompts the data cannot decide: it would show 7 points")]
    [InlineData(-0.02, 60, 30, 0.2, "the data cannot decide; it would show 7 points")]
    [InlineData(-0.09, 30, 60, 0.01, "worse than length")]
    public void Verdict_PromptsAndComparisons_SaysWhichOneItMeans(double low, int onlyModel, int onlyLength, double p, string expected)
    {
        var source = new SourceResult
        {
            Source = "all", Comparisons = 900, Prompts = 200, OnlyModel = onlyModel, OnlyLength = onlyLength, PValue = p, HolmPValue = p, Detectable = 0.07, Rulers = [new RulerResult("length", 0.6, new Interval(low + 0.025, low, low + 0.05))],
        };

        Assert.Equal([expected], RewardModelReport.Verdicts([source]));
    }
}
