using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meed.Rewards;
using Meed.Rewards.Documents.OpenAi;

namespace Meed.Judges.Graders;

/// <summary>Writes chat completion requests: the same sample gives the same bytes.</summary>
/// <param name="Model">The model.</param>
/// <param name="Messages">What is asked.</param>
/// <param name="Sampling">How the answer is sampled.</param>
/// <param name="Instruction">What form the answer takes; it is added to the first system message.</param>
/// <param name="Schema">JSON Schema of the answer, as JSON.</param>
public sealed record ChatRequest(string Model, IReadOnlyList<ChatMessage> Messages, ChatSampling Sampling, string Instruction, string Schema)
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request for a sample; empty when a template could not be filled in or the prompt is too long.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="options">The endpoint's settings.</param>
    /// <param name="work">Charged one unit a character.</param>
    /// <param name="fault">Whose fault it is that there is no request.</param>
    /// <param name="reason">Why there is none.</param>
    public ReadOnlyMemory<byte> Write(TextSample sample, JudgeOptions options, ref Work work, out TemplateFault fault, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(options);
        var scope = new TemplateScope(sample);
        var texts = new List<string>();
        long length = 0;
        foreach (var part in Messages.SelectMany(m => m.Parts))
        {
            string text = part.Template.Fill(scope, ref work, out fault, out reason);
            if (fault != TemplateFault.None)
            {
                return default;
            }

            texts.Add(text);
            length += text.Length;
        }

        if (length > options.MaxPromptCharacters)
        {
            fault = sample.Response.Length > options.MaxPromptCharacters / 2 ? TemplateFault.Sample : TemplateFault.Item;
            reason = fault == TemplateFault.Sample ? "too_long" : $"the prompt is longer than {options.MaxPromptCharacters} characters";
            return default;
        }

        fault = TemplateFault.None;
        reason = null;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, s_json);
        json.WriteStartObject();
        json.WriteString("model", options.Model ?? Model);
        WriteMessages(json, texts);
        WriteSampling(json, options);
        if (options.Structured)
        {
            json.WriteStartObject("response_format");
            json.WriteString("type", "json_schema");
            json.WriteStartObject("json_schema");
            json.WriteString("name", "verdict");
            json.WriteBoolean("strict", true);
            json.WritePropertyName("schema");
            json.WriteRawValue(Schema);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private void WriteMessages(Utf8JsonWriter json, List<string> texts)
    {
        json.WriteStartArray("messages");
        bool system = Messages[0].Role is "system" or "developer" && Messages[0].Parts.All(p => !p.Image);
        if (!system)
        {
            json.WriteStartObject();
            json.WriteString("role", "system");
            json.WriteString("content", Instruction);
            json.WriteEndObject();
        }

        int at = 0;
        for (int m = 0; m < Messages.Count; m++)
        {
            var message = Messages[m];
            json.WriteStartObject();
            json.WriteString("role", message.Role);
            if (message.Parts.All(p => !p.Image))
            {
                string content = string.Concat(texts.GetRange(at, message.Parts.Count));
                Text(json, "content", m == 0 && system ? $"{content}\n\n{Instruction}" : content);
            }
            else
            {
                json.WriteStartArray("content");
                for (int p = 0; p < message.Parts.Count; p++)
                {
                    Part(json, message.Parts[p], texts[at + p]);
                }

                json.WriteEndArray();
            }

            at += message.Parts.Count;
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Part(Utf8JsonWriter json, ChatPart part, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", part.Image ? "image_url" : "text");
        if (part.Image)
        {
            json.WriteStartObject("image_url");
            Text(json, "url", text);
            if (part.Detail is { } detail)
            {
                json.WriteString("detail", detail);
            }

            json.WriteEndObject();
        }
        else
        {
            Text(json, "text", text);
        }

        json.WriteEndObject();
    }

    private void WriteSampling(Utf8JsonWriter json, JudgeOptions options)
    {
        if (Sampling.Temperature is not null || Sampling.ReasoningEffort is null)
        {
            json.WriteNumber("temperature", Sampling.Temperature ?? 0);
        }

        if (Sampling.TopP is { } topP)
        {
            json.WriteNumber("top_p", topP);
        }

        json.WriteNumber("seed", Sampling.Seed ?? 0);
        if (Sampling.ReasoningEffort is { } effort)
        {
            json.WriteString("reasoning_effort", effort);
        }

        json.WriteNumber("max_completion_tokens", Sampling.MaxTokens ?? options.MaxTokens);
    }

    // A response may hold half of a surrogate pair, which no JSON can carry: it is sent as the replacement character.
    private static void Text(Utf8JsonWriter json, string name, string text)
        => json.WriteString(name, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
}
