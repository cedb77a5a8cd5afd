using System.Text.Json;
using Meed.Recipes.Runs;
using Meed.Recipes.Tests.Reproductions;
using Meed.Recipes.Tests.Support;

namespace Meed.Recipes.Tests.Runs;

public class ResultFileTests
{
    [Fact]
    public void Write_Record_ReadsBackWithNumbersThatAreNotFinite()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("results/a.json");
        var record = new RecipeRecord { Name = "a–b", Runs = [new RecipeRecord.Seeded(3, 1.5, double.NaN, new Dictionary<string, double> { ["gold after"] = 0.25 })] };

        record.Write(path);

        var back = RecipeRecord.Read(path);
        Assert.Equal("a–b", back.Name);
        Assert.Equal(double.NaN, back.Runs[0].PeakMegabytes);
        Assert.Equal(0.25, back.Runs[0].Headline["gold after"]);
        string text = File.ReadAllText(path);
        Assert.StartsWith("{\n  \"name\": \"a–b\",\n", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"name\": ")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Read_WhatIsNoResult_NamesTheFile(string text)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.json");
        File.WriteAllText(path, text);

        Assert.Contains($"{path} is not readable", Assert.Throws<IOException>(() => RecipeRecord.Read(path)).Message, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => ResultFile.Parse<RecipeRecord>(text[..^1]));
    }

    [Fact]
    public void Write_RecordsOfTheRepository_AreTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "recipes", "results"), "*.json");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            string copy = folder.File(Path.GetFileName(file));
            RecipeRecord.Read(file).Write(copy);
            Assert.Equal(File.ReadAllText(file), File.ReadAllText(copy));
        }
    }
}
