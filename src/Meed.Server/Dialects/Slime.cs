using System.Text.Json;
using Meed.Rewards;
using Meed.Server.Profiles;

namespace Meed.Server.Dialects;

/// <summary>slime: <c>--rm-type remote_rm --rm-url http://host:port/remote_rm</c>.</summary>
/// <remarks>
/// Request <c>{"prompt": str or messages, "response": str, "label": any}</c>, one sample a call. The whole answer becomes the reward: a bare number,
/// or an object when the profile says <c>slimeObject: true</c> and the trainer <c>--reward-key reward</c>. slime retries every error ten times and then
/// kills the rollout, so a row that failed for good is answered with the profile's stated value, not with an error.
/// <para>Source: slime/rollout/rm_hub/__init__.py of slime.</para>
/// </remarks>
internal sealed class Slime : IDialect
{
    public string Segment => "remote_rm";

    public string Summary => "slime remote reward model";

    public string RequestSchema => """{"type":"object","required":["response"],"properties":{"prompt":{},"response":{"type":"string"},"label":{}}}""";

    public string ResponseSchema => """{"oneOf":[{"type":"number"},{"type":"object","additionalProperties":{"type":"number"}}]}""";

    public WireRequest Read(JsonElement body, Profile profile)
    {
        Json.Object(body, "The body");
        var response = Json.Required(body, "response", "slime sends {\"prompt\": ..., \"response\": ..., \"label\": ...}.");
        return new WireRequest(
        [
            new TextSample
            {
                Prompt = Json.Messages(body.TryGetProperty("prompt", out var prompt) ? prompt : default, "prompt"),
                Response = profile.Strip(Json.Text(response, "response")),
                Reference = body.TryGetProperty("label", out var label) && label.ValueKind != JsonValueKind.Null ? label : default,
            },
        ])
        { Single = true };
    }

    public void Write(Utf8JsonWriter writer, WireRequest request, Scores scores, Profile profile)
    {
        if (!profile.Options.SlimeObject)
        {
            writer.WriteNumberValue(profile.Number(scores, 0));
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("reward", profile.Number(scores, 0));
        writer.WriteNumber("rm_failed", Profile.Failed(scores, 0));
        for (int c = 0; c < profile.Schema.Components.Count; c++)
        {
            double value = scores.Component(c)[0];
            writer.WriteNumber(profile.Schema.Components[c], double.IsFinite(value) ? value : 0);
        }

        writer.WriteEndObject();
    }
}
