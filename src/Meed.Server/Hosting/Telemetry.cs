using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Meed.Server.Hosting;

/// <summary>Where spans and metrics are sent over OTLP; nowhere unless an endpoint is named.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Address of an OTLP collector, such as <c>http://127.0.0.1:4318</c>. Nothing is recorded without one.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Use gRPC (port 4317 as a rule) instead of HTTP with protobuf bodies.</summary>
    public bool Grpc { get; init; }

    /// <summary>Name of this service in the collector.</summary>
    public string ServiceName { get; init; } = "meed";

    /// <summary>How often metrics are sent.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Endpoint is not null && (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
        {
            yield return $"Endpoint is '{Endpoint}'; write an address such as http://127.0.0.1:4318.";
        }

        if (Interval < TimeSpan.FromMilliseconds(100))
        {
            yield return $"Interval is {Interval.TotalMilliseconds} ms; write at least 100ms.";
        }
    }
}

/// <summary>A span for each scored request and the counters of <see cref="ServerMetrics"/>, for OpenTelemetry. Names, counts and times; never samples, tokens or secret paths.</summary>
internal sealed class Telemetry : IDisposable
{
    private const string Source = "Meed.Server";
    private readonly ActivitySource _source = new(Source);
    private readonly Meter _meter = new(Source);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _work;
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    public Telemetry(TelemetryOptions options)
    {
        _requests = _meter.CreateCounter<long>("meed.requests");
        _samples = _meter.CreateCounter<long>("meed.samples");
        _failed = _meter.CreateCounter<long>("meed.samples.failed");
        _queue = _meter.CreateHistogram<double>("meed.queue", "s");
        _work = _meter.CreateHistogram<double>("meed.work", "s");
        if (options.Endpoint is not { } endpoint)
        {
            return;
        }

        var resource = ResourceBuilder.CreateDefault().AddService(options.ServiceName, serviceVersion: typeof(Telemetry).Assembly.GetName().Version!.ToString(3));
        void Exporter(OtlpExporterOptions o, string path)
        {
            o.Protocol = options.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
            o.Endpoint = options.Grpc ? new Uri(endpoint) : new Uri(endpoint.TrimEnd('/') + path);
        }

        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Source).AddOtlpExporter(o => Exporter(o, "/v1/traces")).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Source).AddOtlpExporter((o, reader) =>
        {
            Exporter(o, "/v1/metrics");
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Interval.TotalMilliseconds;
        }).Build();
    }

    /// <summary>A span for a request, under the caller's where it names one in <c>traceparent</c>; null when nobody listens.</summary>
    public Activity? Start(string dialect, string profile, string? traceparent)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(traceparent, null, isRemote: true, out var parent);
        var activity = _source.StartActivity(dialect, ActivityKind.Server, parent);
        activity?.SetTag("meed.profile", profile);
        return activity;
    }

    public void Count(Activity? activity, string dialect, string profile, int samples, int failed, TimeSpan queued, TimeSpan worked)
    {
        var labels = new TagList { { "profile", profile }, { "dialect", dialect } };
        _requests.Add(1, labels);
        _samples.Add(samples, labels);
        _failed.Add(failed, labels);
        _queue.Record(queued.TotalSeconds, labels);
        _work.Record(worked.TotalSeconds, labels);
        activity?.SetTag("meed.samples", samples);
        activity?.SetTag("meed.samples.failed", failed);
        activity?.SetTag("meed.queue.seconds", queued.TotalSeconds);
    }

    /// <summary>Sends what was not sent yet, for at most five seconds.</summary>
    public void Flush()
    {
        _traces?.ForceFlush(5000);
        _metrics?.ForceFlush(5000);
    }

    public void Dispose()
    {
        Flush();
        _traces?.Dispose();
        _metrics?.Dispose();
        _source.Dispose();
        _meter.Dispose();
    }
}
