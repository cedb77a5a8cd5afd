using System.Text.Json;

namespace Meed.Rewards;

/// <summary>One message of a dialogue.</summary>
/// <param name="Role">Who speaks: system, user, assistant or tool.</param>
/// <param name="Content">The text.</param>
public sealed record Message(string Role, string Content)
{
    /// <summary>Tool calls the message makes, as their JSON; default when it makes none.</summary>
    public JsonElement ToolCalls { get; init; }

    /// <summary>Images the message carries, as paths or data URIs.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];
}

/// <summary>What a text reward judges: a prompt, the response to it, and what the task knows about the right answer.</summary>
public sealed record TextSample
{
    private readonly string? _referenceText;
    private Reads _itemReads;

    /// <summary>The dialogue up to the response.</summary>
    public IReadOnlyList<Message> Prompt { get; init; } = [];

    /// <summary>The text to judge.</summary>
    public string Response { get; init; } = "";

    /// <summary>The messages of a rollout of several turns, the environment's included; empty for a single response.</summary>
    public IReadOnlyList<Message> Turns { get; init; } = [];

    /// <summary>The reference (gold answer, target, label); undefined when there is none.</summary>
    public JsonElement Reference
    {
        get => field.ValueKind == JsonValueKind.Undefined && _referenceText is not null ? JsonSerializer.SerializeToElement(_referenceText) : field;
        init;
    }

    /// <summary>The reference as text: a string's content, a number or boolean as it is written; null when there is none, or an object, list or null.</summary>
    public string? ReferenceText
    {
        get => _referenceText ?? Reference.ValueKind switch
        {
            JsonValueKind.String => Reference.GetString(),
            JsonValueKind.Number => Reference.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
        init => _referenceText = value;
    }

    /// <summary>The row of the data set that the sample came from; undefined when there is none.</summary>
    public JsonElement Item
    {
        get
        {
            _itemReads.Any = true;
            return field.ValueKind == JsonValueKind.Undefined && !ItemJson.IsEmpty ? JsonDocument.Parse(ItemJson.ToArray()).RootElement : field;
        }
        init;
    }

    /// <summary>True once somebody asked for <see cref="Item"/>: a score may then depend on it.</summary>
    internal bool ItemWasRead => _itemReads.Any;

    /// <summary>Asks for <see cref="Item"/> without counting as a reader.</summary>
    internal JsonElement PeekItem()
    {
        var before = _itemReads;
        var item = Item;
        _itemReads = before;
        return item;
    }

    /// <summary>The row as UTF-8 JSON, read only when a reward asks for <see cref="Item"/>.</summary>
    internal ReadOnlyMemory<byte> ItemJson { get; init; }

    /// <summary>Folder of the file that the sample was read from, where paths in its item start; null where it did not come from a file, and paths are refused.</summary>
    public string? Folder { get; init; }

    /// <summary>Length of the response in tokens; 0 when it was not counted.</summary>
    public int ResponseTokens { get; init; }

    /// <summary>True when generation stopped at its length limit rather than at an end token.</summary>
    public bool Truncated { get; init; }

    /// <summary>A sample whose reference is a plain string.</summary>
    public static TextSample Of(string response, string? reference = null, string? prompt = null) => new()
    {
        Prompt = prompt is null ? [] : [new Message("user", prompt)],
        Response = response,
        ReferenceText = reference,
    };

    // Two samples are equal whether or not somebody read them.
    private struct Reads : IEquatable<Reads>
    {
        public bool Any;

        public readonly bool Equals(Reads other) => true;

        public override readonly bool Equals(object? obj) => obj is Reads;

        public override readonly int GetHashCode() => 0;
    }
}
