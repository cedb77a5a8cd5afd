using System.Text;
using System.Text.Json;
using Meed.Rewards.Instructions;

namespace Meed.Rewards.Tests.Instructions;

/// <summary>Our verdicts beside those of the published checkers, on the answers of real models.</summary>
public class AgreementTests
{
    private sealed class Tally
    {
        public int Rows, StrictSame, LooseSame, TooKind, TooHard;
    }

    [Fact]
    public void IfEval_VerdictsOfThePublishedChecker_AgreeAsDocumented()
    {
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        var prompts = DataFiles.Rows("ifeval/prompts.jsonl.gz").ToList();
        var rows = new[] { "gpt-4o-mini", "mistral-7b-v0.3", "qwen2.5-1.5b", "qwen2.5-7b" }
            .SelectMany(m => DataFiles.Rows($"ifeval/labelled-{m}.jsonl.gz").Select((label, i) => (Prompt: prompts[i], Label: label)));

        var tallies = Measure(IfEval.Kinds, rows);

        Assert.Equal(25, tallies.Count);
        DataFiles.CheckGenerated("docs/rewards/instructions.md", "ifeval agreement", Table(tallies));
    }

    [Fact]
    public void IfBench_VerdictsOfThePublishedChecker_AgreeAsDocumented()
    {
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        var prompts = DataFiles.Rows("ifbench/prompts.jsonl.gz").ToDictionary(p => p.GetProperty("key").GetString()!);
        var rows = DataFiles.Rows("ifbench/labelled-sample.first150.jsonl.gz").Select(label => (Prompt: prompts[label.GetProperty("key").GetString()!], Label: label));

        var tallies = Measure(IfBench.Kinds, rows);

        DataFiles.CheckGenerated("docs/rewards/instructions.md", "ifbench agreement", Table(tallies));
    }

    private static SortedDictionary<string, Tally> Measure(IReadOnlyDictionary<string, InstructionKind> kinds, IEnumerable<(JsonElement Prompt, JsonElement Label)> rows)
    {
        var tallies = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        foreach (var (prompt, label) in rows)
        {
            var ids = label.GetProperty("instruction_id_list").EnumerateArray().Select(e => e.GetString()!).ToList();
            Assert.Equal(prompt.GetProperty("instruction_id_list").EnumerateArray().Select(e => e.GetString()!), ids);
            var response = label.GetProperty("response").GetString()!;
            for (int i = 0; i < ids.Count; i++)
            {
                var arguments = new InstructionArguments(prompt.GetProperty("kwargs")[i]);
                bool strict = kinds[ids[i]].Strict(response, arguments), loose = kinds[ids[i]].Loose(response, arguments);
                bool theirs = label.GetProperty("strict")[i].GetBoolean(), theirsLoose = label.GetProperty("loose")[i].GetBoolean();
                if (!tallies.TryGetValue(ids[i], out var t))
                {
                    tallies[ids[i]] = t = new Tally();
                }

                t.Rows++;
                t.StrictSame += strict == theirs ? 1 : 0;
                t.LooseSame += loose == theirsLoose ? 1 : 0;
                t.TooKind += strict && !theirs ? 1 : 0;
                t.TooHard += !strict && theirs ? 1 : 0;
                if (strict != theirs && Environment.GetEnvironmentVariable("MEED_SHOW") == "1")
                {
                    Console.WriteLine($"{ids[i]} ours {strict} theirs {theirs} {prompt.GetProperty("kwargs")[i].GetRawText()[..Math.Min(100, prompt.GetProperty("kwargs")[i].GetRawText().Length)]} | {JsonSerializer.Serialize(response.Length > 700 ? response[..350] + " ... " + response[^350..] : response)}");
                }
            }
        }

        return tallies;
    }

    private static string Table(SortedDictionary<string, Tally> tallies)
    {
        var text = new StringBuilder("| kind | verdicts | strict: same | loose: same | strict: we pass, they fail | strict: we fail, they pass |\n| --- | --- | --- | --- | --- | --- |\n");
        var all = new Tally();
        foreach (var (id, t) in tallies)
        {
            text.Append($"| {id} | {t.Rows} | {t.StrictSame} | {t.LooseSame} | {t.TooKind} | {t.TooHard} |\n");
            all.Rows += t.Rows;
            all.StrictSame += t.StrictSame;
            all.LooseSame += t.LooseSame;
            all.TooKind += t.TooKind;
            all.TooHard += t.TooHard;
        }

        text.Append($"| **all** | {all.Rows} | {all.StrictSame} ({100.0 * all.StrictSame / all.Rows:0.00} %) | {all.LooseSame} ({100.0 * all.LooseSame / all.Rows:0.00} %) | {all.TooKind} | {all.TooHard} |\n");
        return text.ToString();
    }
}
