using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Meed.Server.Tests;

/// <summary>The exact requests of the trainers' own clients, one test for each thing that has broken their users' runs.</summary>
public class TrainerRequestTests
{
    private const string Profiles = """
        profiles:
          default:
            reward: { numeric-answer: {} }
          object:
            reward: { sum: [ { numeric-answer: {}, weight: 1, name: answer }, { scale: { of: numeric-answer, by: 1 }, weight: 0.5, name: again } ] }
            slimeObject: true
          item:
            reward: { numeric-answer: {} }
            referencePath: gold.value
        """;

    [Fact]
    public async Task OpenRlhf_OneSampleWithSpecialTokens_AnswersLists()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/get_reward", """{"query":["<|im_start|>user\n6*7?<|im_end|>\n<|im_start|>assistant\nThe answer is 42<|im_end|>"],"prompts":["<|im_start|>user\n6*7?<|im_end|>\n<|im_start|>assistant\n"],"labels":["42"]}""");
        Assert.Equal("[1]", answer.GetProperty("rewards").GetRawText());
        Assert.Equal("[1]", answer.GetProperty("scores").GetRawText());
        Assert.Equal("[0]", answer.GetProperty("extra_logs").GetProperty("rm_failed").GetRawText());
    }

    [Fact]
    public async Task OpenRlhf_EmptyShard_Answers200WithEmptyLists()
    {
        // With several URLs every server but the first is sent empty lists; an error there loses the whole fetch.
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/get_reward", """{"query":[],"prompts":[],"labels":[]}""");
        Assert.Equal("[]", answer.GetProperty("rewards").GetRawText());
        Assert.Equal("[]", answer.GetProperty("scores").GetRawText());
    }

    [Fact]
    public async Task OpenRlhf_OldClientWithQueryAlone_IsAnswered()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/get_reward", """{"query":["a 42","b 41"]}""");
        Assert.Equal(2, answer.GetProperty("rewards").GetArrayLength());
        Assert.Equal("[1,1]", answer.GetProperty("extra_logs").GetProperty("rm_failed").GetRawText());   // no reference: not the policy's fault
    }

    [Fact]
    public async Task OpenRlhf_KeysOfExtraLogs_AreTheSameForRightWrongAndFailedRows()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        string[] bodies =
        [
            """{"query":["p42"],"prompts":["p"],"labels":["42"]}""",
            """{"query":["pnothing"],"prompts":["p"],"labels":["42"]}""",
            """{"query":["p42"],"prompts":["p"],"labels":[null]}""",
            """{"query":[],"prompts":[],"labels":[]}""",
        ];
        var keys = new HashSet<string>();
        foreach (string body in bodies)
        {
            var answer = await server.JsonAsync("/p/object/get_reward", body);
            keys.Add(string.Join(',', answer.GetProperty("extra_logs").EnumerateObject().Select(p => p.Name)));
        }

        Assert.Single(keys);
    }

    [Fact]
    public async Task OpenRlhf_ListsOfDifferentLength_AreRefused()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync("/get_reward", """{"query":["a","b"],"prompts":["a"],"labels":["1","2"]}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("query has 2 entries, prompts 1, labels 2", text);
    }

    [Fact]
    public async Task OpenRlhf_NewConnectionWithoutKeepAlive_IsAnsweredAndClosed()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        const string body = """{"query":["p42"],"prompts":["p"],"labels":["42"]}""";
        string raw = await server.RawAsync($"POST /get_reward HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.StartsWith("HTTP/1.1 200", raw);
        Assert.EndsWith("}", raw.Trim());
    }

    [Fact]
    public async Task Slime_StringPrompt_AnswersABareNumber()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, body) = await server.PostAsync("/remote_rm", """{"prompt":"6*7?","response":"It is 42.","label":"42"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("1", body);
    }

    [Fact]
    public async Task Slime_MessagesAndNullLabel_AnswersTheStatedValueNotAnError()
    {
        // slime retries any error ten times and then kills the rollout.
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, body) = await server.PostAsync("/remote_rm", """{"prompt":[{"role":"user","content":"6*7?"}],"response":"It is 42.","label":null}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("0", body);
    }

    [Fact]
    public async Task Slime_ObjectProfile_NamesRewardAndComponents()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/p/object/remote_rm", """{"prompt":"6*7?","response":"It is 42.","label":"42"}""");
        Assert.Equal(1.5, answer.GetProperty("reward").GetDouble());
        Assert.Equal(0, answer.GetProperty("rm_failed").GetDouble());
        Assert.True(answer.EnumerateObject().Count() > 2);
    }

    [Fact]
    public async Task LlamaFactory_PlainStrings_AnswersScores()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/p/object/scores", """{"model":"model","messages":["User: hi\nAssistant: 42","x"]}""");
        Assert.Equal(2, answer.GetProperty("scores").GetArrayLength());
    }

    [Fact]
    public async Task EndpointGrader_ReferenceInItem_IsFoundByPathAndByUsualName()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var usual = await server.JsonAsync("/grade", """{"sample":{"output_text":"#### 7"},"item":{"reference_answer":"7"},"trace_id":"t"}""");
        var path = await server.JsonAsync("/p/item/grade", """{"sample":{"output_text":"#### 7"},"item":{"gold":{"value":"7"}},"trace_id":"t"}""");
        Assert.Equal("""{"score":1}""", usual.GetRawText());
        Assert.Equal("""{"score":1}""", path.GetRawText());
    }

    [Fact]
    public async Task NemoGym_VerifyWithPrefix_EchoesTheRowAndAddsTheReward()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        const string row = """{"question":"6*7?","expected_answer":"42","_ng_task_index":3,"responses_create_params":{"input":[{"role":"user","content":"6*7?"}]},"response":{"id":"r","output":[{"type":"reasoning","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"I get 42"}]}]}}""";
        var answer = await server.JsonAsync("/rollout-17/verify", row);
        Assert.Equal(1, answer.GetProperty("reward").GetDouble());
        Assert.Equal("r", answer.GetProperty("response").GetProperty("id").GetString());
        Assert.True(answer.TryGetProperty("responses_create_params", out _));
        Assert.Equal(3, answer.GetProperty("_ng_task_index").GetInt32());
        Assert.False(answer.TryGetProperty("_ng_failure_class", out _));
    }

    [Fact]
    public async Task NemoGym_RowWithoutReference_CarriesAFailureClass()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/verify", """{"responses_create_params":{},"response":{"output":[{"type":"message","content":[{"type":"output_text","text":"42"}]}]}}""");
        Assert.Equal(0, answer.GetProperty("reward").GetDouble());
        Assert.Equal("verifier_failed", answer.GetProperty("_ng_failure_class").GetString());
    }

    [Fact]
    public async Task NemoGym_OtherEndpoints_AnswerTheirShapes()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        Assert.Equal("{}", (await server.JsonAsync("/seed_session", """{"question":"?"}""")).GetRawText());
        Assert.Equal("\"stateless\"", await server.GetAsync("/reverify_mode"));
        var metrics = await server.JsonAsync("/aggregate_metrics", """{"verify_responses":[{"reward":1,"_ng_task_index":0},{"reward":0,"_ng_task_index":0},{"reward":0,"_ng_failure_class":"judge_failed"}]}""");
        Assert.Equal(0.5, metrics.GetProperty("key_metrics").GetProperty("mean/reward").GetDouble());
        Assert.Equal(1.0 / 3, metrics.GetProperty("agent_metrics").GetProperty("failed_share").GetDouble(), 12);
    }

    [Fact]
    public async Task Score_SameRequestTwice_GivesTheSameBytes()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        const string body = """{"samples":[{"id":"a","prompt":"6*7?","response":"42","reference":"42"},{"id":7,"response":"41","reference":"42"}]}""";
        var first = await server.PostAsync("/v1/score", body);
        var second = await server.PostAsync("/v1/score", body);
        Assert.Equal(first.Body, second.Body);
        var results = JsonDocument.Parse(first.Body).RootElement.GetProperty("results");
        Assert.Equal("a", results[0].GetProperty("id").GetString());
        Assert.Equal(1, results[0].GetProperty("reward").GetDouble());
        Assert.Equal(0, results[1].GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task Score_Stream_AnswersEachLineInOrderAndKeepsGoingAfterABadOne()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        string lines = string.Join('\n', Enumerable.Range(0, 1000).Select(i => i == 500 ? "{broken" : $$"""{"id":{{i}},"response":"{{i}}","reference":"{{i - (i % 2)}}"}"""));
        var (status, body) = await server.PostAsync("/v1/score", lines, "application/x-ndjson");
        Assert.Equal(HttpStatusCode.OK, status);
        var answers = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(1000, answers.Count);
        Assert.Equal("invalid_input", answers[500].GetProperty("status").GetString());
        foreach (int i in Enumerable.Range(0, 1000).Where(i => i != 500))
        {
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), answers[i].GetProperty("id").GetString());
            Assert.Equal(i % 2 == 0 ? 1 : 0, answers[i].GetProperty("reward").GetDouble());
        }
    }

    [Fact]
    public async Task OpenRlhf_PromptNotInTheQuery_TheWholeQueryIsTheResponse()
    {
        // For models with images the placeholders were expanded, so that the query does not begin with the prompt.
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/get_reward", """{"query":["<img><img>look: 6*7 is 42</s>"],"prompts":["<image>look:"],"labels":["42"]}""");
        Assert.Equal("[1]", answer.GetProperty("rewards").GetRawText());
    }

    [Fact]
    public async Task OpenRlhf_ExtraLogs_AreNumbersInLists()
    {
        // The client puts every value through torch.tensor.
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/p/object/get_reward", """{"query":["p42","p"],"prompts":["p","p"],"labels":["42",null]}""");
        Assert.All(answer.GetProperty("extra_logs").EnumerateObject(), log =>
        {
            Assert.Equal(2, log.Value.GetArrayLength());
            Assert.All(log.Value.EnumerateArray(), v => Assert.Equal(JsonValueKind.Number, v.ValueKind));
        });
    }

    [Theory]
    [InlineData("/get_reward", """{"query":["p42"],"prompts":["p"],"labels":["42"]}""")]
    [InlineData("/remote_rm", """{"prompt":"p","response":"42","label":"42"}""")]
    [InlineData("/scores", """{"model":"model","messages":["42"]}""")]
    [InlineData("/grade", """{"sample":{"output_text":"42"},"item":{"answer":"42"},"trace_id":"t"}""")]
    [InlineData("/verify", """{"expected_answer":"42","responses_create_params":{},"response":{"output":[{"type":"message","content":[{"type":"output_text","text":"42"}]}]}}""")]
    public async Task AnyTrainer_SendsTheRequestAgain_GetsTheSameBytes(string path, string body)
    {
        // OpenRLHF sends 5 times, slime 10, verl 16, Azure 3.
        await using var server = await TestServer.StartAsync(Profiles);
        var first = await server.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, first.Status);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(first, await server.PostAsync(path, body));
        }
    }

    [Fact]
    public async Task Slime_EverythingInTheLabel_IsTheItemOfAGrader()
    {
        // slime does not send metadata: what the reward needs must be inside the label.
        await using var server = await TestServer.StartAsync("""profiles: { default: { reward: { type: string_check, name: x, input: "{{ sample.output_text }}", reference: "{{ item.gold.text }}", operation: like } } }""");
        Assert.Equal("1", (await server.PostAsync("/remote_rm", """{"prompt":"p","response":"it is Oslo","label":{"gold":{"text":"Oslo"}}}""")).Body);
    }

    [Fact]
    public async Task Verl_OneBadRowOfABatch_LeavesTheOthersAlone()
    {
        // A manager there gives the whole batch zero on an unexpected error, and takes the key set from the first row.
        await using var server = await TestServer.StartAsync(Profiles);
        var results = (await server.JsonAsync("/p/object/v1/score", """{"samples":[{"response":"42","reference":null},{"response":"42","reference":"42"},{"response":"41","reference":"42"}]}""")).GetProperty("results");
        Assert.Equal(["invalid_reference", "ok", "ok"], results.EnumerateArray().Select(r => r.GetProperty("status").GetString()!));
        Assert.Equal([0, 1.5, 0], results.EnumerateArray().Select(r => r.GetProperty("reward").GetDouble()));
        Assert.Single(results.EnumerateArray().Select(r => string.Join(',', r.GetProperty("components").EnumerateObject().Select(c => c.Name))).Distinct());
    }

    [Fact]
    public async Task Verl_ChangedExtraInfo_DoesNotChangeTheReward()
    {
        // The trainer writes num_turns and the like into extra_info before it asks again.
        await using var server = await TestServer.StartAsync(Profiles);
        var first = await server.PostAsync("/v1/score", """{"samples":[{"response":"42","reference":"42","item":{"index":7}}]}""");
        var second = await server.PostAsync("/v1/score", """{"samples":[{"response":"42","reference":"42","item":{"index":7,"num_turns":2,"rollout_reward_scores":[]}}]}""");
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task NemoGym_SeveralRewards_AreInTheMapAndOnTheTopLevel()
    {
        // Metrics there do not look into the map.
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/p/object/verify", """{"expected_answer":"42","responses_create_params":{},"response":{"output":[{"type":"message","content":[{"type":"output_text","text":"42"}]}]}}""");
        Assert.All(answer.GetProperty("reward_components").EnumerateObject(), c => Assert.Equal(c.Value.GetRawText(), answer.GetProperty(c.Name).GetRawText()));
        Assert.NotEmpty(answer.GetProperty("reward_components").EnumerateObject());
    }

    [Fact]
    public async Task NemoGym_ManyCallsOpenAtOnce_AreAllAnswered()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => server.JsonAsync("/verify",
            $$$"""{"expected_answer":"{{{i % 2}}}","_ng_rollout_id":"r{{{i}}}","responses_create_params":{},"response":{"output":[{"type":"message","content":[{"type":"output_text","text":"0"}]}]}}""")));
        for (int i = 0; i < answers.Length; i++)
        {
            Assert.Equal($"r{i}", answers[i].GetProperty("_ng_rollout_id").GetString());
            Assert.Equal(i % 2 == 0 ? 1 : 0, answers[i].GetProperty("reward").GetDouble());
        }
    }

    [Fact]
    public async Task EndpointGrader_BodyOfAMegabyte_IsScored()
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var answer = await server.JsonAsync("/grade", $$$"""{"sample":{"output_text":"{{{new string('x', 900_000)}}} 42"},"item":{"answer":"42"},"trace_id":"t"}""");
        Assert.Equal("""{"score":1}""", answer.GetRawText());
    }

    [Theory]
    [InlineData("/v1/score", """{"samples":[]}""", "\"results\":[]")]
    [InlineData("/scores", """{"model":"model","messages":[]}""", """{"scores":[]}""")]
    public async Task AnyFormat_BatchOfNone_IsAnswered(string path, string body, string says)
    {
        await using var server = await TestServer.StartAsync(Profiles);
        var (status, text) = await server.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(says, text);
    }

    [Fact]
    public async Task AnyFormat_RewardWithoutABound_NeverPutsNaNOnTheWire()
    {
        await using var server = await TestServer.StartAsync("""profiles: { default: { reward: { type: multi, name: m, graders: { a: { numeric-answer: {} } }, calculate_output: "log(a) / a" } } }""");
        foreach (var (path, body) in ((string, string)[])[("/get_reward", """{"query":["41"],"labels":["42"]}"""), ("/remote_rm", """{"response":"41","label":"42"}"""), ("/v1/score", """{"samples":[{"response":"41","reference":"42"}]}""")])
        {
            var (status, text) = await server.PostAsync(path, body);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.DoesNotContain("NaN", text);
            Assert.DoesNotContain("Infinity", text);
        }
    }
}
