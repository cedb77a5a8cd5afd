using System.IO.Compression;
using System.Text.Json;

namespace Meed.Rewards.Tests;

/// <summary>Rows of the data sets that MEED_DATA names, and generated parts of documents.</summary>
internal static class DataFiles
{
    public const string Missing = "MEED_DATA names no folder with the data sets.";

    public static string? Root => Environment.GetEnvironmentVariable("MEED_DATA") is { Length: > 0 } root && Directory.Exists(root) ? root : null;

    public static IEnumerable<JsonElement> Rows(string file)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(Root!, file)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return JsonDocument.Parse(line).RootElement.Clone();
        }
    }

    /// <summary>The repository's folder.</summary>
    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Meed.slnx"))) { folder = folder.Parent; }
            return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository: no Meed.slnx above " + AppContext.BaseDirectory);
        }
    }

    /// <summary>Compares a generated part of a document with what stands there; with MEED_WRITE_DOCS=1 writes it instead.</summary>
    public static void CheckGenerated(string document, string name, string content)
    {
        var path = Path.Combine(Repository, document);
        string open = $"<!-- generated: {name} -->\n", close = "<!-- end -->";
        var text = File.ReadAllText(path);
        int start = text.IndexOf(open, StringComparison.Ordinal);
        Assert.True(start >= 0, $"{document} has no part '{name}'.");
        start += open.Length;
        int end = text.IndexOf(close, start, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("MEED_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, text[..start] + content + text[end..]);
            return;
        }

        Assert.True(text[start..end] == content, $"The part '{name}' of {document} is stale. Run the tests once with MEED_WRITE_DOCS=1.");
    }
}
