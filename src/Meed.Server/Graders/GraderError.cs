using System.Text.Json;

namespace Meed.Server.Graders;

/// <summary>A request that cannot be served, in the shape in which OpenAI's API says so.</summary>
internal static class GraderError
{
    public static void Write(Utf8JsonWriter writer, int status, string message, string? param, string? code)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", message);
        writer.WriteString("type", status switch { 401 => "authentication_error", 429 => "rate_limit_error", >= 500 => "server_error", _ => "invalid_request_error" });
        writer.WriteString("param", param);
        writer.WriteString("code", code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

/// <summary>The request names no usable grader, sample or item.</summary>
internal sealed class GraderException(string message, string? param, string? code = null) : Exception(message)
{
    /// <summary>The part of the request that it is about.</summary>
    public string? Param { get; } = param;

    /// <summary>A word for it.</summary>
    public string? Code { get; } = code;
}
