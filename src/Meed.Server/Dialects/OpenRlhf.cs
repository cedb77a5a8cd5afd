using System.Text.Json;
using Meed.Rewards;
using Meed.Server.Profiles;

namespace Meed.Server.Dialects;

/// <summary>OpenRLHF: <c>--reward.remote_url http://host:port/get_reward</c>.</summary>
/// <remarks>
/// Request <c>{"query":[str],"prompts":[str],"labels":[any]}</c>, where a query is prompt and response together with special tokens kept.
/// Answer <c>{"rewards":[…],"scores":[…],"extra_logs":{name:[…]}}</c>: always lists, the same keys every time, numbers only. Old clients send
/// <c>query</c> alone. With several URLs every server but the first gets empty lists and must answer 200.
/// <para>Source: openrlhf/utils/agent.py and openrlhf/cli/serve_rm.py of OpenRLHF.</para>
/// </remarks>
internal sealed class OpenRlhf : IDialect
{
    private const string Shape = "OpenRLHF sends {\"query\": [...], \"prompts\": [...], \"labels\": [...]}.";

    public string Segment => "get_reward";

    public string Summary => "OpenRLHF remote reward model";

    public string RequestSchema => """{"type":"object","required":["query"],"properties":{"query":{"type":"array","items":{"type":"string"}},"prompts":{"type":"array","items":{"type":"string"}},"labels":{"type":"array"}}}""";

    public string ResponseSchema => """{"type":"object","properties":{"rewards":{"type":"array","items":{"type":"number"}},"scores":{"type":"array","items":{"type":"number"}},"extra_logs":{"type":"object","additionalProperties":{"type":"array","items":{"type":"number"}}}}}""";

    public WireRequest Read(JsonElement body, Profile profile)
    {
        Json.Object(body, "The body");
        var queries = Json.List(Json.Required(body, "query", Shape));
        var prompts = body.TryGetProperty("prompts", out var p) && p.ValueKind != JsonValueKind.Null ? Json.List(p) : [];
        var labels = body.TryGetProperty("labels", out var l) && l.ValueKind != JsonValueKind.Null ? Json.List(l) : [];
        if ((prompts.Count != 0 && prompts.Count != queries.Count) || (labels.Count != 0 && labels.Count != queries.Count))
        {
            throw new RequestException($"query has {queries.Count} entries, prompts {prompts.Count}, labels {labels.Count}; they belong together one to one.");
        }

        var samples = new TextSample[queries.Count];
        for (int i = 0; i < samples.Length; i++)
        {
            string query = Json.Text(queries[i], $"query[{i}]");
            string prompt = prompts.Count == 0 ? "" : Json.Text(prompts[i], $"prompts[{i}]");
            samples[i] = new TextSample
            {
                Prompt = prompt.Length == 0 ? [] : [new Message("user", prompt)],
                Response = profile.Strip(query.StartsWith(prompt, StringComparison.Ordinal) ? query[prompt.Length..] : query),
                Reference = labels.Count == 0 || labels[i].ValueKind == JsonValueKind.Null ? default : labels[i],
            };
        }

        return new WireRequest(samples);
    }

    public void Write(Utf8JsonWriter writer, WireRequest request, Scores scores, Profile profile)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("rewards");
        for (int i = 0; i < scores.Count; i++)
        {
            writer.WriteNumberValue(profile.Number(scores, i));
        }

        writer.WriteEndArray();
        writer.WriteStartArray("scores");
        for (int i = 0; i < scores.Count; i++)
        {
            writer.WriteNumberValue(profile.Share(scores, i));
        }

        writer.WriteEndArray();
        writer.WriteStartObject("extra_logs");
        writer.WriteStartArray("rm_failed");
        for (int i = 0; i < scores.Count; i++)
        {
            writer.WriteNumberValue(Profile.Failed(scores, i));
        }

        writer.WriteEndArray();
        for (int c = 0; c < profile.Schema.Components.Count; c++)
        {
            Json.Column(writer, profile.Schema.Components[c], scores.Component(c));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
