using Meed.Evaluation.Bench;
using Meed.Evaluation.Probes;
using Meed.Evaluation.Protocols;
using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>Who chooses among answers.</summary>
public enum StepScorer : byte
{
    /// <summary>A scorer of whole answers.</summary>
    Outcome,

    /// <summary>A scorer of steps, trained on labels from tree search.</summary>
    Process,
}

/// <summary>Options of <see cref="StepScoring"/>.</summary>
public sealed record StepScoringOptions
{
    /// <summary>Outcome or process scorer.</summary>
    public StepScorer Scorer { get; init; }

    /// <summary>Puzzles from which both scorers learn.</summary>
    public int Puzzles { get; init; } = 150;

    /// <summary>Rollouts a puzzle, from which outcome labels and step labels come alike.</summary>
    public int Rollouts { get; init; } = 24;

    /// <summary>Held-out puzzles.</summary>
    public int Items { get; init; } = 300;

    /// <summary>Answers a held-out puzzle.</summary>
    public int Answers { get; init; } = 8;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Below(("Puzzles", Puzzles, 10), ("Rollouts", Rollouts, 4), ("Items", Items, 10), ("Answers", Answers, 2));
}

/// <summary>Pictures of arrows are followed step by step; a scorer of whole answers and one of steps choose among answers.</summary>
/// <remarks>
/// A puzzle is a strip of four pictures of 3 × 3 noisy pixels, each an arrow up, down, left or right; a step claims one direction, and an answer is right when all four are. The policy errs in a tenth to a half of its steps. Both scorers are linear in
/// products of pixels and claims: one picture with its claim, labelled by the value of the step in <see cref="StepTreeSearch"/>, or the whole strip with all claims, labelled by the answer's correctness. Both learn from the same rollouts; the scorer of wholes
/// has to find out which claim belongs to which picture. Step scores merge by their minimum. Measures:
/// <c>filtered</c>, accuracy of the choice on items where it matters (<see cref="StepSelection.Matters"/> between the two scorers); <c>all</c>, on all items that hold a right and a wrong answer; <c>untrained</c>, a process scorer of random weights on the same.
/// <para>ViLBench, arXiv:2503.20271 (atlas row 68).</para>
/// </remarks>
public sealed class StepScoring(StepScoringOptions options) : IStudy
{
    private const int Steps = 4, Pixels = 9, Turns = 4;

    private static readonly float[][] s_arrows =
    [
        [0, 1, 0, 1, 1, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1, 1, 1, 1], [1, 0, 0, 1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 0, 0, 1, 1],
    ];

    private sealed record Puzzle(int[] Truth, float[][] Seen, double Error);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        var stepFeatures = new List<float[]>();
        var stepLabels = new List<bool>();
        var answerFeatures = new List<float[]>();
        var answerLabels = new List<bool>();
        for (int i = 0; i < options.Puzzles; i++)
        {
            stop.ThrowIfCancellationRequested();
            var puzzle = New(world);
            bool Right(IReadOnlyList<int> steps)
            {
                bool right = steps.SequenceEqual(puzzle.Truth);
                answerFeatures.Add(Whole(puzzle, steps));
                answerLabels.Add(right);
                return right;
            }

            foreach (var label in StepTreeSearch.Run<int>((prefix, r) => prefix.Count < Steps ? (true, Step(puzzle, prefix.Count, r)) : (false, 0), Right, options.Rollouts, 3, world))
            {
                // A step that once led to a right end is right; one that never did after a good prefix is taken as wrong where it was tried twice.
                if (label.Value > 0 || (label.Visits >= 2 && label.Before > 0))
                {
                    stepFeatures.Add(Features(puzzle, label.Prefix.Count - 1, label.Prefix[^1]));
                    stepLabels.Add(label.Value > 0);
                }
            }
        }

        var outcome = LinearProbe.Fit(answerFeatures, answerLabels, 1e-3, 300);
        var process = LinearProbe.Fit(stepFeatures, stepLabels, 1e-3, 300);
        var blind = random.Split("untrained", 0);
        float[] noise = [.. Enumerable.Range(0, Pixels * Turns).Select(_ => (float)blind.NextNormal())];
        double filtered = 0, all = 0, untrained = 0;
        int matter = 0, mixed = 0;
        for (int i = 0; i < options.Items; i++)
        {
            stop.ThrowIfCancellationRequested();
            var puzzle = New(world);
            int[][] drawn = [.. Enumerable.Range(0, options.Answers).Select(_ => Enumerable.Range(0, Steps).Select(s => Step(puzzle, s, world)).ToArray())];
            SteppedAnswer[] answers = [.. drawn.Select(a => new SteppedAnswer(a.SequenceEqual(puzzle.Truth), outcome.Score(Whole(puzzle, a)), [.. a.Select((c, s) => 1 / (1 + Math.Exp(-process.Score(Features(puzzle, s, c)))))]))];
            if (answers.All(a => a.Right) || !answers.Any(a => a.Right))
            {
                continue;
            }

            int chosen = StepSelection.Choose(answers, options.Scorer == StepScorer.Process ? StepReduction.Min : null);
            SteppedAnswer[] guesses = [.. answers.Select((a, k) => a with { Steps = [.. drawn[k].Select((c, s) => 1 / (1 + Math.Exp(-(double)Features(puzzle, s, c).Zip(noise, (x, w) => x * w).Sum())))] })];
            mixed++;
            all += answers[chosen].Right ? 1 : 0;
            untrained += answers[StepSelection.Choose(guesses, StepReduction.Min)].Right ? 1 : 0;
            if (StepSelection.Matters(answers, StepReduction.Min))
            {
                matter++;
                filtered += answers[chosen].Right ? 1 : 0;
            }
        }

        return new Dictionary<string, double> { ["filtered"] = filtered / Math.Max(1, matter), ["all"] = all / Math.Max(1, mixed), ["untrained"] = untrained / Math.Max(1, mixed), ["items_that_matter"] = matter };
    }

    private static Puzzle New(RandomStream random)
    {
        int[] truth = [.. Enumerable.Range(0, Steps).Select(_ => random.NextInt(Turns))];
        return new Puzzle(truth, [.. truth.Select(t => s_arrows[t].Select(p => p + (float)(0.5 * random.NextNormal())).ToArray())], 0.1 + (0.4 * random.NextDouble()));
    }

    private static int Step(Puzzle puzzle, int step, RandomStream random) => random.NextBool(puzzle.Error) ? (puzzle.Truth[step] + 1 + random.NextInt(Turns - 1)) % Turns : puzzle.Truth[step];

    private static float[] Features(Puzzle puzzle, int step, int claim)
    {
        var features = new float[Pixels * Turns];
        puzzle.Seen[step].CopyTo(features, claim * Pixels);
        return features;
    }

    // Every pixel of the strip times every claim of the answer.
    private static float[] Whole(Puzzle puzzle, IReadOnlyList<int> claims)
    {
        const int Strip = Pixels * Steps;
        var features = new float[Strip * Steps * Turns];
        for (int s = 0; s < claims.Count; s++)
        {
            for (int k = 0; k < Strip; k++)
            {
                features[(((s * Turns) + claims[s]) * Strip) + k] = puzzle.Seen[k / Pixels][k % Pixels];
            }
        }

        return features;
    }
}
