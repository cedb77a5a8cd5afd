using Meed.Models.Tokenizers;
using Meed.Rewards;

namespace Meed.Models;

/// <summary>How messages become the tokens a policy continues.</summary>
/// <remarks>
/// Templates are built in, not programs from a file. Tags are special tokens and contents are encoded as plain text, so nothing that a
/// message says can pass for a tag.
/// </remarks>
public sealed class ChatTemplate
{
    private static readonly string[] s_roles = ["system", "user", "assistant", "tool"];
    private readonly bool _tags;

    private ChatTemplate(string name, bool tags)
    {
        Name = name;
        _tags = tags;
    }

    /// <summary>The contents of the messages one after the other, with a begin token before them where the tokenizer has one. For models of one task.</summary>
    public static ChatTemplate Plain { get; } = new("plain", tags: false);

    /// <summary>
    /// <c>&lt;|begin|&gt;</c> where the tokenizer has it, each message as <c>&lt;|role|&gt;content&lt;|end|&gt;</c>, then <c>&lt;|assistant|&gt;</c>. The tokenizer needs <see cref="SpecialTokens"/>.
    /// </summary>
    public static ChatTemplate RoleTags { get; } = new("role-tags", tags: true);

    /// <summary>The special tokens <see cref="RoleTags"/> uses.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = [Tokenizer.Pad, Tokenizer.Begin, Tokenizer.End, .. s_roles.Select(Tag)];

    /// <summary>Name in recipes.</summary>
    public string Name { get; }

    /// <summary>The template of a name.</summary>
    public static ChatTemplate Of(string name) => name switch
    {
        "plain" => Plain,
        "role-tags" => RoleTags,
        _ => throw new ArgumentException($"Unknown chat template '{name}'. Known: plain, role-tags.", nameof(name)),
    };

    /// <summary>Tokens of a dialogue, ready for the assistant's answer.</summary>
    public int[] Encode(IReadOnlyList<Message> messages, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var tokens = new List<int>();
        if (tokenizer.BeginToken is { } begin)
        {
            tokens.Add(begin);
        }

        foreach (var message in messages)
        {
            if (_tags)
            {
                tokens.Add(Special(tokenizer, Role(message)));
            }

            tokens.AddRange(tokenizer.Encode(message.Content));
            if (_tags)
            {
                tokens.Add(Special(tokenizer, Tokenizer.End));
            }
        }

        if (_tags)
        {
            tokens.Add(Special(tokenizer, Tag("assistant")));
        }

        return [.. tokens];
    }

    private static string Tag(string role) => $"<|{role}|>";

    private static string Role(Message message) => s_roles.Contains(message.Role)
        ? Tag(message.Role)
        : throw new ArgumentException($"A message has the role '{message.Role}'. Known: {string.Join(", ", s_roles)}.", nameof(message));

    private static int Special(ITokenizer tokenizer, string content) => tokenizer.SpecialTokens.FirstOrDefault(s => s.Content == content)?.Id
        ?? throw new ArgumentException($"The template role-tags needs the special token '{content}', which the tokenizer lacks. Make it with ChatTemplate.SpecialTokens, or use the template plain.", nameof(tokenizer));
}
