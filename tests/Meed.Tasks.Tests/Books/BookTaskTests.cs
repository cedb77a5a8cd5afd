using System.IO.Compression;
using Meed.Rewards;
using Meed.Tasks.Books;

namespace Meed.Tasks.Tests.Books;

public sealed class BookTaskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-book-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(string name, int lines = 200)
    {
        string text = string.Concat(Enumerable.Range(0, lines).Select(i => $"The {(i % 2 == 0 ? "old" : "new")} king's horse went home.\n"));
        string path = Path.Combine(_folder, name);
        using Stream to = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(System.IO.File.Create(path), CompressionMode.Compress) : System.IO.File.Create(path);
        to.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return path;
    }

    private static double Score(BookWordsOptions options, string response, string prompt = "So: ") =>
        Rewards.Testing(new BookWords(options), new TextSample { Prompt = [new Message("user", prompt)], Response = response });

    [Theory]
    [InlineData("book.txt")]
    [InlineData("book.txt.gz")]
    public void Generate_TextFile_PromptAndDemonstrationFollowEachOther(string name)
    {
        var task = new BookTask(new BookOptions { Path = File(name), PromptCharacters = 8, AnswerCharacters = 12 });
        var text = Book.Open(Path.Combine(_folder, name)).Text;
        foreach (var demonstration in TaskItems.Demonstrations(task, 50, 3))
        {
            Assert.Equal(12, demonstration.Response.Length);
            Assert.Contains(demonstration.Prompt[0].Content + demonstration.Response, text, StringComparison.Ordinal);
        }

        Assert.All(TaskItems.HeldOut(task, 20), i => Assert.True(task.IsHeldOut(i)));
        Assert.Equal(task.Alphabet.Distinct().Count(), task.Alphabet.Length);
        Assert.All(text, c => Assert.Contains(c, task.Alphabet));
    }

    [Fact]
    public void IsHeldOut_PassageThatTouchesTheEnd_IsKept()
    {
        var task = new BookTask(new BookOptions { Path = File("b.txt"), PromptCharacters = 8, AnswerCharacters = 12, HeldOutShare = 0.25 });
        double share = Enumerable.Range(0, 2000).Average(s => task.IsHeldOut(task.Generate((ulong)s, default)) ? 1.0 : 0);

        Assert.InRange(share, 0.2, 0.3);
    }

    [Theory]
    [InlineData("The old horse. ", false, 3)]
    [InlineData("old old old old ", false, 4)]
    [InlineData("old old old old ", true, 1)]
    [InlineData("king's KINGS king's ", true, 1)]     // kings is not in the book
    [InlineData("old hor", false, 1)]                 // the end may have cut the last word
    [InlineData("", false, 0)]
    public void Check_Words_AreCountedAsAsked(string response, bool distinct, int words) =>
        Assert.Equal(words / 8.0, Score(new BookWordsOptions { Path = File("b.txt"), Distinct = distinct, Words = 8 }, response));

    [Fact]
    public void Check_WordThatGoesOnThePrompt_IsLeftOut()
    {
        var options = new BookWordsOptions { Path = File("b.txt"), Words = 8 };
        Assert.Equal(1 / 8.0, Score(options, "old horse ", "the gold"));
        Assert.Equal(2 / 8.0, Score(options, "old horse ", "the gold "));
    }

    [Fact]
    public async Task Check_TenThousandFuzzedAnswers_StayInRange()
    {
        var reward = new BookWords(new BookWordsOptions { Path = File("b.txt"), Distinct = true, Words = 4 });
        var random = new Random(1);
        TextSample[] samples = [.. Enumerable.Range(0, 10_000).Select(_ => TextSample.Of(new string([.. Enumerable.Range(0, random.Next(80)).Select(_ => (char)random.Next(1, 0x2100))])))];
        var scores = await reward.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.All(scores.Status.ToArray(), s => Assert.Equal(ScoreStatus.Ok, s));
        Assert.All(scores.Values.ToArray(), v => Assert.InRange(v, 0, 1));
    }

    [Fact]
    public void Problems_MissingFileOrVariable_SaysWhich()
    {
        Assert.Contains("does not exist", Assert.Single(new BookOptions { Path = "/nowhere/book.txt" }.Problems()), StringComparison.Ordinal);
        Assert.Contains("needs the environment variable MEED_NO_SUCH_FOLDER", Assert.Single(new BookOptions { Path = "${MEED_NO_SUCH_FOLDER}/book.txt" }.Problems()), StringComparison.Ordinal);
        Assert.Contains("Path is empty", Assert.Single(new BookWordsOptions().Problems()), StringComparison.Ordinal);
        Assert.Contains("too short", Assert.Throws<ArgumentException>(() => new BookTask(new BookOptions { Path = File("s.txt", 5) })).Message, StringComparison.Ordinal);
        string bytes = Path.Combine(_folder, "x.txt");
        System.IO.File.WriteAllBytes(bytes, [65, 0xFF, 0xFE, 66]);
        Assert.Contains("no UTF-8", Assert.Throws<InvalidDataException>(() => Book.Open(bytes)).Message, StringComparison.Ordinal);
    }

    private static class Rewards
    {
        public static double Testing(BookWords reward, TextSample sample) => reward.ScoreAsync([sample], RewardContext.Default, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult()[0];
    }
}
