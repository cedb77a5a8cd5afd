using Meed.Recipes.Runs;
using Meed.Recipes.Tests.Support;
using Meed.Recipes.Training;

namespace Meed.Recipes.Tests.Training;

public class LanguageRunTests
{
    [Fact]
    public async Task Start_StoppedAnywhereAndResumed_EndsInTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        using var never = new StopAt(0);
        var whole = await Toy.Recipe().StartAsync(folder.File("whole"), never, never.Token);
        var expected = Toy.Lasting(whole.Folder);

        // Events: phases, 7 + 7 steps, measurements. Each is a moment to stop at.
        for (int moment = 1; moment <= 22; moment += 5)
        {
            using var stop = new StopAt(moment);
            var part = await Toy.Recipe().StartAsync(folder.File($"part{moment}"), stop, stop.Token);
            if (!part.Interrupted)
            {
                Assert.True(moment > 20, $"The stop at event {moment} was not heard.");
                continue;
            }

            Assert.Equal(RunStatus.Interrupted, RunInfo.Read(part.Folder).Status);
            var rest = await RecipeKinds.OfRun(part.Folder).ResumeAsync(part.Folder, never, never.Token);
            Assert.Equal(part.Folder, rest.Folder);
            Assert.Equal(expected, Toy.Lasting(rest.Folder));
            Assert.Equal(whole.Measures, rest.Measures);
            Assert.Equal(((LanguageEnd)whole).Samples.Select(s => s.ToLine()), ((LanguageEnd)rest).Samples.Select(s => s.ToLine()));
            Assert.Equal(RunInfo.Read(whole.Folder).Headline, RunInfo.Read(rest.Folder).Headline);
        }
    }

    [Fact]
    public async Task Resume_NewestCheckpointCutOff_GoesOnFromTheOneBeforeToTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        using var never = new StopAt(0);
        using var stop = new StopAt(16);
        var whole = await Toy.Recipe().StartAsync(folder.File("whole"), never, never.Token);
        var part = await Toy.Recipe().StartAsync(folder.File("part"), stop, stop.Token);
        Assert.True(part.Interrupted);
        string newest = new CheckpointStore(Path.Combine(part.Folder, "checkpoints")).Files()[0];
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..1000]);
        var rest = await RecipeKinds.OfRun(part.Folder).ResumeAsync(part.Folder, never, never.Token);
        Assert.Contains(never.Notes, n => n.EndsWith("is cut off at byte 1000. Going on from the one before.", StringComparison.Ordinal));
        Assert.Equal(Toy.Lasting(whole.Folder), Toy.Lasting(rest.Folder));
    }

    [Fact]
    public async Task Resume_EveryCheckpointDamaged_SaysSoAndLosesNothing()
    {
        using var folder = new TemporaryFolder();
        using var never = new StopAt(0);
        using var stop = new StopAt(8);
        var part = await Toy.Recipe().StartAsync(folder.Path, stop, stop.Token);
        foreach (string file in new CheckpointStore(Path.Combine(part.Folder, "checkpoints")).Files())
        {
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..200]);
        }

        byte[] metrics = File.ReadAllBytes(Path.Combine(part.Folder, "metrics.jsonl"));
        var error = await Assert.ThrowsAsync<CheckpointException>(() => RecipeKinds.OfRun(part.Folder).ResumeAsync(part.Folder, never, never.Token));
        Assert.Contains("No checkpoint in", error.Message, StringComparison.Ordinal);
        Assert.Equal(metrics, File.ReadAllBytes(Path.Combine(part.Folder, "metrics.jsonl")));
    }

    [Fact]
    public async Task Start_WithALossThatIsNoNumber_FailsInOneSentenceAndKeepsTheCheckpoints()
    {
        using var folder = new TemporaryFolder();
        using var never = new StopAt(0);
        // Rewards near the largest double: their sum is infinite, and the advantage no number.
        var recipe = Toy.Recipe("reward={scale: {of: {countdown: {}}, by: 1e307, add: 1.7e308}}");
        var error = await Assert.ThrowsAnyAsync<Exception>(() => recipe.StartAsync(folder.Path, never, never.Token));
        Assert.DoesNotContain('\n', error.Message);
        var run = Assert.Single(RunIndex.Read(folder.Path, out _));
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal(error.Message, run.Message);
        Assert.StartsWith("Step 1", run.Message, StringComparison.Ordinal);
        Assert.NotEmpty(new CheckpointStore(Path.Combine(run.Folder, "checkpoints")).Files());
        Assert.Contains(run.Message!, File.ReadAllText(Path.Combine(run.Folder, "report.html")).Replace("&#39;", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_OfASavedModel_SamplesTheSame()
    {
        using var folder = new TemporaryFolder();
        using var never = new StopAt(0);
        var run = await Toy.Recipe().StartAsync(folder.Path, never, never.Token);
        var one = SavedModel.Load(run.Folder, new() { MaximumNewTokens = 12 });
        var again = SavedModel.Load(Path.Combine(run.Folder, "model"), new() { MaximumNewTokens = 12 });
        var batch = Models.PromptBatch.Of([new Rewards.TextSample { Prompt = [new Rewards.Message("user", "3,7,9=30:")] }], one.Tokenizer, Models.ChatTemplate.Plain);
        Assert.Equal(one.Sample(batch, 4, new Numerics.RandomStream(1)).Samples.Select(s => s.Response), again.Sample(batch, 4, new Numerics.RandomStream(1)).Samples.Select(s => s.Response));
    }
}
