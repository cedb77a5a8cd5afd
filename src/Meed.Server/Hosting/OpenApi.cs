using System.Text.Json;
using Meed.Server.Dialects;

namespace Meed.Server.Hosting;

/// <summary>The OpenAPI 3.1 description of the endpoints.</summary>
internal static class OpenApi
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<IDialect> dialects, IReadOnlyList<string> profiles)
    {
        writer.WriteStartObject();
        writer.WriteString("openapi", "3.1.0");
        writer.WriteStartObject("info");
        writer.WriteString("title", "Meed reward server");
        writer.WriteString("version", typeof(OpenApi).Assembly.GetName().Version!.ToString(3));
        writer.WriteEndObject();
        writer.WriteStartObject("paths");
        foreach (var dialect in dialects)
        {
            Post(writer, $"{(dialect is MeedScore ? "v1/" : "")}{dialect.Segment}", dialect.Segment, dialect.Summary, dialect.RequestSchema, "The rewards, in the order of the request.", dialect.ResponseSchema, profiles);
        }

        Post(writer, RunCode.Segment, RunCode.Segment, RunCode.Summary, RunCode.RequestSchema, "How the program ran. Profiles without allow-code answer 403; a 504 asks to come again.", RunCode.ResponseSchema, profiles);
        Post(writer, "v1/fine_tuning/alpha/graders/run", "graders_run", "OpenAI graders API: run a grader on one sample",
            """{"type":"object","required":["grader","model_sample"],"properties":{"grader":{"type":"object","required":["type"]},"model_sample":{"type":"string"},"item":{"type":"object"}}}""", "The reward with its metadata.",
            """{"type":"object","required":["reward","metadata","sub_rewards","model_grader_token_usage_per_model"],"properties":{"reward":{"type":"number"},"metadata":{"type":"object"},"sub_rewards":{"type":"object"},"model_grader_token_usage_per_model":{"type":"object"}}}""", profiles);
        Post(writer, "v1/fine_tuning/alpha/graders/validate", "graders_validate", "OpenAI graders API: check a grader",
            """{"type":"object","required":["grader"],"properties":{"grader":{"type":"object","required":["type"]}}}""", "The grader.", """{"type":"object","properties":{"grader":{"type":"object"}}}""", profiles);

        foreach (string path in (string[])["/healthz", "/readyz", "/metrics"])
        {
            writer.WriteStartObject(path);
            writer.WriteStartObject("get");
            writer.WriteStartObject("responses");
            Plain(writer, "200", "Text.");
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Post(Utf8JsonWriter writer, string path, string id, string summary, string request, string answers, string response, IReadOnlyList<string> profiles)
    {
        writer.WriteStartObject($"/p/{{profile}}/{path}");
        writer.WriteStartObject("post");
        writer.WriteString("summary", summary);
        writer.WriteString("operationId", id);
        Profile(writer, profiles);
        writer.WriteStartObject("requestBody");
        writer.WriteBoolean("required", true);
        Schema(writer, request);
        writer.WriteEndObject();
        writer.WriteStartObject("responses");
        writer.WriteStartObject("200");
        writer.WriteString("description", answers);
        Schema(writer, response);
        writer.WriteEndObject();
        Plain(writer, "400", "The body does not have the endpoint's shape.");
        Plain(writer, "401", "The profile needs a bearer token.");
        Plain(writer, "404", "No such profile or endpoint.");
        Plain(writer, "413", "The body is too large.");
        Plain(writer, "429", "Too many samples wait for the profile's judge: come back after Retry-After seconds.");
        Plain(writer, "503", "Full or stopping: come back after Retry-After seconds.");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Profile(Utf8JsonWriter writer, IReadOnlyList<string> profiles)
    {
        writer.WriteStartArray("parameters");
        writer.WriteStartObject();
        writer.WriteString("name", "profile");
        writer.WriteString("in", "path");
        writer.WriteBoolean("required", true);
        writer.WriteStartObject("schema");
        writer.WriteString("type", "string");
        writer.WriteStartArray("enum");
        foreach (string name in profiles)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Schema(Utf8JsonWriter writer, string schema)
    {
        writer.WriteStartObject("content");
        writer.WriteStartObject("application/json");
        writer.WritePropertyName("schema");
        writer.WriteRawValue(schema);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Plain(Utf8JsonWriter writer, string status, string description)
    {
        writer.WriteStartObject(status);
        writer.WriteString("description", description);
        writer.WriteEndObject();
    }
}
