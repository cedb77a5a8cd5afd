using Meed.Rewards.Documents;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Meed.Recipes.Documents;

/// <summary>Reads YAML (and JSON, which is YAML) into nodes that know their lines.</summary>
public static class YamlReader
{
    /// <summary>Largest document, in bytes: a recipe is written by hand.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Reads a file.</summary>
    public static DocumentNode ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new DocumentException(path, 0, "is a folder; name a YAML file.");
        }

        if (!File.Exists(path))
        {
            throw new DocumentException(path, 0, "does not exist.");
        }

        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new DocumentException(path, 0, $"is larger than {MaxBytes >> 20} MB; a document is written by hand.");
        }

        return Read(File.ReadAllText(path), path);
    }

    /// <summary>Reads one document from text; <paramref name="file"/> is the name that problems carry.</summary>
    public static DocumentNode Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        var stream = new YamlStream();
        var parser = new PlacedParser(new Parser(new StringReader(text)));
        try
        {
            stream.Load(parser);
        }
        catch (YamlException e)
        {
            throw new DocumentException(file, (int)e.Start.Line, $"not readable as YAML: {FirstSentence(e)}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            // The scanner gives up without a place; the last thing it read is the best one known.
            throw new DocumentException(file, parser.Line, "not readable as YAML: a bracket, quote or key is not closed near here.");
        }

        if (stream.Documents.Count == 0)
        {
            throw new DocumentException(file, 0, "is empty.");
        }

        if (stream.Documents.Count > 1)
        {
            throw new DocumentException(file, (int)stream.Documents[1].RootNode.Start.Line, "a second document begins; write one document a file.");
        }

        return Convert(stream.Documents[0].RootNode, file, 0);
    }

    private static DocumentNode Convert(YamlNode node, string file, int depth)
    {
        if (depth > 64)
        {
            throw new DocumentException(file, (int)node.Start.Line, "nested more than 64 levels deep.");
        }

        int line = (int)node.Start.Line, column = (int)node.Start.Column;
        switch (node)
        {
            case YamlScalarNode scalar:
                return new DocumentNode
                {
                    Kind = NodeKind.Scalar, Line = line, Column = column, Text = scalar.Value ?? "",
                    Quoted = scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any),
                };
            case YamlSequenceNode list:
                return new DocumentNode { Kind = NodeKind.List, Line = line, Column = column, Items = [.. list.Children.Select(c => Convert(c, file, depth + 1))] };
            case YamlMappingNode map:
                var entries = new List<DocumentEntry>();
                foreach (var (key, value) in map.Children)
                {
                    if (key is not YamlScalarNode name)
                    {
                        throw new DocumentException(file, (int)key.Start.Line, "a key must be a plain name.");
                    }

                    entries.Add(new DocumentEntry(name.Value ?? "", Convert(value, file, depth + 1), (int)key.Start.Line, (int)key.Start.Column));
                }

                return new DocumentNode { Kind = NodeKind.Map, Line = line, Column = column, Entries = entries };
            default:
                throw new DocumentException(file, line, "not a scalar, list or map.");
        }
    }

    // Remembers the line of the last event.
    private sealed class PlacedParser(Parser inner) : IParser
    {
        public int Line { get; private set; } = 1;

        public YamlDotNet.Core.Events.ParsingEvent? Current => inner.Current;

        public bool MoveNext()
        {
            bool more = inner.MoveNext();
            Line = inner.Current is { } current ? (int)current.End.Line : Line;
            return more;
        }
    }

    private static string FirstSentence(YamlException e)
    {
        string text = (e.InnerException?.Message ?? e.Message).Split('\n')[0].Trim();
        int position = text.IndexOf("): ", StringComparison.Ordinal);   // "(Line: 3, Col: 5, Idx: 20) - (...): message"
        text = position >= 0 ? text[(position + 3)..] : text;
        return text.EndsWith('.') ? text : text + ".";
    }
}
