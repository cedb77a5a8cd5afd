using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Meed.Rewards.Documents;
using Meed.Rewards.Files;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests.Files;

public sealed class FileScorerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private async Task<(FileSummary Summary, string[] Lines, List<BadLine> Bad)> Run(string input, Func<FileScorerOptions, FileScorerOptions>? change = null, IReward<TextSample>? reward = null)
    {
        string output = Path.Combine(_folder, "out.jsonl");
        var options = new FileScorerOptions { Inputs = [input], Output = output };
        var bad = new List<BadLine>();
        var scorer = new FileScorer(reward ?? new NumericAnswer(new()), change?.Invoke(options) ?? options) { OnBadLine = bad.Add };
        var summary = await scorer.RunAsync();
        return (summary, File.ReadAllLines(output), bad);
    }

    [Fact]
    public void Problems_OutputThatIsAnInput_IsOneUnlessItIsTheScreen()
    {
        string input = In("a.jsonl", "{}");

        Assert.Contains("is also an input", Assert.Single(new FileScorerOptions { Inputs = [input], Output = input }.Problems()));
        Assert.Empty(new FileScorerOptions { Inputs = [input], Output = Path.Combine(_folder, "b.jsonl") }.Problems());
        Assert.Empty(new FileScorerOptions { Inputs = [input], Output = "-" }.Problems());
        Assert.Empty(new FileScorerOptions { Inputs = ["-"], Output = "-" }.Problems());
        Assert.Empty(new FileScorerOptions { Inputs = [input], MaxFailed = 0 }.Problems());
        Assert.Empty(new FileScorerOptions { Inputs = [input], MaxFailed = 1 }.Problems());
        Assert.Single(new FileScorerOptions { Inputs = [input], MaxFailed = 1.01 }.Problems());
        Assert.Single(new FileScorerOptions { Inputs = [input], Threads = -1 }.Problems());
    }

    [Fact]
    public async Task RunAsync_RowsThatShowSomething_NeedNoResponseAndKnowTheirFolder()
    {
        var seen = new Folders();

        var (summary, _, bad) = await Run(In("a.jsonl", "{\"image\":\"a.png\"}\n{\"prompt\":\"x\",\"states\":[[1]]}\n{\"prompt\":\"x\",\"image\":null}\n"), reward: seen);

        Assert.Equal(2, summary[ScoreStatus.Ok]);
        Assert.Equal([3L], bad.Select(static b => b.Line));
        Assert.Equal([(_folder, ""), (_folder, "")], seen.Found);
    }

    private sealed class Folders : Verifier<TextSample>
    {
        public List<(string?, string)> Found { get; } = [];

        public override RewardSchema Schema { get; } = new("folders", "1", [], 0, 1, RewardScope.Sample, true);

        protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
        {
            lock (Found)
            {
                Found.Add((sample.Folder, sample.Response));
            }

            row.Set(1);
        }
    }

    [Fact]
    public async Task RunAsync_ByteOrderMark_IsPassedOverAtTheStartOnly()
    {
        string input = In("a.jsonl", "\uFEFF{\"response\":\"4\",\"answer\":\"4\"}\n{\"response\":\"5\",\"answer\":\"5\"}\n\uFEFF{\"response\":\"6\",\"answer\":\"6\"}\n");

        var (summary, _, bad) = await Run(input);

        Assert.Equal(2, summary[ScoreStatus.Ok]);
        Assert.Equal([3L], bad.Select(static b => b.Line));
    }

    [Fact]
    public async Task RunAsync_OutputInSharedMemory_IsAFileLikeAnyOther()
    {
        string shared = Directory.Exists("/dev/shm") ? "/dev/shm" : _folder, output = Path.Combine(shared, $"meed-{Guid.NewGuid():N}.jsonl");
        string input = In("a.jsonl", "{\"response\":\"4\",\"answer\":\"4\"}\n");
        try
        {
            await new FileScorer(new NumericAnswer(new()), new FileScorerOptions { Inputs = [input], Output = output }).RunAsync();
            Assert.Single(File.ReadAllLines(output));
        }
        finally
        {
            File.Delete(output);
        }
    }

    // Blocks hold half a megabyte: rows of many lengths, one longer than a block, blank lines between and no line end after the last.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_InputOfManyBlocks_EveryRowOnceWithItsLine(bool zipped)
    {
        var text = new StringBuilder();
        var expected = new List<long>();
        for (int i = 1; i <= 9_000; i++)
        {
            if (i % 10 == 0)
            {
                text.Append(i % 20 == 0 ? "\n" : " \t\r\n");
                continue;
            }

            expected.Add(i);
            text.Append("{\"response\":\"").Append('x', i == 4_001 ? 700_000 : i % 97 * 4).Append(' ').Append(i).Append("\",\"answer\":").Append(i).Append('}').Append(i == 9_000 - 1 ? "" : i % 3 == 0 ? "\r\n" : "\n");
            if (i == 8_999)
            {
                break;
            }
        }

        string input = Path.Combine(_folder, "many.jsonl");
        await using (Stream to = zipped ? new GZipStream(File.Create(input), CompressionLevel.Fastest) : File.Create(input))
        {
            await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), TestContext.Current.CancellationToken);
        }

        var (summary, lines, bad) = await Run(input);

        Assert.Empty(bad);
        Assert.Equal((expected.Count, 1.0), (summary.Rows, summary.Mean));
        Assert.Equal(expected, lines.Select(static l => JsonDocument.Parse(l).RootElement.GetProperty("line").GetInt64()));
    }

    [Theory]
    [InlineData("5%", true, 0.05)]
    [InlineData("0.05", true, 0.05)]
    [InlineData("0", true, 0)]
    [InlineData("1", true, 1)]
    [InlineData("100%", true, 1)]
    [InlineData("1.01", false, 0)]
    [InlineData("101%", false, 0)]
    [InlineData("-1%", false, 0)]
    [InlineData("%", false, 0)]
    [InlineData("five", false, 0)]
    public void TryShare_AsPeopleWriteIt_IsReadOrRefused(string text, bool expected, double share)
    {
        Assert.Equal(expected, FileScorerOptions.TryShare(text, out double read));
        Assert.Equal(share, expected ? read : 0, 1e-12);
    }

    [Fact]
    public async Task RunAsync_Rows_OneLineEachInOrder()
    {
        string input = In("a.jsonl", """
            {"question":"2+2","response":"4","answer":"4"}
            {"question":"2+3","response":"\\boxed{6}","answer":5}

            {"prompt":"?","completion":"hm","reference":"5"}
            {"response":"5"}
            """);

        var (summary, lines, bad) = await Run(input);

        Assert.Equal(["""{"line":1,"reward":1,"status":"Ok","reason":"last_number","work":2}""", """{"line":2,"reward":0,"status":"Ok","reason":"boxed","work":10}""",
            """{"line":4,"reward":0,"status":"Ok","reason":"unparsed","work":3}""", """{"line":5,"reward":null,"status":"InvalidReference","reason":"no_reference","work":1}"""], lines);
        Assert.Empty(bad);
        Assert.Equal((4, 3, 1, 1.0 / 3, 0.25), (summary.Rows, summary[ScoreStatus.Ok], summary.FailedRows, summary.Mean, summary.FailedShare));
        Assert.Equal(4, summary.Reasons.Count);
        Assert.Null(summary.Failure);
        Assert.False(File.Exists(Path.Combine(_folder, "out.jsonl.part")));
    }

    [Fact]
    public async Task RunAsync_Map_FindsNestedFieldsAndCopiesKeptOnes()
    {
        string input = In("a.jsonl", "{\"idx\":7,\"gold\":{\"x\":\"18\"},\"6b\":{\"solution\":\"17\"},\"175b\":{\"ok\":true,\"solution\":\"A: 18\"},\"meta\":{\"a\":[1, 2]}}\n{\"175b\":{\"solution\":null},\"gold\":{\"x\":3}}");

        var (summary, lines, bad) = await Run(input, o => o with
        {
            Map = new Dictionary<string, string> { ["response"] = "175b.solution", ["reference"] = "gold.x" },
            Keep = ["idx", "meta.a", "none"],
            DocumentHash = "sha256:0123456789abcdef",
        });

        Assert.Equal("""{"line":1,"idx":7,"meta.a":[1, 2],"none":null,"reward":1,"status":"Ok","reason":"answer","work":7,"document":"0123456789ab"}""", Assert.Single(lines));
        Assert.Equal($"{input}:2: '175b.solution' is missing.", Assert.Single(bad).ToString());
        Assert.Equal((1, 1), (summary.Rows, summary.BadLines));
    }

    [Theory]
    [InlineData("{\"response\":\"4\",\"answer\":\"4\"", "not readable as JSON")]
    [InlineData("not json", "not readable as JSON")]
    [InlineData("[1]", "The line is a list; each line is one JSON object.")]
    [InlineData("{\"response\":[1],\"answer\":\"4\"}", "'response' is a list; a response is a text.")]
    [InlineData("{\"answer\":\"4\"}", "No response: none of response, completion")]
    [InlineData("{\"response\":\"4\"} {}", "not readable as JSON")]
    [InlineData("{\"response\":\"\\ud800\"}", "not readable as JSON")]
    [InlineData("{\"response\":\"x\",\"messages\":[1]}", "A message of the prompt has no text under 'content'.")]
    [InlineData("{\"response\":\"x\",\"prompt\":{}}", "'prompt' is an object; a prompt is a text or a list of messages.")]
    public async Task RunAsync_BadLine_IsCountedWithFileLineAndReason(string line, string problem)
    {
        var (summary, lines, bad) = await Run(In("a.jsonl", "{\"response\":\"4\",\"answer\":\"4\"}\n" + line + "\n{\"response\":\"4\",\"answer\":\"4\"}\n"));

        Assert.Equal((2, 1), (summary.Rows, summary.BadLines));
        Assert.Equal(2, lines.Length);
        Assert.Equal(2, bad[0].Line);
        Assert.Contains(problem, bad[0].Problem);
    }

    [Fact]
    public async Task RunAsync_InvalidUtf8_IsABadLine()
    {
        string path = Path.Combine(_folder, "a.jsonl");
        File.WriteAllBytes(path, [.. "{\"response\":\""u8, 0xff, 0xfe, .. "\"}\n"u8]);

        var (summary, _, bad) = await Run(path);

        Assert.Equal((0, 1), (summary.Rows, summary.BadLines));
        Assert.Contains("not readable", bad[0].Problem);
    }

    [Fact]
    public async Task RunAsync_StrictAndMaxFailed_DecideOverFailure()
    {
        string input = In("a.jsonl", string.Concat(Enumerable.Repeat("{\"response\":\"4\",\"answer\":\"4\"}\n", 19)) + "x\n");

        Assert.Equal("1 lines are no samples, and --strict allows none.", (await Run(input, o => o with { Strict = true })).Summary.Failure);
        Assert.Null((await Run(input, o => o with { MaxFailed = 0.05 })).Summary.Failure);
        Assert.Equal("5 % of the lines failed, and --max-failed allows 4 %.", (await Run(input, o => o with { MaxFailed = 0.04 })).Summary.Failure);
    }

    [Theory]
    [InlineData("5%", 0.05)]
    [InlineData("0.05", 0.05)]
    [InlineData("100%", 1)]
    public void TryShare_Share(string text, double share)
    {
        Assert.True(FileScorerOptions.TryShare(text, out double value));
        Assert.Equal(share, value, 1e-15);
        Assert.False(FileScorerOptions.TryShare("-" + text, out _));
        Assert.False(FileScorerOptions.TryShare("5 percent", out _));
    }

    /// <summary>Lines from 0 to 40,000 characters, several blocks, one line longer than a block, with and without gzip, at 1, 2 and 5 threads.</summary>
    [Fact]
    public async Task RunAsync_ManyBlocks_SameBytesForAnyThreadsAndGzip()
    {
        var random = new Random(3);
        var text = new StringBuilder("\uFEFF");
        int rows = 0;
        for (int i = 0; i < 2000; i++)
        {
            int length = i == 700 ? 1_400_000 : random.Next(10) == 0 ? random.Next(40_000) : random.Next(200);
            text.Append(random.Next(50) == 0 ? "broken" : JsonSerializer.Serialize(new { response = new string('x', length) + i % 7, answer = "3" })).Append(random.Next(2) == 0 ? "\r\n" : "\n");
            rows += text[^1] == '\n' ? 1 : 0;
        }

        string plain = In("a.jsonl", text.ToString()), packed = Path.Combine(_folder, "a.packed");
        using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(plain));
        }

        var (one, first, bad) = await Run(plain, o => o with { Threads = 1 });
        foreach (var (input, threads) in new[] { (plain, 2), (plain, 5), (packed, 1), (packed, 3) })
        {
            var (summary, lines, again) = await Run(input, o => o with { Threads = threads });
            Assert.Equal(first, lines);
            Assert.Equal(BitConverter.DoubleToInt64Bits(one.Mean), BitConverter.DoubleToInt64Bits(summary.Mean));
            Assert.Equal(bad.Select(b => b.Line), again.Select(b => b.Line));
        }

        Assert.Equal(rows, one.Rows + one.BadLines);
        Assert.True(bad.Count > 10);
        Assert.Equal(first.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("line").GetInt64()).Order(), first.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("line").GetInt64()));
        Assert.Equal("too_long", JsonDocument.Parse(first.First(l => l.Contains("too_long"))).RootElement.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task RunAsync_Tree_SummaryHasComponentsAndReasonsWithPaths()
    {
        var reward = RewardDocuments.Parse("""{ "sum": [ { "numeric-answer": {} }, { "length": { "max": 3 }, "weight": 0.5 } ] }""", Catalog.TextRewards()).Reward;
        string input = In("a.jsonl", "{\"response\":\"4\",\"answer\":\"4\"}\n{\"response\":\"it is 5\",\"answer\":\"4\"}\n");

        var (summary, lines, _) = await Run(input, reward: reward);

        Assert.Equal("""{"line":1,"reward":1.5,"status":"Ok","reason":"sum[0].numeric-answer: last_number","components":{"numeric-answer":1,"length":1},"work":3}""", lines[0]);
        Assert.Equal([("numeric-answer", 0.5, 2), ("length", 0.5, 2)], summary.Components);
        Assert.Contains(summary.Reasons, r => r.Key == "sum[0].numeric-answer: last_number; sum[1].length: too_long" && r.Value == 1);
    }

    [Fact]
    public async Task RunAsync_RouteByItem_SeesTheRow()
    {
        var reward = RewardDocuments.Parse("""{ "route": { "by": "item.kind", "cases": { "n": "numeric-answer" }, "else": "exact-match" } }""", Catalog.TextRewards()).Reward;
        string input = In("a.jsonl", "{\"kind\":\"n\",\"response\":\"it is 4\",\"answer\":\"4\"}\n{\"kind\":\"t\",\"response\":\"it is 4\",\"answer\":\"4\"}\n");

        Assert.Equal(0.5, (await Run(input, reward: reward)).Summary.Mean);
    }

    [Fact]
    public async Task RunAsync_SeveralInputs_EachRowNamesItsFile()
    {
        string a = In("a.jsonl", "{\"response\":\"4\",\"answer\":\"4\"}"), b = In("b.jsonl", "{\"response\":\"4\",\"answer\":\"4\"}\n");

        var (summary, lines, _) = await Run(a, o => o with { Inputs = [a, b] });

        Assert.Equal(2, summary.Rows);
        Assert.Equal([a, b], lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("file").GetString()!));
        Assert.All(lines, l => Assert.Equal(1, JsonDocument.Parse(l).RootElement.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task RunAsync_DamagedGzip_OneSentenceAndNoHalfOutput()
    {
        string path = Path.Combine(_folder, "a.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{{\"response\":\"{i}\",\"answer\":\"4\"}}\n"))));
        }

        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length / 2, 40).Fill(0xff);
        File.WriteAllBytes(path, bytes);

        var error = await Assert.ThrowsAsync<FileScoringException>(() => Run(path));

        Assert.StartsWith(path + ": cannot be read on behind line", error.Message);
        Assert.False(File.Exists(Path.Combine(_folder, "out.jsonl")));
        Assert.False(File.Exists(Path.Combine(_folder, "out.jsonl.part")));
    }

    [Fact]
    public async Task RunAsync_Cancelled_StopsAndLeavesNothing()
    {
        string input = In("a.jsonl", string.Concat(Enumerable.Repeat("{\"response\":\"4\",\"answer\":\"4\"}\n", 200_000)));
        using var source = new CancellationTokenSource();
        var scorer = new FileScorer(new NumericAnswer(new()), new FileScorerOptions { Inputs = [input], Output = Path.Combine(_folder, "out.jsonl") }) { OnProgress = _ => source.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scorer.RunAsync(source.Token));

        Assert.False(File.Exists(Path.Combine(_folder, "out.jsonl")));
    }

    [Fact]
    public async Task RunAsync_EmptyFile_ZeroRows()
    {
        var (summary, lines, _) = await Run(In("a.jsonl", ""));

        Assert.Empty(lines);
        Assert.Equal((0, 0, double.NaN), (summary.Rows, summary.FailedShare, summary.Mean));
    }

    [Fact]
    public void Constructor_BadOptions_AllProblemsAtOnce()
    {
        var reward = RewardDocuments.Parse("""{ "normalise": { "of": "numeric-answer" } }""", Catalog.TextRewards()).Reward;

        var error = Assert.Throws<ArgumentException>(() => new FileScorer(reward, new FileScorerOptions
        {
            Inputs = ["/nowhere/x.jsonl", _folder],
            Map = new Dictionary<string, string> { ["respons"] = "a", ["prompt"] = "a..b" },
            MaxFailed = 5,
        }));

        Assert.Contains("Input '/nowhere/x.jsonl' does not exist.", error.Message);
        Assert.Contains("is a folder; name a JSONL file.", error.Message);
        Assert.Contains("Map names the field 'respons'. Did you mean 'response'?", error.Message);
        Assert.Contains("Map gives prompt the path 'a..b'", error.Message);
        Assert.Contains("MaxFailed is 5", error.Message);
        Assert.Contains("depends on a sample's group, but a file is scored row by row", error.Message);
    }

    [Fact]
    public async Task RunAsync_OutputFolderMissing_OneSentence()
    {
        string input = In("a.jsonl", "{\"response\":\"4\",\"answer\":\"4\"}\n");

        var error = await Assert.ThrowsAsync<FileScoringException>(() => Run(input, o => o with { Output = Path.Combine(_folder, "no", "out.jsonl") }));

        Assert.Contains("cannot be written", error.Message);
    }

    /// <summary>Any bytes give rows or bad lines, never an exception, and every line that is not blank is counted once.</summary>
    [Fact]
    public async Task RunAsync_RandomBytes_EveryLineIsCounted()
    {
        var random = new Random(11);
        string[] parts = ["{", "}", "\"response\"", ":", "\"4\"", ",", "\"answer\"", "[", "]", "\\", "\"", "null", "1e999", "\u00e9", "\n", "\n", "{\"response\":\"4\",\"answer\":\"4\"}\n", "\0", "\r"];
        string text = string.Concat(Enumerable.Range(0, 60_000).Select(_ => parts[random.Next(parts.Length)]));

        var (summary, _, bad) = await Run(In("a.jsonl", text));

        Assert.Equal(text.Split('\n').Count(l => l.Trim(' ', '\t', '\r').Length > 0), summary.Rows + summary.BadLines);
        Assert.Equal(summary.BadLines, bad.Count);
        Assert.True(summary.Rows > 100);
    }
}
