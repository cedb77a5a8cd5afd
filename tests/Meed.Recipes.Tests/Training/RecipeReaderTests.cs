using Meed.Recipes.Documents;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Training;

public class RecipeReaderTests
{
    [Fact]
    public void Read_ManyMistakes_ShowsAllWithTheirLines()
    {
        const string Yaml = """
            kind: langauge
            name: a/b
            tsak: { countdown: {} }
            task: { countdwon: {} }
            policy: { hiddenSize: 128, heads: 3 }
            reward: { sum: [ { contdown: {} } ] }
            trainer:
              grpo:
                stpes: 5
                groupSize: 1
                learningRate: fast
            evaluate: { samples: 4, passAt: [1, 9] }
            """;
        var error = Assert.Throws<DocumentException>(() => RecipeReader.Read(YamlReader.Read(Yaml, "r.yaml"), "r.yaml"));
        string all = error.Message;
        Assert.Contains("r.yaml:1: unknown kind 'langauge'. Did you mean 'language'?", all, StringComparison.Ordinal);
        Assert.Contains("r.yaml:2: name is 'a/b'", all, StringComparison.Ordinal);
        Assert.Contains("r.yaml:3: unknown key 'tsak'. Did you mean 'task'?", all, StringComparison.Ordinal);
        Assert.Contains("r.yaml:4: unknown task 'countdwon'. Did you mean 'countdown'?", all, StringComparison.Ordinal);
        Assert.Contains("r.yaml:5: policy: HiddenSize is 128 over 3 heads", all, StringComparison.Ordinal);
        Assert.Contains("r.yaml:6: reward.sum[0]: unknown reward 'contdown'. Did you mean 'countdown'?", all, StringComparison.Ordinal);
        Assert.Contains("r.yaml:9: unknown key 'trainer.grpo.stpes'. Did you mean 'steps'?", all, StringComparison.Ordinal);
        Assert.Contains("r.yaml:11: trainer.grpo.learningRate is 'fast'; write a number.", all, StringComparison.Ordinal);
        Assert.Contains("PassAt names 9", all, StringComparison.Ordinal);
        Assert.True(error.Problems.Count >= 9, all);
    }

    [Fact]
    public void Resolve_ReadBack_IsTheSameRecipe()
    {
        var recipe = Toy.Recipe("seed=18446744073709551615", "trainer.grpo.budget=90s", "policy.tokenizer=bytes");
        string yaml = DocumentWriter.ToYaml(RecipeReader.Resolve(recipe));
        var again = RecipeReader.Read(YamlReader.Read(yaml, "resolved.yaml"), "resolved.yaml");
        Assert.Equal(yaml, DocumentWriter.ToYaml(RecipeReader.Resolve(again)));
        Assert.Equal(ulong.MaxValue, again.Seed);
        Assert.Equal(TimeSpan.FromSeconds(90), again.Trainer.Budget);
        Assert.Equal(RecipeReader.HashOf(recipe), RecipeReader.HashOf(again));
    }

    [Fact]
    public void HashOf_OtherSeed_IsTheSame_OtherOption_IsNot()
    {
        Assert.Equal(RecipeReader.HashOf(Toy.Recipe()), RecipeReader.HashOf(Toy.Recipe("seed=9")));
        Assert.NotEqual(RecipeReader.HashOf(Toy.Recipe()), RecipeReader.HashOf(Toy.Recipe("trainer.grpo.clipHigh=0.28")));
    }

    [Fact]
    public void Schema_OfRecipes_NamesEveryKeyAndDefault()
    {
        var schema = RecipeReader.Schema();
        Assert.Equal(RecipeReader.Keys.Order(), schema["properties"]!.AsObject().Select(p => p.Key).Order());
        var grpo = schema["properties"]!["trainer"]!["oneOf"]![0]!["properties"]!["grpo"]!["properties"]!;
        Assert.Equal(8, grpo["groupSize"]!["default"]!.GetValue<int>());
        Assert.NotEmpty(grpo["groupSize"]!["description"]!.GetValue<string>());
        Assert.Contains("countdown", schema["$defs"]!["reward"]!["oneOf"]![1]!["properties"]!.AsObject().Select(p => p.Key));
    }

    [Fact]
    public void Read_RecipesOfTheRepository_Bind()
    {
        string root = Reproductions.Repository.Root;
        string[] files = Directory.GetFiles(Path.Combine(root, "recipes"), "*.yaml");
        Assert.Contains(files, f => Path.GetFileName(f) == "countdown.yaml");
        Assert.All(files, f =>
        {
            var document = YamlReader.ReadFile(f);
            try
            {
                if (RewardModelReader.Fits(document))
                {
                    RewardModelReader.Read(document, f);
                }
                else
                {
                    RecipeReader.Read(document, f);
                }
            }
            catch (DocumentException e)
            {
                // Data that this machine does not have is no fault of the recipe.
                Assert.All(e.Problems, p => Assert.Contains("needs the environment variable MEED_DATA", p.Message, StringComparison.Ordinal));
            }
        });
    }
}
