using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Rewards.Documents.OpenAi;

namespace Meed.Judges.Graders;

/// <summary>Reads <c>score_model</c> and <c>label_model</c> documents.</summary>
internal static class ModelGraderReader
{
    private const int MostMessages = 64;
    private const int MostLabels = 64;
    private static readonly string[] s_roles = ["system", "developer", "user", "assistant"];
    private static readonly string[] s_efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    // Graders below one "judge" node share its client, and with it the bound on requests.
    private static readonly ConditionalWeakTable<DocumentNode, JudgeClient> s_clients = [];

    public static IReward<TextSample>? Score(DocumentNode node, string path, RewardBuilder<TextSample> builder)
    {
        var reader = new GraderReader<TextSample>(node, path, builder, "model", "input", "range", "sampling_params", "pass_threshold");
        var (model, messages, sampling, client) = (reader.Text("model"), Messages(reader), Sampling(reader), Client(reader, path, builder));
        var (low, high) = reader.Range();
        if (!reader.Ok)
        {
            return null;
        }

        string bounds = string.Create(CultureInfo.InvariantCulture, $"{low:R} to {high:R}");
        return new ScoreModel(reader.Name, new ChatRequest(model!, messages!, sampling, $"Answer with a JSON object {{\"reasoning\": \"...\", \"result\": number}}. The result is a number from {bounds}.",
            """{"type":"object","properties":{"reasoning":{"type":"string"},"result":{"type":"number"}},"required":["reasoning","result"],"additionalProperties":false}"""), low, high, client!, builder.Registry.Service<JudgeUsage>());
    }

    public static IReward<TextSample>? Label(DocumentNode node, string path, RewardBuilder<TextSample> builder)
    {
        var reader = new GraderReader<TextSample>(node, path, builder, "model", "input", "labels", "passing_labels", "sampling_params");
        var (model, messages, sampling, client) = (reader.Text("model"), Messages(reader), Sampling(reader), Client(reader, path, builder));
        var (labels, passing) = (reader.Texts("labels"), reader.Texts("passing_labels"));
        if (labels is not null && (labels.Count > MostLabels || labels.Distinct().Count() != labels.Count || labels.Any(l => l.Length is 0 or > 200)))
        {
            reader.Problem("labels", $"must be at most {MostLabels} different texts of 1 to 200 characters.");
        }

        if (labels is not null && passing?.FirstOrDefault(p => !labels.Contains(p)) is { } stranger)
        {
            reader.Problem("passing_labels", $"has '{stranger}', which is no label. Known: {string.Join(", ", labels)}.");
        }

        if (!reader.Ok)
        {
            return null;
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["reasoning"] = new JsonObject { ["type"] = "string" },
                ["result"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. labels!.Select(l => JsonValue.Create(l))]) },
            },
            ["required"] = new JsonArray("reasoning", "result"), ["additionalProperties"] = false,
        };
        return new LabelModel(reader.Name, new ChatRequest(model!, messages!, sampling, $"Answer with a JSON object {{\"reasoning\": \"...\", \"result\": label}}. The label is one of {JsonSerializer.Serialize(labels)}.", schema.ToJsonString()),
            labels!, passing!, client!, builder.Registry.Service<JudgeUsage>());
    }

    private static JudgeClient? Client(GraderReader<TextSample> reader, string path, RewardBuilder<TextSample> builder)
    {
        if (builder.Judge is { } node)
        {
            if (builder.Registry.Service<JudgeRule>() is { FromDocuments: false })
            {
                reader.Problem("judge", "may not be part of a grader that is sent; the server's profile names the judge.");
                return null;
            }

            return s_clients.TryGetValue(node, out var known) ? known
                : builder.Options<JudgeOptions>(node, $"{path}.judge") is { } options ? s_clients.GetValue(node, _ => new JudgeClient(options)) : null;
        }

        if (builder.Registry.Service<JudgeEndpoint>() is { } endpoint)
        {
            return endpoint.Client;
        }

        reader.Problem("type", "asks a chat model, and none is named: give --judge-url, or write judge: { url: http://127.0.0.1:8000/v1 } beside it or in the server's profile.");
        return null;
    }

    private static List<ChatMessage>? Messages(GraderReader<TextSample> reader)
    {
        if (reader["input"] is not { Kind: NodeKind.List, Items.Count: > 0 and <= MostMessages } input)
        {
            reader.Problem("input", reader["input"] is null ? "is missing." : $"must be a list of 1 to {MostMessages} messages with role and content.");
            return null;
        }

        var messages = new List<ChatMessage>();
        foreach (var (i, item) in input.Items.Index())
        {
            string? role = item["role"]?.Text;
            if (item.Kind != NodeKind.Map || role is null || !s_roles.Contains(role) || item.Entries.Any(e => e.Key is not ("role" or "content" or "type")))
            {
                reader.Problem("input", $"[{i}] must be a message with a role ({string.Join(", ", s_roles)}) and content.");
                continue;
            }

            var parts = item["content"] is { } content ? content.Kind == NodeKind.List ? content.Items.Select(c => Part(reader, c, i)).ToList() : [Part(reader, content, i)] : [];
            if (parts.Count == 0)
            {
                reader.Problem("input", $"[{i}].content is missing.");
            }

            messages.Add(new ChatMessage(role, [.. parts.OfType<ChatPart>()]));
        }

        return messages;
    }

    private static ChatPart? Part(GraderReader<TextSample> reader, DocumentNode node, int message)
    {
        if (node.Kind == NodeKind.Scalar)
        {
            return reader.Template("input", node.Text) is { } text ? new ChatPart(text) : null;
        }

        switch (node["type"]?.Text)
        {
            case "input_text" or "output_text" or "text" when node["text"] is { Kind: NodeKind.Scalar } text:
                return reader.Template("input", text.Text) is { } template ? new ChatPart(template) : null;
            case "input_image" when node["image_url"] is { Kind: NodeKind.Scalar } image:
                return reader.Template("input", image.Text) is { } address ? new ChatPart(address, true, node["detail"]?.Text) : null;
            default:
                reader.Problem("input", $"[{message}].content must be a text, {{ type: input_text, text }} or {{ type: input_image, image_url }}; other parts, such as audio, cannot be sent.");
                return null;
        }
    }

    private static ChatSampling Sampling(GraderReader<TextSample> reader)
    {
        if (reader["sampling_params"] is not { } node)
        {
            return new ChatSampling();
        }

        if (node.Kind != NodeKind.Map)
        {
            reader.Problem("sampling_params", "must be a map.");
            return new ChatSampling();
        }

        double? Number(string key, double low, double high)
        {
            if (node[key] is not { IsNull: false } value)
            {
                return null;
            }

            if (value.Kind == NodeKind.Scalar && Numbers.TryParse(value.Text, out double number) && number >= low && number <= high)
            {
                return number;
            }

            reader.Problem("sampling_params", string.Create(CultureInfo.InvariantCulture, $".{key} must be a number from {low} to {high}."));
            return null;
        }

        foreach (var entry in node.Entries.Where(e => e.Key is not ("temperature" or "top_p" or "seed" or "reasoning_effort" or "max_completions_tokens" or "max_completion_tokens")))
        {
            reader.Problem("sampling_params", $".{entry.Key} is unknown. Known: temperature, top_p, seed, reasoning_effort, max_completions_tokens.");
        }

        string? effort = node["reasoning_effort"] is { IsNull: false } e ? e.Text : null;
        if (effort is not null && !s_efforts.Contains(effort))
        {
            reader.Problem("sampling_params", $".reasoning_effort is '{effort}'. {Nearest.Hint(effort, s_efforts)}");
        }

        return new ChatSampling
        {
            Temperature = Number("temperature", 0, 2), TopP = Number("top_p", 0, 1), Seed = (long?)Number("seed", 0, 1L << 53), ReasoningEffort = effort,
            MaxTokens = (int?)(Number("max_completions_tokens", 1, 1_000_000) ?? Number("max_completion_tokens", 1, 1_000_000)),
        };
    }
}
