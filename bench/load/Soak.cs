using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Meed.Load;

/// <summary>What a soak measured.</summary>
internal sealed record SoakResult
{
    public required string Date { get; init; }

    public required double Minutes { get; init; }

    public required double AskedRate { get; init; }

    public required double Rate { get; init; }

    public required int Connections { get; init; }

    public required long Requests { get; init; }

    public required long Samples { get; init; }

    public required IReadOnlyDictionary<string, long> Hostile { get; init; }

    /// <summary>Good requests whose answer was not the one that belongs to them.</summary>
    public required long WrongAnswers { get; init; }

    /// <summary>Requests, good or hostile, that were answered with another status than the right one.</summary>
    public required long WrongStatuses { get; init; }

    /// <summary>Good requests that got no answer.</summary>
    public required long Lost { get; init; }

    /// <summary>Samples that the server counted beyond those that were sent (doubled) or short of them (lost).</summary>
    public required long Uncounted { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    /// <summary>The server's resident memory in MB, one reading a minute.</summary>
    public required IReadOnlyList<double> MemoryMegabytes { get; init; }

    public required string Machine { get; init; }
}

/// <summary>Keeps a server busy for long at a modest rate with a share of hostile requests, and checks every answer against the request it belongs to.</summary>
/// <remarks>
/// Every good request has eight samples; which of them are right is the binary form of the request's number, so that an answer of another request, a doubled or a lost one does not fit.
/// At the end the server's own counter of samples must be what was sent; requests whose client hangs up before the answer go to a profile of their own, as they may be stopped or not.
/// </remarks>
internal sealed class Soak(int port, TimeSpan duration, double rate, double hostile, int connections, int mostBytes, int processId)
{
    private const int Samples = 8;
    private readonly IReadOnlyList<Hostile> _kinds = Hostile.All(mostBytes);
    private readonly long[] _sent = new long[Hostile.All(mostBytes).Count];
    private readonly List<double> _memory = [];
    private readonly List<double> _latencies = [];
    private readonly Lock _lock = new();
    private long _good;
    private long _next;
    private long _extra;
    private long _wrongAnswers;
    private long _wrongStatuses;
    private long _lost;

    public async Task<SoakResult> RunAsync()
    {
        var watch = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var memory = WatchAsync(watch, stop.Token);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(i => WorkAsync(i, watch)));
        double seconds = watch.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await memory;
        long counted = await CountedAsync();
        _latencies.Sort();
        double At(double share) => _latencies.Count == 0 ? 0 : Math.Round(_latencies[Math.Min(_latencies.Count - 1, (int)(share * _latencies.Count))], 2);
        return new SoakResult
        {
            Date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Minutes = Math.Round(seconds / 60, 2), AskedRate = rate, Rate = Math.Round((_good + _sent.Sum()) / seconds, 1), Connections = connections,
            Requests = _good, Samples = _good * Samples, Hostile = _kinds.Select((k, i) => (k.Name, _sent[i])).ToDictionary(k => k.Name, k => k.Item2),
            WrongAnswers = _wrongAnswers, WrongStatuses = _wrongStatuses, Lost = _lost, Uncounted = counted - (_good * Samples) - _extra, P50 = At(0.5), P99 = At(0.99), MemoryMegabytes = _memory,
            Machine = $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}, .NET {Environment.Version}",
        };
    }

    private async Task WorkAsync(int index, Stopwatch watch)
    {
        await Task.Yield();
        var random = new Random(index);
        var buffer = new byte[1 << 16];
        Socket? socket = null;
        double interval = connections / rate;
        for (long n = 0; watch.Elapsed < duration; n++)
        {
            var wait = TimeSpan.FromSeconds((n + ((double)index / connections)) * interval) - watch.Elapsed;
            if (wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait);
            }

            socket ??= await ConnectAsync();
            if (random.NextDouble() < hostile)
            {
                socket = await HostileAsync(socket, random.Next(_kinds.Count), buffer);
                continue;
            }

            long number = Interlocked.Increment(ref _next);
            Interlocked.Increment(ref _good);
            var (request, expected) = Good((int)(number % (1 << Samples)));
            long started = Stopwatch.GetTimestamp();
            int length = await ExchangeAsync(socket, request, buffer);
            double time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            lock (_lock)
            {
                _latencies.Add(time);
            }

            string answer = Encoding.UTF8.GetString(buffer, 0, length);
            if (length == 0)
            {
                Interlocked.Increment(ref _lost);
                socket.Dispose();
                socket = null;
            }
            else if (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _wrongStatuses);
                await Console.Error.WriteLineAsync($"good request: {answer[..Math.Min(300, answer.Length)]}");
            }
            else if (!answer.EndsWith(expected, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _wrongAnswers);
            }
        }

        socket?.Dispose();
    }

    private async Task<Socket?> HostileAsync(Socket socket, int kind, byte[] buffer)
    {
        var hostileKind = _kinds[kind];
        Interlocked.Increment(ref _sent[kind]);
        if (hostileKind.Statuses.Length == 0)
        {
            await socket.SendAsync(hostileKind.Bytes);
            socket.Dispose();
            return null;
        }

        int length = await ExchangeAsync(socket, hostileKind.Bytes, buffer);
        string answer = Encoding.UTF8.GetString(buffer, 0, Math.Min(length, 300));
        if (!hostileKind.Statuses.Any(s => answer.StartsWith($"HTTP/1.1 {s}", StringComparison.Ordinal)))
        {
            Interlocked.Increment(ref _wrongStatuses);
            await Console.Error.WriteLineAsync($"{hostileKind.Name}: {(answer.Length == 0 ? "no answer" : answer)}");
        }

        Interlocked.Add(ref _extra, hostileKind.Statuses[0] == 200 ? 1 : 0);
        if (!hostileKind.Closes && length > 0)
        {
            return socket;
        }

        socket.Dispose();
        return null;
    }

    private static (byte[] Request, string Expected) Good(int bits)
    {
        var query = new StringBuilder();
        var expected = new StringBuilder("\"rewards\":[");
        var labels = new StringBuilder();
        for (int i = 0; i < Samples; i++)
        {
            bool right = (bits >> i & 1) == 1;
            string comma = i > 0 ? "," : "";
            query.Append(CultureInfo.InvariantCulture, $"{comma}\"pso it is \\\\boxed{{{i + 10}}}\"");
            labels.Append(CultureInfo.InvariantCulture, $"{comma}\"{(right ? i + 10 : i + 50)}\"");
            expected.Append(comma).Append(right ? '1' : '0');
        }

        string body = $"{{\"query\":[{query}],\"prompts\":[{string.Join(',', Enumerable.Repeat("\"p\"", Samples))}],\"labels\":[{labels}]}}";
        string values = expected.ToString()[11..];
        return (Encoding.UTF8.GetBytes($"POST /get_reward HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"),
            $"{{\"rewards\":[{values}],\"scores\":[{values}],\"extra_logs\":{{\"rm_failed\":[{string.Join(',', Enumerable.Repeat("0", Samples))}]}}}}");
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    // Length of the answer; 0 when the server hung up without one.
    private static async Task<int> ExchangeAsync(Socket socket, byte[] request, byte[] buffer)
    {
        int length = 0, expected = -1;
        try
        {
            await socket.SendAsync(request);
            while (length < buffer.Length && (expected < 0 || length < expected))
            {
                int read = await socket.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0)
                {
                    break;
                }

                length += read;
                int head = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
                if (expected < 0 && head >= 0)
                {
                    int at = buffer.AsSpan(0, head).IndexOf("Content-Length: "u8);
                    int value = 0;
                    for (int i = at + 16; at >= 0 && buffer[i] is >= (byte)'0' and <= (byte)'9'; i++)
                    {
                        value = (value * 10) + buffer[i] - '0';
                    }

                    expected = head + 4 + value;
                }
            }
        }
        catch (SocketException)
        {
            // What was read counts.
        }

        return length;
    }

    private async Task WatchAsync(Stopwatch watch, CancellationToken stop)
    {
        try
        {
            for (int minute = 0; ; minute++)
            {
                await Task.Delay(TimeSpan.FromMinutes(minute) - watch.Elapsed is { Ticks: > 0 } wait ? wait : TimeSpan.Zero, stop);
                string line = File.ReadLines($"/proc/{processId}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
                double megabytes = Math.Round(double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture) / 1024, 1);
                lock (_lock)
                {
                    _memory.Add(megabytes);
                }

                Console.WriteLine($"minute {minute,3}: {Interlocked.Read(ref _good):N0} good, {_sent.Sum():N0} hostile, {_wrongAnswers + _wrongStatuses + _lost} wrong, {megabytes} MB");
            }
        }
        catch (OperationCanceledException)
        {
            // The soak is over.
        }
    }

    private async Task<long> CountedAsync()
    {
        using var client = new HttpClient();
        string metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
        return metrics.Split('\n').Where(l => l.StartsWith("meed_samples_total{profile=\"default\"", StringComparison.Ordinal)).Sum(l => long.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
