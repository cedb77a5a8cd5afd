using System.Diagnostics;
using Meed.Rewards.MathAnswers;

namespace Meed.Rewards.Tests.MathAnswers;

/// <summary>Verdicts over a labelled set: both kinds of error and which pairs they are.</summary>
public sealed record MathMeasure(string Name, int Positives, int FalseNegatives, int Negatives, int FalsePositives, long MaxWork, List<string> Errors)
{
    public static MathMeasure Of(string name, IReadOnlyList<MathPair> pairs)
    {
        int positives = 0, falseNegatives = 0, falsePositives = 0;
        long max = 0;
        var errors = new List<string>();
        foreach (var pair in pairs)
        {
            var work = new Work(5_000_000);
            var verdict = MathVerifier.Judge(pair.Gold, pair.Response, pair.Options, ref work);
            positives += pair.Expected ? 1 : 0;
            max = Math.Max(max, work.Used);
            if (verdict.IsEqual != pair.Expected)
            {
                falseNegatives += pair.Expected ? 1 : 0;
                falsePositives += pair.Expected ? 0 : 1;
                var again = new Work(5_000_000);
                errors.Add($"{(pair.Expected ? "FN" : "FP")} {pair.Id} [{verdict.Outcome} {verdict.Rule}] gold: {Short(pair.Gold)} | answer: {Short(AnswerExtraction.Find(pair.Response, ref again) ?? "(none)")}");
            }
        }

        return new MathMeasure(name, positives, falseNegatives, pairs.Count - positives, falsePositives, max, errors);
    }

    private static string Short(string s) => (s.Length <= 120 ? s : "..." + s[^120..]).Replace('\n', ' ');

    /// <summary>Pairs judged per second on the calling thread, the fastest of several rounds over the set.</summary>
    public static double Rate(IReadOnlyList<MathPair> pairs, TimeSpan budget)
    {
        double best = 0;
        var total = Stopwatch.StartNew();
        do
        {
            var watch = Stopwatch.StartNew();
            int equal = 0;
            foreach (var pair in pairs)
            {
                var work = new Work(5_000_000);
                equal += MathVerifier.Judge(pair.Gold, pair.Response, pair.Options, ref work).IsEqual ? 1 : 0;
            }

            GC.KeepAlive(equal);
            best = Math.Max(best, pairs.Count / watch.Elapsed.TotalSeconds);
        }
        while (total.Elapsed < budget);
        return best;
    }
}
