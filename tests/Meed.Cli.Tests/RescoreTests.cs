using System.Diagnostics;
using System.Text.Json;

namespace Meed.Cli.Tests;

public class RescoreTests
{
    private static Workplace Place()
    {
        var place = new Workplace();
        File.WriteAllText(place.At("7.jsonl"), """
            {"input": "6*7?", "output": "It is \\boxed{42}.", "gts": "42", "score": 0.0, "step": 7, "acc": false}
            {"input": "6*7?", "output": "It is 41.", "gts": "42", "score": 1.0, "step": 7, "acc": true}
            {"input": "6*7?", "output": "It is 41
            {"input": "1+1?", "output": "2", "gts": "2", "score": 1.0, "step": 7, "acc": true}
            {"input": "1+1?", "output": "3", "gts": "2", "score": 0.0, "step": 7, "acc": false}

            """);
        return place;
    }

    [Fact]
    public void Rescore_VerlRollouts_ReportsFlipsAndWritesRows()
    {
        using var place = Place();
        var (code, output, error) = place.Meed("rescore", "7.jsonl", "--format", "verl", "--reward", "{ sum: [ math, { length: { max: 3 }, weight: 0.1 } ] }", "--out", "out.jsonl");
        Assert.Equal(0, code);
        Assert.StartsWith("7.jsonl:3: ", error, StringComparison.Ordinal);
        Assert.Contains("4 rows in 2 groups (verl)", output, StringComparison.Ordinal);
        Assert.Matches(@"total +2 +50\.0 % +50\.0 % +50\.0 %", output);
        Assert.Matches(@"math alone +2 +50\.0 %", output);
        Assert.Matches(@"without math +2 +0\.0 %", output);
        Assert.Matches(@"bad lines +1", output);
        var rows = File.ReadAllLines(place.At("out.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([(1, 1.0), (2, 0.0), (4, 1.1), (5, 0.1)], rows.Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("reward").GetDouble())));
        Assert.Equal(rows[0].GetProperty("group").GetString(), rows[1].GetProperty("group").GetString());
        Assert.False(File.Exists(place.At("out.jsonl.part")));
    }

    [Fact]
    public void Rescore_JsonBaselineAndLimits_Hold()
    {
        using var place = Place();
        string[] args = ["rescore", "7.jsonl", "--reward", "math"];
        var json = JsonDocument.Parse(place.Meed([.. args, "--json", "--baseline-reward", "exact-match"]).Out).RootElement;
        Assert.Equal((2, 0, 1), (json.GetProperty("total").GetProperty("groups").GetInt32(), json.GetProperty("total").GetProperty("rankingFlips").GetInt32(), json.GetProperty("badLines").GetInt32()));
        Assert.Equal(1, place.Meed([.. args, "--strict"]).Code);
        Assert.Equal(1, place.Meed([.. args, "--max-failed", "5%"]).Code);
        Assert.Equal(0, place.Meed([.. args, "--max-failed", "30%"]).Code);
    }

    [Theory]
    [InlineData("7.jsonl", "'--reward' is required")]
    [InlineData("7.jsonl --reward math --format verll", "Did you mean 'verl'?")]
    [InlineData("none.jsonl --reward math", "does not exist")]
    [InlineData("7.jsonl --reward math --map respnse=x", "Did you mean 'response'?")]
    [InlineData("7.jsonl --reward math --weight acc", "--weight is 'acc'")]
    [InlineData("7.jsonl --reward math --out 7.jsonl", "is also an input")]
    [InlineData("7.jsonl --reward {normalise:{of:math,over:batch}}", "depends on its batch")]
    public void Rescore_BadUsage_ExitsTwoWithASentence(string arguments, string expected)
    {
        using var place = Place();
        var (code, output, error) = place.Meed(["rescore", .. arguments.Split(' ').Select(a => a.Replace(":", ": ", StringComparison.Ordinal))]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ExportScript_OfThePythonClients_PassesItsOwnTests()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        Process? process;
        try
        {
            process = Process.Start(new ProcessStartInfo("python3", ["-B", "-m", "unittest", "test_export_rollouts"]) { WorkingDirectory = Path.Combine(folder.FullName, "clients", "python"), RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed.");
            return;
        }

        string output = process!.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Ran 4 tests", output, StringComparison.Ordinal);
        process.Dispose();
    }
}
