using Meed.Evaluation.Protocols;
using Meed.Evaluation.Statistics;
using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>In which order a judge sees two answers.</summary>
public enum AnswerOrder : byte
{
    /// <summary>As the file has them.</summary>
    Fixed,

    /// <summary>Drawn for each vote.</summary>
    Drawn,
}

/// <summary>Options of <see cref="JudgeVotes"/>.</summary>
public sealed record JudgeVotesOptions
{
    /// <summary>Fixed or drawn order.</summary>
    public AnswerOrder Order { get; init; }

    /// <summary>Judges.</summary>
    public int Judges { get; init; } = 12;

    /// <summary>Items in each of the three groups.</summary>
    public int Items { get; init; } = 100;

    /// <summary>Votes an item.</summary>
    public int Votes { get; init; } = 5;

    /// <summary>Share of the items whose better answer stands first in the file.</summary>
    public double BetterFirst { get; init; } = 0.8;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Judges", Judges, 3), ("Items", Items, 10)),
        .. StudyProblems.When(Votes < 1 || Votes % 2 == 0, $"Votes is {Votes}; it is odd, 1 or more."),
        .. StudyProblems.When(BetterFirst is not (>= 0 and <= 1), $"BetterFirst is {BetterFirst}; it is a share, 0 to 1."),
    ];
}

/// <summary>Toy judges of graded eyesight and graded love of the first place compare captions of pictures; does the benchmark say who is good at best-of-n?</summary>
/// <remarks>
/// A picture has four cells of 5 × 5 pixels, each with one of six glyphs; a judge sees it with normal noise of its own strength, anew for each vote, reads each cell by its nearest glyph and prefers the caption that names more of them.
/// Where both name as many it takes the one shown first with its own probability. Groups: two cells wrong, one cell wrong (hallucination), and a claim which of two glyphs is more frequent (reasoning). Measures: <c>correlation</c> over judges between macro
/// accuracy and the gain in right cells when the judge picks one of eight captions; <c>macro</c> mean macro accuracy; <c>vote_gain</c> accuracy at all votes less that at one.
/// <para>VLRewardBench, arXiv:2411.17451 (atlas row 251).</para>
/// </remarks>
public sealed class JudgeVotes(JudgeVotesOptions options) : IStudy
{
    private const int Cells = 4, Glyphs = 6, Pixels = 25, Captions = 8;

    private sealed record Scene(int[] Truth, int[] Better, int[] Worse, (int A, int B)? Claim);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        float[][] glyphs = [.. Enumerable.Range(0, Glyphs).Select(_ => Enumerable.Range(0, Pixels).Select(_ => world.NextBool() ? 1f : 0f).ToArray())];
        var scenes = new List<(Scene Scene, VoteItem Item)>();
        foreach (var (group, wrong) in ((string, int)[])[("general", 2), ("hallucination", 1), ("reasoning", 0)])
        {
            for (int i = 0; i < options.Items; i++)
            {
                int[] truth = Truth(world);
                (int, int)? claim = wrong == 0 ? Claim(truth, world) : null;
                scenes.Add((new Scene(truth, truth, Spoil(truth, wrong, world), claim), new VoteItem(group, world.NextBool(options.BetterFirst))));
            }
        }

        int[][] drawn = [.. Enumerable.Range(0, 150).Select(_ => Truth(world))];
        int[][][] captions = [.. drawn.Select(t => Enumerable.Range(0, Captions).Select(_ => Spoil(t, world.NextInt(Cells + 1), world)).ToArray())];
        var macro = new double[options.Judges];
        var gain = new double[options.Judges];
        double votes = 0;
        for (int j = 0; j < options.Judges; j++)
        {
            stop.ThrowIfCancellationRequested();
            var judge = random.Split("judge", j);
            double noise = 0.3 + (1.5 * judge.NextDouble()), first = judge.NextDouble();
            var result = PairwiseVotes.Run([.. scenes.Select(s => s.Item)], Ask, options.Votes, options.Order == AnswerOrder.Drawn, judge.Split("votes", 0));
            macro[j] = result.Macro;
            votes += (result.Overall - result.ByVotes[0]) / options.Judges;

            // Best of eight by the same eyes, which have no first place here.
            var picks = judge.Split("picks", 0);
            for (int i = 0; i < drawn.Length; i++)
            {
                int[] seen = See(drawn[i], noise, picks);
                int best = Enumerable.Range(0, Captions).MaxBy(c => Agree(seen, captions[i][c]) + (1e-3 * picks.NextDouble()));
                gain[j] += (Agree(drawn[i], captions[i][best]) - captions[i].Average(c => Agree(drawn[i], c))) / Cells / drawn.Length;
            }

            bool Ask(int item, bool shownFirst, RandomStream stream)
            {
                var (scene, about) = scenes[item];
                int[] seen = See(scene.Truth, noise, stream);
                double better = scene.Claim is { } c ? Math.Sign(seen.Count(g => g == c.A) - seen.Count(g => g == c.B)) : Agree(seen, scene.Better) - Agree(seen, scene.Worse);

                // better > 0 speaks for the better answer; who is shown first follows from the file's order.
                bool betterShown = about.FirstIsBetter == shownFirst;
                return better == 0 ? stream.NextBool(first) : better > 0 == betterShown;
            }
        }

        return new Dictionary<string, double> { ["correlation"] = Correlation.Pearson(macro, gain), ["macro"] = macro.Average(), ["vote_gain"] = votes };

        int[] See(int[] truth, double noise, RandomStream stream) => [.. truth.Select(g =>
        {
            float[] seen = [.. glyphs[g].Select(p => p + (float)(noise * stream.NextNormal()))];
            return Enumerable.Range(0, Glyphs).MinBy(k => glyphs[k].Zip(seen, (a, b) => (a - b) * (a - b)).Sum());
        })];
    }

    private static int[] Truth(RandomStream random) => [.. Enumerable.Range(0, Cells).Select(_ => random.NextInt(Glyphs))];

    private static double Agree(int[] a, int[] b) => a.Zip(b, (x, y) => x == y ? 1 : 0).Sum();

    private static int[] Spoil(int[] truth, int wrong, RandomStream random)
    {
        int[] caption = [.. truth];
        foreach (int cell in random.Permutation(Cells).Take(wrong))
        {
            caption[cell] = (truth[cell] + 1 + random.NextInt(Glyphs - 1)) % Glyphs;
        }

        return caption;
    }

    // Two glyphs of which the first is more frequent.
    private static (int, int) Claim(int[] truth, RandomStream random)
    {
        int a = truth.GroupBy(g => g).MaxBy(g => g.Count())!.Key, b;
        do
        {
            b = random.NextInt(Glyphs);
        }
        while (b == a || truth.Count(g => g == b) >= truth.Count(g => g == a));
        return (a, b);
    }
}
