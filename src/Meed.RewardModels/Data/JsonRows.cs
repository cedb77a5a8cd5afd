using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

namespace Meed.RewardModels.Data;

/// <summary>Streams the rows of a file: JSON lines, one JSON array of objects, or CSV with a header; gzip or plain.</summary>
/// <remarks>Memory holds one row, whatever the size of the file.</remarks>
internal static class JsonRows
{
    private const int Block = 1 << 16;
    private const int LongestRow = 1 << 28;

    /// <summary>Line (or element number, for an array) and bytes of each row. The bytes are valid until the next row.</summary>
    public static IEnumerable<(long Line, ReadOnlyMemory<byte> Row)> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        Span<byte> magic = stackalloc byte[2];
        int got = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        bool gzip = got == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        file.Position = 0;
        Stream stream = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        var rows = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) ? CsvRows.Read(stream) : Rows(stream, path);
        foreach (var row in rows)
        {
            yield return row;
        }
    }

    private static IEnumerable<(long, ReadOnlyMemory<byte>)> Rows(Stream stream, string path)
    {
        byte[] buffer = new byte[Block];
        int start = 0, end = 0, scanned = 0;
        long line = 0, element = 0;
        bool first = true, array = false, finished = false;
        var cut = new ElementCut();
        while (true)
        {
            int stop = array ? cut.End(buffer, ref scanned, end) : NewLine(buffer, ref scanned, end);
            if (stop < 0)
            {
                if (finished)
                {
                    break;
                }

                if (start > 0)
                {
                    buffer.AsSpan(start, end - start).CopyTo(buffer);
                    cut.Shift(start);
                    (scanned, end, start) = (scanned - start, end - start, 0);
                }

                if (end == buffer.Length)
                {
                    if (buffer.Length >= LongestRow)
                    {
                        throw new PreferenceException($"{path}:{line + 1}: the row is longer than {LongestRow >> 20} MB.");
                    }

                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                int read = Fill(stream, path, buffer.AsSpan(end));
                finished = read == 0;
                end += read;
                if (first && end > 0)
                {
                    first = false;
                    start = buffer.AsSpan(0, end).StartsWith("\uFEFF"u8) ? 3 : 0;
                    int mark = buffer.AsSpan(start, end - start).IndexOfAnyExcept(" \t\r\n"u8);
                    array = mark >= 0 && buffer[start + mark] == (byte)'[';
                    start += array ? mark + 1 : 0;
                    scanned = start;
                }

                if (finished && !array && end > start)
                {
                    line++;
                    var last = Trim(buffer, start, end);
                    if (last.Length > 0)
                    {
                        yield return (line, last);
                    }

                    start = end;
                }

                continue;
            }

            if (array)
            {
                yield return (++element, buffer.AsMemory(cut.Start, stop - cut.Start));
            }
            else
            {
                line++;
                var row = Trim(buffer, start, stop);
                if (row.Length > 0)
                {
                    yield return (line, row);
                }
            }

            start = scanned = array ? stop : stop + 1;
        }
    }

    private static int Fill(Stream stream, string path, Span<byte> to)
    {
        try
        {
            return stream.Read(to);
        }
        catch (InvalidDataException e)
        {
            throw new PreferenceException($"{path}: the gzip data is damaged: {e.Message}");
        }
    }

    private static int NewLine(byte[] buffer, ref int scanned, int end)
    {
        int found = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
        if (found < 0)
        {
            scanned = end;
            return -1;
        }

        return scanned + found;
    }

    private static ReadOnlyMemory<byte> Trim(byte[] buffer, int start, int end)
    {
        while (start < end && buffer[start] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            start++;
        }

        while (end > start && buffer[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            end--;
        }

        return buffer.AsMemory(start, end - start);
    }

    // Finds the end of the next object inside an array by counting braces outside strings.
    private sealed class ElementCut
    {
        private int _depth;
        private bool _text;
        private bool _escape;

        public int Start { get; private set; } = -1;

        public void Shift(int by) => Start -= Start < 0 ? 0 : by;

        public int End(byte[] buffer, ref int scanned, int end)
        {
            for (int i = scanned; i < end; i++)
            {
                byte b = buffer[i];
                if (_text)
                {
                    (_text, _escape) = (_escape || b != (byte)'"', !_escape && b == (byte)'\\');
                }
                else if (b == (byte)'"')
                {
                    _text = true;
                }
                else if (b is (byte)'{' or (byte)'[')
                {
                    Start = _depth++ == 0 ? i : Start;
                }
                else if (b is (byte)'}' or (byte)']' && _depth > 0 && --_depth == 0)
                {
                    scanned = i + 1;
                    return scanned;
                }
            }

            scanned = end;
            return -1;
        }
    }
}

/// <summary>Reads CSV with a header; each row becomes a JSON object of strings.</summary>
internal static class CsvRows
{
    public static IEnumerable<(long, ReadOnlyMemory<byte>)> Read(Stream stream)
    {
        using var reader = new StreamReader(stream);
        var header = Fields(reader);
        if (header is null)
        {
            yield break;
        }

        long line = 1;
        while (Fields(reader) is { } fields)
        {
            line++;
            var bytes = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(bytes))
            {
                json.WriteStartObject();
                for (int i = 0; i < Math.Min(header.Count, fields.Count); i++)
                {
                    json.WriteString(header[i], fields[i]);
                }

                json.WriteEndObject();
            }

            yield return (line, bytes.WrittenMemory);
        }
    }

    // One record, quoted fields may hold line ends.
    private static List<string>? Fields(TextReader reader)
    {
        if (reader.Peek() < 0)
        {
            return null;
        }

        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        while (reader.Read() is >= 0 and int c)
        {
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append((char)c);
                }
                else if (reader.Peek() == '"')
                {
                    field.Append((char)reader.Read());
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n')
            {
                break;
            }
            else if (c != '\r')
            {
                field.Append((char)c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
