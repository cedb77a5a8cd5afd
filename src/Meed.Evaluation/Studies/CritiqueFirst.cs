using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.Evaluation.Studies;

/// <summary>How the reward model comes to its score.</summary>
public enum CritiqueUse : byte
{
    /// <summary>A score at once.</summary>
    None,

    /// <summary>A critique first, learned from written ones, and the score from the critique.</summary>
    First,
}

/// <summary>Options of <see cref="CritiqueFirst"/>.</summary>
public sealed record CritiqueFirstOptions
{
    /// <summary>How the model comes to its score.</summary>
    public CritiqueUse Method { get; init; }

    /// <summary>Training pairs.</summary>
    public int Pairs { get; init; } = 400;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Statements of an answer.</summary>
    public int Statements { get; init; } = 8;

    /// <summary>Weight of the pairwise loss beside that of the critique.</summary>
    public float Weight { get; init; } = 4;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.BelowOne(("Pairs", Pairs), ("Steps", Steps), ("Statements", Statements));
}

/// <summary>Answers of several statements, each right or wrong; a critique says which, statement by statement.</summary>
/// <remarks>
/// A statement is shown as six noisy numbers, right where the product of the first two is above 0. The better answer has more right statements. Both models read the same features by the same network; the critic writes one verdict a
/// statement (its log-probability is the critique's part of <see cref="CritiqueThenScore"/>) and scores from its own verdicts, never from written ones. Measure: <c>accuracy</c> on held-out pairs; <c>verdict_accuracy</c> of the critique.
/// <para>MM-RLHF (atlas row 53), its critique-based reward model.</para>
/// </remarks>
public sealed class CritiqueFirst(CritiqueFirstOptions options) : IStudy
{
    private const int Width = 6, Hidden = 32;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        var train = Enumerable.Range(0, options.Pairs).Select(_ => Pair(world)).ToArray();
        var test = Enumerable.Range(0, 1000).Select(_ => Pair(world)).ToArray();
        var weights = random.Split("weights", 0);
        var inner = new Linear("inner", Width, Hidden, weights, activation: Activation.Gelu);
        var verdict = new Linear("verdict", Hidden, 1, weights);
        var score = new Linear("score", options.Method == CritiqueUse.First ? 1 : Hidden, 1, weights);
        var optimizer = new Adam([.. inner.Parameters, .. verdict.Parameters, .. score.Parameters], 5e-3f);
        var order = random.Split("order", 0);
        int t = options.Statements;

        // Statements [B·T, 6] to verdict log-odds [B, T] and scores [B]; a score is a sum over statements.
        (Tensor Verdicts, Tensor Scores) Read(Tensor statements, int rows)
        {
            var hidden = inner.Forward(statements);
            var verdicts = verdict.Forward(hidden);
            var scores = score.Forward(options.Method == CritiqueUse.First ? verdicts.Sigmoid() : hidden).Reshape(rows, t).Sum(1);
            return (verdicts.Reshape(rows, t), scores);
        }

        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            var own = Enumerable.Range(0, 32).Select(_ => train[order.NextInt(train.Length)]).ToArray();
            var (chosenVerdicts, chosen) = Read(FeatureScorer.Matrix([.. own.SelectMany(p => p.Better.Statements)]), own.Length);
            var (rejectedVerdicts, rejected) = Read(FeatureScorer.Matrix([.. own.SelectMany(p => p.Worse.Statements)]), own.Length);
            var written = Tensor.From([.. own.SelectMany(p => p.Better.Right.Select(r => r ? 1f : -1f))], own.Length, t);
            var writtenWorse = Tensor.From([.. own.SelectMany(p => p.Worse.Right.Select(r => r ? 1f : -1f))], own.Length, t);
            var loss = options.Method == CritiqueUse.First
                ? CritiqueThenScore.Loss(Tensor.Concat(1, (chosenVerdicts * written).LogSigmoid(), (rejectedVerdicts * writtenWorse).LogSigmoid()), chosen, rejected, options.Weight)
                : BradleyTerry.Loss(chosen, rejected);
            optimizer.Step(loss.Mean(), 1f, out _);
        }

        using var measuring = Tape.Begin(record: false);
        var (verdicts, first) = Read(FeatureScorer.Matrix([.. test.SelectMany(p => p.Better.Statements)]), test.Length);
        var (_, second) = Read(FeatureScorer.Matrix([.. test.SelectMany(p => p.Worse.Statements)]), test.Length);
        bool[] right = [.. test.SelectMany(p => p.Better.Right)];
        return new Dictionary<string, double>
        {
            ["accuracy"] = first.ToArray().Zip(second.ToArray()).Count(p => p.First > p.Second) / (double)test.Length,
            ["verdict_accuracy"] = verdicts.ToArray().Zip(right).Count(p => p.First > 0 == p.Second) / (double)right.Length,
        };
    }

    private sealed record Answer(float[][] Statements, bool[] Right);

    private (Answer Better, Answer Worse) Pair(RandomStream random)
    {
        while (true)
        {
            Answer a = NewAnswer(random), b = NewAnswer(random);
            int margin = a.Right.Count(r => r) - b.Right.Count(r => r);
            if (margin != 0)
            {
                return margin > 0 ? (a, b) : (b, a);
            }
        }
    }

    private Answer NewAnswer(RandomStream random)
    {
        float[][] statements = [.. Enumerable.Range(0, options.Statements).Select(_ => FeaturePairs.Normal(Width, random))];
        return new Answer(statements, [.. statements.Select(s => s[0] * s[1] > 0)]);
    }
}
