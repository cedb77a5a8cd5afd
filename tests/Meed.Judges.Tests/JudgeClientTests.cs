using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Meed.Judges.Tests;

public class JudgeClientTests
{
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("{}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    public async Task Ask_ErrorThatMayPass_IsTriedAgain(int status)
    {
        await using var server = await StubServer.StartAsync((http, _, n) => n <= 2 ? StubServer.RawAsync(http, "{}", status) : StubServer.SayAsync(http, "fine"));
        using var client = new JudgeClient(server.Options);
        Assert.Equal(new JudgeAnswer("fine"), await client.AskAsync(s_body, cancellationToken: Cancel));
        Assert.Equal(3, server.Bodies.Count);
        Assert.All(server.Paths, p => Assert.Equal("/v1/chat/completions", p));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task Ask_ErrorThatStays_IsNotTriedAgain(int status)
    {
        await using var server = await StubServer.StartAsync((http, _, _) => StubServer.RawAsync(http, """{"error":{"message":"no key sk-123"}}""", status));
        using var client = new JudgeClient(server.Options);
        var answer = await client.AskAsync(s_body, cancellationToken: Cancel);
        Assert.Equal(JudgeFailure.Server, answer.Failure);
        Assert.StartsWith($"the judge answered {status}", answer.Problem);
        Assert.Equal(status == 401, !answer.Problem.Contains("sk-123", StringComparison.Ordinal));
        Assert.Single(server.Bodies);
    }

    [Fact]
    public async Task Ask_RetryAfter_IsWaited()
    {
        await using var server = await StubServer.StartAsync((http, _, n) =>
        {
            http.Response.Headers.RetryAfter = "1";
            return n == 1 ? StubServer.RawAsync(http, "{}", 429) : StubServer.SayAsync(http, "fine");
        });
        using var client = new JudgeClient(server.Options);
        var watch = Stopwatch.StartNew();
        Assert.Equal("fine", (await client.AskAsync(s_body, cancellationToken: Cancel)).Text);
        Assert.True(watch.Elapsed > TimeSpan.FromMilliseconds(950), $"waited {watch.Elapsed}");
    }

    [Fact]
    public async Task Ask_RetryAfterThatIsTooLong_FailsAtOnceAndSaysSo()
    {
        await using var server = await StubServer.StartAsync((http, _, _) =>
        {
            http.Response.Headers.RetryAfter = "86400";
            return StubServer.RawAsync(http, "{}", 429);
        });
        using var client = new JudgeClient(server.Options);
        var answer = await client.AskAsync(s_body, cancellationToken: Cancel);
        Assert.Contains("asks to wait 86400 s", answer.Problem);
        Assert.Single(server.Bodies);
    }

    [Fact]
    public async Task Ask_NeverWell_EndsAfterTheRetries()
    {
        await using var server = await StubServer.StartAsync((http, _, _) => StubServer.RawAsync(http, "{}", 502));
        using var client = new JudgeClient(server.Options with { Retries = 3 });
        Assert.Equal("the judge answered 502", (await client.AskAsync(s_body, cancellationToken: Cancel)).Problem);
        Assert.Equal(4, server.Bodies.Count);
    }

    [Fact]
    public async Task Ask_Timeout_IsBoundedAndSaid()
    {
        await using var server = await StubServer.StartAsync((http, _, _) => Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted));
        using var client = new JudgeClient(server.Options with { Timeout = TimeSpan.FromMilliseconds(100), Retries = 1 });
        var watch = Stopwatch.StartNew();
        Assert.Equal("the judge took longer than 0.1 s", (await client.AskAsync(s_body, cancellationToken: Cancel)).Problem);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Ask_NobodyListens_IsAFailureAndNoException()
    {
        using var client = new JudgeClient(new JudgeOptions { Url = "http://127.0.0.1:9", Retries = 1, Backoff = TimeSpan.FromMilliseconds(1) });
        var answer = await client.AskAsync(s_body, cancellationToken: Cancel);
        Assert.StartsWith("the judge could not be asked", answer.Problem);
    }

    [Theory]
    [InlineData("not json", JudgeFailure.Server)]
    [InlineData("{}", JudgeFailure.Server)]
    [InlineData("[]", JudgeFailure.Server)]
    [InlineData("""{"choices":[]}""", JudgeFailure.Server)]
    [InlineData("""{"choices":[{"message":{"content":null}}]}""", JudgeFailure.Parse)]
    [InlineData("""{"choices":[{"message":{"content":"\ud800"}}]}""", JudgeFailure.Server)]
    [InlineData("""{"choices":[{"message":{"content":null,"refusal":"I cannot"}}]}""", JudgeFailure.Refusal)]
    [InlineData("""{"choices":[{"finish_reason":"content_filter","message":{"content":""}}]}""", JudgeFailure.Refusal)]
    public async Task Ask_OddAnswer_IsATypedFailure(string body, JudgeFailure failure)
    {
        await using var server = await StubServer.StartAsync((http, _, _) => StubServer.RawAsync(http, body));
        using var client = new JudgeClient(server.Options with { Retries = 0 });
        Assert.Equal(failure, (await client.AskAsync(s_body, cancellationToken: Cancel)).Failure);
    }

    [Fact]
    public async Task Ask_EndlessAnswer_IsCut()
    {
        await using var server = await StubServer.StartAsync(async (http, _, _) =>
        {
            byte[] block = new byte[1 << 16];
            for (int i = 0; i < 200; i++)
            {
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
            }
        });
        using var client = new JudgeClient(server.Options);
        var answer = await client.AskAsync(s_body, cancellationToken: Cancel);
        Assert.Contains("larger than", answer.Problem);
        Assert.Single(server.Bodies);
    }

    [Fact]
    public async Task Ask_ManyAtOnce_KeepsTheBoundOnRequests()
    {
        await using var server = await StubServer.StartAsync(async (http, _, _) =>
        {
            await Task.Delay(20);
            await StubServer.SayAsync(http, "fine");
        });
        using var client = new JudgeClient(server.Options with { Concurrency = 3 });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.AskAsync(s_body, cancellationToken: Cancel)));
        Assert.Equal(20, server.Bodies.Count);
        Assert.InRange(server.MostActive, 2, 3);
    }

    [Fact]
    public async Task Ask_KeyInTheEnvironment_GoesIntoTheHeaderAndNowhereElse()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"MEED_TEST_KEY_{Environment.ProcessId}");
        Environment.SetEnvironmentVariable(name, "sk-secret");
        await using var server = await StubServer.StartAsync((http, _, _) => StubServer.RawAsync(http, """{"error":{"message":"bad key sk-secret"}}""", 401));
        using var client = new JudgeClient(server.Options with { KeyVariable = name });
        var answer = await client.AskAsync(s_body, cancellationToken: Cancel);
        Assert.Equal(["Bearer sk-secret"], server.Keys);
        Assert.DoesNotContain("sk-secret", answer.Problem);
        Environment.SetEnvironmentVariable(name, null);
        Assert.Contains("no such variable", string.Concat((server.Options with { KeyVariable = name }).Problems()));
    }

    [Theory]
    [InlineData("", "Url is missing")]
    [InlineData("localhost:8000", "write an address such as")]
    [InlineData("http://user:pw@localhost/v1", "environment variable")]
    public void Options_BadAddress_IsASentence(string url, string says) => Assert.Contains(says, string.Concat(new JudgeOptions { Url = url }.Problems()));
}
