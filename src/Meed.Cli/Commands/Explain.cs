using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meed.Recipes.Report;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Rewards.Files;

namespace Meed.Cli.Commands;

/// <summary><c>meed score --explain</c>: one sample's score, node by node.</summary>
internal static class Explain
{
    private const int WidestRule = 60;

    public static async Task<int> RunAsync(Terminal terminal, RewardDocument<TextSample> document, FoundRow row, RewardContext context, bool json, CancellationToken stop)
    {
        var explanation = await Explanation.OfAsync(document.Reward, row.Sample, context, stop).ConfigureAwait(false);
        string place = $"{(row.File == "-" ? "stdin" : terminal.Short(row.File))}:{row.Line}";
        if (json)
        {
            terminal.Out.WriteLine(Json(explanation, document, place));
        }
        else
        {
            Write(terminal.Out, explanation, document, place);
        }

        return explanation.Status is ScoreStatus.Ok or ScoreStatus.NotApplicable ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Write(TextWriter o, Explanation explanation, RewardDocument<TextSample> document, string place)
    {
        o.WriteLine($"sample  {place}");
        o.WriteLine($"reward  {explanation.Reward} {document.Hash[..Math.Min(19, document.Hash.Length)]}");
        o.WriteLine($"score   {(explanation.Status == ScoreStatus.Ok ? Figure(explanation.Value) : "none")}  {Names.Kebab(explanation.Status.ToString())}, {explanation.Work:#,0} units of work");
        if (explanation.Reason is { } reason && explanation.Nodes.All(n => n.Rule is null))
        {
            o.WriteLine($"reason  {reason}");
        }

        o.WriteLine();
        bool weights = explanation.Nodes.Any(n => n.Node.Weight is not null);
        var rows = explanation.Nodes.Select((n, i) => (IReadOnlyList<string>)
        [
            Branch(explanation.Nodes, i) + Name(n.Node),
            .. weights ? [n.Node.Weight is { } w ? Figure(w) : ""] : Array.Empty<string>(),
            !n.Evaluated ? "–" : n.Status == ScoreStatus.Ok ? Figure(n.Value) : "none",
            $"{Figure(n.Node.Schema.Minimum)} to {Figure(n.Node.Schema.Maximum)}",
            n.Evaluated ? Names.Kebab(n.Status.ToString()) : "not evaluated",
            n.Evaluated ? $"{n.Work:#,0}" : "",
            Table.Cut(Plain(n.Rule ?? ""), WidestRule),
        ]).ToList();
        Table.Write(o, ["node", .. weights ? [">weight"] : Array.Empty<string>(), ">value", "range", "status", ">work", "decided by"], rows);
    }

    // "├ [0] length", with the document's label after the reward's own name where they differ.
    private static string Name(RewardTreeNode node)
    {
        string own = node.Path[(node.Path.LastIndexOf('.') + 1)..];
        string slot = node.Slot.Length == 0 ? "" : node.Slot.TrimStart('.') + " ";
        return slot + own + (node.Label == own ? "" : $" ({node.Label})");
    }

    private static string Branch(IReadOnlyList<ExplainedNode> nodes, int index)
    {
        int depth = nodes[index].Node.Depth;
        var lines = new StringBuilder();
        for (int level = 1; level <= depth; level++)
        {
            bool more = nodes.Skip(index + 1).TakeWhile(n => n.Node.Depth >= level).Any(n => n.Node.Depth == level);
            lines.Append(level == depth ? more ? "├ " : "└ " : more ? "│ " : "  ");
        }

        return lines.ToString();
    }

    private static string Json(Explanation explanation, RewardDocument<TextSample> document, string place)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("sample", place);
            json.WriteString("reward", explanation.Reward);
            json.WriteString("document", document.Hash);
            Score(json, explanation.Status == ScoreStatus.Ok, explanation.Value, explanation.Status, explanation.Work, explanation.Reason, "reason");
            json.WriteStartArray("nodes");
            foreach (var node in explanation.Nodes)
            {
                json.WriteStartObject();
                json.WriteString("path", node.Node.Path);
                json.WriteString("name", node.Node.Label);
                if (node.Node.Weight is { } weight)
                {
                    json.WriteNumber("weight", weight);
                }

                json.WriteBoolean("evaluated", node.Evaluated);
                Score(json, node.Evaluated && node.Status == ScoreStatus.Ok, node.Value, node.Status, node.Work, node.Rule, "rule");
                json.WriteNumber("minimum", node.Node.Schema.Minimum);
                json.WriteNumber("maximum", node.Node.Schema.Maximum);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Score(Utf8JsonWriter json, bool number, double value, ScoreStatus status, long work, string? reason, string reasonName)
    {
        if (number)
        {
            json.WriteNumber("value", value);
        }
        else
        {
            json.WriteNull("value");
        }

        json.WriteString("status", status.ToString());
        json.WriteNumber("work", work);
        if (reason is not null)
        {
            json.WriteString(reasonName, reason);
        }
    }

    private static string Figure(double value) => Scale.Figure(value).Replace('−', '-').Replace('\u202f', ',');

    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
