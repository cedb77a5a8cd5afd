using System.Diagnostics;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Recipes.Tests.Support;

namespace Meed.Recipes.Tests.Runs;

public class RunFolderTests
{
    private static readonly RunInfo s_info = new() { Name = "toy", Kind = "language", Seed = 3, RecipeHash = "abc" };

    [Fact]
    public void Resume_FromACheckpoint_CutsLogsBackToIt()
    {
        using var folder = new TemporaryFolder();
        string path;
        using (var run = RunFolder.Begin(folder.Path, s_info, "name: toy\n"))
        {
            path = run.Path;
            run.Scalars("train", 1, [("loss", 1.5), ("time/tokens_per_second", 10)]);
            run.Checkpoint("train", 1, s => s.WriteByte(9));
            run.Scalars("train", 2, [("loss", 99)]);
            run.Samples([new RunSample { Prompt = "lost" }]);
        }

        var (header, _, _) = new CheckpointStore(Path.Combine(path, "checkpoints")).OpenNewest(out _)!.Value;
        using (var run = RunFolder.Resume(path, header, 1))
        {
            run.Scalars("train", 2, [("loss", 0.25)]);
        }

        Assert.Equal("{\"phase\":\"train\",\"step\":1,\"loss\":1.5}\n{\"phase\":\"train\",\"step\":2,\"loss\":0.25}\n", File.ReadAllText(Path.Combine(path, "metrics.jsonl")));
        Assert.Equal("{\"phase\":\"train\",\"step\":1,\"time/tokens_per_second\":10}\n", File.ReadAllText(Path.Combine(path, "timing.jsonl")));
        Assert.Equal("", File.ReadAllText(Path.Combine(path, "samples.jsonl")));
    }

    [Fact]
    public void Resume_LogsShorterThanNoted_SaysThatTheyWereCut()
    {
        using var folder = new TemporaryFolder();
        string path;
        using (var run = RunFolder.Begin(folder.Path, s_info, ""))
        {
            path = run.Path;
        }

        var header = new CheckpointHeader(1, "train", new Dictionary<string, long> { ["metrics.jsonl"] = 500 });
        var error = Assert.Throws<IOException>(() => RunFolder.Resume(path, header, 1));
        Assert.Contains("has 0 bytes, the checkpoint was written when it had 500", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_TwiceInASecond_GivesTwoFolders()
    {
        using var folder = new TemporaryFolder();
        using var one = RunFolder.Begin(folder.Path, s_info, "");
        using var two = RunFolder.Begin(folder.Path, s_info, "");
        Assert.NotEqual(one.Path, two.Path);
    }

    [Fact]
    public void Read_ThousandsOfRuns_ComesNewestFirstAndNamesTheUnreadable()
    {
        using var folder = new TemporaryFolder();
        new RunInfo { Name = "NAME", Status = RunStatus.Finished, Started = DateTime.UnixEpoch }.Write(folder.Path);
        string json = File.ReadAllText(folder.File("run.json"));
        File.Delete(folder.File("run.json"));
        for (int i = 0; i < 2000; i++)
        {
            string path = folder.File($"name{i % 7}/t{i:D4}");
            Directory.CreateDirectory(path);
            string started = DateTime.UnixEpoch.AddHours(i).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
            File.WriteAllText(Path.Combine(path, "run.json"), json.Replace("NAME", $"name{i % 7}", StringComparison.Ordinal).Replace("1970-01-01T00:00:00Z", started, StringComparison.Ordinal));
        }

        File.WriteAllText(folder.File("name0/t0000/run.json"), "{ broken");
        RunIndex.Read(folder.Path, out _);
        var clock = Stopwatch.StartNew();
        var runs = RunIndex.Read(folder.Path, out var unreadable);
        TestContext.Current.SendDiagnosticMessage($"2,000 run folders read in {clock.ElapsedMilliseconds} ms.");
        Assert.Equal(1999, runs.Count);
        Assert.Contains("t0000", Assert.Single(unreadable), StringComparison.Ordinal);
        Assert.Equal(runs.OrderByDescending(r => r.Started).Select(r => r.Folder), runs.Select(r => r.Folder));
    }

    [Fact]
    public void State_OfARunWhoseProcessIsGone_IsKilled()
    {
        var info = new RunInfo { Name = "x" }.Mine();
        Assert.Equal("running", info.State);
        Assert.Equal("killed", (info with { ProcessStarted = info.ProcessStarted.AddMinutes(-5) }).State);
    }

    [Fact]
    public void Render_OfAFreshRun_IsOneFileThatLoadsNothing()
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Begin(folder.Path, s_info with { Name = "a <b> & 'c'" }, "name: <x>");
        run.Scalars("train", 1, [("loss", double.NaN)]);
        run.Scalars("train", 2, [("loss", 0.5), ("time/rollout", 0.5)]);
        run.Scalars("evaluate", 2, [("pass@1", 0.25)]);
        run.Samples([new RunSample { Phase = "before", Prompt = "<p>", Response = "</td>" }]);
        string html = RunReport.Render(run.Path);
        Assert.DoesNotContain("<b>", html.Replace("<b>3", "", StringComparison.Ordinal)[html.IndexOf("<h1>", StringComparison.Ordinal)..html.IndexOf("</h1>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotContain("<p>", html[html.IndexOf("class=\"prompt\"", StringComparison.Ordinal)..].Split("</table>")[0], StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"|url\\(|@import|https?://(?!www\\.w3\\.org/2000/svg)", html);
    }
}
