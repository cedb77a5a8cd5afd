using System.Diagnostics;

namespace Meed.Cli.Tests;

/// <summary>A run that is killed at any moment and resumed ends in the same bytes.</summary>
public class KillTests
{
    [Fact]
    public void Train_KilledOnceEarlyAndOnceInACheckpoint_EndsInTheSameBytes()
    {
        using var place = new Workplace(hiddenSize: 128, steps: 5, checkpointEvery: 1);
        var (expected, took) = Whole(place);
        KillAtTimes(place, expected, took, [11]);
        KillInCheckpoints(place, expected, [12]);
    }

    [Fact]
    [Trait("Tier", "long")]
    public void Train_KilledAtThirtyMoments_EndsInTheSameBytes()
    {
        using var place = new Workplace(hiddenSize: 128, steps: 12, checkpointEvery: 1);
        var (expected, took) = Whole(place);
        int killed = KillAtTimes(place, expected, took, [.. Enumerable.Range(0, 20)]);
        KillInCheckpoints(place, expected, [.. Enumerable.Range(20, 10)]);
        TestContext.Current.SendDiagnosticMessage($"30 seeded moments, {killed} of 20 before the end, 10 inside a checkpoint write.");
    }

    [Fact]
    public void Train_Interrupted_WritesACheckpointSaysHowToGoOnAndExits130()
    {
        using var place = new Workplace(steps: 1_000_000, checkpointEvery: 1_000_000);
        using var meed = new MeedProcess(place.Folder, "train", "toy.yaml");
        WaitFor(() => meed.Out.Contains("  step 1/", StringComparison.Ordinal) || meed.Process.HasExited);
        meed.Interrupt();
        Assert.Equal(130, meed.Wait());
        string folder = Workplace.RunIn(place.At("runs"))!;
        Assert.Contains($"Go on with: meed train --resume {Path.GetRelativePath(place.Folder, folder)}", meed.Error, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "checkpoints"), "*.ckpt"));
        Assert.Contains("interrupted", place.Meed("runs").Out, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Tier", "long")]
    public void Train_OnAFullDisk_SaysSoLosesNothingAndGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A sized tmpfs is mounted, which needs root on Linux.");
        using var place = new Workplace(hiddenSize: 128, steps: 12, checkpointEvery: 1);
        var (expected, _) = Whole(place);
        string disk = place.At("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Mount("-t", "tmpfs", "-o", "size=9m", "tmpfs", disk), "tmpfs cannot be mounted here.");
        try
        {
            var (code, _, error) = MeedProcess.Run(place.Folder, "train", "toy.yaml", "--runs", disk);
            Assert.Equal(1, code);
            string line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.StartsWith("The disk is full at ", line, StringComparison.Ordinal);
            string folder = Workplace.RunIn(disk)!;
            Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "checkpoints"), "*.ckpt"));
            Assert.True(Mount("-o", "remount,size=100m", disk));
            var resumed = MeedProcess.Run(place.Folder, "train", "--resume", folder);
            Assert.True(resumed.Code == 0, resumed.Error);
            Assert.Equal(expected, Workplace.Lasting(folder));
        }
        finally
        {
            using var unmount = Process.Start("umount", [disk]);
            unmount.WaitForExit();
        }
    }

    [Fact]
    public void Score_KilledWhileItsCacheGrows_TheNextRunGoesOnFromWhatWasKept()
    {
        using var place = new Workplace();
        File.WriteAllLines(place.At("in.jsonl"), Enumerable.Range(0, 150_000).Select(i => $$"""{"response":"the answer is {{i}}","reference":"{{i % 3}}"}"""));
        string[] args = ["score", "in.jsonl", "--reward", "numeric-answer", "--cache", "scores.cache"];
        using (var meed = new MeedProcess(place.Folder, args))
        {
            WaitFor(() => meed.Process.HasExited || (File.Exists(place.At("scores.cache")) && new FileInfo(place.At("scores.cache")).Length > 1_000_000));
            meed.Process.Kill();
            meed.Process.WaitForExit();
        }

        using (var store = Meed.Rewards.Caching.ScoreStore.Open(place.At("scores.cache")))
        {
            Assert.True(store.Count > 5_000, $"{store.Count} scores");
        }

        Assert.Equal(0, place.Meed([.. args, "--out", "cached.jsonl"]).Code);
        Assert.Equal(0, place.Meed(["score", "in.jsonl", "--reward", "numeric-answer", "--out", "plain.jsonl"]).Code);
        Assert.Equal(File.ReadAllBytes(place.At("plain.jsonl")), File.ReadAllBytes(place.At("cached.jsonl")));
    }

    private static (IReadOnlyDictionary<string, string> Lasting, TimeSpan Took) Whole(Workplace place)
    {
        var clock = Stopwatch.StartNew();
        var (code, _, error) = MeedProcess.Run(place.Folder, "train", "toy.yaml", "--runs", "whole");
        Assert.True(code == 0, error);
        return (Workplace.Lasting(Workplace.RunIn(place.At("whole"))!), clock.Elapsed);
    }

    private static int KillAtTimes(Workplace place, IReadOnlyDictionary<string, string> expected, TimeSpan took, int[] seeds)
    {
        int killed = 0;
        foreach (int seed in seeds)
        {
            string root = place.At($"time{seed}");
            using var meed = new MeedProcess(place.Folder, "train", "toy.yaml", "--runs", root);
            meed.Process.WaitForExit(took * (0.15 + (0.8 * new Random(seed).NextDouble())));
            killed += meed.Process.HasExited ? 0 : 1;
            meed.Kill();
            Finish(place, root, expected, seed);
        }

        return killed;
    }

    private static void KillInCheckpoints(Workplace place, IReadOnlyDictionary<string, string> expected, int[] seeds)
    {
        foreach (int seed in seeds)
        {
            // The file under its temporary name is what a write in progress looks like; a kill that came too late is tried again.
            bool inside = false;
            for (int attempt = 0; attempt < 40 && !inside; attempt++)
            {
                string root = place.At($"write{seed}-{attempt}");
                using var meed = new MeedProcess(place.Folder, "train", "toy.yaml", "--runs", root);
                int skip = new Random((seed * 100) + attempt).Next(1, 6);
                string? last = null;
                SpinUntil(() =>
                {
                    if (Writing(root) is { } file && file != last)
                    {
                        last = file;
                        skip--;
                    }

                    return skip == 0 || meed.Process.HasExited;
                });
                meed.Kill();
                inside = Writing(root) is not null;
                Finish(place, root, expected, seed);
            }

            Assert.True(inside, $"Seed {seed}: no kill of 40 fell into a checkpoint write.");
        }
    }

    private static void Finish(Workplace place, string root, IReadOnlyDictionary<string, string> expected, int seed)
    {
        string? folder = Workplace.RunIn(root);
        if (folder is null)
        {
            return;   // killed before the run had begun
        }

        if (!place.Meed("runs", "--root", root).Out.Contains("finished", StringComparison.Ordinal))
        {
            var (code, _, error) = MeedProcess.Run(place.Folder, "train", "--resume", "--runs", root);
            Assert.True(code == 0, $"Seed {seed}: {error}");
        }

        Assert.Equal(expected, Workplace.Lasting(folder));
        Assert.Empty(Directory.GetFiles(folder, "*.tmp", SearchOption.AllDirectories));
    }

    private static string? Writing(string root)
    {
        try
        {
            return Workplace.RunIn(root) is { } folder && Path.Combine(folder, "checkpoints") is var checkpoints && Directory.Exists(checkpoints)
                ? Directory.EnumerateFiles(checkpoints, "*.tmp").FirstOrDefault()
                : null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void SpinUntil(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            Thread.Sleep(1);
        }
    }

    private static void WaitFor(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && clock.Elapsed < TimeSpan.FromMinutes(1))
        {
            Thread.Sleep(20);
        }
    }

    private static bool Mount(params string[] args)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", args) { RedirectStandardError = true })!;
        mount.WaitForExit();
        return mount.ExitCode == 0;
    }
}
