using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Meed.Tasks.Books;

/// <summary>A text from a file, with the words that occur in it.</summary>
public sealed partial class Book
{
    private const int LongestFile = 1 << 28;
    private static readonly ConcurrentDictionary<(string Path, DateTime Changed, long Length), Book> s_open = new();

    private Book(string text)
    {
        Text = text;
        Words = WordsOf(text).Select(w => w.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The text, with line ends as <c>\n</c>.</summary>
    public string Text { get; }

    /// <summary>Its words, in lower case.</summary>
    public IReadOnlySet<string> Words { get; }

    /// <summary>Reads a file; the same file is read once.</summary>
    /// <param name="path">The file; <c>${NAME}</c> stands for an environment variable.</param>
    /// <exception cref="InvalidDataException">It cannot be read, is too large or has no word.</exception>
    public static Book Open(string path)
    {
        string? problem = Problems(path).FirstOrDefault();
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }

        var file = new FileInfo(Resolve(path));
        return s_open.GetOrAdd((file.FullName, file.LastWriteTimeUtc, file.Length), _ => Of(Read(file.FullName)));
    }

    /// <summary>A book of a given text.</summary>
    /// <exception cref="InvalidDataException">It has no word.</exception>
    public static Book Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var book = new Book(text.ReplaceLineEndings("\n"));
        return book.Words.Count > 0 ? book : throw new InvalidDataException("The text has no word.");
    }

    /// <summary>What keeps a path from being read, if anything.</summary>
    public static IEnumerable<string> Problems(string path)
    {
        if (string.IsNullOrEmpty(path))
        {
            yield return "Path is empty; name a text file.";
            yield break;
        }

        if (Variable().Matches(path).Select(m => m.Groups[1].Value).FirstOrDefault(n => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(n))) is { } missing)
        {
            yield return $"Path {path} needs the environment variable {missing}, which is not set (docs/data.md).";
        }
        else if (!File.Exists(Resolve(path)))
        {
            yield return $"Path {Resolve(path)} does not exist.";
        }
    }

    /// <summary>Runs of letters and inner apostrophes.</summary>
    internal static IEnumerable<string> WordsOf(string text) => Word().Matches(text).Select(m => m.Value);

    private static string Resolve(string path) => Variable().Replace(path, m => Environment.GetEnvironmentVariable(m.Groups[1].Value) ?? "");

    private static string Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        var text = new StringBuilder();
        var buffer = new char[1 << 16];
        try
        {
            for (int n = reader.Read(buffer); n > 0; n = reader.Read(buffer))
            {
                text.Append(buffer, 0, n);
                if (text.Length > LongestFile)
                {
                    throw new InvalidDataException($"{path} has more than {LongestFile >> 20} million characters.");
                }
            }
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{path} is no UTF-8 text.");
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\p{L}+(?:['’]\p{L}+)*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Variable();
}
