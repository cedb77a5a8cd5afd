using Meed.Evaluation.Statistics;
using Meed.Numerics;
using Meed.Rewards.Text;

namespace Meed.Evaluation.Bench;

/// <summary>Rules that know nothing about quality. A reward that does not beat them has learned nothing else.</summary>
public static class NullRulers
{
    /// <summary>Longest, shortest, first, most markdown, random, unigram.</summary>
    public static IReadOnlyList<BenchScorer> All { get; } =
    [
        new Ruler("longest", (item, r) => item.Text(r).Length),
        new Ruler("shortest", (item, r) => -item.Text(r).Length),
        new Ruler("first", (item, r) => -item.Shown[r]),
        new Ruler("most markdown", (item, r) => Markdown(item.Text(r))),
        new Ruler("random", (item, r) => new RandomStream(item.Cluster ^ (ulong)item.Row.Line).Split("random", r).NextDouble()),
        new UnigramRuler(),
    ];

    /// <summary>Marks of markdown in a text: bold, headings, bullets, numbered lines, code, table bars and links.</summary>
    public static int Markdown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int marks = 0;
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.TrimStart();
            int digits = 0;
            while (digits < line.Length && char.IsAsciiDigit(line[digits]))
            {
                digits++;
            }

            bool bullet = line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith("* ", StringComparison.Ordinal) || line.StartsWith("+ ", StringComparison.Ordinal);
            bool numbered = digits is > 0 and < 4 && line.Length > digits + 1 && line[digits] is '.' or ')' && digits > 0 && line.Length > digits + 1 && line[digits + 1] == ' ';
            marks += bullet || numbered || line.StartsWith('#') || line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith('|') ? 1 : 0;
        }

        for (int i = 0; i + 1 < text.Length; i++)
        {
            bool bold = text[i] == '*' && text[i + 1] == '*', link = text[i] == ']' && text[i + 1] == '(';
            marks += bold || link ? 1 : 0;
            i += bold ? 1 : 0;
        }

        return marks;
    }

    private sealed class Ruler(string name, Func<BenchItem, int, double> score) : BenchScorer
    {
        public override string Name => name;

        public override bool IsRuler => true;

        public override ValueTask<double[][]> ScoreAsync(IReadOnlyList<BenchItem> items, CancellationToken cancellationToken = default) =>
            new([.. items.Select(i => Enumerable.Range(0, i.Row.Responses.Count).Select(r => score(i, r)).ToArray())]);
    }
}

/// <summary>Bradley-Terry on the words a response holds, five-fold by prompt: every item is scored by weights that never saw its prompt.</summary>
/// <remarks>Features are hashed lower-case words, 1 where a word occurs. Weights by AdaGrad over four passes with L2. What it reaches is what word counts alone give away inside this file.</remarks>
public sealed class UnigramRuler : BenchScorer
{
    private const int Buckets = 1 << 15, Passes = 4;
    private const double Rate = 0.1, L2 = 1e-4;

    /// <inheritdoc/>
    public override string Name => "unigram";

    /// <inheritdoc/>
    public override bool IsRuler => true;

    /// <inheritdoc/>
    public override ValueTask<double[][]> ScoreAsync(IReadOnlyList<BenchItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        int[][][] words = [.. items.Select(i => Enumerable.Range(0, i.Row.Responses.Count).Select(r => Features(i.Text(r))).ToArray())];
        int[] fold = [.. items.Select(i => Folds.Of(i.Cluster))];
        double[][] scores = [.. items.Select(i => new double[i.Row.Responses.Count])];
        for (int held = 0; held < Folds.Count; held++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var weights = Train(items, words, [.. Enumerable.Range(0, items.Count).Where(i => fold[i] != held)]);
            for (int i = 0; i < items.Count; i++)
            {
                for (int r = 0; fold[i] == held && r < scores[i].Length; r++)
                {
                    scores[i][r] = words[i][r].Sum(w => weights[w]);
                }
            }
        }

        return new(scores);
    }

    private static int[] Features(string text) => [.. Words.Runs(text.ToLowerInvariant()).Select(w => (int)(Fnv(w) % Buckets)).Distinct()];

    private static uint Fnv(string word)
    {
        uint hash = 2166136261;
        foreach (char c in word)
        {
            hash = (hash ^ c) * 16777619;
        }

        return hash ^ (hash >> 15);
    }

    private static double[] Train(IReadOnlyList<BenchItem> items, int[][][] words, int[] part)
    {
        var weights = new double[Buckets];
        var squares = new double[Buckets];
        var random = new RandomStream(17).Split("unigram");
        for (int pass = 0; pass < Passes; pass++)
        {
            random.Shuffle(part);
            foreach (int i in part)
            {
                foreach (var pair in items[i].Pairs)
                {
                    int[] better = words[i][pair.Better], worse = words[i][pair.Worse];
                    double margin = better.Sum(w => weights[w]) - worse.Sum(w => weights[w]);
                    double push = 1 / (1 + Math.Exp(margin)) / items[i].Pairs.Count;
                    Step(better, push);
                    Step(worse, -push);
                }
            }
        }

        return weights;

        void Step(int[] features, double push)
        {
            foreach (int w in features)
            {
                double gradient = push - (L2 * weights[w]);
                squares[w] += gradient * gradient;
                weights[w] += Rate * gradient / Math.Sqrt(squares[w] + 1e-8);
            }
        }
    }
}
