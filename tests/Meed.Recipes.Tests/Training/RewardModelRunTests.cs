using System.Globalization;
using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.RewardModels;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Training;

public sealed class RewardModelRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-rm-recipe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Good words win whatever the length; two sources disagree about it.
    private string Data()
    {
        var random = new Random(4);
        string[] good = ["clear", "kind", "exact"], bad = ["vague", "rude", "wrong"], other = ["the", "answer", "is", "here"];
        string Text(string[] words) => string.Join(' ', Enumerable.Range(0, 2 + random.Next(8)).Select(_ => random.Next(3) == 0 ? words[random.Next(3)] : other[random.Next(4)]).Append(words[random.Next(3)]));
        string path = Path.Combine(_folder, "preferences.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 600).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"prompt":"Question {{i}}","chosen":"{{Text(good)}}","rejected":"{{Text(bad)}}","source":"{{(i % 2 == 0 ? "even" : "odd")}}"}""")));
        return path;
    }

    private async Task<RewardModelEnd> RunAsync(Recipe recipe) => (RewardModelEnd)await recipe.StartAsync(_folder, new SilentProgress(), TestContext.Current.CancellationToken);

    private static RewardModelRecipe Recipe(string data, string more = "") => (RewardModelRecipe)RecipeKinds.Read(YamlReader.Read($$"""
        kind: reward-model
        name: test
        data: { files: [ { path: "{{data}}" } ] }
        encoder: { ngrams: { words: 1, buckets: 4096 } }
        trainer: { epochs: 3, batchSize: 16, refit: true }
        evaluate: { bootstrap: 200 }
        {{more}}
        """, "test.yaml"), "test.yaml");

    [Fact]
    public async Task StartAsync_PlantedWords_BeatLengthAndServe()
    {
        var (folder, results) = await RunAsync(Recipe(Data()));

        Assert.Equal(["all", "even", "odd"], results.Sources.Select(s => s.Source));
        var all = results.Sources[0];
        Assert.True(all.Accuracy.Value > 0.95 && all.Accuracy.Low <= all.Accuracy.Value && all.HolmPValue < 0.01, $"{all}");
        Assert.Equal(0.5, all.Rulers.Single(r => r.Name == "first").Accuracy);          // the layout puts the better one first: its order says nothing
        Assert.Equal(1, all.Rulers.Single(r => r.Name == "longest").Accuracy + all.Rulers.Single(r => r.Name == "shortest").Accuracy, 1e-9);
        Assert.Equal("finished", RunInfo.Read(folder).State);
        Assert.True(RunInfo.Read(folder).Step > 6, "steps are updates of training and refit, not epochs");
        string html = File.ReadAllText(Path.Combine(folder, RunReport.FileName));
        Assert.Contains("better than length", html, StringComparison.Ordinal);
        var document = RewardDocuments.Bind(YamlReader.Read($"model: {{ path: \"{folder}\" }}", "reward"), RewardCatalog.All, "reward");
        var scores = await document.Reward.ScoreAsync([TextSample.Of("clear kind exact"), TextSample.Of("vague rude wrong")], RewardContext.Default, TestContext.Current.CancellationToken);
        Assert.True(scores[0] > scores[1]);
        Assert.Equal(results.Sources[0].Accuracy.Value, RewardModel.Load(folder).Info.TestAccuracy);
    }

    [Fact]
    public async Task StartAsync_WithAWindow_MeasuresASampleAndLearnsAsWell()
    {
        var recipe = Recipe(Data());
        var (folder, results) = await RunAsync(recipe with { Data = recipe.Data! with { Window = 100 } });

        Assert.True(results.Sources[0].Accuracy.Value > 0.9);
        Assert.True(results.Sources[0].Comparisons <= 100, "the test part is a sample of a window");
        Assert.InRange(RewardModel.Load(folder).Info.TrainedOn, 400, 560);   // all but the test part, in windows
    }

    [Fact]
    public async Task StartAsync_TheSameSeed_GivesTheSameBytes()
    {
        string data = Data();
        var first = await RunAsync(Recipe(data));
        var second = await RunAsync(Recipe(data));

        Assert.Equal(File.ReadAllBytes(Path.Combine(first.Folder, "reward-model", "weights.safetensors")), File.ReadAllBytes(Path.Combine(second.Folder, "reward-model", "weights.safetensors")));
        Assert.Equal(first.Results.Sources[0].Accuracy, second.Results.Sources[0].Accuracy);
    }

    [Fact]
    public void Read_MistakesInARecipe_AreAllNamed()
    {
        var error = Assert.Throws<DocumentException>(() => RecipeKinds.Read(YamlReader.Read("""
            kind: reward-model
            name: test
            data: { files: [ { path: "${MEED_NO_SUCH_FOLDER}/x.jsonl" } ] }
            encoder: { ngram: {} }
            objective: { bradley-terry: { smoothing: 0.7 } }
            trainer: { epoch: 3 }
            """, "test.yaml"), "test.yaml"));

        Assert.Contains("MEED_NO_SUCH_FOLDER, which is not set", error.Message, StringComparison.Ordinal);
        Assert.Contains("unknown encoder 'ngram'. Did you mean 'ngrams'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("Smoothing is 0.7", error.Message, StringComparison.Ordinal);
        Assert.Contains("unknown key 'trainer.epoch'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_ARecipe_ReadsBackAsItself()
    {
        var recipe = Recipe("x.jsonl", "objective: { quantile: { levels: [0.25, 0.75] } }");
        var again = RecipeKinds.Read(YamlReader.Read(DocumentWriter.ToYaml(recipe.Resolve()), "resolved"), "resolved");

        Assert.Equal(recipe.Hash(), again.Hash());
    }

    [Fact]
    public async Task StartAsync_GeneratedWorld_LearnsItsFactsAndPicksAmongCandidates()
    {
        var recipe = (RewardModelRecipe)RecipeKinds.Read(YamlReader.Read("""
            kind: reward-model
            name: world
            task: { preference-set: { pairs: 1500, test: 300, things: 6 } }
            encoder: { ngrams: { words: 2, buckets: 16384 } }
            trainer: { epochs: 4, batchSize: 32 }
            evaluate: { bootstrap: 100, unigrams: false, bestOf: 8 }
            """, "world.yaml"), "world.yaml");

        var (folder, results) = await RunAsync(recipe);

        var measures = results.Measures();
        Assert.True(measures["accuracy"] > 0.8 && measures["best_of_n_gold"] > 1.5, string.Join(" ", measures));
        var again = (RewardModelRecipe)RecipeKinds.OfRun(folder);
        Assert.Equal(recipe.World, again.World);
        Assert.Equal(recipe.Hash(), again.Hash());
    }

    [Theory]
    [InlineData("shape-captions", "compare: pictures", "pictures: { patch: 4, width: 16, layers: 1, heads: 2, vocabulary: 300 }")]
    [InlineData("clip-instructions", "noise: 0", "clips: { width: 16, layers: 1, heads: 2, vocabulary: 300 }")]
    [InlineData("room-states", "hesitation: 0.2", "states: { steps: 40, width: 16, layers: 1, heads: 2, vocabulary: 300 }")]
    public async Task StartAsync_WorldsOfThingsSeen_EndInARewardModel(string world, string option, string encoder)
    {
        var recipe = (RewardModelRecipe)RecipeKinds.Read(YamlReader.Read($$"""
            kind: reward-model
            name: seen
            task: { {{world}}: { pairs: 300, test: 80, {{option}} } }
            encoder: { {{encoder}} }
            trainer: { epochs: 1, batchSize: 32, refit: true }
            evaluate: { bootstrap: 100 }
            """, "seen.yaml"), "seen.yaml");

        var (folder, results) = await RunAsync(recipe);

        Assert.Equal(80, results.Sources.Single().Comparisons);
        Assert.Contains(results.Sources[0].Rulers, r => r.Name.StartsWith("mean value", StringComparison.Ordinal));
        Assert.InRange(results.Sources[0].Accuracy.Value, 0.3, 1);
        Assert.Equal(encoder.Split(':')[0], RewardModel.Load(folder).Network.Kind);
        Assert.Equal(recipe.Hash(), ((RewardModelRecipe)RecipeKinds.OfRun(folder)).Hash());
    }

    [Theory]
    [InlineData("task: { shape-captions: {} }, evaluate: { bestOf: 4 }", "which only a generated world has")]
    [InlineData("task: { room-states: { noise: 0.7 } }", "Noise is 0.7")]
    [InlineData("task: { shape-captions: {} }, encoder: { pictures: { heads: 3 } }", "multiple of twice the Heads")]
    [InlineData("task: { preference-set: {} }, data: { files: [ { path: x } ] }", "data and task are both there")]
    [InlineData("seed: 1", "data is missing")]
    [InlineData("task: { preference-set: { nois: 0.1 } }", "Did you mean 'noise'?")]
    [InlineData("task: { preference-set: { noise: 3 } }", "Noise is 3")]
    [InlineData("data: { files: [ { path: x } ] }, evaluate: { bestOf: 4 }", "which only a generated world has")]
    public void Read_WorldAndFiles_ExactlyOneIsTaken(string rest, string expected)
    {
        var error = Assert.Throws<DocumentException>(() => RecipeKinds.Read(YamlReader.Read($"{{ kind: reward-model, name: x, {rest} }}", "x.yaml"), "x.yaml"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
