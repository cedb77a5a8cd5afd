using System.Text.Json;
using System.Text.Json.Nodes;
using Meed.Rewards.Instructions;
using Meed.Rewards.Tests.Instructions;

namespace Meed.Rewards.Tests.Records;

/// <summary>Every instruction kind on answers that follow it, that do not, and on edits of both, with its numbers one lower and one higher.</summary>
public class InstructionRecordTests
{
    private static readonly string[] s_pieces = [" ", "\n", "\n\n", ",", ".", "!", "?", "*", "**", "-", "a", "A", "the ", "The ", "e", "1", "7", "\"", "'", "(", ")", "[x]", "<<T>>", "***", "******", ":", ";", "and ", "x. ", "One two. ", "😀", "yes", "\t", "* a\n", " - b", "no"];

    public static TheoryData<int> Parts() => [.. Enumerable.Range(0, Record.Parts)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Kinds_AnswersAndEdits_AreThoseOfTheRecord(int part) => Record.Check("instructions", part, Record.Of(part, InstructionKindTests.Cases.Select(static c => c.Data)).SelectMany(static c => Lines(c.Item1, c.Item2, [c.Item3, c.Item4])));

    private static IEnumerable<string> Lines(string id, string arguments, string[] answers)
    {
        var kind = IfEval.Kinds.TryGetValue(id, out var known) ? known : IfBench.Kinds[id];
        foreach (string text in Near(arguments))
        {
            var given = new InstructionArguments(JsonDocument.Parse(text).RootElement);
            foreach (string answer in answers)
            {
                yield return $"{id} {text} {(answer.Length > 120 ? answer[..120] : answer)} => {Follows(kind, answer, given)} edits {Record.Digest(Record.Edits(answer, answer.Length > 400 ? 10 : 60, s_pieces).Select(e => Follows(kind, e, given)))}";
            }
        }
    }

    /// <summary>The arguments as they are, with every number one lower and one higher, and with the other relation.</summary>
    private static IEnumerable<string> Near(string arguments)
    {
        yield return arguments;
        foreach (int step in (int[])[-1, 1])
        {
            var node = JsonNode.Parse(arguments)!.AsObject();
            bool changed = false;
            foreach (var (key, value) in node.ToList())
            {
                if (value is JsonValue number && number.GetValueKind() == JsonValueKind.Number)
                {
                    node[key] = number.GetValue<double>() + step;
                    changed = true;
                }
                else if (step > 0 && value is JsonValue word && word.GetValueKind() == JsonValueKind.String && word.GetValue<string>() is "at least" or "less than")
                {
                    node[key] = value!.GetValue<string>() == "at least" ? "less than" : "at least";
                    changed = true;
                }
            }

            if (changed)
            {
                yield return node.ToJsonString();
            }
        }
    }

    private static string Follows(InstructionKind kind, string answer, InstructionArguments arguments)
    {
        try
        {
            return $"{kind.Strict(answer, arguments)} {kind.Loose(answer, arguments)}";
        }
        catch (InstructionException e)
        {
            return e.Message;
        }
    }
}
