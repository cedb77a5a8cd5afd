using System.Net;
using System.Text;
using System.Text.Json;

namespace Meed.Server.Tests;

/// <summary>Profiles whose reward asks a chat model: gathered in windows, asked once, refused when too many wait; and what telemetry sends.</summary>
public class JudgeProfileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Profiles(StubJudge judge) => $$$"""
        profiles:
          default:
            judge: { url: "{{{judge.Url}}}/v1", retries: 0 }
            reward: { type: score_model, name: quality, model: m, input: [ { role: user, content: "{{ sample.output_text }}" } ] }
            maxWaiting: 4
        """;

    [Fact]
    public async Task Profile_JudgeWithoutAValue_IsAProblemOfTheFile()
    {
        var problem = await Assert.ThrowsAsync<Meed.Rewards.Documents.DocumentException>(() => TestServer.StartAsync("profiles:\n  maths:\n    reward: { numeric-answer: {} }\n    judge:\n"));
        Assert.Contains("judge has no value; write { url: .. }, or leave the key out", problem.Message, StringComparison.Ordinal);
    }

    private static string Body(string response) => JsonSerializer.Serialize(new { prompt = "p", response, label = "x" });

    [Fact]
    public async Task Judge_SameRequestAgain_IsAnsweredWithTheSameBytesAndNotAskedAgain()
    {
        int asked = 0;
        await using var judge = await StubJudge.StartAsync((http, _) => StubJudge.SayAsync(http, $$"""{"result":0.{{Interlocked.Increment(ref asked)}}}"""));
        await using var server = await TestServer.StartAsync(Profiles(judge));
        var first = await server.PostAsync("/remote_rm", Body("hello"));
        Assert.Equal((HttpStatusCode.OK, "0.1"), first);
        Assert.Equal(first, await server.PostAsync("/remote_rm", Body("hello")));
        Assert.Equal("0.2", (await server.PostAsync("/remote_rm", Body("other"))).Body);
        Assert.Equal(2, judge.Requests.Count);
    }

    [Fact]
    public async Task Judge_EqualSamplesOfConcurrentRequests_AreAskedOnce()
    {
        await using var judge = await StubJudge.StartAsync(async (http, _) =>
        {
            await Task.Delay(100);
            await StubJudge.SayAsync(http, """{"result":0.5}""");
        });
        await using var server = await TestServer.StartAsync(Profiles(judge));
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => server.PostAsync("/remote_rm", Body($"r{i % 3}"))));
        Assert.All(answers, a => Assert.Equal((HttpStatusCode.OK, "0.5"), a));
        Assert.Equal(3, judge.Requests.Count);
    }

    [Fact]
    public async Task Judge_TooManyWait_Is429WithRetryAfterAndTheOthersAreAnswered()
    {
        var go = new TaskCompletionSource();
        await using var judge = await StubJudge.StartAsync(async (http, _) =>
        {
            await go.Task;
            await StubJudge.SayAsync(http, """{"result":0.5}""");
        });
        await using var server = await TestServer.StartAsync(Profiles(judge));
        var waiting = Enumerable.Range(0, 4).Select(i => server.PostAsync("/remote_rm", Body($"r{i}"))).ToList();
        while (judge.Requests.Count < 4)
        {
            await Task.Delay(5, Cancel);
        }

        using var content = new StringContent(Body("one more"), Encoding.UTF8, "application/json");
        using var refused = await server.Client.PostAsync(new Uri("/remote_rm", UriKind.Relative), content, Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        go.SetResult();
        Assert.All(await Task.WhenAll(waiting), a => Assert.Equal("0.5", a.Body));
        Assert.Equal((HttpStatusCode.OK, "0.5"), await server.PostAsync("/remote_rm", Body("one more")));
    }

    [Fact]
    public async Task Judge_Down_IsAStatusInEveryFormatAndIsAskedAgainNextTime()
    {
        int asked = 0;
        await using var judge = await StubJudge.StartAsync((http, _) =>
        {
            http.Response.StatusCode = Interlocked.Increment(ref asked) <= 5 ? 500 : 200;
            return asked <= 5 ? Task.CompletedTask : StubJudge.SayAsync(http, """{"result":0.5}""");
        });
        await using var server = await TestServer.StartAsync(Profiles(judge));
        var own = await server.JsonAsync("/v1/score", """{"samples":[{"response":"x"}]}""");
        Assert.Equal("judge_error", own.GetProperty("results")[0].GetProperty("status").GetString());
        var nemo = await server.JsonAsync("/verify", """{"responses_create_params":{},"response":{"output":[{"type":"message","content":[{"type":"output_text","text":"x"}]}]}}""");
        Assert.Equal("judge_failed", nemo.GetProperty("_ng_failure_class").GetString());
        Assert.Contains("the judge answered 500", nemo.GetProperty("_ng_failure_judge_error").GetString());
        var openrlhf = await server.JsonAsync("/get_reward", """{"query":["x"],"prompts":[""],"labels":[""]}""");
        Assert.Equal("[1]", openrlhf.GetProperty("extra_logs").GetProperty("rm_failed").GetRawText());
        using var content = new StringContent("""{"sample":{"output_text":"x"},"item":{}}""", Encoding.UTF8, "application/json");
        using var azure = await server.Client.PostAsync(new Uri("/grade", UriKind.Relative), content, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, azure.StatusCode);
        Assert.NotNull(azure.Headers.RetryAfter);
        Assert.Equal("0", (await server.PostAsync("/remote_rm", Body("x"))).Body);
        Assert.Equal("0.5", (await server.PostAsync("/remote_rm", Body("x"))).Body);
    }

    [Fact]
    public async Task Judge_CallerGoesAway_OthersAreStillAnswered()
    {
        var go = new TaskCompletionSource();
        await using var judge = await StubJudge.StartAsync(async (http, _) =>
        {
            await go.Task;
            await StubJudge.SayAsync(http, """{"result":0.5}""");
        });
        await using var server = await TestServer.StartAsync(Profiles(judge));
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var content = new StringContent("""{"samples":[{"response":"a","item":{"k":1}}]}""", Encoding.UTF8, "application/json");
        var gone = server.Client.PostAsync(new Uri("/v1/score", UriKind.Relative), content, leave.Token);
        var stays = server.PostAsync("/remote_rm", Body("b"));
        while (judge.Requests.Count < 2)
        {
            await Task.Delay(5, Cancel);
        }

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        go.SetResult();
        Assert.Equal((HttpStatusCode.OK, "0.5"), await stays);
    }

    [Fact]
    public async Task Full_OneRequestTooMany_Is503WithRetryAfter()
    {
        var go = new TaskCompletionSource();
        await using var judge = await StubJudge.StartAsync(async (http, _) =>
        {
            await go.Task;
            await StubJudge.SayAsync(http, """{"result":0.5}""");
        });
        await using var server = await TestServer.StartAsync("server: { maxRequests: 1 }\n" + Profiles(judge));
        var first = server.PostAsync("/remote_rm", Body("a"));
        while (judge.Requests.IsEmpty)
        {
            await Task.Delay(5, Cancel);
        }

        foreach (string path in (string[])["/remote_rm", "/v1/score", "/aggregate_metrics", "/v1/fine_tuning/alpha/graders/run", "/v1/fine_tuning/alpha/graders/validate"])
        {
            using var content = new StringContent(Body("b"), Encoding.UTF8, "application/json");
            using var refused = await server.Client.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        }

        go.SetResult();
        Assert.Equal("0.5", (await first).Body);
    }

    [Fact]
    public async Task Telemetry_WithAnEndpoint_SendsSpansAndMetricsWithoutSamples()
    {
        await using var collector = await StubJudge.StartAsync((_, _) => Task.CompletedTask);
        await using (var server = await TestServer.StartAsync($$"""
            server: { telemetry: { endpoint: "{{collector.Url}}", serviceName: my-rewards } }
            profiles: { maths: { reward: { numeric-answer: {} } } }
            """))
        {
            await server.PostAsync("/p/maths/remote_rm", """{"prompt":"secretprompt","response":"secretanswer 42","label":"42"}""");
        }

        string spans = string.Concat(collector.Requests.Where(r => r.Path == "/v1/traces").Select(r => Encoding.UTF8.GetString(r.Body)));
        string metrics = string.Concat(collector.Requests.Where(r => r.Path == "/v1/metrics").Select(r => Encoding.UTF8.GetString(r.Body)));
        Assert.Contains("my-rewards", spans);
        Assert.Contains("remote_rm", spans);
        Assert.Contains("maths", spans);
        Assert.Contains("meed.samples", metrics);
        Assert.DoesNotContain("secret", spans + metrics);
    }

    [Fact]
    public async Task Telemetry_ByDefault_SendsNothing()
    {
        await using var server = await TestServer.StartAsync("profiles: { maths: { reward: { numeric-answer: {} } } }");
        Assert.Null(server.Store.Options.Telemetry.Endpoint);
        await Assert.ThrowsAsync<Meed.Rewards.Documents.DocumentException>(() => TestServer.StartAsync("server: { telemetry: { endpoint: nowhere } }\nprofiles: { maths: { reward: { numeric-answer: {} } } }"));
    }
}
