using System.Collections;
using System.Globalization;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Documents;

/// <summary>Writes an options record back as a document, every default filled in.</summary>
public static class OptionsWriter
{
    /// <summary>The document of a record; a binder reads it back as an equal one.</summary>
    public static DocumentNode ToNode(object? value)
    {
        switch (value)
        {
            case null:
                return Scalar("null");
            case DocumentNode node:
                return node;
            case string text:
                return new DocumentNode { Kind = NodeKind.Scalar, Text = text, Quoted = !Plain(text) };
            case bool b:
                return Scalar(b ? "true" : "false");
            case float f:
                return Scalar(f.ToString("R", CultureInfo.InvariantCulture));
            case double d:
                return Scalar(d.ToString("R", CultureInfo.InvariantCulture));
            case TimeSpan t:
                return Scalar(t.TotalSeconds % 1 == 0 ? $"{t.TotalSeconds:0}s" : $"{t.TotalMilliseconds:0.###}ms");
            case Enum e:
                return Scalar(Names.Kebab(e.ToString()));
            case IDictionary map:
                return new DocumentNode { Kind = NodeKind.Map, Entries = [.. map.Keys.Cast<object>().Select(k => new DocumentEntry(k.ToString()!, ToNode(map[k]), 0, 0))] };
            case IEnumerable list:
                return new DocumentNode { Kind = NodeKind.List, Items = [.. list.Cast<object?>().Select(ToNode)] };
            case IFormattable number when value.GetType().IsPrimitive:
                return Scalar(number.ToString(null, CultureInfo.InvariantCulture));
            default:
                return new DocumentNode
                {
                    Kind = NodeKind.Map,
                    Entries = [.. Names.Settable(value.GetType()).Select(p => (p, Value: p.GetValue(value))).Where(p => p.Value is not null).Select(p => new DocumentEntry(Names.Key(p.p), ToNode(p.Value), 0, 0))],
                };
        }
    }

    /// <summary>A map with one entry.</summary>
    public static DocumentNode Named(string name, DocumentNode value) => new() { Kind = NodeKind.Map, Entries = [new DocumentEntry(name, value, 0, 0)] };

    private static DocumentNode Scalar(string text) => new() { Kind = NodeKind.Scalar, Text = text };

    // A text that a reader would take for something else is quoted.
    private static bool Plain(string text) => text.Length > 0 && char.IsLetter(text[0]) && text is not ("true" or "false" or "null");
}
