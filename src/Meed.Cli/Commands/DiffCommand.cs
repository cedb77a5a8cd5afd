using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary><c>meed diff</c>: what differs between two reward documents.</summary>
internal static class DiffCommand
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static (Command Command, string[] Examples) Make(Terminal terminal)
    {
        var before = new Argument<string>("before") { Description = "A reward document: a file, a name, or the document itself." };
        var after = new Argument<string>("after") { Description = "The other one." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("diff", "Name the nodes in which two reward documents differ.") { before, after, json };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(before)!, parsed.GetValue(after)!, parsed.GetValue(json)));
        return (command, ["meed diff reward-v1.yaml reward-v2.yaml", "meed diff reward.yaml '{ numeric-answer: {} }' --json"]);
    }

    private static int Run(Terminal terminal, string first, string second, bool json)
    {
        var (before, after) = (ScoreCommand.Document(terminal, first), ScoreCommand.Document(terminal, second));
        var changes = RewardDocuments.Diff(before.Root, after.Root);
        bool same = before.Hash == after.Hash;
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(new
            {
                before = before.Hash,
                after = after.Hash,
                hashChanged = !same,
                changes = changes.Select(c => new { path = c.Path, before = Element(c.Before), after = Element(c.After) }),
            }, s_json));
        }
        else
        {
            foreach (var change in changes)
            {
                terminal.Out.WriteLine(change.Path.Length == 0 ? $"the whole document{change}" : change.ToString());
            }

            terminal.Out.WriteLine(same
                ? $"The hash stays {Short(before.Hash)}: both documents give the same scores."
                : $"The hash changed from {Short(before.Hash)} to {Short(after.Hash)}: {changes.Count} {(changes.Count == 1 ? "node differs" : "nodes differ")}.");
        }

        return same ? ExitCode.Ok : ExitCode.Failed;
    }

    private static JsonElement? Element(string? canonical) => canonical is null ? null : JsonSerializer.Deserialize<JsonElement>(canonical);

    private static string Short(string hash) => hash[..Math.Min(19, hash.Length)];
}
