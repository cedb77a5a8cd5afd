using Meed.Recipes.Documents;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Documents;

public class DocumentTests
{
    [Fact]
    public void Read_Yaml_RemembersLines()
    {
        var root = YamlReader.Read("name: x\ntrainer:\n  steps: 5\n  list: [1, 'two']\n", "r.yaml");
        Assert.Equal((2, 3), (root.Entries[1].Line, root["trainer"]!["steps"]!.Line));
        Assert.True(root["trainer"]!["list"]!.Items[1].Quoted);
    }

    [Theory]
    [InlineData("a: 1\nb: [1, 2\nc: 3\n", "r.yaml:2: not readable as YAML: a bracket, quote or key is not closed")]
    [InlineData("a: 1\na: 2\n", "r.yaml:2: not readable as YAML")]
    [InlineData("", "r.yaml: is empty.")]
    [InlineData("a: 1\n---\nb: 2\n", "r.yaml:3: a second document begins")]
    public void Read_BadYaml_SaysWhere(string text, string expected)
    {
        var error = Assert.Throws<DocumentException>(() => YamlReader.Read(text, "r.yaml"));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("a: 1\nb:\n  c: 2\n", "b.c=5", "a: 1\nb:\n  c: 5\n")]
    [InlineData("a: 1\n", "b.c.d=x", "a: 1\nb:\n  c:\n    d: x\n")]
    [InlineData("a:\n  - 1\n  - 2\n", "a.1=[3, 4]", "a:\n  - 1\n  -\n    - 3\n    - 4\n")]
    [InlineData("a: {b: 1}\n", "a={c: 2}", "a:\n  c: 2\n")]
    [InlineData("reward: {sum: [{x: {}, weight: 1}]}\n", "reward.sum.0.weight=0.5", "reward:\n  sum:\n    - x: {}\n      weight: 0.5\n")]
    public void Apply_Setting_ChangesOnlyItsPath(string text, string setting, string expected)
    {
        string yaml = DocumentWriter.ToYaml(Overrides.Apply(YamlReader.Read(text, "r.yaml"), setting));
        Assert.Equal(YamlReader.Read(expected, "e.yaml"), YamlReader.Read(yaml, "w.yaml"), (x, y) => DocumentJson.Canonical(x) == DocumentJson.Canonical(y));
    }

    [Fact]
    public void Read_AliasesOfAliases_AreCountedBeforeTheyAreFollowed()
    {
        string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));
        var error = Assert.Throws<DocumentException>(() => YamlReader.Read(text, "r.yaml"));
        Assert.Equal("r.yaml:6: holds more than 200000 values, aliases followed; a document is written by hand.", error.Message);
        Assert.Equal("[[x,x],[x,x]]", DocumentJson.Canonical(YamlReader.Read("- &a [x, x]\n- *a\n", "r.yaml")).Replace("\"", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a: &a [*a]\n", "r.yaml:1: '*a' stands inside what it names; write the value out.")]
    [InlineData("? &a [*a]\n: 1\n", "r.yaml:1: '*a' stands inside what it names; write the value out.")]
    public void Read_AliasOfItself_IsRefused(string text, string expected)
        => Assert.Equal(expected, Assert.Throws<DocumentException>(() => YamlReader.Read(text, "r.yaml")).Message);

    [Fact]
    public void Read_AHundredThousandBrackets_AreRefusedAndNotFollowed()
        => Assert.Equal("r.yaml:1: nested more than 64 levels deep.", Assert.Throws<DocumentException>(() => YamlReader.Read(new string('[', 100_000), "r.yaml")).Message);

    [Theory]
    [InlineData("trainer.steps", "has no '='")]
    [InlineData("a..b=1", "empty part")]
    [InlineData("name.x=1", "'name' is the value 'toy', which has no 'x'")]
    [InlineData("list.7=1", "is a list of 2; '7' is not one of its positions")]
    public void Apply_BadSetting_SaysWhatIsWrong(string setting, string expected)
    {
        var root = YamlReader.Read("name: toy\nlist: [1, 2]\n", "r.yaml");
        Assert.Contains(expected, Assert.Throws<DocumentException>(() => Overrides.Apply(root, setting)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: 'yes: no'\nb: \"1\"\nc: 1\nd: true\ne: 'true'\nf: null\ng: ''\nh: '- x'\ni: 1e-4\nj: \"line\\nbreak\"\nk: '#not a comment'\nl: \"{x}\"\nm: []\nn: {}\n")]
    [InlineData("list:\n  - a: 1\n    b: [1, [2, 3]]\n  - - x\n    - y\n  - {}\n")]
    public void ToYaml_ReadBack_IsTheSameDocument(string text)
    {
        var root = YamlReader.Read(text, "r.yaml");
        Assert.Equal(DocumentJson.Canonical(root), DocumentJson.Canonical(YamlReader.Read(DocumentWriter.ToYaml(root), "w.yaml")));
    }
}
