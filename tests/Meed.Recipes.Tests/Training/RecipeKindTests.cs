using Meed.Recipes.Documents;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Training;

public class RecipeKindTests
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
        var error = Assert.Throws<DocumentException>(() => RecipeKinds.Read(YamlReader.Read(Yaml, "r.yaml"), "r.yaml"));
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
        string yaml = DocumentWriter.ToYaml(recipe.Resolve());
        var again = RecipeKinds.Read(YamlReader.Read(yaml, "resolved.yaml"), "resolved.yaml");
        Assert.Equal(yaml, DocumentWriter.ToYaml(again.Resolve()));
        Assert.Equal(ulong.MaxValue, again.Seed);
        Assert.Equal(TimeSpan.FromSeconds(90), ((LanguageRecipe)again).Trainer.Budget);
        Assert.Equal(recipe.Hash(), again.Hash());
    }

    [Fact]
    public void Hash_OtherSeed_IsTheSame_OtherOption_IsNot()
    {
        Assert.Equal(Toy.Recipe().Hash(), Toy.Recipe("seed=9").Hash());
        Assert.NotEqual(Toy.Recipe().Hash(), Toy.Recipe("trainer.grpo.clipHigh=0.28").Hash());
    }

    [Fact]
    public void Schema_OfLanguageRecipes_NamesDefaultsAndRewards()
    {
        var schema = LanguageRecipe.Definition.Schema();
        var grpo = schema["properties"]!["trainer"]!["oneOf"]![0]!["properties"]!["grpo"]!["properties"]!;
        Assert.Equal(8, grpo["groupSize"]!["default"]!.GetValue<int>());
        Assert.NotEmpty(grpo["groupSize"]!["description"]!.GetValue<string>());
        Assert.Contains("countdown", schema["$defs"]!["reward"]!["oneOf"]![1]!["properties"]!.AsObject().Select(p => p.Key));
    }

    [Theory]
    [InlineData("language", "kind name task reward trainer")]
    [InlineData("reward-model", "kind name")]
    [InlineData("study", "kind name study")]
    public void Schema_EveryKind_NamesItsKeysAndWhatIsRequired(string name, string required)
    {
        var kind = Assert.Single(RecipeKinds.All, k => k.Name == name);
        var schema = kind.Schema();

        Assert.Equal(kind.Keys, schema["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal(required.Split(' '), schema["required"]!.AsArray().Select(r => r!.GetValue<string>()));
        Assert.Equal(name, schema["properties"]!["kind"]!["const"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("{ kind: study }", "study")]
    [InlineData("{ kind: reward-model }", "reward-model")]
    [InlineData("{ kind: [study] }", "language")]
    [InlineData("{ kind: stdy }", "language")]
    [InlineData("[ study ]", "language")]
    public void Of_Document_IsTheKindItNames(string yaml, string expected) => Assert.Equal(expected, RecipeKinds.Of(YamlReader.Read(yaml, "r.yaml")).Name);

    [Theory]
    [InlineData("[]", "a recipe is a map of keys")]
    [InlineData("{ kind: [study], name: x }", "kind must be a name")]
    [InlineData("{ name: x }", "kind is missing")]
    [InlineData("{ kind: study, study: ideal-points }", "name is missing")]
    [InlineData("{ kind: study, name: x, seed: -1, study: ideal-points }", "seed is '-1'; write a whole number, 0 or more")]
    public void Read_HeadThatIsWrong_IsNamed(string yaml, string expected)
    {
        var error = Assert.Throws<DocumentException>(() => RecipeKinds.Read(YamlReader.Read(yaml, "r.yaml"), "r.yaml"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Within_KindThatKeepsNoTime_SaysWhatToDo()
    {
        var recipe = RecipeKinds.Read(YamlReader.Read("{ kind: study, name: x, study: ideal-points }", "r.yaml"), "r.yaml");

        Assert.Contains("--set study.", recipe.NoBudget, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => recipe.Within(TimeSpan.FromMinutes(1)));
        Assert.Null(Toy.Recipe().NoBudget);
        Assert.True(Toy.Recipe().Within(TimeSpan.FromMinutes(1)).ClockBound);
    }

    [Fact]
    public void Read_RecipesOfTheRepository_Bind()
    {
        string root = Reproductions.Repository.Root;
        string[] files = Directory.GetFiles(Path.Combine(root, "recipes"), "*.yaml");
        Assert.Contains(files, f => Path.GetFileName(f) == "countdown.yaml");
        Assert.All(files, f =>
        {
            try
            {
                RecipeKinds.Read(YamlReader.ReadFile(f), f);
            }
            catch (DocumentException e)
            {
                // Data that this machine does not have is no fault of the recipe.
                Assert.All(e.Problems, p => Assert.Contains("needs the environment variable MEED_DATA", p.Message, StringComparison.Ordinal));
            }
        });
    }
}
