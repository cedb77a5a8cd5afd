using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Meed.Judges;
using Meed.Rewards;
using Meed.Server.Dialects;
using Meed.Server.Graders;
using Meed.Server.Profiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Meed.Server.Hosting;

/// <summary>The reward server: finds profile and dialect in the path, scores the samples and answers in the dialect's words.</summary>
/// <remarks>
/// Paths are <c>/p/{profile}/…/{segment}</c> or <c>/…/{segment}</c> for the default profile; segments between are ignored, because some callers put a
/// prefix of their own in front. Program-decided rewards run at once on the request's own thread; only rewards that prefer batches wait for one (<see cref="BatchWindow"/>).
/// </remarks>
public sealed class RewardServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ProfileStore _profiles;
    private readonly ServerOptions _options;
    private readonly Admission _admission;
    private readonly ServerMetrics _metrics = new();
    private readonly Telemetry _telemetry;
    private readonly Dictionary<string, IDialect> _dialects;
    private volatile bool _stopping;

    internal RewardServer(ServerOptions options, ProfileStore profiles, Action<string>? log = null)
    {
        _options = options;
        _profiles = profiles;
        _admission = new Admission(options.MaxRequests, options.MaxSamples);
        _telemetry = new Telemetry(options.Telemetry);
        IDialect[] dialects = [new MeedScore(), new OpenRlhf(), new Slime(), new LlamaFactory(), new EndpointGrader(), new NemoGym()];
        _dialects = dialects.ToDictionary(d => d.Segment, StringComparer.Ordinal);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = options.Drain);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(30));
        });
        builder.WebHost.UseUrls(options.Listen);
        _app = builder.Build();
        _app.Lifetime.ApplicationStopping.Register(() => _stopping = true);
        _app.Run(HandleAsync);
        Log = log ?? (_ => { });
    }

    /// <summary>Opens a server on the profiles of a YAML file; throws <see cref="Meed.Rewards.Documents.DocumentException"/> with every problem of the file.</summary>
    /// <param name="path">The file of profiles.</param>
    /// <param name="registry">The rewards that profiles may name.</param>
    /// <param name="listen">Address that replaces the file's; null keeps it.</param>
    /// <param name="log">Receives one line per notable event; never samples, tokens or secret paths.</param>
    public static RewardServer Open(string path, RewardRegistry<TextSample> registry, string? listen = null, Action<string>? log = null)
    {
        var (options, store) = ProfileStore.Open(path, registry, log ?? (_ => { }));
        options = listen is null ? options : options with { Listen = listen };
        foreach (string problem in options.Problems())
        {
            store.Dispose();
            throw new ArgumentException(problem, nameof(listen));
        }

        return new RewardServer(options, store, log);
    }

    /// <summary>Names of the profiles, sorted.</summary>
    public IReadOnlyList<string> Profiles => _profiles.Names;

    /// <summary>Receives one line per notable event; never samples, tokens or secret paths.</summary>
    private Action<string> Log { get; }

    /// <summary>Addresses the server listens on, once started.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _app.Urls];

    /// <summary>Starts listening.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _app.StartAsync(cancellationToken);

    /// <summary>Stops accepting, answers what was accepted, then ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <summary>Runs until the process is asked to stop.</summary>
    public Task WaitAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _profiles.Dispose();
        await _app.DisposeAsync().ConfigureAwait(false);
        _telemetry.Dispose();
    }

    private Task HandleAsync(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "/";
        bool get = HttpMethods.IsGet(http.Request.Method);
        switch (path)
        {
            case "/healthz" when get:
                return PlainAsync(http, 200, "ok\n");
            case "/readyz" when get:
                return _stopping ? PlainAsync(http, 503, "stopping\n") : PlainAsync(http, 200, "ready\n");
            case "/metrics" when get:
                return PlainAsync(http, 200, _metrics.Write(_admission));
            case "/" when get:
                return PlainAsync(http, 200, Index());
            case "/openapi.json" when get:
                return JsonAsync(http, 200, writer => OpenApi.Write(writer, _dialects.Values, _profiles.Names));
            default:
                return DialectAsync(http, path, get);
        }
    }

    private Task DialectAsync(HttpContext http, string path, bool get)
    {
        var route = Route.Parse(path);
        if (_profiles.Find(route.Profile, route.Secret) is not { } profile)
        {
            return ProblemAsync(http, 404, route.Profile is null
                ? "There is no default profile: name one in the path, as in /p/{profile}/" + route.Segment + "."
                : $"There is no profile '{route.Profile}'.");
        }

        if (!Authorised(http, profile, route.Secret is not null))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return ProblemAsync(http, 401, "This profile needs 'Authorization: Bearer <token>'.");
        }

        switch (route.Segment)
        {
            case "reverify_mode" when get:
                return JsonAsync(http, 200, w => w.WriteStringValue(profile.Schema is { Scope: RewardScope.Sample, Deterministic: true } ? "stateless" : "unsupported"));
            case "seed_session" when !get:
                return JsonAsync(http, 200, w => { w.WriteStartObject(); w.WriteEndObject(); });
            case "aggregate_metrics" when !get:
                return AdmittedAsync(http, () => AggregateAsync(http, profile));
            case RunCode.Segment when HttpMethods.IsPost(http.Request.Method):
                return RunCodeAsync(http, profile);
            case "run" or "validate" when route.Before == "graders" && HttpMethods.IsPost(http.Request.Method):
                return AdmittedAsync(http, () => GraderAsync(http, profile, route.Segment == "run"));
            default:
                if (!_dialects.TryGetValue(route.Segment, out var dialect))
                {
                    return ProblemAsync(http, 404, $"'{route.Segment}' is no endpoint. Known: {string.Join(", ", _dialects.Keys)}, graders/run, graders/validate, seed_session, aggregate_metrics, reverify_mode, {RunCode.Segment}.");
                }

                return HttpMethods.IsPost(http.Request.Method)
                    ? ScoreAsync(http, dialect, profile)
                    : ProblemAsync(http, 405, $"'{route.Segment}' takes POST, not {http.Request.Method}.");
        }
    }

    private Task ScoreAsync(HttpContext http, IDialect dialect, Profile profile) => AdmittedAsync(http, async () =>
    {
        long arrived = Stopwatch.GetTimestamp();
        using var activity = _telemetry.Start(dialect.Segment, profile.Name, http.Request.Headers.TraceParent);
        if (dialect is MeedScore && http.Request.ContentType?.StartsWith("application/x-ndjson", StringComparison.OrdinalIgnoreCase) == true)
        {
            await LineStream.ScoreAsync(http, profile, _admission, _options.MaxBodyBytes, (scores, time) => Count(activity, dialect, profile, scores, TimeSpan.Zero, time)).ConfigureAwait(false);
            return;
        }

        var body = await BodyAsync(http).ConfigureAwait(false);

        // Samples that wait together with others may outlive this request: their JSON is left to the collector.
        using var lease = profile.Window is null ? body : null;
        var request = dialect.Read(body.RootElement, profile);
        if (!_admission.TryTake(request.Samples.Count))
        {
            await BusyAsync(http).ConfigureAwait(false);
            return;
        }

        (Scores Scores, TimeSpan Waited)? scored;
        long started = Stopwatch.GetTimestamp();
        try
        {
            scored = await profile.ScoreAsync(request.Samples, http.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            _admission.Return(request.Samples.Count);
        }

        if (scored is not var (scores, waited))
        {
            http.Response.Headers.RetryAfter = "1";
            await ProblemAsync(http, 429, $"More than {profile.Options.MaxWaiting} samples wait for this profile's judge (maxWaiting); try again in a second.").ConfigureAwait(false);
            return;
        }

        Count(activity, dialect, profile, scores, Stopwatch.GetElapsedTime(arrived, started) + waited, Stopwatch.GetElapsedTime(started) - waited);
        int status = dialect.StatusFor(scores);
        if (status == 503)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        await JsonAsync(http, status, writer => dialect.Write(writer, request, scores, profile)).ConfigureAwait(false);
    });

    // Whatever works on a request's body has a place; past the bound the answer is 503.
    private async Task AdmittedAsync(HttpContext http, Func<Task> work, int busy = 503)
    {
        if (_stopping || !_admission.TryEnter())
        {
            await BusyAsync(http, busy).ConfigureAwait(false);
            return;
        }

        try
        {
            await work().ConfigureAwait(false);
        }
        catch (RequestException e)
        {
            await ProblemAsync(http, 400, e.Message).ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            await ProblemAsync(http, e.StatusCode, e.StatusCode == 413 ? $"The body is larger than {_options.MaxBodyBytes} bytes (maxBodyBytes)." : e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            Log($"a request failed: {e.GetType().Name}");
            await ProblemAsync(http, 500, "The server failed on this request; its log says how.").ConfigureAwait(false);
        }
        finally
        {
            _admission.Leave();
        }
    }

    private async Task RunCodeAsync(HttpContext http, Profile profile)
    {
        if (!profile.Options.AllowCode)
        {
            await ProblemAsync(http, 403, $"The profile '{profile.Name}' does not run code; write allow-code: true in it when that is meant.").ConfigureAwait(false);
            return;
        }

        await AdmittedAsync(http, async () =>
        {
            long arrived = Stopwatch.GetTimestamp();
            using var activity = _telemetry.Start(RunCode.Segment, profile.Name, http.Request.Headers.TraceParent);
            using var body = await BodyAsync(http).ConfigureAwait(false);
            var request = RunCode.Read(body.RootElement);
            var (answer, worked) = await RunCode.RunAsync(request, http.RequestAborted).ConfigureAwait(false);
            string labels = $"profile=\"{profile.Name}\",dialect=\"{RunCode.Segment}\"";
            _metrics.Add($"meed_requests_total{{{labels}}}");
            _metrics.Observe("meed_queue_seconds", labels, Stopwatch.GetElapsedTime(arrived) - worked);
            _metrics.Observe("meed_work_seconds", labels, worked);
            if (answer is null)
            {
                await BusyAsync(http, RunCode.RetriedStatus).ConfigureAwait(false);
                return;
            }

            await JsonAsync(http, 200, answer.Write).ConfigureAwait(false);
        }, RunCode.RetriedStatus).ConfigureAwait(false);
    }

    private async Task GraderAsync(HttpContext http, Profile profile, bool run)
    {
        using var activity = _telemetry.Start(run ? "graders/run" : "graders/validate", profile.Name, http.Request.Headers.TraceParent);
        try
        {
            using var body = await BodyAsync(http).ConfigureAwait(false);
            var registry = profile.Judge is { } judge ? _profiles.Registry.With(new JudgeEndpoint(judge)) : _profiles.Registry;
            var grader = GraderRun.Read(body.RootElement, registry, profile.Options.AllowCode);
            if (!run)
            {
                await JsonAsync(http, 200, writer =>
                {
                    writer.WriteStartObject();
                    writer.WritePropertyName("grader");
                    grader.Grader.WriteTo(writer);
                    writer.WriteEndObject();
                }).ConfigureAwait(false);
                return;
            }

            long started = Stopwatch.GetTimestamp();
            var write = await grader.RunAsync(body.RootElement, http.RequestAborted).ConfigureAwait(false);
            _metrics.Add($"meed_requests_total{{profile=\"{profile.Name}\",dialect=\"graders/run\"}}");
            _metrics.Observe("meed_work_seconds", $"profile=\"{profile.Name}\",dialect=\"graders/run\"", Stopwatch.GetElapsedTime(started));
            await JsonAsync(http, 200, write).ConfigureAwait(false);
        }
        catch (GraderException e)
        {
            await JsonAsync(http, 400, writer => GraderError.Write(writer, 400, e.Message, e.Param, e.Code)).ConfigureAwait(false);
        }
        catch (RequestException e)
        {
            await JsonAsync(http, 400, writer => GraderError.Write(writer, 400, e.Message, null, null)).ConfigureAwait(false);
        }
    }

    private static async Task AggregateAsync(HttpContext http, Profile profile)
    {
        using var body = await BodyAsync(http).ConfigureAwait(false);
        var means = NemoGymAggregate.Compute(body.RootElement, profile);
        await JsonAsync(http, 200, writer => NemoGymAggregate.Write(writer, means)).ConfigureAwait(false);
    }

    private static async Task<JsonDocument> BodyAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        for (; ; )
        {
            var result = await reader.ReadAsync(http.RequestAborted).ConfigureAwait(false);
            if (!result.IsCompleted)
            {
                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }

            if (result.Buffer.IsEmpty)
            {
                throw new RequestException("The body is empty; it must be JSON.");
            }

            // The buffer goes back with the request, the samples may outlive this call: keep a copy.
            byte[] bytes = result.Buffer.ToArray();
            reader.AdvanceTo(result.Buffer.End);
            try
            {
                Json.RequireText(bytes, "The body");
                return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 });
            }
            catch (JsonException e)
            {
                throw new RequestException($"The body is not valid JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}.");
            }
        }
    }

    private bool Authorised(HttpContext http, Profile profile, bool bySecret)
    {
        if (bySecret)
        {
            return true;
        }

        string? token = profile.Options.Token ?? _options.Token;
        if (token is null)
        {
            return profile.Options.SecretPath is null;
        }

        string header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[7..]), Encoding.UTF8.GetBytes(token));
    }

    private void Count(Activity? activity, IDialect dialect, Profile profile, Scores scores, TimeSpan queued, TimeSpan worked)
    {
        string labels = $"profile=\"{profile.Name}\",dialect=\"{dialect.Segment}\"";
        _metrics.Add($"meed_requests_total{{{labels}}}");
        _metrics.Add($"meed_samples_total{{{labels}}}", scores.Count);
        int failed = 0;
        for (int i = 0; i < scores.Count; i++)
        {
            if (Profile.Failed(scores, i) > 0)
            {
                failed++;
                _metrics.Add($"meed_failed_samples_total{{profile=\"{profile.Name}\",status=\"{scores.Status[i]}\"}}");
            }
        }

        _metrics.Observe("meed_queue_seconds", labels, queued);
        _metrics.Observe("meed_work_seconds", labels, worked);
        _telemetry.Count(activity, dialect.Segment, profile.Name, scores.Count, failed, queued, worked);
        if (failed > 0)
        {
            Log($"{profile.Name}: {failed} of {scores.Count} samples failed");
        }
    }

    private string Index()
    {
        var text = new StringBuilder("Meed reward server\n\nprofiles\n");
        foreach (string name in _profiles.Names)
        {
            text.Append(CultureInfo.InvariantCulture, $"  /p/{name}/…\n");
        }

        text.Append("\nendpoints (POST)\n");
        foreach (var dialect in _dialects.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {dialect.Segment,-14} {dialect.Summary}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  {RunCode.Segment,-14} {RunCode.Summary}\n");
        text.Append("  graders/run    OpenAI graders API, also graders/validate\n");
        return text.Append("\nGET /healthz /readyz /metrics /openapi.json\n").ToString();
    }

    private static Task BusyAsync(HttpContext http, int status = 503)
    {
        http.Response.Headers.RetryAfter = "1";
        return ProblemAsync(http, status, "The server is full; try again in a second.");
    }

    private static Task PlainAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    private static Task ProblemAsync(HttpContext http, int status, string detail) => JsonAsync(http, status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("status", status);
        writer.WriteString("title", status switch { 400 => "Bad request", 401 => "Unauthorised", 403 => "Forbidden", 404 => "Not found", 405 => "Method not allowed", 413 => "Too large", 429 => "Too many requests", 503 or 504 => "Busy", _ => "Error" });
        writer.WriteString("detail", detail);
        writer.WriteEndObject();
    }, "application/problem+json");

    private static async Task JsonAsync(HttpContext http, int status, Action<Utf8JsonWriter> write, string type = "application/json")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted).ConfigureAwait(false);
    }
}
