using System.Buffers;
using System.Text.Json;

namespace Meed.Rewards.Files;

/// <summary>Writes scores as lines of JSON.</summary>
/// <remarks>
/// <c>{"line":12,"reward":0.5,"status":"Ok","reason":"boxed","components":{"a":1},"work":310}</c>; a row without a number has
/// <c>"reward":null</c>, a component that was not evaluated is left out. <c>file</c> stands first when there are several inputs.
/// </remarks>
internal sealed class RowWriter
{
    private static readonly JsonEncodedText s_file = JsonEncodedText.Encode("file"), s_line = JsonEncodedText.Encode("line"), s_reward = JsonEncodedText.Encode("reward"),
        s_status = JsonEncodedText.Encode("status"), s_reason = JsonEncodedText.Encode("reason"), s_components = JsonEncodedText.Encode("components"), s_work = JsonEncodedText.Encode("work"), s_document = JsonEncodedText.Encode("document");

    private static readonly JsonEncodedText[] s_statuses = [.. Enum.GetNames<ScoreStatus>().Select(n => JsonEncodedText.Encode(n))];
    private readonly JsonEncodedText[] _components;
    private readonly JsonEncodedText[] _keep;
    private readonly JsonEncodedText[]? _files;
    private readonly JsonEncodedText? _document;

    public RowWriter(RewardSchema schema, FileScorerOptions options)
    {
        _components = [.. schema.Components.Select(n => JsonEncodedText.Encode(n))];
        _keep = [.. options.Keep.Select(n => JsonEncodedText.Encode(n))];
        _files = options.Inputs.Count > 1 ? [.. options.Inputs.Select(n => JsonEncodedText.Encode(n))] : null;
        string? hash = options.DocumentHash;
        hash = hash is not null && hash.StartsWith("sha256:", StringComparison.Ordinal) ? hash[7..] : hash;
        _document = hash is null ? null : JsonEncodedText.Encode(hash[..Math.Min(12, hash.Length)]);
    }

    public void Write(Scores scores, Utf8JsonWriter json, IBufferWriter<byte> to, int file, ReadOnlySpan<long> lines, byte[] buffer, ReadOnlySpan<int> starts, ReadOnlySpan<Range> kept)
    {
        for (int row = 0; row < scores.Count; row++)
        {
            json.WriteStartObject();
            if (_files is not null)
            {
                json.WriteString(s_file, _files[file]);
            }

            json.WriteNumber(s_line, lines[row]);
            for (int k = 0; k < _keep.Length; k++)
            {
                var range = kept[row * _keep.Length + k];
                json.WritePropertyName(_keep[k]);
                if (range.End.Value == 0)
                {
                    json.WriteNullValue();
                }
                else
                {
                    json.WriteRawValue(buffer.AsSpan(starts[row])[range], skipInputValidation: true);
                }
            }

            var status = scores.Status[row];
            if (status == ScoreStatus.Ok)
            {
                json.WriteNumber(s_reward, scores.Values[row]);
            }
            else
            {
                json.WriteNull(s_reward);
            }

            json.WriteString(s_status, s_statuses[(int)status]);
            if (scores.Reasons[row] is { } reason)
            {
                json.WriteString(s_reason, reason);
            }

            if (_components.Length > 0)
            {
                json.WriteStartObject(s_components);
                for (int c = 0; c < _components.Length; c++)
                {
                    double value = scores.Component(c)[row];
                    if (!double.IsNaN(value))
                    {
                        json.WriteNumber(_components[c], value);
                    }
                }

                json.WriteEndObject();
            }

            json.WriteNumber(s_work, scores.Work[row]);
            if (_document is { } document)
            {
                json.WriteString(s_document, document);
            }

            json.WriteEndObject();
            json.Flush();
            json.Reset();
            to.Write("\n"u8);
        }
    }
}
