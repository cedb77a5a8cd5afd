using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Meed.Load;

/// <summary>What a run measured.</summary>
internal sealed record LoadResult(string Mode, int Connections, double Seconds, long Requests, long Samples, long Wrong, double RequestsPerSecond, double SamplesPerSecond, double P50, double P90, double P99, double P999, double Max);

/// <summary>Keeps connections busy for a bounded time and checks every answer.</summary>
/// <remarks>With a rate, requests have due times and latency counts from the due time, so that a slow server cannot hide its queue.</remarks>
internal sealed class LoadRun(Uri url, string mode, int connections, TimeSpan duration, double rate, double hostile)
{
    private const int BatchSize = 64;

    private readonly List<double[]> _latencies = [];
    private readonly Lock _lock = new();
    private long _requests;
    private long _wrong;

    public async Task<LoadResult> RunAsync()
    {
        int batch = mode == "batch" ? BatchSize : 1;
        var request = Request(batch, 0);
        var hostileRequest = Request(1, 1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => WorkAsync(i, request, hostileRequest, TimeSpan.FromSeconds(1), warm: true)));   // both sides compile
        _requests = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(i => WorkAsync(i, request, hostileRequest, duration, warm: false)));
        double seconds = watch.Elapsed.TotalSeconds;
        double[] all = [.. _latencies.SelectMany(l => l)];
        Array.Sort(all);
        double At(double share) => all.Length == 0 ? 0 : Math.Round(all[Math.Min(all.Length - 1, (int)(share * all.Length))], 3);
        return new LoadResult(mode, connections, Math.Round(seconds, 2), _requests, _requests * batch, _wrong,
            Math.Round(_requests / seconds), Math.Round(_requests * batch / seconds), At(0.5), At(0.9), At(0.99), At(0.999), At(1));
    }

    private async Task WorkAsync(int index, byte[] request, byte[] hostileRequest, TimeSpan time, bool warm)
    {
        await Task.Yield();
        var latencies = new List<double>(1 << 16);
        var buffer = new byte[1 << 16];
        var random = new Random(index);
        Socket? socket = null;
        long start = Stopwatch.GetTimestamp();
        double interval = rate > 0 ? connections / rate : 0;
        for (long n = 0; Stopwatch.GetElapsedTime(start) < time; n++)
        {
            long due = Stopwatch.GetTimestamp();
            if (interval > 0 && !warm)
            {
                var at = TimeSpan.FromSeconds((n + ((double)index / connections)) * interval);
                var wait = at - Stopwatch.GetElapsedTime(start);
                if (wait > TimeSpan.FromMilliseconds(1))
                {
                    await Task.Delay(wait);
                }

                due = start + (long)(at.TotalSeconds * Stopwatch.Frequency);
                due = Math.Min(due, Stopwatch.GetTimestamp());
            }

            bool bad = hostile > 0 && random.NextDouble() < hostile;
            if (socket is null)
            {
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, url.Port));
            }

            await socket.SendAsync(bad ? hostileRequest : request);
            int length = await AnswerAsync(socket, buffer);
            if (mode == "new" || length == 0)
            {
                socket.Dispose();
                socket = null;
            }

            latencies.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
            if (!Right(buffer.AsSpan(0, length), bad))
            {
                Interlocked.Increment(ref _wrong);
            }

            Interlocked.Increment(ref _requests);
        }

        socket?.Dispose();
        lock (_lock)
        {
            if (!warm)
            {
                _latencies.Add([.. latencies]);
            }
        }
    }

    private static bool Right(ReadOnlySpan<byte> answer, bool bad) => answer.StartsWith("HTTP/1.1 200"u8) && answer.IndexOf(bad ? "\"rewards\":[0]"u8 : "\"rewards\":[1"u8) > 0;

    private async Task<int> AnswerAsync(Socket socket, byte[] buffer)
    {
        int length = 0, expected = -1;
        while (length < buffer.Length && (expected < 0 || length < expected))
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                return length;
            }

            length += read;
            if (expected < 0 && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is var head and >= 0)
            {
                int at = buffer.AsSpan(0, head).IndexOf("Content-Length: "u8);
                int value = 0;
                for (int i = at + 16; buffer[i] is >= (byte)'0' and <= (byte)'9'; i++)
                {
                    value = (value * 10) + buffer[i] - '0';
                }

                expected = head + 4 + value;
            }
        }

        return length;
    }

    private byte[] Request(int batch, int kind)
    {
        const string prompt = "<|im_start|>user\\nNatalia sold 48 clips in April and half as many in May. How many did she sell altogether?<|im_end|>\\n<|im_start|>assistant\\n";
        string response = kind == 0 ? "She sold 48 / 2 = 24 clips in May, so 48 + 24 = 72 altogether. The answer is \\\\boxed{72}.<|im_end|>" : "\\\\boxed{" + new string('{', 2000) + "9^9^9^9^9";
        string Repeat(string s) => string.Join(',', Enumerable.Repeat('"' + s + '"', batch));
        string body = $"{{\"query\":[{Repeat(prompt + response)}],\"prompts\":[{Repeat(prompt)}],\"labels\":[{Repeat("72")}]}}";
        return Encoding.UTF8.GetBytes($"POST {url.AbsolutePath} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{(mode == "new" ? "Connection: close\r\n" : "")}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }
}
