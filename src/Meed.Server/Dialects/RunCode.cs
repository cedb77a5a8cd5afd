using System.Diagnostics;
using System.Text.Json;
using Meed.Rewards;
using Meed.Rewards.Code;
using Meed.Server.Hosting;

namespace Meed.Server.Dialects;

/// <summary>SandboxFusion's <c>run_code</c>, as verl's code rewards call it: <c>sandbox_fusion.url=http://host:port/p/{profile}/run_code</c>.</summary>
/// <remarks>
/// Request <c>{"compile_timeout", "run_timeout", "code", "stdin", "memory_limit_MB", "language", "files": {name: base64}, "fetch_files": []}</c>; answer
/// <c>{"status": Success|Failed|SandboxError, "message", "compile_result", "run_result": {"status": Finished|Error|TimeLimitExceeded, …}, …}</c>.
/// A program that ends with another status than 0, or is stopped, is Failed. The client retries 504 and nothing else, and counts every other failure as a failed test:
/// what is ours (no turn in time, a machine without processor) is a 504, never a SandboxError. run_timeout bounds processor time and sleep, each by itself;
/// waiting for a turn counts against nobody, but ends after 8 s, inside the client's own limit of compile + run + 10 s.
/// <para>Source: verl/utils/reward_score/sandbox_fusion of verl.</para>
/// </remarks>
internal static class RunCode
{
    public const string Segment = "run_code";

    public const string Summary = "SandboxFusion, as verl's code rewards call it (profiles with allow-code: true)";

    public const string RequestSchema = """{"type":"object","required":["code"],"properties":{"code":{"type":"string"},"language":{"type":"string"},"stdin":{"type":"string"},"compile_timeout":{"type":"number"},"run_timeout":{"type":"number"},"memory_limit_MB":{"type":"number"},"files":{"type":"object","additionalProperties":{"type":"string"}},"fetch_files":{"type":"array","maxItems":0}}}""";

    public const string ResponseSchema = """{"type":"object","properties":{"status":{"enum":["Success","Failed","SandboxError"]},"message":{"type":"string"},"compile_result":{"type":["object","null"]},"run_result":{"type":["object","null"],"properties":{"status":{"enum":["Finished","Error","TimeLimitExceeded"]},"execution_time":{"type":"number"},"return_code":{"type":["integer","null"]},"stdout":{"type":"string"},"stderr":{"type":"string"}}}}}""";

    /// <summary>The one status that verl asks again after.</summary>
    public const int RetriedStatus = 504;

    private static readonly TimeSpan s_longestQueue = TimeSpan.FromSeconds(8);

    /// <summary>One request.</summary>
    public sealed record Request(string Language, string Code, string Input, double RunSeconds, long MemoryBytes, IReadOnlyDictionary<string, byte[]> Files);

    /// <summary>One answer.</summary>
    public sealed record Answer(string Status, string Message, ProgramResult? Compile, ProgramResult? Run)
    {
        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("status", Status);
            writer.WriteString("message", Message);
            Write(writer, "compile_result", Compile);
            Write(writer, "run_result", Run);
            writer.WriteNull("executor_pod_name");
            writer.WriteStartObject("files");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        private static void Write(Utf8JsonWriter writer, string name, ProgramResult? result)
        {
            if (result is null)
            {
                writer.WriteNull(name);
                return;
            }

            writer.WriteStartObject(name);
            writer.WriteString("status", result.Fault switch { null or "compile_error" => "Finished", "over_cpu" or "idle" => "TimeLimitExceeded", _ => "Error" });
            writer.WriteNumber("execution_time", Math.Round(result.Elapsed.TotalSeconds, 6));
            if (result.Fault is null or "compile_error")
            {
                writer.WriteNumber("return_code", result.ExitCode);
            }
            else
            {
                writer.WriteNull("return_code");
            }

            writer.WriteString("stdout", result.Output);
            writer.WriteString("stderr", result.Error);
            writer.WriteEndObject();
        }
    }

    public static Request Read(JsonElement body)
    {
        Json.Object(body, "The body");
        string code = Json.Text(Json.Required(body, "code", "run_code takes {\"code\": ..., \"language\": \"python\", \"stdin\": ...}."), "code");
        string language = body.TryGetProperty("language", out var l) ? Json.Text(l, "language") : "python";
        string input = body.TryGetProperty("stdin", out var s) && s.ValueKind != JsonValueKind.Null ? Json.Text(s, "stdin") : "";
        if (body.TryGetProperty("fetch_files", out var fetch) && fetch.ValueKind == JsonValueKind.Array && fetch.GetArrayLength() > 0)
        {
            throw new RequestException("fetch_files must be empty: what a program writes ends with its sandbox.");
        }

        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (body.TryGetProperty("files", out var f) && f.ValueKind == JsonValueKind.Object)
        {
            foreach (var file in f.EnumerateObject())
            {
                if (file.Name.Length is 0 or > 200 || file.Name.IndexOfAny(['/', '\\', '\0']) >= 0 || file.Name is "." or "..")
                {
                    throw new RequestException($"files: '{file.Name}' is no plain file name.");
                }

                if (file.Value.ValueKind != JsonValueKind.String || !file.Value.TryGetBytesFromBase64(out byte[]? content))
                {
                    throw new RequestException($"files: the content of '{file.Name}' must be base64 text.");
                }

                files[file.Name] = content;
            }
        }

        double seconds = Number(body, "run_timeout", 10);
        double memory = Number(body, "memory_limit_MB", -1);
        return new Request(language, code, input, Math.Clamp(seconds, 0.1, 600), memory <= 0 ? new CodeLimits().Memory : (long)Math.Clamp(memory, 64, 1 << 20) << 20, files);
    }

    /// <summary>Runs a request; a null answer means that the machine had no processor for it.</summary>
    public static async Task<(Answer? Answer, TimeSpan Worked)> RunAsync(Request request, CancellationToken cancellationToken)
    {
        using var turn = await ProgramTurns.TakeAsync(s_longestQueue, cancellationToken).ConfigureAwait(false);
        if (turn is null)
        {
            return (null, TimeSpan.Zero);
        }

        long started = Stopwatch.GetTimestamp();
        var answer = await Task.Run(() => Run(request, cancellationToken), CancellationToken.None).ConfigureAwait(false);
        return (answer, Stopwatch.GetElapsedTime(started));
    }

    private static Answer? Run(Request request, CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(request.RunSeconds);
        var limits = new CodeLimits { Cpu = limit, Idle = limit, Wall = (5 * limit) + TimeSpan.FromSeconds(5), Memory = request.MemoryBytes, Processes = request.Language == "csharp" ? 64 : 32 };
        try
        {
            using var program = CodeLanguages.Make(request.Language, CodeSandbox.Default, request.Code, request.Files, cancellationToken);
            if (program is null)
            {
                return new Answer("SandboxError", $"The language '{request.Language}' is not installed here. Known: {string.Join(", ", CodeLanguages.Names)}.", null, null);
            }

            if (program.Refused is { } refused)
            {
                return new Answer("Failed", "", refused, null);
            }

            var result = CodeSandbox.Default.Run(program, request.Input, limits, cancellationToken);
            return new Answer(result.Succeeded ? "Success" : "Failed", "", program.Compiled, result);
        }
        catch (SandboxException e) when (e.Status == ScoreStatus.Timeout)
        {
            return null;
        }
        catch (SandboxException e)
        {
            return new Answer("SandboxError", e.Message, null, null);
        }
    }

    private static double Number(JsonElement body, string name, double otherwise) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;
}
