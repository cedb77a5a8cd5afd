using Meed.Rewards.Files;

namespace Meed.Rewards.Tests.Files;

public sealed class RowFinderTests : IDisposable
{
    private static readonly Dictionary<string, string> s_map = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-rows-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string content)
    {
        string path = Path.Combine(_folder, $"{Directory.GetFiles(_folder).Length}.jsonl");
        File.WriteAllText(path, content);
        return path;
    }

    [Fact]
    public void ByLine_LinesOfOneAndTwoFiles_AreCountedInEach()
    {
        string first = In("\n{\"response\":\"a\"}\n\n{\"response\":\"b\"}\n"), second = In("{\"response\":\"c\"}\n{\"response\":\"d\"}\n{\"response\":\"e\"}\n");
        (string, string, long) At(long line, params string[] inputs) => RowFinder.ByLine(inputs, s_map, line, TestContext.Current.CancellationToken) is var r ? (r.Sample.Response, r.File, r.Line) : default;

        Assert.Equal(("a", first, 2), At(0, first));
        Assert.Equal(("a", first, 2), At(2, first));
        Assert.Equal(("b", first, 4), At(4, first));
        Assert.Equal(("c", second, 1), At(1, first, second));
        Assert.Equal(("e", second, 3), At(3, first, second));
        Assert.Contains("has no row at line 5", Assert.Throws<FileScoringException>(() => At(5, first)).Message);
        Assert.Contains("has no row at line 3", Assert.Throws<FileScoringException>(() => At(3, first)).Message);
        Assert.Contains("has no row.", Assert.Throws<FileScoringException>(() => At(0, In("\n \n"))).Message);
        Assert.Contains(":1", Assert.Throws<FileScoringException>(() => At(1, In("{\"reponse\":1}"))).Message);
    }

    [Fact]
    public void ById_TextsNumbersAndNestedFields_AreFoundAsWritten()
    {
        string input = In("""
            not JSON
            {"response":"a","id":1,"meta":{"key":"x"}}
            {"response":"b","id":"1.50","meta":{"key":"y"},"ok":true}
            {"response":"c","id":1.50,"meta":3}
            {"response":"d","id":null}
            """);
        string? By(string path, string value)
        {
            try
            {
                return RowFinder.ById([input], s_map, path, value, TestContext.Current.CancellationToken).Sample.Response;
            }
            catch (FileScoringException e)
            {
                Assert.Contains($"has no row whose '{path}' is '{value}'", e.Message);
                return null;
            }
        }

        Assert.Equal(("a", "b", "y"), (By("id", "1"), By("id", "1.50"), By("meta.key", "y") == "b" ? "y" : ""));
        Assert.Equal(("b", "a", null), (By("ok", "true"), By("meta.key", "x"), By("meta.key.z", "x")));
        Assert.Equal((null, null, "c"), (By("id", "2"), By("missing", "x"), By("meta", "3")));
    }
}
