using System.Text;
using System.Text.Json;
using Meed.Rewards.Files;

namespace Meed.RewardModels.Data;

/// <summary>A file of preferences in any known layout, read row by row.</summary>
public sealed class PreferenceFile
{
    private PreferenceFile(string path, PreferenceLayout layout, string source)
    {
        Path = path;
        Layout = layout;
        Source = source;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How its rows are read.</summary>
    public PreferenceLayout Layout { get; }

    /// <summary>The name that rows carry where they bring none.</summary>
    public string Source { get; }

    /// <summary>Opens a file and finds its layout from the first row.</summary>
    /// <param name="path">A file: JSON lines, a JSON array or CSV; plain or gzip.</param>
    /// <param name="source">Name of the data set; the name of the file's folder or of the file when null.</param>
    /// <param name="layout">Name of the layout; found from the keys of the first row when null.</param>
    /// <exception cref="PreferenceException">No layout fits; the message shows the row and what each layout lacks.</exception>
    public static PreferenceFile Open(string path, string? source = null, string? layout = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path} does not exist.");
        }

        var known = PreferenceLayout.All;
        var chosen = layout is null ? null : known.FirstOrDefault(l => l.Name == layout)
            ?? throw new PreferenceException($"Unknown layout '{layout}'. {Rewards.Documents.Nearest.Hint(layout, [.. known.Select(l => l.Name)])}");
        foreach (var (line, bytes) in JsonRows.Read(path))
        {
            using var json = Parse(path, line, bytes);
            chosen ??= known.FirstOrDefault(l => l.Misfit(json.RootElement) is null) ?? throw NoLayout(path, line, json.RootElement);
            return new PreferenceFile(path, chosen, source ?? NameOf(path));
        }

        throw new PreferenceException($"{path} has no rows.");
    }

    /// <summary>The rows, one at a time.</summary>
    /// <param name="onBad">Hears about rows that cannot be read, which are then passed over; without it the first one throws.</param>
    /// <exception cref="PreferenceException">A row cannot be read.</exception>
    public IEnumerable<PreferenceRow> Rows(Action<string>? onBad = null)
    {
        var files = new LayoutFiles(Path);
        foreach (var (line, bytes) in JsonRows.Read(Path))
        {
            PreferenceRow? row = null;
            string? bad = null;
            try
            {
                row = Row(line, bytes, files);
            }
            catch (PreferenceException e) when (onBad is not null)
            {
                bad = e.Message;
            }

            if (bad is not null)
            {
                onBad!(bad);
            }
            else if (row is not null)
            {
                yield return row;
            }
        }
    }

    private PreferenceRow? Row(long line, ReadOnlyMemory<byte> bytes, LayoutFiles files)
    {
        using var json = Parse(Path, line, bytes);
        if (Layout.Misfit(json.RootElement) is { } misfit)
        {
            throw new PreferenceException($"{Path}:{line}: {misfit}. The layout is {Layout.Name}: {Layout.Shape}. The row begins {Begin(json.RootElement)}");
        }

        try
        {
            files.Line = line;
            return Layout.Read(json.RootElement, files) is { } row ? row with { Line = line, Source = row.Source.Length > 0 ? row.Source : Source } : null;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException)
        {
            // A layout says itself what is wrong with the values it looks at; what it takes for granted ends here.
            string problem = e is FormatException ? e.Message : "a value has another type than the layout's";
            throw new PreferenceException($"{Path}:{line}: {problem}. The layout is {Layout.Name}: {Layout.Shape}. The row begins {Begin(json.RootElement)}");
        }
    }

    private static JsonDocument Parse(string path, long line, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonText.Problem(bytes.Span) is { } problem ? throw new PreferenceException($"{path}:{line}: the row {problem}.") : JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            string begin = Encoding.UTF8.GetString(bytes.Span[..Math.Min(80, bytes.Length)]);
            throw new PreferenceException($"{path}:{line}: the row is no JSON ({e.Message.Split('.')[0]}): {begin}");
        }
    }

    private static PreferenceException NoLayout(string path, long line, JsonElement row)
    {
        var text = new StringBuilder($"{path}:{line}: the row fits no layout: {Begin(row)}");
        foreach (var layout in PreferenceLayout.All)
        {
            text.Append(Environment.NewLine).Append($"  {layout.Name}: {layout.Misfit(row)}; needs {layout.Shape}");
        }

        return new PreferenceException(text.ToString());
    }

    private static string Begin(JsonElement row)
    {
        string raw = row.GetRawText();
        return raw.Length <= 160 ? raw : raw[..160] + "…";
    }

    private static string NameOf(string path)
    {
        string file = System.IO.Path.GetFileName(path);
        int dot = file.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? file[..dot] : file;
    }
}
