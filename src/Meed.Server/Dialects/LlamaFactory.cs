using System.Text.Json;
using Meed.Rewards;
using Meed.Server.Profiles;

namespace Meed.Server.Dialects;

/// <summary>LLaMA-Factory PPO with <c>reward_model_type: api</c>.</summary>
/// <remarks>
/// Request <c>{"model": str, "messages": [str]}</c>: whole conversations as plain strings, no reference. Answer <c>{"scores": [float]}</c>.
/// <para>Source: src/llamafactory/train/ppo/ppo_utils.py of LLaMA-Factory.</para>
/// </remarks>
internal sealed class LlamaFactory : IDialect
{
    public string Segment => "scores";

    public string Summary => "LLaMA-Factory PPO reward API";

    public string RequestSchema => """{"type":"object","required":["messages"],"properties":{"model":{"type":"string"},"messages":{"type":"array","items":{"type":"string"}}}}""";

    public string ResponseSchema => """{"type":"object","properties":{"scores":{"type":"array","items":{"type":"number"}}}}""";

    public WireRequest Read(JsonElement body, Profile profile)
    {
        Json.Object(body, "The body");
        var texts = Json.List(Json.Required(body, "messages", "LLaMA-Factory sends {\"model\": ..., \"messages\": [str]}."));
        var samples = new TextSample[texts.Count];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = new TextSample { Response = profile.Strip(Json.Text(texts[i], $"messages[{i}]")) };
        }

        return new WireRequest(samples);
    }

    public void Write(Utf8JsonWriter writer, WireRequest request, Scores scores, Profile profile)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("scores");
        for (int i = 0; i < scores.Count; i++)
        {
            writer.WriteNumberValue(profile.Number(scores, i));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
