using System.Buffers;
using System.Text.Json;

namespace Meed.Rewards.Files;

/// <summary>A row that was looked for.</summary>
/// <param name="Sample">The sample in it.</param>
/// <param name="File">Its file.</param>
/// <param name="Line">Its line, from 1.</param>
public readonly record struct FoundRow(TextSample Sample, string File, long Line);

/// <summary>Finds one row in files of samples.</summary>
public static class RowFinder
{
    /// <summary>The row of a line: the number that outputs and remarks carry.</summary>
    /// <param name="inputs">JSONL files, plain or gzip; <c>-</c> is standard input.</param>
    /// <param name="map">Where fields stand, as in <see cref="FileScorerOptions.Map"/>.</param>
    /// <param name="line">Line from 1; 0 takes the first row.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="FileScoringException">There is no such line, or it is no sample; one sentence.</exception>
    public static FoundRow ByLine(IReadOnlyList<string> inputs, IReadOnlyDictionary<string, string> map, long line, CancellationToken cancellationToken = default)
        => Find(inputs, map, (number, _) => line == 0 || number == line, line == 0 ? "has no row" : $"has no row at line {line}", cancellationToken);

    /// <summary>The first row whose field has a value: a text, or a number or boolean as it is written.</summary>
    /// <param name="inputs">JSONL files, plain or gzip; <c>-</c> is standard input.</param>
    /// <param name="map">Where fields stand, as in <see cref="FileScorerOptions.Map"/>.</param>
    /// <param name="path">The field, a dotted path such as <c>id</c>.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="FileScoringException">No row has it, or the row is no sample; one sentence.</exception>
    public static FoundRow ById(IReadOnlyList<string> inputs, IReadOnlyDictionary<string, string> map, string path, string value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] keys = path.Split('.');
        return Find(inputs, map, (_, json) => Text(json, keys) == value, $"has no row whose '{path}' is '{value}'", cancellationToken);
    }

    private static FoundRow Find(IReadOnlyList<string> inputs, IReadOnlyDictionary<string, string> map, Func<long, ReadOnlyMemory<byte>, bool> wanted, string missing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(map);
        var fields = new FieldMap(map, []);
        using var reader = new BlockReader(inputs, cancellationToken);
        while (reader.TryNext(out var block))
        {
            foreach (var (line, number) in block.Lines())
            {
                if (!wanted(number, line))
                {
                    continue;
                }

                // The sample outlives the block.
                return fields.Read(line.ToArray(), [], out string problem, FieldMap.FolderOf(inputs[block.File])) is { } sample
                    ? new FoundRow(sample, inputs[block.File], number)
                    : throw new FileScoringException(new BadLine(inputs[block.File] == "-" ? "stdin" : inputs[block.File], number, problem).ToString());
            }

            ArrayPool<byte>.Shared.Return(block.Buffer);
        }

        throw new FileScoringException($"{string.Join(", ", inputs.Select(i => i == "-" ? "stdin" : i))} {missing}.");
    }

    private static string? Text(ReadOnlyMemory<byte> json, string[] keys)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
            var element = document.RootElement;
            foreach (string key in keys)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
                {
                    return null;
                }
            }

            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;   // no row, so not the one
        }
    }
}
