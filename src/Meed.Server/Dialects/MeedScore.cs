using System.Text.Json;
using Meed.Rewards;
using Meed.Server.Profiles;

namespace Meed.Server.Dialects;

/// <summary>Meed's own format: <c>POST /v1/score</c> with a batch of 0 to N samples.</summary>
/// <remarks>
/// Request <c>{"samples": [{"id"?, "prompt"?, "response", "reference"?, "item"?, "truncated"?, "response_tokens"?}]}</c>; answer
/// <c>{"profile", "reward_hash", "results": [{"id"?, "reward", "score", "status", "reason"?, "components": {…}}]}</c>, in the order of the request.
/// <c>reward</c> is always a finite number; <c>status</c> says whether to believe it.
/// </remarks>
internal sealed class MeedScore : IDialect
{
    private const string Shape = "Send {\"samples\": [{\"prompt\": ..., \"response\": ..., \"reference\": ...}]}.";

    public string Segment => "score";

    public string Summary => "Meed's own batch format";

    public string RequestSchema => """{"type":"object","required":["samples"],"properties":{"samples":{"type":"array","items":{"type":"object","required":["response"],"properties":{"id":{},"prompt":{},"response":{"type":"string"},"reference":{},"item":{"type":"object"},"truncated":{"type":"boolean"},"response_tokens":{"type":"integer","minimum":0}}}}}}""";

    public string ResponseSchema => """{"type":"object","properties":{"profile":{"type":"string"},"reward_hash":{"type":"string"},"results":{"type":"array","items":{"type":"object","required":["reward","score","status","components"],"properties":{"id":{"type":"string"},"reward":{"type":"number"},"score":{"type":"number","minimum":0,"maximum":1},"status":{"enum":["ok","not_applicable","invalid_reference","timeout","verifier_error","judge_error"]},"reason":{"type":"string"},"components":{"type":"object","additionalProperties":{"type":"number"}}}}}}}""";

    public WireRequest Read(JsonElement body, Profile profile)
    {
        Json.Object(body, "The body");
        var rows = Json.Required(body, "samples", Shape);
        if (rows.ValueKind != JsonValueKind.Array)
        {
            throw new RequestException($"\"samples\" must be a list, not {Json.Kind(rows)}. {Shape}");
        }

        var samples = new List<TextSample>(rows.GetArrayLength());
        var ids = new List<string?>(samples.Capacity);
        foreach (var row in rows.EnumerateArray())
        {
            samples.Add(Sample(row, $"samples[{samples.Count}]", profile, out var id));
            ids.Add(id);
        }

        return new WireRequest(samples) { Ids = ids };
    }

    /// <summary>One sample from its JSON, also a line of a stream.</summary>
    public static TextSample Sample(JsonElement row, string what, Profile profile, out string? id)
    {
        Json.Object(row, what);
        string? response = null;
        id = null;
        IReadOnlyList<Message> prompt = [];
        JsonElement reference = default, item = default;
        bool truncated = false;
        int tokens = 0;
        foreach (var property in row.EnumerateObject())
        {
            var value = property.Value;
            switch (property.Name)
            {
                case "id":
                    id = value.ValueKind == JsonValueKind.String ? Json.Text(value, $"{what}.id") : value.GetRawText();
                    break;
                case "prompt":
                    prompt = Json.Messages(value, $"{what}.prompt");
                    break;
                case "response":
                    response = Json.Text(value, $"{what}.response");
                    break;
                case "reference":
                    reference = value.ValueKind == JsonValueKind.Null ? default : value;
                    break;
                case "item":
                    item = value;
                    break;
                case "truncated" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    truncated = value.GetBoolean();
                    break;
                case "response_tokens" when value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out tokens) && tokens >= 0:
                    break;
                default:
                    throw new RequestException($"{what}.{property.Name} is unknown or of the wrong type. Known: id, prompt, response, reference, item, truncated, response_tokens.");
            }
        }

        return new TextSample
        {
            Prompt = prompt,
            Response = response ?? throw new RequestException($"{what}.response is missing. {Shape}"),
            Reference = reference.ValueKind == JsonValueKind.Undefined ? Items.Reference(item, profile.Options.ReferencePath) : reference,
            Item = item,
            Truncated = truncated,
            ResponseTokens = tokens,
        };
    }

    public void Write(Utf8JsonWriter writer, WireRequest request, Scores scores, Profile profile)
    {
        writer.WriteStartObject();
        writer.WriteString("profile", profile.Name);
        writer.WriteString("reward_hash", profile.Hash);
        writer.WriteStartArray("results");
        for (int i = 0; i < scores.Count; i++)
        {
            Result(writer, request.Ids[i], scores, i, profile);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>One result object, also a line of a stream.</summary>
    public static void Result(Utf8JsonWriter writer, string? id, Scores scores, int row, Profile profile)
    {
        writer.WriteStartObject();
        if (id is not null)
        {
            writer.WriteString("id", id);
        }

        writer.WriteNumber("reward", profile.Number(scores, row));
        writer.WriteNumber("score", profile.Share(scores, row));
        writer.WriteString("status", StatusName(scores.Status[row]));
        if (scores.Reasons[row] is { } reason)
        {
            writer.WriteString("reason", reason);
        }

        writer.WriteStartObject("components");
        for (int c = 0; c < profile.Schema.Components.Count; c++)
        {
            double value = scores.Component(c)[row];
            writer.WriteNumber(profile.Schema.Components[c], double.IsFinite(value) ? value : 0);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string StatusName(ScoreStatus status) => status switch
    {
        ScoreStatus.Ok => "ok",
        ScoreStatus.NotApplicable => "not_applicable",
        ScoreStatus.InvalidReference => "invalid_reference",
        ScoreStatus.Timeout => "timeout",
        ScoreStatus.JudgeError => "judge_error",
        _ => "verifier_error",
    };
}
