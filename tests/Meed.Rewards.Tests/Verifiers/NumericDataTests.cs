using System.Text;
using Meed.Rewards.Files;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests.Verifiers;

/// <summary>The numeric verifier on real outputs with labels; the tables stand in docs/rewards/numeric.md.</summary>
public class NumericDataTests
{
    private const string Document = "docs/rewards/numeric.md";
    private static readonly NumericAnswer s_numeric = new(new NumericAnswerOptions());

    [Fact]
    public async Task Gsm8k_ExampleSolutions_AllLabelsRight()
    {
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        const string file = "gsm8k/example-solutions.first660.jsonl.gz";
        string output = Path.GetTempFileName();
        var table = new StringBuilder("| solutions | labelled right | labelled wrong | verdict equals label | decided by |\n| --- | --- | --- | --- | --- |\n");
        int agree = 0, all = 0;
        foreach (string model in new[] { "6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification" })
        {
            var options = new FileScorerOptions
            {
                Inputs = [Path.Combine(DataFiles.Root!, file)],
                Output = output,
                Map = new Dictionary<string, string> { ["response"] = model + ".solution", ["reference"] = "ground_truth" },
                Keep = [model + ".is_correct"],
            };
            var summary = await new FileScorer(s_numeric, options).RunAsync();
            var rows = File.ReadAllLines(output).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement).ToList();
            int right = rows.Count(r => r.GetProperty(model + ".is_correct").GetBoolean());
            int same = rows.Count(r => r.GetProperty(model + ".is_correct").GetBoolean() == (r.GetProperty("reward").GetDouble() == 1));
            table.Append($"| {model} | {right} | {rows.Count - right} | {same} of {rows.Count} | {string.Join(", ", summary.Reasons.Select(r => $"{r.Key} {r.Value}"))} |\n");
            agree += same;
            all += rows.Count;
        }

        File.Delete(output);
        table.Append($"| **all** | | | {agree} of {all} | |\n");
        DataFiles.CheckGenerated(Document, "gsm8k example solutions", table.ToString());
        Assert.Equal((2640, 2640), (agree, all));
    }

    [Fact]
    public void Gsm8k_ToraOutputs_TableOfExtractionAndVerdict()
    {
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        var cells = new int[2, 2];
        var differ = new StringBuilder();
        foreach (var row in DataFiles.Rows("gsm8k/tora-code-34b.first660.jsonl.gz"))
        {
            string response = row.GetProperty("response").GetString()!, pred = row.GetProperty("pred").GetString()!, gold = row.GetProperty("gold").GetString()!;
            bool found = NumericAnswer.TryExtract(response, [NumericRule.Boxed, NumericRule.Hash, NumericRule.Answer, NumericRule.LastNumber], out var value, out _, out _);
            bool same = found ? NumberText.TryReadWhole(pred, out var published, out _) && published == value : pred.Length == 0;
            bool equal = Judge.One(s_numeric, response, gold).Value == 1;
            cells[same ? 0 : 1, equal ? 0 : 1]++;
            if (!same)
            {
                differ.Append($"| {row.GetProperty("idx").GetInt32()} | {(found ? value.ToString() : "nothing")} | {(pred.Length == 0 ? "nothing" : $"`{pred}`")} | `{gold}` |\n");
            }
        }

        string table = $"| | equal to gold | not equal | all |\n| --- | --- | --- | --- |\n"
            + $"| extracted = `pred` | {cells[0, 0]} | {cells[0, 1]} | {cells[0, 0] + cells[0, 1]} |\n"
            + $"| extracted ≠ `pred` | {cells[1, 0]} | {cells[1, 1]} | {cells[1, 0] + cells[1, 1]} |\n"
            + (differ.Length == 0 ? "" : "\nWhere they differ:\n\n| idx | we extract | `pred` | gold |\n| --- | --- | --- | --- |\n" + differ);
        DataFiles.CheckGenerated(Document, "tora-code-34b", table);
        Assert.Equal(660, cells.Cast<int>().Sum());
        Assert.True(cells[0, 0] + cells[0, 1] >= 627, "At least 95 % of the extracted numbers are the published ones.");
    }

    [Fact]
    public void QwenMath_Responses_ConfusionTable()
    {
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        string[] kinds = ["1 (equal)", "0 (different number)", "0 (`unparsed`)", "no verdict (reference is no plain number)"];
        var cells = new int[kinds.Length, 2];
        foreach (var row in DataFiles.Rows("qwen-math-cot100/responses.first60.jsonl.gz"))
        {
            string gold = row.GetProperty("gold").GetString()!;
            foreach (var response in row.GetProperty("responses").EnumerateArray())
            {
                var scores = Judge.Score(s_numeric, TextSample.Of(response.GetProperty("response").GetString()!, gold));
                int kind = scores.Status[0] == ScoreStatus.InvalidReference ? 3 : scores.Reasons[0] == "unparsed" ? 2 : scores[0] == 1 ? 0 : 1;
                Assert.True(kind == 3 || scores.Status[0] == ScoreStatus.Ok);
                cells[kind, response.GetProperty("correct").GetBoolean() ? 0 : 1]++;
            }
        }

        var table = new StringBuilder("| verdict | labelled right | labelled wrong |\n| --- | --- | --- |\n");
        for (int k = 0; k < kinds.Length; k++)
        {
            table.Append($"| {kinds[k]} | {cells[k, 0]} | {cells[k, 1]} |\n");
        }

        DataFiles.CheckGenerated(Document, "qwen-math-cot100", table.ToString());
        Assert.Equal(480, cells.Cast<int>().Sum());
        Assert.Equal(0, cells[0, 1]);   // nothing that the label calls wrong is paid
    }
}
