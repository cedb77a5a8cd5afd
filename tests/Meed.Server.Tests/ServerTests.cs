using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Meed.Server.Tests;

public class ServerTests
{
    private const string Profiles = """
        server: { maxBodyBytes: 4096 }
        profiles:
          default: { reward: { numeric-answer: {} } }
          closed: { reward: { numeric-answer: {} }, token: correct-horse }
          hidden: { reward: { numeric-answer: {} }, secretPath: 0123456789abcdefXYZ }
        """;

    private const string Body = """{"samples":[{"response":"42","reference":"42"}]}""";

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{\"sample\":[]}", "\"samples\" is missing")]
    [InlineData("{\"samples\":{}}", "must be a list")]
    [InlineData("{\"samples\":[{\"response\":1}]}", "samples[0].response must be a string")]
    [InlineData("{\"samples\":[{\"reponse\":\"x\"}]}", "samples[0].reponse is unknown")]
    [InlineData("{\"samples\":[{\"response\":\"\\ud800\"}]}", "surrogate")]
    [InlineData("{\"\\ud800\":1,\"samples\":[]}", "surrogate")]
    public async Task Score_BadInput_IsOneSentenceWith400(string body, string says)
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync("/v1/score", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        string detail = JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!;
        Assert.Contains(says, detail);
        Assert.DoesNotContain("   at ", detail);
    }

    [Theory]
    [InlineData("/v1/score")]
    [InlineData("/get_reward")]
    [InlineData("/v1/fine_tuning/alpha/graders/run")]
    public async Task Score_BytesThatAreNoUtf8InAString_AreOneSentenceWith400(string path)
    {
        await using var server = await TestServer.StartAsync(Profiles);
        byte[] body = [.. "{\"query\":[\"a"u8, 0xff, 0xfe, .. "\"],\"samples\":[],\"grader\":{}}"u8];
        using var content = new ByteArrayContent(body);
        using var answer = await server.Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("not valid UTF-8", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Aggregate_NumberOutsideADouble_IsOneSentenceWith400()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync("/aggregate_metrics", """{"verify_responses":[{"reward":1e999}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("is no number between", text);
    }

    [Fact]
    public async Task Score_BodyOverTheLimit_Is413()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, _) = await server.PostAsync("/v1/score", $$"""{"samples":[{"response":"{{new string('x', 5000)}}"}]}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    [Fact]
    public async Task Score_UnknownProfileOrEndpoint_Is404WithTheKnownOnes()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("/p/none/v1/score", Body)).Status);
        var (status, text) = await server.PostAsync("/v1/scroe", Body);
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("get_reward", text);
    }

    [Fact]
    public async Task Token_MissingOrWrong_Is401_RightIsAnswered()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync("/p/closed/v1/score", Body)).Status);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync("/p/closed/v1/score", Body)).Status);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "correct-horse");
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/p/closed/v1/score", Body)).Status);
    }

    [Fact]
    public async Task SecretPath_OpensItsProfileAndNothingElse()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync("/p/hidden/get_reward", """{"query":[]}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/s/0123456789abcdefXYZ/p/hidden/get_reward", """{"query":[]}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("/s/0123456789abcdefXYZ/p/closed/get_reward", """{"query":[]}""")).Status);
        Assert.DoesNotContain(server.Log, l => l.Contains("0123456789abcdefXYZ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_ChangedFile_TakesEffectAndABrokenOneDoesNot()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        File.WriteAllText(server.ProfilePath, Profiles + "\n  added: { reward: { numeric-answer: {} } }");
        server.Store.Reload();
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/p/added/v1/score", Body)).Status);
        File.WriteAllText(server.ProfilePath, "profiles: { default: { reward: { numeric-anser: {} } } }");
        server.Store.Reload();
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/p/added/v1/score", Body)).Status);
        Assert.Contains(server.Log, l => l.Contains("numeric-answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_HealthReadinessMetricsAndOpenApi_AreThere()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        await server.PostAsync("/v1/score", Body);
        Assert.Equal("ok\n", await server.GetAsync("/healthz"));
        Assert.Equal("ready\n", await server.GetAsync("/readyz"));
        Assert.Contains("meed_samples_total{profile=\"default\",dialect=\"score\"} 1", await server.GetAsync("/metrics"));
        Assert.Contains("get_reward", await server.GetAsync("/"));
        using var api = JsonDocument.Parse(await server.GetAsync("/openapi.json"));
        Assert.True(api.RootElement.GetProperty("paths").TryGetProperty("/p/{profile}/v1/score", out _));
    }

    [Fact]
    public async Task Stop_RequestUnderWay_IsAnsweredBeforeTheServerEnds()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        using var slow = new SlowContent(Encoding.UTF8.GetBytes(Body));
        var request = server.Client.PostAsync(new Uri("/v1/score", UriKind.Relative), slow, TestContext.Current.CancellationToken);
        await slow.Started.Task;
        await Task.Delay(200, TestContext.Current.CancellationToken);
        var stop = server.Server.StopAsync(TestContext.Current.CancellationToken);
        slow.Go.SetResult();
        using var answer = await request;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stop;
    }

    private sealed class SlowContent(byte[] body) : HttpContent
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, 10));
            await stream.FlushAsync();
            Started.SetResult();
            await Go.Task;
            await stream.WriteAsync(body.AsMemory(10));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
