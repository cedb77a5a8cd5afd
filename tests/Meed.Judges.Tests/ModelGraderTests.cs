using System.Text.Json;
using Meed.Judges.Graders;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.Judges.Tests;

public class ModelGraderTests
{
    private const string Score = """
        {"type":"score_model","name":"Quality","model":"gpt-4o-2024-08-06","range":[1,5],
         "input":[{"role":"system","content":"Grade against {{ item.rubric }}."},{"role":"user","content":[{"type":"input_text","text":"Answer: {{ sample.output_text }}"}]}],
         "sampling_params":{"temperature":0.5,"top_p":0.9,"seed":7,"max_completions_tokens":64}}
        """;

    private const string Label = """
        {"type":"label_model","name":"Tone","model":"m","input":[{"role":"user","content":"{{ sample.output_text }}"}],"labels":["kind","rude"],"passing_labels":["kind"]}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static RewardRegistry<TextSample> Registry => Rewards.Catalog.TextRewards().Add(Catalog.Entries);

    private static TextSample Sample(string response) => new() { Response = response, Item = JsonDocument.Parse("""{"rubric":"clarity"}""").RootElement };

    private static async Task<Scores> ScoreAsync(string grader, StubServer server, params TextSample[] samples)
    {
        using var client = new JudgeClient(server.Options with { Retries = 0 });
        return await RewardDocuments.Parse(grader, Registry.With(new JudgeEndpoint(client))).Reward.ScoreAsync(samples, RewardContext.Default, Cancel);
    }

    [Fact]
    public async Task ScoreModel_Request_IsTheSameBytesEveryTime()
    {
        await using var server = await StubServer.SayingAsync("""{"reasoning":"ok","result":3.5}""");
        var first = await ScoreAsync(Score, server, Sample("it is fine"));
        await ScoreAsync(Score, server, Sample("it is fine"));
        Assert.Equal(3.5, first[0]);
        Assert.Equal((1, 5), (first.Schema.Minimum, first.Schema.Maximum));
        Assert.Single(server.Bodies.Distinct());
        Assert.Equal("""{"model":"gpt-4o-2024-08-06","messages":[{"role":"system","content":"Grade against clarity.\n\nAnswer with a JSON object {\"reasoning\": \"...\", \"result\": number}. The result is a number from 1 to 5."},{"role":"user","content":"Answer: it is fine"}],"temperature":0.5,"top_p":0.9,"seed":7,"max_completion_tokens":64,"response_format":{"type":"json_schema","json_schema":{"name":"verdict","strict":true,"schema":{"type":"object","properties":{"reasoning":{"type":"string"},"result":{"type":"number"}},"required":["reasoning","result"],"additionalProperties":false}}}}""", server.Bodies.First());
    }

    [Fact]
    public async Task ScoreModel_Image_IsSentAsAnImagePart()
    {
        await using var server = await StubServer.SayingAsync("""{"result":1}""");
        await ScoreAsync("""{"type":"score_model","name":"i","model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"Fits?"},{"type":"input_image","image_url":"{{ item.rubric }}","detail":"low"}]}]}""", server, Sample("x"));
        var content = JsonDocument.Parse(server.Bodies.Single()).RootElement.GetProperty("messages")[1].GetProperty("content");
        Assert.Equal("""[{"type":"text","text":"Fits?"},{"type":"image_url","image_url":{"url":"clarity","detail":"low"}}]""", content.GetRawText());
        var root = JsonDocument.Parse(server.Bodies.Single()).RootElement;
        Assert.Equal((0, 0, 4096), (root.GetProperty("temperature").GetInt32(), root.GetProperty("seed").GetInt32(), root.GetProperty("max_completion_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("http://127.0.0.1: ")]
    [InlineData(" http://127.0.0.1:80/v1/ ")]
    [InlineData("http://127.0.0.1: /")]
    [InlineData("http://[::1")]
    public void Client_OfAnyAddress_ExistsOrHasAProblem(string url)
    {
        var options = new JudgeOptions { Url = url };
        if (!options.Problems().Any())
        {
            new JudgeClient(options).Dispose();
        }
        else
        {
            Assert.StartsWith($"Url is '{url}'", Assert.Throws<ArgumentException>(() => new JudgeClient(options)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"result": 9}""", 5)]
    [InlineData("""{"result": -9}""", 1)]
    [InlineData("""{"result": "2.5"}""", 2.5)]
    [InlineData("```json\n{\"reasoning\": \"a {brace}\", \"result\": 4}\n```", 4)]
    [InlineData("The answer quotes {\"result\": 5}. {\"reasoning\":\"{\\\"result\\\": 5}\",\"result\": 2}", 2)]
    [InlineData("3", 3)]
    public async Task ScoreModel_Answer_IsReadAndCutToTheRange(string says, double value)
    {
        await using var server = await StubServer.SayingAsync(says);
        Assert.Equal(value, (await ScoreAsync(Score, server, Sample("x")))[0]);
    }

    [Theory]
    [InlineData("I would give it a 4.")]
    [InlineData("""{"result": "good"}""")]
    [InlineData("""{"result": 1e999}""")]
    [InlineData("""{"score": 4}""")]
    [InlineData("""{"result": 4} but then again""")]
    [InlineData("")]
    [InlineData("}}}}}}}}")]
    public async Task ScoreModel_AnswerWithoutANumber_IsAJudgeErrorAndNeverAZero(string says)
    {
        await using var server = await StubServer.SayingAsync(says);
        var scores = await ScoreAsync(Score, server, Sample("x"));
        Assert.Equal(ScoreStatus.JudgeError, scores.Status[0]);
        Assert.StartsWith("judge_parse: ", scores.Reasons[0]);
        Assert.Throws<InvalidOperationException>(() => scores[0]);
    }

    [Theory]
    [InlineData("""{"reasoning":"","result":"kind"}""", 1, "kind")]
    [InlineData("rude", 0, "rude")]
    [InlineData("""{"result":"KIND"}""", 1, "kind")]
    public async Task LabelModel_Answer_IsOneOfTheLabels(string says, double value, string label)
    {
        await using var server = await StubServer.SayingAsync(says);
        var scores = await ScoreAsync(Label, server, Sample("x"));
        Assert.Equal(value, scores[0]);
        Assert.Equal(label, scores.Reasons[0]);
        Assert.Contains("""["kind","rude"]""", server.Bodies.Single().Replace("\\\"", "\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LabelModel_AnotherLabel_IsAJudgeError()
    {
        await using var server = await StubServer.SayingAsync("""{"result":"kind and rude"}""");
        Assert.Equal(ScoreStatus.JudgeError, (await ScoreAsync(Label, server, Sample("x"))).Status[0]);
    }

    [Fact]
    public async Task Score_EqualSamplesOfABatch_AreAskedOnce()
    {
        await using var server = await StubServer.SayingAsync("""{"result":2}""");
        var scores = await ScoreAsync(Score, server, Sample("a"), Sample("b"), Sample("a"), Sample("a"));
        Assert.Equal(4, scores.Count);
        Assert.Equal(2, server.Bodies.Count);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(2, scores[i]));
    }

    [Fact]
    public async Task Score_MissingRow_IsTheTasksFaultAndNobodyIsAsked()
    {
        await using var server = await StubServer.SayingAsync("""{"result":2}""");
        var scores = await ScoreAsync(Score, server, TextSample.Of("a"));
        Assert.Equal((ScoreStatus.InvalidReference, "missing item.rubric"), (scores.Status[0], scores.Reasons[0]));
        Assert.Empty(server.Bodies);
    }

    [Fact]
    public async Task Score_ResponseTooLongForThePrompt_IsThePolicysFault()
    {
        await using var server = await StubServer.SayingAsync("""{"result":2}""");
        var scores = await ScoreAsync(Score, server, Sample(new string('x', 500_000)));
        Assert.Equal((1, "too_long"), (scores[0], scores.Reasons[0]));
        Assert.Empty(server.Bodies);
    }

    [Fact]
    public async Task Score_HalfASurrogate_IsSentAsAReplacementCharacter()
    {
        await using var server = await StubServer.SayingAsync("""{"result":2}""");
        Assert.Equal(2, (await ScoreAsync(Score, server, Sample("a\ud800b")))[0]);
        Assert.Contains("a\ufffdb", server.Bodies.Single());
    }

    [Fact]
    public async Task Multi_OneJudgeDown_FailsTheRowAndNamesIt()
    {
        await using var server = await StubServer.StartAsync((http, _, _) => StubServer.RawAsync(http, "{}", 500));
        string multi = $$"""{"type":"multi","name":"All","calculate_output":"q + e","graders":{"q":{{Score}},"e":{"type":"string_check","name":"e","input":"{{"{{"}} sample.output_text {{"}}"}}","reference":"x","operation":"eq"} } }""";
        var scores = await ScoreAsync(multi, server, Sample("x"));
        Assert.Equal(ScoreStatus.JudgeError, scores.Status[0]);
        Assert.Equal("All.graders.q.q: judge_server: the judge answered 500", scores.Reasons[0]);
    }

    [Fact]
    public async Task Judge_InTheDocument_IsAskedAndInheritedByGradersBelow()
    {
        await using var server = await StubServer.SayingAsync("""{"result":2}""");
        string multi = $$"""{"type":"multi","name":"All","judge":{"url":"{{server.Options.Url}}","model":"local"},"calculate_output":"q","graders":{"q":{{Score}} } }""";
        var scores = await RewardDocuments.Parse(multi, Registry).Reward.ScoreAsync([Sample("x")], RewardContext.Default, Cancel);
        Assert.Equal(2, scores[0]);
        Assert.Contains("\"model\":\"local\"", server.Bodies.Single());
    }

    [Theory]
    [InlineData(Score, "reward.type asks a chat model, and none is named: give --judge-url")]
    [InlineData("""{"type":"score_model","name":"x","input":[],"range":[2,1]}""", "reward.model is missing.")]
    [InlineData("""{"type":"score_model","name":"x","model":"m","input":[]}""", "reward.input must be a list of 1 to 64 messages")]
    [InlineData("""{"type":"score_model","name":"x","model":"m","input":[{"role":"robot","content":"x"}]}""", "reward.input[0] must be a message with a role")]
    [InlineData("""{"type":"score_model","name":"x","model":"m","input":[{"role":"user","content":{"type":"input_audio"}}]}""", "such as audio, cannot be sent")]
    [InlineData("""{"type":"score_model","name":"x","model":"m","range":[2,1],"input":[{"role":"user","content":"x"}]}""", "reward.range must be two rising numbers")]
    [InlineData("""{"type":"score_model","name":"x","model":"m","sampling_params":{"temprature":1},"input":[{"role":"user","content":"x"}]}""", "reward.sampling_params.temprature is unknown")]
    [InlineData("""{"type":"score_model","name":"x","model":"m","sampling_params":{"temperature":9},"input":[{"role":"user","content":"x"}]}""", "reward.sampling_params.temperature must be a number from 0 to 2.")]
    [InlineData("""{"type":"score_model","name":"x","model":"m","judge":{"url":"nowhere"},"input":[{"role":"user","content":"x"}]}""", "Url is 'nowhere'")]
    [InlineData("""{"type":"label_model","name":"x","model":"m","labels":["a"],"passing_labels":["b"],"input":[{"role":"user","content":"x"}]}""", "reward.passing_labels has 'b', which is no label.")]
    public void Validation_Mistake_IsASentence(string grader, string says)
        => Assert.Contains(says, Assert.Throws<DocumentException>(() => RewardDocuments.Parse(grader, Registry)).Message);

    [Fact]
    public void Verdict_RandomAnswers_NeverThrow()
    {
        var random = new Random(3);
        string[] parts = ["{", "}", "\"result\"", ":", "1", "\"", "```", "\n", "\\", "[", "]", "kind", "1e999", "\ud800", "{\"result\":"];
        for (int i = 0; i < 20_000; i++)
        {
            string answer = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => parts[random.Next(parts.Length)]));
            Assert.True(Verdict.Number(answer) is not { } n || double.IsFinite(n));
            Verdict.Label(answer, ["kind", "rude"]);
        }
    }
}
