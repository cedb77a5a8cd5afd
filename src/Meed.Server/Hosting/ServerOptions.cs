namespace Meed.Server.Hosting;

/// <summary>Settings of the whole server; profiles have their own.</summary>
public sealed record ServerOptions
{
    /// <summary>Address to listen on. Loopback by default: other machines reach the server only when an address is named.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:8600";

    /// <summary>Bearer token for every profile that has none of its own; none when not set.</summary>
    public string? Token { get; init; }

    /// <summary>Largest body of a request in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 64 << 20;

    /// <summary>Requests under way at once; the next one gets 503 with Retry-After.</summary>
    public int MaxRequests { get; init; } = 4096;

    /// <summary>Samples under way at once over all requests; a batch past that gets 503 with Retry-After.</summary>
    public int MaxSamples { get; init; } = 65_536;

    /// <summary>Where spans and metrics are sent over OTLP; nowhere by default.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>How long a stopping server waits for requests that it accepted.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!Uri.TryCreate(Listen, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            yield return $"Listen is '{Listen}'; write an address such as http://127.0.0.1:8600.";
        }

        if (MaxBodyBytes < 1024)
        {
            yield return $"MaxBodyBytes is {MaxBodyBytes}; use at least 1024.";
        }

        if (MaxRequests < 1 || MaxSamples < 1)
        {
            yield return $"MaxRequests is {MaxRequests} and MaxSamples {MaxSamples}; both are at least 1.";
        }
    }
}
