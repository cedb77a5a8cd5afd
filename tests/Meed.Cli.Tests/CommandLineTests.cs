using System.Text.Json;

namespace Meed.Cli.Tests;

public class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("score")]
    [InlineData("generate")]
    [InlineData("runs")]
    [InlineData("methods")]
    [InlineData("reproduce")]
    [InlineData("check")]
    [InlineData("schema")]
    [InlineData("docs")]
    [InlineData("diff")]
    [InlineData("rescore")]
    [InlineData("audit")]
    [InlineData("data")]
    [InlineData("bench")]
    [InlineData("lab")]
    [InlineData("serve")]
    [InlineData("data check")]
    [InlineData("lab over-optimisation")]
    [InlineData("lab best-of-n")]
    public void Help_OfEachCommand_FitsAScreenAndHasAnExample(string command)
    {
        using var place = new Workplace();
        var (code, output, error) = place.Meed([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal((0, ""), (code, error));
        Assert.InRange(lines.Length, 5, 40);
        Assert.All(lines, l => Assert.InRange(l.Length, 0, 160));
        Assert.Contains(lines, l => l.StartsWith("  meed ", StringComparison.Ordinal) || l.Contains(" meed ", StringComparison.Ordinal));
        Assert.Contains("Example", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trian x.yaml", "Did you mean 'train'?")]
    [InlineData("train --sede 3", "Did you mean '--seed'?")]
    [InlineData("train", "meed train needs a recipe")]
    [InlineData("train nope.yaml", "nope.yaml does not exist.")]
    [InlineData("train toy.yaml --set trainer.grpo.stpes=3", "Did you mean 'steps'?")]
    [InlineData("train toy.yaml --set seed=-1", "seed is '-1'; write a whole number, 0 or more.")]
    [InlineData("train toy.yaml --budget soon", "--budget is 'soon'")]
    [InlineData("train --resume", "No stopped run in runs.")]
    [InlineData("train --resume toy.yaml", "toy.yaml is not a run folder")]
    [InlineData("train toy.yaml --resume --seed 3", "--resume goes on with the recipe of the run")]
    [InlineData("score", "'--reward' is required")]
    [InlineData("score a.jsonl --reward countdown", "does not exist")]
    [InlineData("score toy.yaml --reward contdown", "Did you mean 'countdown'?")]
    [InlineData("score toy.yaml --reward countdown --map response", "--map is 'response'; write field=path")]
    [InlineData("score toy.yaml --reward countdown --judge-url nowhere", "--judge-url: Url is 'nowhere'")]
    [InlineData("score toy.yaml --reward countdown --max-failed much", "--max-failed is 'much'")]
    [InlineData("score toy.yaml --reward no/such.yaml", "The reward file no/such.yaml does not exist.")]
    [InlineData("generate .", "neither a model folder nor a finished run")]
    [InlineData("runs", "runs does not exist")]
    [InlineData("methods --state hold", "Did you mean 'held'?")]
    [InlineData("methods --family XX", "Unknown family 'XX'")]
    [InlineData("methods 262", "Row 262 is not in the atlas")]
    [InlineData("reproduce", "works inside a checkout")]
    [InlineData("check toy.json", "toy.json is not readable")]
    [InlineData("schema recpie", "meed schema")]
    public void Run_BadUsageOrInput_ExitsTwoWithOneClearLine(string arguments, string expected)
    {
        using var place = new Workplace();
        var (code, output, error) = place.Meed(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_AFewRows_WritesScoresCountsBadLinesAndObeysTheLimits()
    {
        using var place = new Workplace();
        File.WriteAllLines(place.At("in.jsonl"), ["""{"out":{"text":"#### 42"},"gold":"42","id":7}""", """{"out":{"text":"#### 41"},"gold":"42","id":8}""", "no json", """{"out":{"text":"none"},"gold":"42","id":9}"""]);
        string[] args = ["score", "in.jsonl", "--reward", "numeric-answer", "--map", "response=out.text", "--map", "reference=gold", "--keep", "id", "--out", "out.jsonl"];
        var (code, output, error) = place.Meed(args);
        Assert.Equal(0, code);
        Assert.StartsWith("in.jsonl:3: ", error, StringComparison.Ordinal);
        Assert.Contains("bad lines", output, StringComparison.Ordinal);
        var rows = File.ReadAllLines(place.At("out.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([1.0, 0.0, 0.0], rows.Select(r => r.GetProperty("reward").GetDouble()));
        Assert.Equal([7, 8, 9], rows.Select(r => r.GetProperty("id").GetInt32()));
        Assert.Equal(1, place.Meed([.. args, "--strict"]).Code);
        Assert.Equal(1, place.Meed([.. args, "--max-failed", "5%"]).Code);
        Assert.Equal(0, place.Meed([.. args, "--max-failed", "30%"]).Code);
    }

    [Fact]
    public void Score_WithACache_AnswersFromItAndNamesWhatItCannotUse()
    {
        using var place = new Workplace();
        File.WriteAllLines(place.At("in.jsonl"), Enumerable.Range(0, 9).Select(i => $$"""{"response":"{{i}}","reference":"4"}"""));
        string[] args = ["score", "in.jsonl", "--reward", "numeric-answer", "--cache", "scores.cache", "--out"];
        Assert.Equal((0, ""), (place.Meed([.. args, "a.jsonl"]) is var first ? first.Code : 0, first.Error));
        var (code, output, error) = place.Meed([.. args, "b.jsonl"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("from cache  9", output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(place.At("a.jsonl")), File.ReadAllBytes(place.At("b.jsonl")));
        File.AppendAllText(place.At("scores.cache"), "torn");
        Assert.Contains("ended in 4 bytes that are no whole record; they were cut, 9 scores remain.", place.Meed([.. args, "b.jsonl"]).Error, StringComparison.Ordinal);
        Assert.Contains("is no cache of scores", place.Meed("score", "in.jsonl", "--reward", "math", "--cache", "in.jsonl").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Generate_Runs_GoTogether()
    {
        using var place = new Workplace();
        var (code, output, error) = place.Meed("train", "toy.yaml", "--seed", "5", "--set", "trainer.grpo.steps=4");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("report  runs/toy/", output, StringComparison.Ordinal);
        string folder = Workplace.RunIn(place.At("runs"))!;
        Assert.True(File.Exists(Path.Combine(folder, "report.html")));
        Assert.Contains("seed: 5", File.ReadAllText(Path.Combine(folder, "recipe.yaml")), StringComparison.Ordinal);
        var runs = place.Meed("runs");
        Assert.Matches("toy +5 +finished +4 ", runs.Out);
        var generated = place.Meed("generate", folder, "3,7,9=30:", "-n", "3", "--json", "--seed", "1");
        Assert.Equal(3, generated.Out.TrimEnd().Split('\n').Length);
        Assert.Equal(generated.Out, place.Meed("generate", folder, "3,7,9=30:", "-n", "3", "--json", "--seed", "1").Out);
        Assert.Contains("is finished", place.Meed("train", "--resume", folder).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithABudget_SaysThatAClockDecided()
    {
        using var place = new Workplace();
        var (code, _, error) = place.Meed("train", "toy.yaml", "--budget", "5s", "--set", "warmStart.sft.steps=1000000", "--set", "trainer.grpo.steps=3");
        Assert.Equal((0, ""), (code, error));
        string json = File.ReadAllText(Path.Combine(Workplace.RunIn(place.At("runs"))!, "run.json"));
        Assert.Contains("\"clockBound\": true", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AfterUpdate_AgreesAndNoticesAnotherBit()
    {
        using var place = new Workplace();
        File.WriteAllText(place.At("expected.json"), """{ "recipe": "toy.yaml", "seed": 0, "set": ["trainer.grpo.steps=3"], "values": {} }""");
        Assert.Equal(2, place.Meed("check", "expected.json").Code);
        Assert.Equal(0, place.Meed("check", "expected.json", "--update").Code);
        var (code, output, _) = place.Meed("check", "expected.json");
        Assert.Equal(0, code);
        Assert.Contains("bit for bit", output, StringComparison.Ordinal);
        string text = File.ReadAllText(place.At("expected.json"));
        int digit = text.IndexOf("warm-start loss", StringComparison.Ordinal) + 30;
        while (!char.IsAsciiDigit(text[digit]) || text[digit] == '9')
        {
            digit++;
        }

        File.WriteAllText(place.At("expected.json"), $"{text[..digit]}{(char)(text[digit] + 1)}{text[(digit + 1)..]}");
        Assert.Equal(1, place.Meed("check", "expected.json").Code);
    }
}
