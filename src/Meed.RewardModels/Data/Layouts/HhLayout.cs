using System.Text.Json;
using Meed.Rewards;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Two whole dialogues that differ at the end. github.com/anthropics/hh-rlhf.</summary>
/// <remarks>
/// The prompt is the dialogue that both share, up to and including the last turn of the person before they part; the responses are what follows.
/// </remarks>
public sealed class HhLayout : PreferenceLayout
{
    private const string Person = "\n\nHuman:";
    private const string Assistant = "\n\nAssistant:";

    /// <inheritdoc/>
    public override string Name => "hh-rlhf";

    /// <inheritdoc/>
    public override string Shape => "chosen and rejected: dialogues of \"\\n\\nHuman: .. \\n\\nAssistant: ..\"";

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("chosen", JsonValueKind.String), ("rejected", JsonValueKind.String))
        ?? (row.GetProperty("chosen").GetString()!.StartsWith(Person, StringComparison.Ordinal) ? null : "\"chosen\" does not begin with \"\\n\\nHuman:\"");

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        string chosen = Text(row, "chosen"), rejected = Text(row, "rejected");
        int shared = chosen.AsSpan().CommonPrefixLength(rejected);
        int last = shared < Assistant.Length ? -1 : chosen.LastIndexOf(Assistant, Math.Min(shared, chosen.Length) - 1, StringComparison.Ordinal);
        if (last < 0)
        {
            throw new FormatException("the two dialogues share no turn of the person");
        }

        int end = last + Assistant.Length;
        return new PreferenceRow
        {
            Prompt = Turns(chosen[..last]),
            Responses = [new RatedResponse { Text = chosen[end..].Trim() }, new RatedResponse { Text = rejected[end..].Trim() }],
            Pairs = [new PreferencePair(0, 1)],
        };
    }

    private static List<Message> Turns(string dialogue)
    {
        var turns = new List<Message>();
        int at = 0;
        while (at < dialogue.Length)
        {
            bool person = dialogue.AsSpan(at).StartsWith(Person, StringComparison.Ordinal);
            int start = at + (person ? Person.Length : Assistant.Length);
            int next = Math.Min(Index(dialogue, Person, start), Index(dialogue, Assistant, start));
            turns.Add(new Message(person ? "user" : "assistant", dialogue[start..next].Trim()));
            at = next;
        }

        return turns;
    }

    private static int Index(string text, string tag, int from) => text.IndexOf(tag, from, StringComparison.Ordinal) is >= 0 and int found ? found : text.Length;
}
