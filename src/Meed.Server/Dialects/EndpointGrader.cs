using System.Text.Json;
using Meed.Rewards;
using Meed.Server.Profiles;

namespace Meed.Server.Dialects;

/// <summary>Azure OpenAI reinforcement fine-tuning with a grader of type <c>endpoint</c>.</summary>
/// <remarks>
/// Request <c>{"sample": {"output_text": …}, "item": {…}, "trace_id": …}</c>; answer <c>{"score": float}</c>. The reference is the part of
/// <c>item</c> that the profile's <c>referencePath</c> names, else its <c>reference_answer</c>, <c>reference</c>, <c>answer</c> or <c>label</c>.
/// <para>Source: the service's guide to reinforcement fine-tuning.</para>
/// </remarks>
internal sealed class EndpointGrader : IDialect
{
    public string Segment => "grade";

    public string Summary => "Azure OpenAI endpoint grader";

    public string RequestSchema => """{"type":"object","required":["sample"],"properties":{"sample":{"type":"object","required":["output_text"]},"item":{"type":"object"},"trace_id":{"type":"string"}}}""";

    public string ResponseSchema => """{"type":"object","properties":{"score":{"type":"number"}}}""";

    public WireRequest Read(JsonElement body, Profile profile)
    {
        Json.Object(body, "The body");
        var sample = Json.Object(Json.Required(body, "sample", "An endpoint grader is sent {\"sample\": ..., \"item\": ..., \"trace_id\": ...}."), "sample");
        var item = body.TryGetProperty("item", out var i) && i.ValueKind == JsonValueKind.Object ? i : default;
        return new WireRequest(
        [
            new TextSample
            {
                Response = Json.Content(Json.Required(sample, "output_text", "A sample holds its text in \"output_text\"."), "sample.output_text"),
                Item = item,
                Reference = Items.Reference(item, profile.Options.ReferencePath),
            },
        ])
        { Single = true };
    }

    public void Write(Utf8JsonWriter writer, WireRequest request, Scores scores, Profile profile)
    {
        writer.WriteStartObject();
        writer.WriteNumber("score", profile.Number(scores, 0));
        writer.WriteEndObject();
    }

    /// <summary>A failed row is retried by the caller when it sees a server error.</summary>
    public int StatusFor(Scores scores) => scores.Count > 0 && scores.Status[0] is ScoreStatus.Timeout or ScoreStatus.VerifierError or ScoreStatus.JudgeError ? 503 : 200;
}

/// <summary>Finding the reference in a data row.</summary>
internal static class Items
{
    private static readonly string[] s_usual = ["reference_answer", "reference", "expected_answer", "ground_truth", "answer", "label", "solution"];

    /// <summary>The part of the row at a dotted path, or under one of the usual names; undefined when there is none.</summary>
    public static JsonElement Reference(JsonElement item, string? path)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        if (path is not null)
        {
            var at = item;
            foreach (string part in path.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
                {
                    return default;
                }
            }

            return at;
        }

        foreach (string name in s_usual)
        {
            if (item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return value;
            }
        }

        return default;
    }
}
