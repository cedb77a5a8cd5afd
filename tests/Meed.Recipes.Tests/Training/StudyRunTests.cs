using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Recipes.Tests.Support;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Tests.Training;

public class StudyRunTests
{
    private const string Yaml = "{ kind: study, name: points, seed: 3, study: { ideal-points: { method: prototypes, users: 8, steps: 5 } } }";

    private static StudyRecipe Read(string yaml) => (StudyRecipe)RecipeKinds.Read(YamlReader.Read(yaml, "study.yaml"), "study.yaml");

    [Fact]
    public async Task StartAsync_Study_WritesAnOrdinaryRunFolder()
    {
        using var folder = new TemporaryFolder();
        var recipe = Read(Yaml);

        var (path, measures, _) = await recipe.StartAsync(folder.Path, new SilentProgress(), TestContext.Current.CancellationToken);

        var info = Assert.Single(RunIndex.Read(folder.Path, out var unreadable));
        Assert.Empty(unreadable);
        Assert.Equal(("points", "study", 3UL, "finished"), (info.Name, info.Kind, info.Seed, info.State));
        Assert.Equal(measures, info.Headline);
        Assert.Equal(recipe.Study.Run(3, TestContext.Current.CancellationToken), measures);
        Assert.Equal(recipe.Options, ((StudyRecipe)RecipeKinds.OfRun(path)).Options);
        string html = File.ReadAllText(Path.Combine(path, RunReport.FileName));
        Assert.Contains("unseen accuracy", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Held-out items", html, StringComparison.Ordinal);   // every measure is a tile
        Assert.DoesNotContain("<h2>Samples", html, StringComparison.Ordinal);
        Assert.Contains("\"unseen_accuracy\":", File.ReadAllText(Path.Combine(path, "metrics.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_Stopped_IsInterruptedAndResumes()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        await Assert.ThrowsAsync<OperationCanceledException>(() => Read(Yaml).StartAsync(folder.Path, new SilentProgress(), stop.Token));

        var info = Assert.Single(RunIndex.Read(folder.Path, out _));
        Assert.Equal("interrupted", info.State);
        var end = await RecipeKinds.OfRun(info.Folder).ResumeAsync(info.Folder, new SilentProgress(), TestContext.Current.CancellationToken);
        Assert.Equal(Read(Yaml).Study.Run(3, TestContext.Current.CancellationToken), end.Measures);
        Assert.Equal("finished", RunInfo.Read(info.Folder).State);
    }

    [Theory]
    [InlineData("ideal-points", "ideal-point", "Did you mean 'ideal-points'?")]
    [InlineData("users: 8", "uzers: 8", "Did you mean 'users'?")]
    [InlineData("users: 8", "users: 0", "Users is 0; it is 1 or more.")]
    [InlineData("study: { ideal-points: { method: prototypes, users: 8, steps: 5 } }", "task: { countdown: {} }", "study is missing")]
    [InlineData("name: points", "name: a/b", "it names a folder")]
    public void Read_WhatIsWrong_IsNamed(string old, string put, string expected)
    {
        var error = Assert.Throws<DocumentException>(() => Read(Yaml.Replace(old, put, StringComparison.Ordinal)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_OtherNameAndSeed_AreThoseOfTheRun()
    {
        using var folder = new TemporaryFolder();

        var run = await ((Recipe)Read(Yaml) with { Name = "46-points-single", Seed = 5 }).StartAsync(folder.Path, new SilentProgress(), TestContext.Current.CancellationToken);

        var info = RunInfo.Read(run.Folder);
        Assert.Equal(("46-points-single", 5UL), (info.Name, info.Seed));
        Assert.Contains("seen_accuracy", run.Measures.Keys);
    }

    [Fact]
    public void Schema_OfStudies_NamesEveryOption() => Assert.Contains("fewPairs", StudyRecipe.Definition.Schema().ToJsonString(), StringComparison.Ordinal);
}
