using System.Text.Json;
using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Documents.OpenAi;

public class GraderDocumentTests
{
    private static readonly RewardRegistry<TextSample> s_registry = Catalog.TextRewards();

    private static Scores Score(string grader, TextSample sample) => RewardDocuments.Parse(grader, s_registry).Reward.ScoreAsync([sample], RewardContext.Default).AsTask().Result;

    private static TextSample Sample(string response, string item) => new() { Response = response, Item = JsonDocument.Parse(item).RootElement };

    private static string Check(string operation, string reference = "{{ item.label }}", string input = "{{ sample.output_text }}")
        => JsonSerializer.Serialize(new { type = "string_check", name = "My check", input, reference, operation });

    [Theory]
    [InlineData("eq", "Cat", 1)]
    [InlineData("eq", "cat", 0)]
    [InlineData("ne", "cat", 1)]
    [InlineData("neq", "Cat", 0)]
    [InlineData("like", "the Cat sat", 1)]
    [InlineData("like", "the cat sat", 0)]
    [InlineData("ilike", "the cAT sat", 1)]
    [InlineData("ilike", "", 0)]
    public void StringCheck_Operation_ComparesAsTheGuideSays(string operation, string response, double value)
        => Assert.Equal(value, Score(Check(operation), Sample(response, """{"label":"Cat"}"""))[0]);

    // Values of Meed's own metrics, which are tested against the original tools; here that the name leads to the right one.
    [Theory]
    [InlineData("fuzzy_match", "{ \"fuzzy-match\": {} }")]
    [InlineData("bleu", "{ \"bleu\": {} }")]
    [InlineData("gleu", "{ \"gleu\": {} }")]
    [InlineData("meteor", "{ \"meteor\": {} }")]
    [InlineData("rouge_1", "{ \"rouge\": { \"n\": 1 } }")]
    [InlineData("rouge_2", "{ \"rouge\": { \"n\": 2 } }")]
    [InlineData("rouge_3", "{ \"rouge\": { \"n\": 3 } }")]
    [InlineData("rouge_4", "{ \"rouge\": { \"n\": 4 } }")]
    [InlineData("rouge_5", "{ \"rouge\": { \"n\": 5 } }")]
    [InlineData("rouge_l", "{ \"rouge\": {} }")]
    [InlineData("cosine", "{ \"embedding-similarity\": { \"means\": true } }")]
    public void TextSimilarity_Metric_IsTheRewardOfThatName(string metric, string own)
    {
        const string text = "The quick brown fox jumps over a lazy dog.", reference = "The quick brown fox jumps over the lazy dogs.";
        string grader = $$$"""{"type":"text_similarity","name":"s","input":"{{ sample.output_text }}","reference":"{{ item.gold }}","evaluation_metric":"{{{metric}}}","pass_threshold":0.5}""";
        var scores = Score(grader, Sample(text, JsonSerializer.Serialize(new { gold = reference })));
        var expected = Score(own, TextSample.Of(text, reference));
        Assert.Equal(expected[0], scores[0], 1e-12);
        Assert.Equal(scores[0] >= 0.5 ? 1 : 0, scores.Component("passed")[0]);
        Assert.InRange(scores[0], 0.05, 0.999);
    }

    [Theory]
    [InlineData("{{ item.a.b[1] }}", "2")]
    [InlineData("{{item.a['x y']}}", "z")]
    [InlineData("{{ item.a.b }}", "[1,2]")]
    [InlineData("{{ item.yes }}|{{ item.n }}", "true|1.50")]
    [InlineData("{{ sample.output_json.answer }}", "7")]
    [InlineData("{{ sample.choices[0].message.content }}", "{\"answer\": 7}")]
    [InlineData("{{ sample.output_tools[0].function.name }}", "get")]
    public void Template_Path_IsFilledIn(string template, string value)
    {
        var sample = Sample("{\"answer\": 7}", """{"a":{"b":[1,2],"x y":"z"},"yes":true,"n":1.50}""") with
        {
            Turns = [new Message("assistant", "") { ToolCalls = JsonDocument.Parse("""[{"function":{"name":"get"}}]""").RootElement }],
        };
        Assert.Equal(1, Score(Check("eq", value, template), sample)[0]);
    }

    [Fact]
    public void Template_ResponseWithATemplateInIt_IsNotFilledInAgain()
        => Assert.Equal(0, Score(Check("like", "secret"), Sample("{{ item.label }}", """{"label":"secret"}"""))[0]);

    [Theory]
    [InlineData("not json", ScoreStatus.Ok, "unparsed")]
    [InlineData("{\"other\": 1}", ScoreStatus.Ok, "missing sample.output_json.answer")]
    [InlineData("{\"\\ud800\": 1}", ScoreStatus.Ok, "sample.output_json.answer")]
    [InlineData("{\"answer\": \"\\ud800\"}", ScoreStatus.Ok, "unreadable")]
    [InlineData("\ud800", ScoreStatus.Ok, "unparsed")]
    public void Template_PartOfTheSampleMissing_IsThePolicysFaultAndScoresTheMinimum(string response, ScoreStatus status, string reason)
    {
        var scores = Score(Check("ne", "x", "{{ sample.output_json.answer }}"), Sample(response, "{}"));
        Assert.Equal(status, scores.Status[0]);
        Assert.Equal(0, scores[0]);
        Assert.Contains(reason, scores.Reasons[0]);
    }

    [Fact]
    public void Template_PartOfTheItemMissing_IsTheTasksFault()
    {
        var scores = Score(Check("eq"), Sample("x", "{}"));
        Assert.Equal(ScoreStatus.InvalidReference, scores.Status[0]);
        Assert.Equal("missing item.label", scores.Reasons[0]);
    }

    [Fact]
    public void Template_NoRow_ReferenceStandsForIt()
    {
        Assert.Equal(1, Score(Check("eq", "{{ item.reference }}"), TextSample.Of("42", "42"))[0]);
        var sample = new TextSample { Response = "42", Reference = JsonDocument.Parse("""{"label":"42"}""").RootElement };
        Assert.Equal(1, Score(Check("eq"), sample)[0]);
    }

    [Fact]
    public void StringCheck_EmptyReference_DoesNotMakeEveryAnswerRight()
        => Assert.Equal(ScoreStatus.InvalidReference, Score(Check("like"), Sample("anything", """{"label":""}""")).Status[0]);

    private const string Multi = """
        {"type":"multi","name":"Both","graders":{
            "exact":{"type":"string_check","name":"Exact","input":"{{ sample.output_json.a }}","reference":"{{ item.a }}","operation":"eq"},
            "near":{"type":"text_similarity","name":"Near","input":"{{ sample.output_json.b }}","reference":"{{ item.b }}","evaluation_metric":"fuzzy_match"}},
         "calculate_output":"0.75 * exact + 0.25 * near"}
        """;

    [Fact]
    public async Task Multi_Formula_CombinesItsGradersAndNamesThem()
    {
        var reward = RewardDocuments.Parse(Multi, s_registry).Reward;
        Assert.Equal(["exact", "near"], reward.Schema.Components);
        Assert.Equal((0, 1), (reward.Schema.Minimum, reward.Schema.Maximum));
        var scores = await reward.ScoreAsync([Sample("""{"a":"x","b":"nothing"}""", """{"a":"x","b":"zzzz"}"""), Sample("""{"a":"x","b":"y"}""", """{"a":"x"}""")], RewardContext.Default, TestContext.Current.CancellationToken);
        Assert.Equal(0.75, scores[0], 1e-12);
        Assert.Equal(1, scores.Component("exact")[0]);
        Assert.Equal(ScoreStatus.InvalidReference, scores.Status[1]);
        Assert.Equal("Both.graders.near.near: missing item.b", scores.Reasons[1]);
    }

    [Fact]
    public void Multi_NoFiniteValue_ScoresTheLeastTheFormulaCanGive()
    {
        string grader = Multi.Replace("0.75 * exact + 0.25 * near", "sqrt(exact - near)", StringComparison.Ordinal);
        var scores = Score(grader, Sample("""{"a":"x","b":"same"}""", """{"a":"y","b":"same"}"""));
        Assert.Equal(0, scores[0]);
        Assert.Equal("Both: not_finite", scores.Reasons[0]);
    }

    [Fact]
    public void Grader_InsideATreeOfMeedsOwn_CarriesWeightAndBudget()
    {
        string document = """{"sum":[{"numeric-answer":{},"weight":1},{"type":"string_check","name":"c","input":"{{ sample.output_text }}","reference":"42","operation":"like","weight":0.5,"budget":{"work":"1M"}}]}""";
        var scores = Score(document, TextSample.Of("it is 42", "42"));
        Assert.Equal(1.5, scores[0]);
        Assert.Equal(["numeric-answer", "c"], scores.Schema.Components);
        Assert.Equal(1.25, Score("""{"type":"multi","name":"m","graders":{"own":{"numeric-answer":{}}},"calculate_output":"own + 0.25"}""", TextSample.Of("it is 42", "42"))[0]);
    }

    [Theory]
    [InlineData("""{"type":"stringcheck","name":"x"}""", "reward.type is 'stringcheck', which is no grader. Did you mean 'string_check'?")]
    [InlineData("""{"type":"string_check","input":"","reference":"x","operation":"eq"}""", "reward.name is missing.")]
    [InlineData("""{"type":"string_check","name":"x","input":"a","reference":"b","operation":"equals"}""", "reward.operation is 'equals'.")]
    [InlineData("""{"type":"string_check","name":"x","input":"{{ items.a }}","reference":"b","operation":"eq"}""", "reward.input has '{{ items.a }}'; the only namespaces are item and sample.")]
    [InlineData("""{"type":"string_check","name":"x","input":"{{ sample.text }}","reference":"b","operation":"eq"}""", "a sample has output_text, output_json, output_tools, choices.")]
    [InlineData("""{"type":"string_check","name":"x","input":"{{ item.a","reference":"b","operation":"eq"}""", "never closes it")]
    [InlineData("""{"type":"string_check","name":"x","input":"{{ item.a | upper }}","reference":"b","operation":"eq"}""", "write a path such as")]
    [InlineData("""{"type":"string_check","name":"x","input":"a","reference":"","operation":"like"}""", "every text contains the empty one")]
    [InlineData("""{"type":"string_check","name":"x","input":"a","reference":"b","operation":"eq","inputs":"a"}""", "unknown key 'reward.inputs'. Did you mean 'input'?")]
    [InlineData("""{"type":"text_similarity","name":"x","input":"a","reference":"b","evaluation_metric":"rouge"}""", "reward.evaluation_metric is 'rouge'.")]
    [InlineData("""{"type":"multi","name":"x","graders":{},"calculate_output":"1"}""", "reward.graders must be a map of 1 to 64 names")]
    [InlineData("""{"type":"multi","name":"x","graders":{"a":"numeric-answer"},"calculate_output":"a + b"}""", "reward.calculate_output names 'b', which is no grader here.")]
    [InlineData("""{"type":"multi","name":"x","graders":{"max":"numeric-answer"},"calculate_output":"max"}""", "which is a function of the formula")]
    [InlineData("""{"type":"multi","name":"x","graders":{"a b":"numeric-answer"},"calculate_output":"1"}""", "a formula can use names of letters")]
    [InlineData("""{"type":"endpoint","url":"http://x"}""", "/p/{profile}/grade")]
    [InlineData("""{"type":"score_model","name":"x","model":"m","input":[]}""", "which is no grader")]
    public void Validation_Mistake_IsASentenceWithTheValue(string grader, string says)
        => Assert.Contains(says, Assert.Throws<DocumentException>(() => RewardDocuments.Parse(grader, s_registry)).Message);

    [Fact]
    public void Validation_GraderInDeepMulti_NamesThePath()
    {
        var e = Assert.Throws<DocumentException>(() => RewardDocuments.Parse("""
            {"type":"multi","name":"x","calculate_output":"a",
             "graders":{"a":{"type":"string_check","name":"y","input":"a","reference":"b","operation":"is"}}}
            """, s_registry));
        Assert.Contains("reward:2: reward.graders.a.operation is 'is'.", e.Message);
    }

    [Fact]
    public async Task Graders_FuzzedAnswers_AreJudgedAndNeverRise()
    {
        string document = """{"type":"multi","name":"m","graders":{"a":{"type":"string_check","name":"a","input":"{{ sample.output_json.a }}","reference":"777.13579","operation":"eq"},"b":{"type":"text_similarity","name":"b","input":"{{ sample.choices[0].message.content }}","reference":"777.13579","evaluation_metric":"rouge_1"}},"calculate_output":"min(a, b)"}""";
        var reward = RewardDocuments.Parse(document, s_registry).Reward;
        var random = new Random(7);
        var samples = Enumerable.Range(0, 10_000).Select(i => TextSample.Of(Fuzzed(random))).ToList();
        var scores = await reward.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);
        for (int i = 0; i < scores.Count; i++)
        {
            Assert.True(scores.Status[i] == ScoreStatus.Ok && scores.Values[i] == 0, $"{samples[i].Response}: {scores.Status[i]} {scores.Reasons[i]} {scores.Values[i]}");
        }
    }

    private static string Fuzzed(Random random)
    {
        string[] parts = ["{", "}", "\"a\"", ":", "[", "]", "1", "null", "\\ud800", "\"", "{{", "}}", "item", "sample", ".", "é", "\ud800", " ", "{\"a\": 777}"];
        return string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
    }
}
