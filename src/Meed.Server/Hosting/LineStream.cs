using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;
using Meed.Rewards;
using Meed.Server.Dialects;
using Meed.Server.Profiles;
using Microsoft.AspNetCore.Http;

namespace Meed.Server.Hosting;

/// <summary>NDJSON on <c>/v1/score</c>: one sample a line in, one result a line out, in order, as they are scored.</summary>
internal static class LineStream
{
    private const int Window = 256;
    private const int LongestLine = 16 << 20;

    /// <summary>Answers a stream; <paramref name="scored"/> hears of every window and the time it took.</summary>
    public static async Task ScoreAsync(HttpContext http, Profile profile, Admission admission, long mostBytes, Action<Scores, TimeSpan> scored)
    {
        // The whole stream may be longer than one body: the bound holds for each line.
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        int longest = (int)Math.Min(LongestLine, mostBytes);
        http.Response.ContentType = "application/x-ndjson";
        var reader = http.Request.BodyReader;
        var lines = new List<byte[]>(Window);
        int number = 0;
        for (bool done = false; !done;)
        {
            var result = await reader.ReadAsync(http.RequestAborted).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (lines.Count < Window && TryLine(ref buffer, result.IsCompleted, out var line))
            {
                lines.Add(line);
            }

            if (lines.Count == 0 && buffer.Length > longest)
            {
                throw new RequestException($"Line {number + 1} is longer than {longest} bytes.");
            }

            done = result.IsCompleted && buffer.IsEmpty;
            reader.AdvanceTo(buffer.Start, lines.Count == Window ? buffer.Start : buffer.End);
            if (lines.Count > 0)
            {
                await AnswerAsync(http.Response.BodyWriter, lines, number, profile, admission, scored, http.RequestAborted).ConfigureAwait(false);
                number += lines.Count;
                lines.Clear();
            }
        }
    }

    private static async Task AnswerAsync(PipeWriter output, List<byte[]> lines, int first, Profile profile, Admission admission, Action<Scores, TimeSpan> scored, CancellationToken cancellationToken)
    {
        var samples = new List<TextSample>(lines.Count);
        var places = new (string? Id, string? Problem)[lines.Count];
        for (int i = 0; i < lines.Count; i++)
        {
            try
            {
                Json.RequireText(lines[i], $"line {first + i + 1}");
                using var document = JsonDocument.Parse(lines[i]);
                samples.Add(MeedScore.Sample(document.RootElement.Clone(), $"line {first + i + 1}", profile, out var id));
                places[i] = (id, null);
            }
            catch (JsonException e)
            {
                places[i] = (null, $"line {first + i + 1} is not valid JSON: byte {e.BytePositionInLine}.");
            }
            catch (RequestException e)
            {
                places[i] = (null, e.Message);
            }
        }

        // A stream waits for its places: it is slowed down rather than cut off.
        await admission.TakeAsync(samples.Count, cancellationToken).ConfigureAwait(false);
        Scores scores;
        try
        {
            long started = Stopwatch.GetTimestamp();
            (Scores Scores, TimeSpan)? result;
            while ((result = await profile.ScoreAsync(samples, cancellationToken).ConfigureAwait(false)) is null)
            {
                await Task.Delay(50, cancellationToken).ConfigureAwait(false);
            }

            scores = result.Value.Scores;
            scored(scores, Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            admission.Return(samples.Count);
        }

        var buffer = new ArrayBufferWriter<byte>(lines.Count * 128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            int row = 0;
            foreach (var (id, problem) in places)
            {
                writer.Reset(buffer);
                if (problem is null)
                {
                    MeedScore.Result(writer, id, scores, row++, profile);
                }
                else
                {
                    writer.WriteStartObject();
                    writer.WriteString("status", "invalid_input");
                    writer.WriteString("reason", problem);
                    writer.WriteEndObject();
                }

                writer.Flush();
                buffer.GetSpan(1)[0] = (byte)'\n';
                buffer.Advance(1);
            }
        }

        await output.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    private static bool TryLine(ref ReadOnlySequence<byte> buffer, bool last, out byte[] line)
    {
        while (!buffer.IsEmpty)
        {
            var end = buffer.PositionOf((byte)'\n');
            if (end is null && !last)
            {
                break;
            }

            var slice = end is { } e ? buffer.Slice(0, e) : buffer;
            buffer = end is { } f ? buffer.Slice(buffer.GetPosition(1, f)) : buffer.Slice(buffer.End);
            line = slice.ToArray();
            if (line.AsSpan().Trim(" \t\r"u8).Length > 0)
            {
                return true;
            }
        }

        line = [];
        return false;
    }
}
