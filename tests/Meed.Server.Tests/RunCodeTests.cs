using System.Net;
using Meed.Rewards.Code;
using Meed.Rewards.Documents;

namespace Meed.Server.Tests;

/// <summary>SandboxFusion's run_code with the requests of verl's client, and the key that opens it.</summary>
public class RunCodeTests
{
    private const string Profiles = """
        profiles:
          default: { reward: { numeric-answer: {} } }
          code: { allow-code: true }
          share: { allowCode: true, reward: { code: { credit: share } } }
        """;

    // As verl's call_sandbox_api sends it: json.dumps of its payload.
    private static string Verl(string code, string stdin = "", int seconds = 10, string language = "python", string files = "{}")
        => $$"""{"compile_timeout": {{seconds}}, "run_timeout": {{seconds}}, "code": {{System.Text.Json.JsonSerializer.Serialize(code)}}, "stdin": {{System.Text.Json.JsonSerializer.Serialize(stdin)}}, "memory_limit_MB": 1024, "language": "{{language}}", "files": {{files}}, "fetch_files": []}""";

    [Fact]
    public async Task RunCode_VerlRequest_AnswersAsSandboxFusionDoes()
    {
        NeedsSandbox();
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/p/code/run_code", Verl("print(int(input()) * 2)", "21\n"));
        Assert.Equal("Success", answer.GetProperty("status").GetString());
        Assert.Equal("null", answer.GetProperty("compile_result").GetRawText());
        var run = answer.GetProperty("run_result");
        Assert.Equal("Finished", run.GetProperty("status").GetString());
        Assert.Equal(0, run.GetProperty("return_code").GetInt32());
        Assert.Equal("42\n", run.GetProperty("stdout").GetString());
        Assert.Equal("", run.GetProperty("stderr").GetString());
        Assert.True(run.GetProperty("execution_time").GetDouble() > 0);
    }

    [Fact]
    public async Task RunCode_ProgramThatRaises_IsFailedWithItsStatusAndStderr()
    {
        NeedsSandbox();
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/p/code/run_code", Verl("print(1)\nraise ValueError('no')"));
        Assert.Equal("Failed", answer.GetProperty("status").GetString());
        Assert.Equal("Finished", answer.GetProperty("run_result").GetProperty("status").GetString());
        Assert.Equal(1, answer.GetProperty("run_result").GetProperty("return_code").GetInt32());
        Assert.Contains("ValueError: no", answer.GetProperty("run_result").GetProperty("stderr").GetString());
    }

    [Theory]
    [InlineData("while True: pass")]
    [InlineData("import time; time.sleep(60)")]
    public async Task RunCode_ProgramOverItsTime_IsTimeLimitExceeded(string code)
    {
        NeedsSandbox();
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/p/code/run_code", Verl(code, seconds: 1));
        Assert.Equal("Failed", answer.GetProperty("status").GetString());
        Assert.Equal("TimeLimitExceeded", answer.GetProperty("run_result").GetProperty("status").GetString());
    }

    [Fact]
    public async Task RunCode_FilesAndOtherLanguages_AreThereOrSaidToBeMissing()
    {
        NeedsSandbox();
        await using var server = await TestServer.StartAsync(Profiles);
        var files = await server.JsonAsync("/p/code/run_code", Verl("print(open('a.txt').read())", files: """{"a.txt": "aGVsbG8="}"""));
        Assert.Equal("hello\n", files.GetProperty("run_result").GetProperty("stdout").GetString());
        var bash = await server.JsonAsync("/p/code/run_code", Verl("read x; echo $((x + 1))", "4\n", language: "bash"));
        Assert.Equal("5\n", bash.GetProperty("run_result").GetProperty("stdout").GetString());
        var unknown = await server.JsonAsync("/p/code/run_code", Verl("1", language: "cobol"));
        Assert.Equal("SandboxError", unknown.GetProperty("status").GetString());
        Assert.Contains("cobol", unknown.GetProperty("message").GetString());
    }

    [Fact]
    public async Task RunCode_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        NeedsSandbox();
        await using var server = await TestServer.StartAsync(Profiles);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.JsonAsync("/p/code/run_code", Verl("print(input() * 2)", $"{i}-"))));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}-{i}-\n"), answers.Select(a => a.GetProperty("run_result").GetProperty("stdout").GetString()));
    }

    [Fact]
    public async Task RunCode_ProfileThatDoesNotAllowIt_Is403AndRunsNothing()
    {
        await using var server = await TestServer.StartAsync("profiles: { default: { reward: { numeric-answer: {} } } }");
        var (status, text) = await server.PostAsync("/run_code", Verl("print(1)"));
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("allow-code: true", text);
    }

    [Theory]
    [InlineData("""{"stdin": ""}""", "\\u0022code\\u0022 is missing")]
    [InlineData("""{"code": 1}""", "code must be a string")]
    [InlineData("""{"code": "", "fetch_files": ["a"]}""", "fetch_files must be empty")]
    [InlineData("""{"code": "", "files": {"../a": ""}}""", "no plain file name")]
    [InlineData("""{"code": "", "files": {"a": "%"}}""", "must be base64")]
    public async Task RunCode_BadInput_IsOneSentenceWith400(string body, string says)
    {
        NeedsSandbox();
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync("/p/code/run_code", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(says, text);
    }

    [Fact]
    public async Task CodeReward_ByRequest_ScoresInATrainersDialect()
    {
        NeedsSandbox();
        await using var server = await TestServer.StartAsync(Profiles);
        const string label = """{\"fn_name\":\"f\",\"inputs\":[[2],[3]],\"outputs\":[4,10]}""";
        var answer = await server.JsonAsync("/p/share/get_reward", $$"""{"query":["p```python\ndef f(x): return x * x\n```"],"prompts":["p"],"labels":["{{label}}"]}""");
        Assert.Equal("[0.5]", answer.GetProperty("rewards").GetRawText());
    }

    [Theory]
    [InlineData("/p/default/v1/fine_tuning/alpha/graders/run", "{}", "allow-code: true")]
    [InlineData("/p/code/v1/fine_tuning/alpha/graders/run", "{\"unsafeLocal\": true}", "unsafeLocal cannot be sent")]
    public async Task Grader_ThatRunsPrograms_NeedsTheKeyAndNeverLeavesTheSandbox(string path, string options, string says)
    {
        NeedsSandbox();
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync(path, $$$"""{"grader":{"type":"multi","name":"m","graders":{"a":{"code":{{{options}}}}},"calculate_output":"a"},"model_sample":"x"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(text.Contains(says) || text.Contains("graders.a"), text);
    }

    [Fact]
    public async Task Profile_CodeRewardWithoutTheKey_DoesNotLoad()
    {
        var problem = await Assert.ThrowsAsync<DocumentException>(() => TestServer.StartAsync("profiles: { code: { reward: { sum: [ { code: {} } ] } } }"));
        Assert.Contains("allow-code: true", problem.Message);
    }

    private static void NeedsSandbox() => Assert.SkipUnless(CodeSandbox.Default.Missing is null, CodeSandbox.Default.Missing ?? "");
}
