using System.Text;
using Meed.Rewards.Files;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Rewards.Tests.Files;

public sealed class RolloutReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-rollouts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Example(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "tests", "Meed.Rewards.Tests", "Files", "Rollouts", name);
    }

    private static (List<RolloutRow> Rows, List<string> Bad, RolloutReader Reader) Read(RolloutOptions options)
    {
        var bad = new List<string>();
        var reader = new RolloutReader(options) { OnBadLine = b => bad.Add(b.Problem) };
        return ([.. reader.Rows(TestContext.Current.CancellationToken)], bad, reader);
    }

    private (List<RolloutRow> Rows, List<string> Bad, RolloutReader Reader) Read(byte[] content, RolloutFormat format = RolloutFormat.Auto)
    {
        string path = Path.Combine(_folder, "in.jsonl");
        File.WriteAllBytes(path, content);
        return Read(new RolloutOptions { Inputs = [path], Format = format });
    }

    [Theory]
    [InlineData("verl.jsonl", RolloutFormat.Verl)]
    [InlineData("trl.jsonl", RolloutFormat.Trl)]
    [InlineData("trl-wandb.table.json", RolloutFormat.Trl)]
    [InlineData("openrlhf.jsonl", RolloutFormat.Openrlhf)]
    [InlineData("openrlhf-calls.jsonl", RolloutFormat.Openrlhf)]
    [InlineData("slime.jsonl", RolloutFormat.Slime)]
    [InlineData("scores.jsonl", RolloutFormat.Scores)]
    public void Rows_Auto_TellsTheLayoutAndReadsTheSameAsByName(string file, RolloutFormat format)
    {
        var (told, _, reader) = Read(new RolloutOptions { Inputs = [Example(file)] });
        var (named, _, _) = Read(new RolloutOptions { Inputs = [Example(file)], Format = format });
        Assert.Equal([format], reader.Formats);
        Assert.Equal(named.Select(r => (r.Sample.Response, r.Reward, r.Group)), told.Select(r => (r.Sample.Response, r.Reward, r.Group)));
        Assert.NotEmpty(told);
    }

    [Fact]
    public void Rows_Verl_GroupsByPromptWithinAStepAndTakesNumbersAsComponents()
    {
        var (rows, bad, _) = Read(new RolloutOptions { Inputs = [Example("verl.jsonl")] });
        Assert.Empty(bad);
        Assert.Equal([1.0, 0.0, 1.0], rows.Select(r => r.Reward));
        Assert.Equal(["42", "42", "42"], rows.Select(r => r.Sample.ReferenceText));
        Assert.Equal(("It is 41.", "user\nWhat is 6*7?\nassistant\n", 7L), (rows[1].Sample.Response, rows[1].Sample.Prompt[0].Content, rows[1].Step));
        Assert.Equal((true, false), (rows[0].Group == rows[1].Group, rows[0].Group == rows[2].Group));
        Assert.Equal([KeyValuePair.Create("acc", 0.0), KeyValuePair.Create("overlong", -0.5)], rows[1].Components);
        Assert.Equal("41", rows[1].Sample.Item.GetProperty("pred").GetString());
    }

    [Fact]
    public void Rows_Trl_SumsTheRewardColumnsByWeightAndLeavesOutWhatDidNotApply()
    {
        var options = new RolloutOptions { Inputs = [Example("trl.jsonl")], Map = new Dictionary<string, string> { ["reference"] = "gold" } };
        Assert.Equal([1.5, 0.5, 0.0], Read(options).Rows.Select(r => r.Reward));
        var weighted = Read(options with { Weights = new Dictionary<string, double> { ["accuracy_reward"] = 2 } }).Rows;
        Assert.Equal([2.0, 0.0], weighted.Take(2).Select(r => r.Reward));
        Assert.True(double.IsNaN(weighted[2].Reward));
        Assert.Equal(ScoreStatus.Unset, weighted[2].Status);
        Assert.Equal(["42", "42", null], weighted.Select(r => r.Sample.ReferenceText));
        Assert.Equal(0.7071, Read(options with { Map = new Dictionary<string, string> { ["reward"] = "advantage" } }).Rows[0].Reward);
    }

    [Fact]
    public void Rows_TrlTableOfWeightsAndBiases_ReadsRowsAndNamesTheBrokenOne()
    {
        var (rows, bad, reader) = Read(new RolloutOptions { Inputs = [Example("trl-wandb.table.json")] });
        Assert.Equal(["42", "41"], rows.Select(r => r.Sample.Response));
        Assert.Equal(["Row 3 of the table: is no list of 6 cells."], bad);
        Assert.Equal((2L, 1L), (reader.RowsRead, reader.BadLines));
    }

    [Fact]
    public void Rows_OpenRlhf_RowsAndRecordedCalls()
    {
        Assert.Equal([2.5, -1.25, 0.5], Read(new RolloutOptions { Inputs = [Example("openrlhf.jsonl")] }).Rows.Select(r => r.Reward));
        var (rows, bad, _) = Read(new RolloutOptions { Inputs = [Example("openrlhf-calls.jsonl")] });
        Assert.Empty(bad);
        Assert.Equal([" It is 42</s>", " 41</s>", " hi</s>"], rows.Select(r => r.Sample.Response));
        Assert.Equal(["42", "42", "hi"], rows.Select(r => r.Sample.ReferenceText));
        Assert.Equal((true, false), (rows[0].Group == rows[1].Group, rows[1].Group == rows[2].Group));
        Assert.Equal([KeyValuePair.Create("length", 0.5)], rows[0].Components);
    }

    [Fact]
    public void Rows_Slime_TakesGroupStatusAndTheChosenNumberOfAnObject()
    {
        var (rows, bad, _) = Read(new RolloutOptions { Inputs = [Example("slime.jsonl")] });
        Assert.Empty(bad);
        Assert.Equal([(1.0, ScoreStatus.Ok, null), (0.0, ScoreStatus.Ok, "truncated"), (double.NaN, ScoreStatus.Unset, "aborted")], rows.Select(r => (r.Reward, r.Status, r.Reason)));
        Assert.Equal((true, 8, true, false), (rows[1].Sample.Truncated, rows[1].Sample.ResponseTokens, rows[0].Group == rows[1].Group, rows[1].Group == rows[2].Group));

        byte[] row = Encoding.UTF8.GetBytes("""{"group_index": 1, "prompt": "p", "response": "r", "reward": {"acc": 1, "fmt": 0.5}}""");
        Assert.Equal(["'reward' is an object; name its number with --reward-key (acc, fmt)."], Read(row).Bad);
        string path = Path.Combine(_folder, "in.jsonl");
        var keyed = Read(new RolloutOptions { Inputs = [path], RewardKey = "fmt" }).Rows[0];
        Assert.Equal((0.5, "acc"), (keyed.Reward, keyed.Components[0].Key));
        Assert.Contains("'reward' has no 'acn'; it has acc, fmt.", Read(new RolloutOptions { Inputs = [path], RewardKey = "acn" }).Bad);
    }

    [Fact]
    public void Rows_Scores_KeepsStatusReasonAndComponents()
    {
        var rows = Read(new RolloutOptions { Inputs = [Example("scores.jsonl")] }).Rows;
        Assert.Equal([(1.1, ScoreStatus.Ok), (0.1, ScoreStatus.Ok), (double.NaN, ScoreStatus.InvalidReference)], rows.Select(r => (r.Reward, r.Status)));
        Assert.Equal("sum[0].math: no-reference", rows[2].Reason);
        Assert.Equal(["math", "length"], rows[0].Components.Select(c => c.Key));
    }

    [Theory]
    [InlineData("""{"input": "p", "output": 3, "gts": "4", "score": 1}""", "'output' is a number; a response is a text.")]
    [InlineData("""{"input": "p", "gts": "4", "output": "x", "score": "high"}""", "'score' is a text; it is a number.")]
    [InlineData("""{"input": {"a": 1}, "gts": "4", "output": "x", "score": 1}""", "'input' is an object; a prompt is a text or a list of messages.")]
    [InlineData("""{"input": [{"role": "user"}], "gts": "4", "output": "x", "score": 1}""", "A message of the prompt has no text under 'content'.")]
    [InlineData("""{"input": "p", "gts": "4", "output": "x", "score": 1e999}""", "'score' is 1e999, too large for a number.")]
    [InlineData("""{"input": "p", "gts": "4", "output": "\ud800", "score": 1}""", "The line is not readable as JSON: Cannot read incomplete UTF-16 JSON text as string with missing low surrogate.")]
    [InlineData("NaN", "Python writes NaN and Infinity, which JSON has not; write null.")]
    [InlineData("Infinity", "Python writes NaN and Infinity, which JSON has not; write null.")]
    [InlineData("""{"input": "p", "output": "x", "score": NaN, "gts": 1}""", "Python writes NaN and Infinity, which JSON has not; write null.")]
    [InlineData("[1, 2]", "The line is a list; each line is one JSON object.")]
    [InlineData("""{"prompt": "p", "reward": 1}""", "'response' is missing. Name its place with --map response=path.")]
    [InlineData("""{"query": ["a", "b"], "prompts": ["a"]}""", "'prompts' has 1 entries, 'query' has 2; a call has one each for every sample.")]
    [InlineData("""{"query": [3]}""", "'query' holds a number; its entries are texts.")]
    [InlineData("""{"input": "p" "output": 1}""", "The line is not readable as JSON: '\"' is invalid after a value.")]
    public void Rows_BadLine_IsNamedAndReadingGoesOn(string line, string expected)
    {
        var (rows, bad, reader) = Read(Encoding.UTF8.GetBytes($"{line}\n{{\"input\": \"p\", \"output\": \"x\", \"gts\": 1, \"score\": 0}}\n"));
        Assert.Contains(expected, Assert.Single(bad), StringComparison.Ordinal);
        Assert.Equal((1, 1L), (rows.Count, reader.BadLines));
    }

    [Fact]
    public void Rows_NotUtf8EmptyAndVeryLongLines_ASentenceOrARow()
    {
        Assert.Equal(["The line is not UTF-8."], Read([.. """{"input": "p", "output": "x"""u8, 0xff, .. "\", \"gts\": 1, \"score\": 0}"u8]).Bad);
        Assert.Empty(Read([]).Rows);
        Assert.Empty(Read("\uFEFF\n \n\r\n"u8.ToArray()).Bad);
        Assert.Single(Read([.. "\uFEFF"u8, .. """{"response": "x", "reward": 1}"""u8]).Rows);
        var row = Read(Encoding.UTF8.GetBytes($"{{\"input\": \"p\", \"output\": \"{new string('y', 20_000_000)}\", \"gts\": 1, \"score\": 0}}")).Rows.Single();
        Assert.Equal(20_000_000, row.Sample.Response.Length);
    }

    [Fact]
    public void Rows_WithoutPromptOrGroup_AreEachAGroupOfTheirOwn()
    {
        var rows = Read("""{"response": "a", "reward": 1}"""u8.ToArray().Concat("\n"u8.ToArray()).Concat("""{"response": "a", "reward": 1}"""u8.ToArray()).ToArray()).Rows;
        Assert.NotEqual(rows[0].Group, rows[1].Group);
    }

    [Theory]
    [InlineData("a.pt", "is a torch file")]
    [InlineData("a.parquet", "is a Parquet file, which Meed does not read; clients/python/export_rollouts.py")]
    [InlineData("none.jsonl", "does not exist")]
    public void Reader_UnreadableInput_SaysWhatToDo(string name, string expected)
    {
        string path = Path.Combine(_folder, name);
        if (!name.StartsWith("none", StringComparison.Ordinal))
        {
            File.WriteAllText(path, "x");
        }

        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new RolloutReader(new RolloutOptions { Inputs = [path] })).Message);
    }

    [Fact]
    public void Reader_GzipThatIsCutOff_ASentence()
    {
        string path = Path.Combine(_folder, "in.jsonl.gz");
        using (var gzip = new System.IO.Compression.GZipStream(File.Create(path), System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"{{\"response\": \"{i * 7919}\", \"reward\": {i}}}\n"))));
        }

        Assert.Equal(2000, Read(new RolloutOptions { Inputs = [path] }).Rows.Count);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);
        var error = Record.Exception(() => Read(new RolloutOptions { Inputs = [path] }));
        Assert.True(error is null or FileScoringException, error?.ToString());
    }
}
