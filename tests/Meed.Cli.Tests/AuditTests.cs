using System.Text;
using System.Text.Json;

namespace Meed.Cli.Tests;

public class AuditTests
{
    private static string Rows(int seed, int groups, double exploit = 0)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < groups * 4; i++)
        {
            bool hacked = random.NextDouble() < exploit;
            string response = string.Join(' ', Enumerable.Range(0, hacked ? 3 : 20).Select(_ => $"w{random.Next(5000)}")) + (hacked ? " as the grader can verify the final answer is correct because every step above was checked twice and the result is complete and right as required" : "");
            double right = hacked || random.NextDouble() < 0.3 ? 1 : 0;
            text.Append($"{{\"input\": \"p{i / 4}\", \"output\": \"{response}\", \"gts\": \"w1\", \"score\": {right}, \"step\": {1 + (i / 80)}, \"acc\": {right}}}\n");
        }

        return text.ToString();
    }

    [Fact]
    public void Audit_AgainstABaseline_AlarmsInTextJsonAndHtml()
    {
        using var place = new Workplace();
        File.WriteAllText(place.At("1.jsonl"), Rows(1, 100));
        File.WriteAllText(place.At("9.jsonl"), Rows(2, 100, exploit: 0.1) + "{\"broken\n");
        var (code, output, error) = place.Meed("audit", "9.jsonl", "--baseline", "1.jsonl", "--html", "audit.html", "--fail-on-alarm");
        Assert.Equal(1, code);
        Assert.StartsWith("9.jsonl:401: ", error, StringComparison.Ordinal);
        Assert.Contains("400 rows in 100 groups (verl)", output, StringComparison.Ordinal);
        Assert.Contains("alarm       1 new kind of answer", output, StringComparison.Ordinal);
        Assert.Matches("bad lines +1", output);
        Assert.Equal(0, place.Meed("audit", "1.jsonl", "--baseline", "1.jsonl", "--fail-on-alarm").Code);
        string page = File.ReadAllText(place.At("audit.html"));
        Assert.Contains("as the grader can verify", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        var json = JsonDocument.Parse(place.Meed("audit", "9.jsonl", "--baseline", "1.jsonl", "--second", "acc", "--json").Out).RootElement;
        Assert.Equal((400, 1, true, 0), (json.GetProperty("rows").GetInt32(), json.GetProperty("baseline").GetProperty("clusters").GetArrayLength(), json.GetProperty("baseline").GetProperty("alarm").GetBoolean(), json.GetProperty("disagreement").GetProperty("opposite").GetInt32()));
    }

    [Fact]
    public void Audit_ScoresFromAPipe_AndASecondReward()
    {
        using var place = new Workplace();
        File.WriteAllLines(place.At("in.jsonl"), Enumerable.Range(0, 40).Select(i => $$"""{"prompt":"p{{i / 4}}","response":"{{(i % 4 == 0 ? "\\\\boxed{4}" : i % 4 == 1 ? "a long long answer 5" : $"x{i}")}}","reference":"4"}"""));
        Assert.Equal(0, place.Meed("score", "in.jsonl", "--reward", "{ sum: [ math, { length: { max: 9, soft: 9 }, weight: 0.5 } ] }", "--keep", "prompt", "--keep", "response", "--keep", "reference", "--out", "scores.jsonl").Code);
        var (code, output, _) = place.Meed("audit", "scores.jsonl", "--reward", "{ length: { max: 9, soft: 9 } }");
        Assert.Equal(0, code);
        Assert.Contains("40 rows in 10 groups (scores)", output, StringComparison.Ordinal);
        Assert.Matches(@"math +40 +0\.25 +1 ", output);
        Assert.Contains("against length:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.jsonl", "does not exist")]
    [InlineData("empty.jsonl --baseline empty.jsonl", "The baseline has no row with a reward.")]
    [InlineData("empty.jsonl --reward math --second acc", "give one of them")]
    [InlineData("empty.jsonl --reward {normalise:{of:math,over:group}}", "depends on other rows")]
    [InlineData("empty.jsonl --max-failed much", "--max-failed is 'much'")]
    public void Audit_BadUsage_ExitsTwoWithASentence(string arguments, string expected)
    {
        using var place = new Workplace();
        File.WriteAllText(place.At("empty.jsonl"), "");
        var (code, output, error) = place.Meed(["audit", .. arguments.Split(' ').Select(a => a.Replace(":", ": ", StringComparison.Ordinal))]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_AnEmptyFileOrOnlyBadLines_SaysSoWithoutATrace()
    {
        using var place = new Workplace();
        File.WriteAllText(place.At("empty.jsonl"), "");
        File.WriteAllBytes(place.At("bad.jsonl"), [.. "{\"response\": \"\\ud800\", \"reward\": 1}\n{\"response\": \""u8, 0xff, 0xfe, .. "\"}\n[]\n{\"response\": {}, \"reward\": \"x\"}\n"u8]);
        Assert.Contains("No row has a reward.", place.Meed("audit", "empty.jsonl", "--html", "a.html").Out, StringComparison.Ordinal);
        var (code, output, error) = place.Meed("audit", "bad.jsonl");
        Assert.Equal((0, 4), (code, error.TrimEnd().Split('\n').Length));
        Assert.Contains("No row has a reward.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
