namespace Meed.Rewards.Documents;

/// <summary>What a node of a document is.</summary>
public enum NodeKind : byte
{
    /// <summary>One value.</summary>
    Scalar,

    /// <summary>A list.</summary>
    List,

    /// <summary>Keys with values.</summary>
    Map,
}

/// <summary>A key of a map with its value and the place of the key.</summary>
public sealed record DocumentEntry(string Key, DocumentNode Value, int Line, int Column);

/// <summary>A node of a recipe that remembers where it was written.</summary>
public sealed class DocumentNode
{
    /// <summary>Scalar, list or map.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>Line in its file, from 1; 0 when the node came from the command line.</summary>
    public int Line { get; init; }

    /// <summary>Column in its file, from 1.</summary>
    public int Column { get; init; }

    /// <summary>The text of a scalar.</summary>
    public string Text { get; init; } = "";

    /// <summary>True when the scalar was quoted, and so is a string whatever it looks like.</summary>
    public bool Quoted { get; init; }

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<DocumentNode> Items { get; init; } = [];

    /// <summary>The entries of a map, in file order.</summary>
    public IReadOnlyList<DocumentEntry> Entries { get; init; } = [];

    /// <summary>The value of a key; null when the map lacks it.</summary>
    public DocumentNode? this[string key] => Entries.FirstOrDefault(e => e.Key == key)?.Value;

    /// <summary>True for a plain scalar that YAML reads as null.</summary>
    public bool IsNull => Kind == NodeKind.Scalar && !Quoted && Text is "" or "~" or "null";
}
