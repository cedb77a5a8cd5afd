using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Meed.Server.Tests;

/// <summary>OpenAI's graders API, as its Python library calls it: <c>client.fine_tuning.alpha.graders.run(...)</c> posts to these paths under its base address.</summary>
public partial class GraderEndpointTests
{
    private const string Profiles = "profiles: { default: { reward: { numeric-answer: {} } } }";
    private const string Run = "/p/default/v1/fine_tuning/alpha/graders/run";
    private const string Validate = "/v1/fine_tuning/alpha/graders/validate";
    private const string Check = """{"type":"string_check","name":"Example string check grader","input":"{{sample.output_text}}","reference":"{{item.label}}","operation":"eq"}""";
    private const string NoErrors = "\"formula_parse_error\":false,\"sample_parse_error\":false,\"truncated_observation_error\":false,\"unresponsive_reward_error\":false,\"invalid_variable_error\":false,\"other_error\":false,\"python_grader_server_error\":false,\"python_grader_server_error_type\":null,\"python_grader_runtime_error\":false,\"python_grader_runtime_error_details\":null,\"model_grader_server_error\":false,\"model_grader_refusal_error\":false,\"model_grader_parse_error\":false,\"model_grader_server_error_details\":null";

    private static async Task<string> GoldenAsync(TestServer server, string body)
    {
        var (status, text) = await server.PostAsync(Run, body);
        Assert.True(status == HttpStatusCode.OK, text);
        return Time().Replace(text, "\"execution_time\":0");
    }

    [Fact]
    public async Task Run_StringCheck_AnswersEveryFieldOfTheLibrarysType()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        string answer = await GoldenAsync(server, $$"""{"grader":{{Check}},"model_sample":"fuzzy wuzzy","item":{"label":"fuzzy wuzzy"} }""");
        Assert.Equal("""{"reward":1,"metadata":{"name":"Example string check grader","type":"string_check","errors":{""" + NoErrors + """},"execution_time":0,"scores":{},"token_usage":null,"sampled_model_name":null},"sub_rewards":{},"model_grader_token_usage_per_model":{}}""", answer);
    }

    [Fact]
    public async Task Run_Multi_NamesItsSubRewards()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        const string multi = """{"type":"multi","name":"Sum","graders":{"name_ok":{"type":"string_check","name":"n","input":"{{ sample.output_json.name }}","reference":"{{ item.name }}","operation":"eq"},"near":{"type":"text_similarity","name":"s","input":"{{ sample.output_json.text }}","reference":"{{ item.text }}","evaluation_metric":"fuzzy_match"}},"calculate_output":"(name_ok + near) / 2"}""";
        string answer = await GoldenAsync(server, $$"""{"grader":{{multi}},"model_sample":"{\"name\":\"Ann\",\"text\":\"same\"}","item":{"name":"Bob","text":"same"} }""");
        var root = JsonDocument.Parse(answer).RootElement;
        Assert.Equal(0.5, root.GetProperty("reward").GetDouble());
        Assert.Equal("""{"name_ok":0,"near":1}""", root.GetProperty("sub_rewards").GetRawText());
        Assert.Equal("multi", root.GetProperty("metadata").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("""{"grader":{"type":"string_check","name":"x","input":"{{ sample.output_json.a }}","reference":"b","operation":"eq"},"model_sample":"no json","item":{}}""", "sample_parse_error")]
    [InlineData("""{"grader":{"type":"string_check","name":"x","input":"{{ item.nowhere }}","reference":"b","operation":"eq"},"model_sample":"x","item":{}}""", "invalid_variable_error")]
    [InlineData("""{"grader":{"type":"multi","name":"x","graders":{"a":{"type":"string_check","name":"x","input":"a","reference":"a","operation":"eq"}},"calculate_output":"log(a - 1)"},"model_sample":"x"}""", "other_error")]
    public async Task Run_Failure_IsTheTypedError(string body, string error)
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var root = JsonDocument.Parse(await GoldenAsync(server, body)).RootElement;
        Assert.Equal(0, root.GetProperty("reward").GetDouble());
        Assert.Equal([error], root.GetProperty("metadata").GetProperty("errors").EnumerateObject().Where(e => e.Value.ValueKind == JsonValueKind.True).Select(e => e.Name));
    }

    [Theory]
    [InlineData("""{"model_sample":"x"}""", "Missing required parameter: 'grader'.", "grader")]
    [InlineData("""{"grader":{"type":"string_check","name":"x","input":"a","reference":"b","operation":"eq"}}""", "Missing required parameter: 'model_sample'.", "model_sample")]
    [InlineData("""{"grader":{"type":"string_check","name":"x","input":"a","reference":"b","operation":"eq"},"model_sample":{}}""", "model_sample must be a string, not an object.", "model_sample")]
    [InlineData("""{"grader":{"numeric-answer":{}},"model_sample":"x"}""", "grader must be an object with a type.", "grader")]
    [InlineData("""{"grader":{"type":"string_check","name":"x","input":"{{ secrets.key }}","reference":"b","operation":"eq"},"model_sample":"x"}""", "the only namespaces are item and sample", "grader")]
    [InlineData("""{"grader":{"type":"score_model","name":"x","model":"m","input":[{"role":"user","content":"x"}]},"model_sample":"x"}""", "asks a chat model, and none is named", "grader")]
    [InlineData("""{"grader":{"type":"python","name":"x","source":"def grade(sample, item): return 1"},"model_sample":"x"}""", "runs no programs that it is sent", "grader")]
    [InlineData("""{"grader":{"type":"score_model","name":"x","model":"m","judge":{"url":"http://10.0.0.1"},"input":[{"role":"user","content":"x"}]},"model_sample":"x"}""", "the server's profile names the judge", "grader")]
    public async Task Run_UnusableRequest_Is400WithAnErrorObject(string body, string says, string param)
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync(Run, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        Assert.Contains(says, error.GetProperty("message").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Run_BrokenBody_Is400WithAnErrorObject()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync(Run, "{");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("not valid JSON", JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Run_ScoreModel_AsksTheProfilesJudgeAndCountsItsTokens()
    {
        await using var judge = await StubJudge.SayingAsync("""{"reasoning":"fine","result":0.8}""");
        await using var server = await TestServer.StartAsync($$"""profiles: { default: { reward: { numeric-answer: {} }, judge: { url: "{{judge.Url}}/v1" } } }""");
        const string grader = """{"type":"score_model","name":"Example score model grader","input":[{"role":"user","content":"Score how close the reference answer is to the model answer. Reference answer: {{item.reference_answer}}. Model answer: {{sample.output_text}}"}],"model":"gpt-4o-2024-08-06","sampling_params":{"temperature":1,"top_p":1,"seed":42},"range":[0,1]}""";
        string answer = await GoldenAsync(server, $$"""{"grader":{{grader}},"model_sample":"fuzzy wuzzy had no hair","item":{"reference_answer":"fuzzy wuzzy was a bear"} }""");
        Assert.Equal("""{"reward":0.8,"metadata":{"name":"Example score model grader","type":"score_model","errors":{""" + NoErrors + """},"execution_time":0,"scores":{},"token_usage":120,"sampled_model_name":"judge-1"},"sub_rewards":{},"model_grader_token_usage_per_model":{"judge-1":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}}""", answer);
    }

    [Theory]
    [InlineData("no number", "model_grader_parse_error")]
    [InlineData(null, "model_grader_server_error")]
    public async Task Run_JudgeFails_IsTheTypedError(string? says, string error)
    {
        await using var judge = await StubJudge.StartAsync((http, _) =>
        {
            http.Response.StatusCode = says is null ? 400 : 200;
            return says is null ? Task.CompletedTask : StubJudge.SayAsync(http, says);
        });
        await using var server = await TestServer.StartAsync($$"""profiles: { default: { reward: { numeric-answer: {} }, judge: { url: "{{judge.Url}}/v1" } } }""");
        var root = JsonDocument.Parse(await GoldenAsync(server, """{"grader":{"type":"label_model","name":"x","model":"m","labels":["a"],"passing_labels":["a"],"input":[{"role":"user","content":"x"}]},"model_sample":"x"}""")).RootElement;
        var errors = root.GetProperty("metadata").GetProperty("errors");
        Assert.True(errors.GetProperty(error).GetBoolean());
        Assert.Equal(says is null ? "the judge answered 400" : null, errors.GetProperty("model_grader_server_error_details").GetString());
    }

    [Fact]
    public async Task Validate_Grader_IsAnsweredOrRefused()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync(Validate, $$"""{"grader":{{Check}}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($$"""{"grader":{{Check}}}""", text);
        (status, text) = await server.PostAsync(Validate, """{"grader":{"type":"string_check","name":"x","input":"a","reference":"b","operation":"equals"}}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("grader.operation is 'equals'", JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Run_ProfileWithAToken_NeedsIt()
    {
        await using var server = await TestServer.StartAsync("profiles: { default: { reward: { numeric-answer: {} }, token: correct-horse } }");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync(Run, "{}")).Status);
    }

    [GeneratedRegex("\"execution_time\":[0-9.eE-]+")]
    private static partial Regex Time();
}
