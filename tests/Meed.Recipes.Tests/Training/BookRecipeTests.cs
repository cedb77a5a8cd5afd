using Meed.Recipes.Documents;
using Meed.Recipes.Runs;
using Meed.Recipes.Tests.Support;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Training;

/// <summary>The recipe that goes on with a text, small, on a generated text.</summary>
public class BookRecipeTests
{
    private static LanguageRecipe Recipe(TemporaryFolder folder)
    {
        string path = folder.File("book.txt");
        string[] words = ["the", "old", "king", "went", "home", "by", "night", "and", "sang", "a", "song"];
        var random = new Random(1);
        File.WriteAllText(path, string.Join(' ', Enumerable.Range(0, 3000).Select(_ => words[random.Next(words.Length)])));
        return (LanguageRecipe)RecipeKinds.Read(YamlReader.Read($$"""
            kind: language
            name: book
            seed: 5
            task: { book: { path: "{{path}}", promptCharacters: 8, answerCharacters: 16, goldWords: 4 } }
            policy: { hiddenSize: 32, layers: 1, heads: 2, keyValueHeads: 2, intermediateSize: 64, maximumPositions: 26, maximumNewTokens: 16 }
            warmStart: { demonstrations: 500, sft: { steps: 40, rowsPerStep: 16, learningRate: 5e-3 } }
            reward: { book-words: { path: "{{path}}", words: 8 } }
            trainer: { grpo: { steps: 60, promptsPerStep: 4, groupSize: 8, learningRate: 2e-3, klBudget: 2 } }
            evaluate: { items: 20, samples: 2, passAt: [], every: 2, itemsOnTheWay: 10 }
            report: { samples: 2, checkpointEvery: 3 }
            """, "book.yaml"), "book.yaml");
    }

    [Fact]
    public async Task Start_BudgetOfKl_StopsAndTellsGoldRewardAndKl()
    {
        using var folder = new TemporaryFolder();
        using var never = new StopAt(0);
        var result = await Recipe(folder).StartAsync(folder.File("runs"), never, never.Token);

        Assert.Contains(never.Notes, n => n.StartsWith("Stopped by the budget: KL of an answer is", StringComparison.Ordinal));
        var headline = RunInfo.Read(result.Folder).Headline;
        Assert.True(headline["reward after"] > headline["reward before"], "the stated reward rises");
        Assert.InRange(headline["kl/answer after"], 2, 6);
        Assert.InRange(headline["kl/answer at best gold"], 0, 2);
        Assert.Contains("gold best on the way", headline.Keys);
        string metrics = File.ReadAllText(Path.Combine(result.Folder, "metrics.jsonl"));
        Assert.Contains("\"gold\"", metrics, StringComparison.Ordinal);
        Assert.Contains("\"kl/answer\"", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_StoppedAndResumed_EndsInTheSameHeadline()
    {
        using var folder = new TemporaryFolder();
        using var never = new StopAt(0);
        using var stop = new StopAt(47);
        var recipe = Recipe(folder);
        var whole = await recipe.StartAsync(folder.File("whole"), never, never.Token);
        var part = await recipe.StartAsync(folder.File("part"), stop, stop.Token);
        Assert.True(part.Interrupted);
        var rest = await RecipeKinds.OfRun(part.Folder).ResumeAsync(part.Folder, never, never.Token);

        Assert.Equal(RunInfo.Read(whole.Folder).Headline, RunInfo.Read(rest.Folder).Headline);
        Assert.Equal(Toy.Lasting(whole.Folder), Toy.Lasting(rest.Folder));
    }

    [Fact]
    public void Read_RecipeOfTheRepositoryWithoutItsText_NamesTheVariable()
    {
        string file = Path.Combine(Reproductions.Repository.Root, "recipes", "tinyshakespeare.yaml");
        if (Environment.GetEnvironmentVariable("MEED_DATA") is null)
        {
            var error = Assert.Throws<DocumentException>(() => RecipeKinds.Read(YamlReader.ReadFile(file), file));
            Assert.All(error.Problems, p => Assert.Contains("needs the environment variable MEED_DATA", p.Message, StringComparison.Ordinal));
        }
    }
}
