using System.Text;
using System.Text.Json;
using Meed.Judges;
using Meed.Judges.Graders;
using Meed.Recipes.Documents;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Rewards.Documents.OpenAi;
using Meed.Rewards.Structure;

namespace Meed.Fuzz;

/// <summary>Grader JSON, its templates and formulas, what a judge answers, JSON Schemas and tool calls.</summary>
internal static class GraderTargets
{
    private static readonly TextSample s_sample = new()
    {
        Response = "{\"answer\": 7, \"list\": [1, {\"a\": null}]}", Item = JsonDocument.Parse("""{"label":"7","nested":{"list":[1,2]},"rubric":"short"}""").RootElement,
    };

    public static IEnumerable<Target> All()
    {
        // Nobody listens there; binding asks nobody.
        var judge = new JudgeClient(new JudgeOptions { Url = "http://127.0.0.1:9" });
        var registry = RewardCatalog.All.With(new JudgeEndpoint(judge)).With(new JudgeRule(FromDocuments: false)).With(new ProgramRule(Allowed: false));
        yield return new Target("grader json", Targets.Texts(
            """{"type":"string_check","name":"x","input":"{{ sample.output_json.answer }}","reference":"{{ item.label }}","operation":"eq"}""",
            """{"type":"multi","name":"m","graders":{"a":{"type":"text_similarity","name":"s","input":"{{ sample.output_text }}","reference":"{{ item.nested.list[0] }}","evaluation_metric":"rouge_l","pass_threshold":0.5},"b":{"numeric-answer":{}}},"calculate_output":"min(a, 1) * 0.5 + b ^ 2"}"""), bytes =>
            {
                var reward = RewardDocuments.Bind(DocumentJson.Read(bytes, "fuzz"), registry, "fuzz").Reward;
                if (reward is not ModelGrader && !reward.Schema.PrefersBatches)
                {
                    Scored(reward, s_sample);
                }
            }, e => e is DocumentException);
        yield return new Target("grader json, judges", Targets.Texts(
            """{"type":"score_model","name":"q","model":"m","range":[0,5],"input":[{"role":"system","content":"Be {{ item.rubric }}"},{"role":"user","content":[{"type":"input_text","text":"{{ sample.output_text }}"},{"type":"input_image","image_url":"{{ item.label }}"}]}],"sampling_params":{"temperature":0.1,"seed":1}}""",
            """{"type":"label_model","name":"l","model":"m","input":[{"role":"user","content":"{{ sample.output_text }}"}],"labels":["a","b"],"passing_labels":["a"]}"""),
            bytes => RewardDocuments.Bind(DocumentJson.Read(bytes, "fuzz"), registry, "fuzz"), e => e is DocumentException);
        yield return new Target("template", Targets.Texts("a {{ item.nested.list[1] }} b {{ sample.output_json['list'][1].a }}", "{{sample.choices[0].message.content}}", "{{ sample.output_tools }}"), bytes =>
        {
            if (Template.Parse(Encoding.UTF8.GetString(bytes), out string? problem) is not { } template)
            {
                Require(problem);
                return;
            }

            var work = new Work(10_000_000);
            template.Fill(new TemplateScope(s_sample), ref work, out _, out _);
        }, _ => false);
        yield return new Target("template, response", Targets.Texts("{\"answer\": {\"b\": [1, 2, \"x\"]}}", "{\"answer\": \"\\ud83d\\ude00\", \"answer\": 1}", "[[[[1]]]]"), bytes =>
            Scored(RewardDocuments.Parse("""{"type":"string_check","name":"x","input":"{{ sample.output_json.answer.b[1] }}{{ sample.choices[0].message.content }}","reference":"2","operation":"like"}""", registry).Reward,
                new TextSample { Response = Encoding.UTF8.GetString(bytes), Item = s_sample.Item }), _ => false);
        yield return new Target("formula", Targets.Texts("0.5 * a + min(b, 2 ^ -a) / (1 - abs(b))", "log(exp(a)) - sqrt(b)", "max(a, b, 1e-3)"), bytes =>
        {
            if (Formula.Parse(Encoding.UTF8.GetString(bytes), ["a", "b"], out string? problem) is not { } formula)
            {
                Require(problem);
                return;
            }

            var (low, high) = formula.Range([(0, 1), (-1, 1)]);
            double value = formula.Evaluate([0.3, -0.7]);
            double slack = 1e-9 * Math.Max(1, Math.Abs(value));
            if (double.IsNaN(low) || double.IsNaN(high) || (double.IsFinite(value) && !(value >= low - slack && value <= high + slack)))
            {
                throw new InvalidOperationException($"value {value} outside {low} to {high}");
            }
        }, _ => false);
        yield return new Target("judge's answer", Targets.Texts("{\"reasoning\": \"fine\", \"result\": 0.5}", "```json\n{\"result\": \"a\"}\n```", "so {\"result\": 1}", "3.5"), bytes =>
        {
            string answer = Encoding.UTF8.GetString(bytes);
            if (Verdict.Number(answer) is { } number && !double.IsFinite(number))
            {
                throw new InvalidOperationException($"the number is {number}");
            }

            Verdict.Label(answer, ["a", "b"]);
        }, _ => false);
        yield return new Target("json schema", Targets.Texts(
            """{"type":"object","properties":{"answer":{"type":"integer","minimum":1},"list":{"type":"array","items":{"anyOf":[{"type":"number"},{"$ref":"#/$defs/x"}]}}},"required":["answer"],"$defs":{"x":{"type":["object","null"],"patternProperties":{"^a":{"enum":[null,1]}}}}}"""),
            bytes =>
            {
                var unlimited = new Work(long.MaxValue);
                if (DataReader.Read(Encoding.UTF8.GetString(bytes), ref unlimited) is not { } schema)
                {
                    return;
                }

                if (JsonSchemaCheck.Read(schema, out string? problem) is not { } check)
                {
                    Require(problem);
                    return;
                }

                var work = new Work(5_000_000);
                try
                {
                    check.FirstError(DataReader.Read(s_sample.Response, ref work)!, ref work);
                }
                catch (WorkExceededException)
                {
                    // Bounded, as it should be.
                }
            }, _ => false);
        yield return new Target("tool calls", Targets.Texts("[get_weather(city=\"Oslo\", days=3)]", "<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\", \"days\": 3}}</tool_call>", "[f(x=[1, 2.5, {'a': None}], y='\\'')]"),
            bytes => Scored(RewardDocuments.Parse("\"tool-call\"", registry).Reward, new TextSample
            {
                Response = Encoding.UTF8.GetString(bytes), Reference = JsonDocument.Parse("""[{"name":"get_weather","arguments":{"city":"Oslo","days":3}}]""").RootElement,
            }), _ => false);
    }

    private static void Scored(IReward<TextSample> reward, TextSample sample)
    {
        var scores = reward.ScoreAsync([sample], RewardContext.Default with { Threads = 1 }).AsTask().GetAwaiter().GetResult();
        if (scores.Status[0] is not (ScoreStatus.Ok or ScoreStatus.InvalidReference or ScoreStatus.NotApplicable) && scores.Reasons[0]?.Contains("the formula has no finite value", StringComparison.Ordinal) != true)
        {
            throw new InvalidOperationException($"status {scores.Status[0]}: {scores.Reasons[0]}");
        }

        if (scores.Status[0] == ScoreStatus.Ok && !(scores.Values[0] >= reward.Schema.Minimum && scores.Values[0] <= reward.Schema.Maximum))
        {
            throw new InvalidOperationException($"value {scores.Values[0]} outside {reward.Schema.Minimum} to {reward.Schema.Maximum}");
        }
    }

    private static void Require(string? problem)
    {
        if (string.IsNullOrWhiteSpace(problem))
        {
            throw new InvalidOperationException("refused without a sentence");
        }
    }
}
