using Meed.Rewards.Documents;

namespace Meed.Recipes.Documents;

/// <summary>Changes a document by <c>a.b=c</c> settings from the command line.</summary>
public static class Overrides
{
    /// <summary>A copy of the document in which the path has the value. Missing maps on the way are made; list items are numbers.</summary>
    /// <param name="root">The document.</param>
    /// <param name="setting"><c>trainer.grpo.steps=50</c>; the value is read as YAML, so <c>x=[1, 2]</c> and <c>x={a: 1}</c> work.</param>
    /// <exception cref="DocumentException">The setting has no '=' or its path does not fit the document.</exception>
    public static DocumentNode Apply(DocumentNode root, string setting)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(setting);
        string place = $"--set {setting}";
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new DocumentException(place, 0, "has no '='. Write --set trainer.grpo.steps=50.");
        }

        string text = setting[(equals + 1)..];
        var value = string.IsNullOrWhiteSpace(text) ? new DocumentNode { Kind = NodeKind.Scalar, Text = "" } : WithoutLines(YamlReader.Read(text, place));
        return Apply(root, setting[..equals].Trim(), value, place);
    }

    /// <summary>A copy of the document in which the path has the value.</summary>
    /// <param name="root">The document.</param>
    /// <param name="path">Keys and list positions with dots between them.</param>
    /// <param name="value">The value.</param>
    /// <param name="place">What problems name as their file.</param>
    public static DocumentNode Apply(DocumentNode root, string path, DocumentNode value, string place)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(path);
        var parts = path.Split('.');
        return parts.Any(p => p.Length == 0)
            ? throw new DocumentException(place, 0, $"the path '{path}' has an empty part.")
            : Set(root, parts, 0, value, place);
    }

    private static DocumentNode Set(DocumentNode node, string[] path, int depth, DocumentNode value, string place)
    {
        if (depth == path.Length)
        {
            return value;
        }

        string key = path[depth];
        if (node.Kind == NodeKind.List)
        {
            if (!int.TryParse(key, out int index) || index < 0 || index >= node.Items.Count)
            {
                throw new DocumentException(place, 0, $"'{string.Join('.', path[..depth])}' is a list of {node.Items.Count}; '{key}' is not one of its positions.");
            }

            return new DocumentNode { Kind = NodeKind.List, Line = node.Line, Column = node.Column, Items = [.. node.Items.Select((item, i) => i == index ? Set(item, path, depth + 1, value, place) : item)] };
        }

        if (node.Kind == NodeKind.Scalar && !node.IsNull)
        {
            throw new DocumentException(place, 0, $"'{string.Join('.', path[..depth])}' is the value '{node.Text}', which has no '{key}'.");
        }

        var entries = node.Entries.ToList();
        int at = entries.FindIndex(e => e.Key == key);
        var empty = new DocumentNode { Kind = NodeKind.Map };
        if (at >= 0)
        {
            entries[at] = entries[at] with { Value = Set(entries[at].Value, path, depth + 1, value, place) };
        }
        else
        {
            entries.Add(new DocumentEntry(key, Set(empty, path, depth + 1, value, place), 0, 0));
        }

        return new DocumentNode { Kind = NodeKind.Map, Line = node.Line, Column = node.Column, Entries = entries };
    }

    private static DocumentNode WithoutLines(DocumentNode node) => new()
    {
        Kind = node.Kind, Text = node.Text, Quoted = node.Quoted,
        Items = [.. node.Items.Select(WithoutLines)],
        Entries = [.. node.Entries.Select(e => new DocumentEntry(e.Key, WithoutLines(e.Value), 0, 0))],
    };
}
