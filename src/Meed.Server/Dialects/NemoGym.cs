using System.Text.Json;
using Meed.Rewards;
using Meed.Server.Profiles;

namespace Meed.Server.Dialects;

/// <summary>NeMo-Gym resources server: <c>POST /verify</c>.</summary>
/// <remarks>
/// The request is the data row with <c>responses_create_params</c> and <c>response</c> (a Responses API object) added; the answer repeats both and adds
/// <c>reward</c>, <c>reward_components</c> and the same numbers as top-level fields. A failure of ours carries <c>_ng_failure_class</c>, which takes the
/// row out of the metrics and lets it be retried.
/// <para>Source: nemo_gym/base_resources_server.py and nemo_gym/judge.py of NeMo-Gym.</para>
/// </remarks>
internal sealed class NemoGym : IDialect
{
    public string Segment => "verify";

    public string Summary => "NeMo-Gym resources server";

    public string RequestSchema => """{"type":"object","required":["response"],"properties":{"responses_create_params":{"type":"object"},"response":{"type":"object"}}}""";

    public string ResponseSchema => """{"type":"object","required":["reward"],"properties":{"reward":{"type":"number"},"reward_components":{"type":"object","additionalProperties":{"type":"number"}}}}""";

    public WireRequest Read(JsonElement body, Profile profile)
    {
        Json.Object(body, "The body");
        var response = Json.Required(body, "response", "NeMo-Gym sends the row with \"responses_create_params\" and \"response\".");
        var parameters = body.TryGetProperty("responses_create_params", out var p) ? p : default;
        var prompt = parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("input", out var input) ? input : default;
        return new WireRequest(
        [
            new TextSample
            {
                Prompt = Json.Messages(prompt, "responses_create_params.input"),
                Response = OutputText(response),
                Item = body,
                Reference = Items.Reference(body, profile.Options.ReferencePath),
            },
        ])
        { Single = true, Echo = body };
    }

    public void Write(Utf8JsonWriter writer, WireRequest request, Scores scores, Profile profile)
    {
        writer.WriteStartObject();
        foreach (var property in request.Echo.EnumerateObject())
        {
            if (property.Name is not ("reward" or "reward_components") && !profile.Schema.Components.Contains(property.Name))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteNumber("reward", profile.Number(scores, 0));
        writer.WriteStartObject("reward_components");
        Components(writer, scores, profile);
        writer.WriteEndObject();
        Components(writer, scores, profile);
        if (Profile.Failed(scores, 0) > 0)
        {
            writer.WriteString("_ng_failure_class", scores.Status[0] == ScoreStatus.JudgeError ? "judge_failed" : "verifier_failed");
            writer.WriteString("_ng_failure_judge_error", scores.Reasons[0] ?? scores.Status[0].ToString());
        }

        writer.WriteEndObject();
    }

    private static void Components(Utf8JsonWriter writer, Scores scores, Profile profile)
    {
        for (int c = 0; c < profile.Schema.Components.Count; c++)
        {
            double value = scores.Component(c)[0];
            writer.WriteNumber(profile.Schema.Components[c], double.IsFinite(value) ? value : 0);
        }
    }

    /// <summary>Text of the message items of a Responses API object, joined.</summary>
    private static string OutputText(JsonElement response)
    {
        if (response.ValueKind == JsonValueKind.String)
        {
            return Json.Text(response, "response");
        }

        Json.Object(response, "response");
        if (!response.TryGetProperty("output", out var output) || output.ValueKind != JsonValueKind.Array)
        {
            throw new RequestException("\"response.output\" must be a list of items, as the Responses API gives them.");
        }

        var parts = new List<string>();
        foreach (var item in output.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("content", out var content)
                && (!item.TryGetProperty("type", out var type) || type.ValueEquals("message")))
            {
                parts.Add(Json.Content(content, "response.output[].content"));
            }
        }

        return string.Concat(parts);
    }
}
