using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Bench;

/// <summary>What a scorer's choices go with besides quality.</summary>
/// <param name="ChoosesLonger">Share of comparisons of different length in which it scores the longer higher.</param>
/// <param name="LongerIsBetter">Share in which the longer is the better one: what the data itself leans to.</param>
/// <param name="WhereLongerIsBetter">Accuracy where the better one is longer.</param>
/// <param name="WhereShorterIsBetter">Accuracy where the better one is shorter.</param>
/// <param name="NearEqualLength">Accuracy where the lengths differ by at most a tenth.</param>
/// <param name="LengthCorrelation">Spearman correlation of the score margin with the difference of log lengths.</param>
/// <param name="ChoosesMarkdown">Share of comparisons of different markdown in which it scores the more marked-up higher.</param>
/// <param name="MarkdownCorrelation">Spearman correlation of the score margin with the difference of markdown marks.</param>
/// <param name="ChoosesFirst">Share in which it scores the response shown first higher.</param>
public sealed record Sensitivity(double ChoosesLonger, double LongerIsBetter, double WhereLongerIsBetter, double WhereShorterIsBetter, double NearEqualLength, double LengthCorrelation, double ChoosesMarkdown, double MarkdownCorrelation, double ChoosesFirst)
{
    /// <summary>Counts them over all decided comparisons; equal scores count ½.</summary>
    public static Sensitivity Of(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(scores);
        var longer = new Share();
        var lean = new Share();
        var whereLonger = new Share();
        var whereShorter = new Share();
        var near = new Share();
        var markdown = new Share();
        var first = new Share();
        var margins = new List<double>();
        var lengths = new List<double>();
        var marks = new List<double>();
        for (int i = 0; i < items.Count; i++)
        {
            int[] marksOf = [.. Enumerable.Range(0, items[i].Row.Responses.Count).Select(r => NullRulers.Markdown(items[i].Text(r)))];
            foreach (var (better, worse) in items[i].Pairs)
            {
                double margin = scores[i][better] - scores[i][worse];
                if (double.IsNaN(margin))
                {
                    continue;
                }

                double right = margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
                int a = items[i].Text(better).Length, b = items[i].Text(worse).Length;
                margins.Add(margin);
                lengths.Add(Math.Log(1 + a) - Math.Log(1 + b));
                marks.Add(marksOf[better] - marksOf[worse]);
                first.Add(items[i].Shown[better] < items[i].Shown[worse] ? right : 1 - right);
                if (a != b)
                {
                    longer.Add(a > b ? right : 1 - right);
                    lean.Add(a > b ? 1 : 0);
                    (a > b ? whereLonger : whereShorter).Add(right);
                }

                if (Math.Abs(a - b) <= 0.1 * Math.Max(a, b))
                {
                    near.Add(right);
                }

                if (marksOf[better] != marksOf[worse])
                {
                    markdown.Add(marksOf[better] > marksOf[worse] ? right : 1 - right);
                }
            }
        }

        // Each comparison counts from both sides, so that the order better, worse adds nothing.
        double Both(List<double> x) => Correlation.Spearman([.. margins, .. margins.Select(m => -m)], [.. x, .. x.Select(v => -v)]);
        return new Sensitivity(longer.Mean, lean.Mean, whereLonger.Mean, whereShorter.Mean, near.Mean, Both(lengths), markdown.Mean, Both(marks), first.Mean);
    }

    private sealed class Share
    {
        private double _sum;
        private int _count;

        public double Mean => _count == 0 ? double.NaN : _sum / _count;

        public void Add(double value)
        {
            _sum += value;
            _count++;
        }
    }
}
