using Meed.Rewards.Documents;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Meed.Recipes.Documents;

/// <summary>Reads YAML (and JSON, which is YAML) into nodes that know their lines.</summary>
public static class YamlReader
{
    /// <summary>Largest document, in bytes: a recipe is written by hand.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Most values of a document, those that aliases repeat counted each time: a few lines of aliases to aliases name billions.</summary>
    public const int MaxValues = 200_000;

    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 64;

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
        var parser = new PlacedParser(new Parser(new StringReader(text)), file);
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
        if (depth > MaxDepth)
        {
            throw new DocumentException(file, (int)node.Start.Line, $"nested more than {MaxDepth} levels deep.");   // aliases can nest what the text does not
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

    // Remembers the line of the last event, and counts the values as they stand once aliases are followed.
    private sealed class PlacedParser(Parser inner, string file) : IParser
    {
        private readonly Dictionary<AnchorName, int> _sizes = [];
        private readonly Stack<(AnchorName Anchor, int Before)> _open = new();
        private int _values;

        public int Line { get; private set; } = 1;

        public ParsingEvent? Current => inner.Current;

        public bool MoveNext()
        {
            bool more = inner.MoveNext();
            Line = inner.Current is { } current ? (int)current.End.Line : Line;
            if (more)
            {
                Count();
            }

            return more;
        }

        private void Count()
        {
            switch (Current)
            {
                case Scalar scalar:
                    _values++;
                    Name(scalar.Anchor, 1);
                    break;
                case SequenceStart or MappingStart:
                    _open.Push((((NodeEvent)Current).Anchor, _values++));
                    if (_open.Count > MaxDepth)
                    {
                        throw new DocumentException(file, Line, $"nested more than {MaxDepth} levels deep.");   // the loader recurses, and a stack that overflows cannot be caught
                    }

                    break;
                case SequenceEnd or MappingEnd when _open.TryPop(out var opened):
                    Name(opened.Anchor, _values - opened.Before);
                    break;
                case AnchorAlias alias when _open.Any(o => o.Anchor == alias.Value):
                    throw new DocumentException(file, Line, $"'*{alias.Value}' stands inside what it names; write the value out.");
                case AnchorAlias alias:
                    _values += _sizes.GetValueOrDefault(alias.Value, 1);
                    break;
                default:
                    break;
            }

            if (_values > MaxValues)
            {
                throw new DocumentException(file, Line, $"holds more than {MaxValues} values, aliases followed; a document is written by hand.");
            }
        }

        private void Name(AnchorName anchor, int size)
        {
            if (!anchor.IsEmpty)
            {
                _sizes[anchor] = size;
            }
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
