using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Meed.Rewards.Documents;

namespace Meed.Rewards.Files.Rollouts;

/// <summary>Reads files of rollouts row by row; a line that is no row is counted and named, and reading goes on.</summary>
public sealed class RolloutReader
{
    private readonly RolloutOptions _options;
    private readonly List<RolloutFormat> _formats = [];

    /// <summary>A reader.</summary>
    /// <exception cref="ArgumentException">The options have problems.</exception>
    public RolloutReader(RolloutOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems));
        }

        _options = options;
    }

    /// <summary>Called for each bad line, in order.</summary>
    public Action<BadLine>? OnBadLine { get; init; }

    /// <summary>Lines that were no rows.</summary>
    public long BadLines { get; private set; }

    /// <summary>Rows read.</summary>
    public long RowsRead { get; private set; }

    /// <summary>The layouts that were found, in order of their appearance.</summary>
    public IReadOnlyList<RolloutFormat> Formats => _formats;

    /// <summary>Every row, in order. May be asked for once.</summary>
    /// <exception cref="FileScoringException">An input cannot be read; one sentence.</exception>
    public IEnumerable<RolloutRow> Rows(CancellationToken cancellationToken = default)
    {
        using var reader = new BlockReader(_options.Inputs, cancellationToken);
        int file = -1;
        var format = RolloutFormat.Auto;
        while (reader.TryNext(out var block))
        {
            if (block.File != file)
            {
                (file, format) = (block.File, _options.Format);
            }

            foreach (var (bytes, number) in block.Lines())
            {
                var rows = Line(bytes, _options.Inputs[file], number, ref format);
                foreach (var row in rows)
                {
                    RowsRead++;
                    yield return row;
                }
            }

            ArrayPool<byte>.Shared.Return(block.Buffer);
        }
    }

    // The rows of a line; none with the problem reported when it is no row. The bytes are copied where a sample keeps them.
    private List<RolloutRow> Line(ReadOnlyMemory<byte> bytes, string file, long number, ref RolloutFormat format)
    {
        try
        {
            if (!Utf8.IsValid(bytes.Span))
            {
                throw new RolloutRowException("The line is not UTF-8.");
            }

            byte[] copy = bytes.ToArray();
            using var document = JsonDocument.Parse(copy, new JsonDocumentOptions { MaxDepth = 256 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new RolloutRowException($"The line is {RolloutRecord.Words(root)}; each line is one JSON object.");
            }

            var told = format == RolloutFormat.Auto ? Told(root) : format;
            List<RolloutRow> rows = told == RolloutFormat.Trl && TrlLayout.IsTable(root) ? Table(root, file, number) : [.. Read(new RolloutRecord(root, copy, file, number, _options), told)];
            format = told;   // a row that could be read decides for its file
            if (!_formats.Contains(format))
            {
                _formats.Add(format);
            }

            return rows;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or RolloutRowException)
        {
            BadLines++;
            string problem = e is RolloutRowException ? e.Message : $"The line is not readable as JSON: {JsonProblem.Of(e)}{Python(bytes.Span)}";
            OnBadLine?.Invoke(new BadLine(file, number, problem));
            return [];
        }
    }

    private static RolloutFormat Told(JsonElement row) => TrlLayout.Fits(row) ? RolloutFormat.Trl
        : SlimeLayout.Fits(row) ? RolloutFormat.Slime
        : VerlLayout.Fits(row) ? RolloutFormat.Verl
        : OpenRlhfLayout.Fits(row) ? RolloutFormat.Openrlhf
        : RolloutFormat.Scores;

    private static IEnumerable<RolloutRow> Read(RolloutRecord record, RolloutFormat format) => format switch
    {
        RolloutFormat.Verl => VerlLayout.Read(record),
        RolloutFormat.Trl => TrlLayout.Read(record),
        RolloutFormat.Openrlhf => OpenRlhfLayout.Read(record),
        RolloutFormat.Slime => SlimeLayout.Read(record),
        _ => ScoredLayout.Read(record),
    };

    // A table of Weights & Biases: its rows become objects, and each that is no row is named by its place.
    private List<RolloutRow> Table(JsonElement table, string file, long number)
    {
        var columns = table.GetProperty("columns").EnumerateArray().Select(c => c.ValueKind == JsonValueKind.String ? c.GetString()! : c.GetRawText()).ToList();
        var rows = new List<RolloutRow>();
        int index = 0;
        foreach (var cells in table.GetProperty("data").EnumerateArray())
        {
            index++;
            try
            {
                if (cells.ValueKind != JsonValueKind.Array || cells.GetArrayLength() != columns.Count)
                {
                    throw new RolloutRowException($"is no list of {columns.Count} cells.");
                }

                using var buffer = new MemoryStream();
                using (var json = new Utf8JsonWriter(buffer))
                {
                    json.WriteStartObject();
                    foreach (var (i, cell) in cells.EnumerateArray().Index())
                    {
                        json.WritePropertyName(columns[i]);
                        cell.WriteTo(json);
                    }

                    json.WriteEndObject();
                }

                byte[] line = buffer.ToArray();
                using var row = JsonDocument.Parse(line);
                rows.AddRange(TrlLayout.Read(new RolloutRecord(row.RootElement, line, file, number, _options)));
            }
            catch (Exception e) when (e is RolloutRowException or InvalidOperationException or JsonException or ArgumentException)
            {
                BadLines++;
                OnBadLine?.Invoke(new BadLine(file, number, $"Row {index} of the table: {e.Message}"));
            }
        }

        return rows;
    }

    private static string Python(ReadOnlySpan<byte> line) => line.IndexOf("NaN"u8) >= 0 || line.IndexOf("Infinity"u8) >= 0
        ? " Python writes NaN and Infinity, which JSON has not; write null."
        : "";
}
