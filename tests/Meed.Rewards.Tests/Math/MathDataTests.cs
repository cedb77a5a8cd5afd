using System.Globalization;
using System.Text;

namespace Meed.Rewards.Tests.MathAnswers;

/// <summary>Verdicts on real answers; the tables of docs/rewards/math.md come from here.</summary>
public class MathDataTests(ITestOutputHelper output)
{
    private const string Document = "docs/rewards/math.md";

    /// <summary>The sets, and what huggingface/Math-Verify came to on the same files ("-" where it was not run).</summary>
    private static List<(string Name, List<MathPair> Pairs, string Peer, string PeerRate)> Sets()
    {
        var (math500, answers, olympiad) = (MathData.Math500(), MathData.MathAnswers(), MathData.Olympiad());
        return
        [
            ("Math-Verify's cases", MathData.Cases(lighteval: false), "0, 0", "-"),
            ("lighteval's cases", MathData.Cases(lighteval: true), "4, 1", "-"),
            ("HardVerify-Math", MathData.HardVerify(), "23, 1", "43 to 65"),
            ("qwen-math-cot100, extracted answer", MathData.QwenMath(extracted: true), "9, 0", "3157"),
            ("qwen-math-cot100, whole response", MathData.QwenMath(extracted: false), "-", "-"),
            ("gsm8k/tora-code-34b", MathData.Tora(), "4, 0", "1484"),
            ("gsm8k/example-solutions", MathData.ExampleSolutions(), "-", "-"),
            ("math500, x = x", MathData.Reflexive(math500), "-", "-"),
            ("math500, x = another", MathData.Shuffled(math500, 1), "-", "-"),
            ("olympiadbench, x = x", MathData.Reflexive(olympiad), "-", "-"),
            ("olympiadbench, x = another", MathData.Shuffled(olympiad, 1), "-", "-"),
            ("math-answers, x = x", MathData.Reflexive(answers), "-", "-"),
            ("math-answers, x = another", MathData.Shuffled(answers, 1), "-", "-"),
            ("math-answers, rewritten", MathData.Rewritten(answers), "-", "-"),
            ("olympiadbench, rewritten", MathData.Rewritten(olympiad), "-", "-"),
            ("math-answers, one digit or sign changed", MathData.Changed(answers, 1), "-", "-"),
            ("olympiadbench, one digit or sign changed", MathData.Changed(olympiad, 1), "-", "-"),
        ];
    }

    [Fact]
    public void Judge_LabelledSets_ErrorsStandInTheDocument()
    {
        Assert.SkipUnless(MathData.IsHere, MathData.Missing);
        var table = new StringBuilder("| Set | Right answers | refused | Wrong answers | accepted | Math-Verify refused, accepted | most units (rounded up) |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        var errors = new StringBuilder();
        foreach (var (name, pairs, peer, _) in Sets())
        {
            var m = MathMeasure.Of(name, pairs);
            table.Append(CultureInfo.InvariantCulture, $"| {name} | {m.Positives} | {m.FalseNegatives} | {m.Negatives} | {m.FalsePositives} | {peer} | {(m.MaxWork + 999) / 1000 * 1000} |\n");
            foreach (string e in m.Errors)
            {
                errors.Append(CultureInfo.InvariantCulture, $"{name}: {e}\n");
            }

            Assert.True(m.MaxWork <= 100_000, $"{name}: {m.MaxWork} units");
            if (name.EndsWith("another", StringComparison.Ordinal))
            {
                Assert.True(1_000 * m.FalsePositives <= m.Negatives, $"{name}: {m.FalsePositives} of {m.Negatives} accepted");
            }
        }

        output.WriteLine(table.ToString());
        output.WriteLine(errors.ToString());
        DataFiles.CheckGenerated(Document, "math-sets", table.ToString());
        DataFiles.CheckGenerated(Document, "math-errors", $"```\n{errors}```\n");
    }

    [Fact]
    public void Judge_Qwen3Predictions_CountsStandInTheDocument()
    {
        Assert.SkipUnless(MathData.IsHere, MathData.Missing);
        var rules = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int equal = 0, total = 0;
        foreach (var row in MathData.Rows("math500/qwen3-predictions.jsonl.gz"))
        {
            var work = new Work(5_000_000);
            var verdict = Rewards.MathAnswers.MathVerifier.Judge(row.GetProperty("gold").GetString()!, row.GetProperty("prediction").GetString()!, Rewards.MathAnswers.MathOptions.Default, ref work);
            total++;
            equal += verdict.IsEqual ? 1 : 0;
            string key = $"{verdict.Outcome} {verdict.Rule}";
            rules[key] = rules.GetValueOrDefault(key) + 1;
        }

        string table = $"{equal} of {total} equal.\n\n| Verdict and rule | answers |\n| --- | ---: |\n" + string.Concat(rules.OrderByDescending(static r => r.Value).Select(static r => $"| {r.Key} | {r.Value} |\n"));
        output.WriteLine(table);
        DataFiles.CheckGenerated(Document, "math-qwen3", table);
    }

    [Fact]
    [Trait("Tier", "long")]
    public void Judge_LabelledSets_RatesPrinted()
    {
        Assert.SkipUnless(MathData.IsHere, MathData.Missing);
        var table = new StringBuilder("| Set | pairs/s | µs a pair | Math-Verify pairs/s |\n| --- | ---: | ---: | ---: |\n");
        foreach (var (name, pairs, _, peer) in Sets())
        {
            double rate = MathMeasure.Rate(pairs, TimeSpan.FromSeconds(2.5));
            table.Append(CultureInfo.InvariantCulture, $"| {name} | {rate:F0} | {1e6 / rate:F2} | {peer} |\n");
        }

        output.WriteLine(table.ToString());
        if (Environment.GetEnvironmentVariable("MEED_WRITE_DOCS") == "1")
        {
            DataFiles.CheckGenerated(Document, "math-rates", table.ToString());
        }
    }
}
