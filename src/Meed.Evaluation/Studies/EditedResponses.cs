using Meed.Evaluation.Bench;
using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.Tasks.PreferenceSet;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Meed.Evaluation.Studies;

/// <summary>What a reward is trained with besides comparisons.</summary>
public enum EditTraining : byte
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>The squared difference to an edited copy.</summary>
    Consistent,
}

/// <summary>Options of <see cref="EditedResponses"/>.</summary>
public sealed record EditedResponsesOptions
{
    /// <summary>Plain or consistent.</summary>
    public EditTraining Training { get; init; }

    /// <summary>Training comparisons.</summary>
    public int Pairs { get; init; } = 1500;

    /// <summary>Updates of 32 comparisons.</summary>
    public int Steps { get; init; } = 250;

    /// <summary>Weight of the squared difference.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>Held-out comparisons that are edited.</summary>
    public int Test { get; init; } = 200;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Pairs", Pairs, 10), ("Steps", Steps, 1), ("Test", Test, 10)),
        .. StudyProblems.When(!(Weight >= 0), $"Weight is {Weight}; it is 0 or more."),
    ];
}

/// <summary>A reward on the generated set is measured on edited responses; half of the edits are known to the training, half are new.</summary>
/// <remarks>
/// The reward is a network 2,048 → 32 → 1. Half of what it sees is brittle: hashed characters in threes and fours as they stand, so that case, spaces, marks and spelling all reach it. The other half is what most edits leave alone: hashed words of letters and digits in lower case. A reward may lean on either.
/// Edits are those of <see cref="Transformations"/> that change at least half of the responses, by turns known to the training and new. In training a known one makes a copy of both responses. Measures on held-out comparisons, both responses edited alike, accuracy before less after, the mean over edits:
/// <c>unseen_drop</c>, <c>seen_drop</c>; <c>accuracy</c> without edits; <c>worst_unseen</c>, the accuracy after the new edit that costs most, which a reward cannot raise by being worse without edits.
/// <para>reWordBench, arXiv:2503.11751 (atlas row 216).</para>
/// </remarks>
public sealed class EditedResponses(EditedResponsesOptions options) : IStudy
{
    private const int Buckets = 1024, Hidden = 32, Batch = 32;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var task = new PreferenceSetTask(new PreferenceSetOptions { Pairs = options.Pairs, Test = options.Test });
        var random = new RandomStream(seed);
        var pairs = TextReward.Pairs(task.Training(seed));
        var edits = Transformations.All.Where(t => !t.OnPrompt && pairs.Take(200).Count(p => Transformations.Run(t, p.Better.Response) != p.Better.Response) >= Math.Min(200, pairs.Count) / 2).ToList();
        var seen = edits.Where((_, i) => i % 2 == 0).ToList();
        var unseen = edits.Where((_, i) => i % 2 == 1).ToList();
        var weights = random.Split("weights", 0);
        Linear first = new("first", 2 * Buckets, Hidden, weights, activation: Activation.Gelu), second = new("second", Hidden, 1, weights);
        var optimizer = new Adam([.. first.Parameters, .. second.Parameters], 3e-3f);
        var draw = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            TextReward.Pair[] batch = [.. Enumerable.Range(0, Batch).Select(_ => pairs[draw.NextInt(pairs.Count)])];
            var better = Score(batch.Select(p => p.Better.Response));                                                       // [32]
            var worse = Score(batch.Select(p => p.Worse.Response));
            Transformation[] drawn = [.. batch.Select(_ => seen[draw.NextInt(seen.Count)])];
            float weight = options.Training == EditTraining.Consistent ? options.Weight : 0;
            var loss = BradleyTerry.Loss(better, worse).Mean();
            if (weight > 0)
            {
                loss += weight * (ParaphraseConsistency.Loss(better, Score(batch.Select((p, i) => Transformations.Run(drawn[i], p.Better.Response)))).Mean() + ParaphraseConsistency.Loss(worse, Score(batch.Select((p, i) => Transformations.Run(drawn[i], p.Worse.Response)))).Mean());
            }

            optimizer.Step(loss);
        }

        var test = TextReward.Pairs(task.Test(seed));
        double accuracy = Accuracy(null);
        double[] known = [.. seen.Select(t => Accuracy(t))], fresh = [.. unseen.Select(t => Accuracy(t))];
        return new Dictionary<string, double> { ["accuracy"] = accuracy, ["seen_drop"] = accuracy - known.Average(), ["unseen_drop"] = accuracy - fresh.Average(), ["worst_unseen"] = fresh.Min() };

        Tensor Score(IEnumerable<string> texts)
        {
            float[][] rows = [.. texts.Select(Features)];
            return second.Forward(first.Forward(Tensor.From([.. rows.SelectMany(r => r)], rows.Length, 2 * Buckets))).Reshape(rows.Length);
        }

        double Accuracy(Transformation? edit)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin(record: false);
            string Edited(string text) => edit is null ? text : Transformations.Run(edit, text);
            float[] better = Score(test.Select(p => Edited(p.Better.Response))).ToArray(), worse = Score(test.Select(p => Edited(p.Worse.Response))).ToArray();
            return better.Zip(worse, (a, b) => a > b ? 1 : a == b ? 0.5 : 0).Average();
        }
    }

    private static float[] Features(string text)
    {
        var features = new float[2 * Buckets];
        for (int n = 3; n <= 4; n++)
        {
            for (int i = 0; i + n <= text.Length; i++)
            {
                features[Bucket(text.AsSpan(i, n))]++;
            }
        }

        Unit(features.AsSpan(0, Buckets), 6);
        string lower = text.ToLowerInvariant();
        for (int from = 0; from < lower.Length; from++)
        {
            int to = from;
            while (to < lower.Length && char.IsLetterOrDigit(lower[to]))
            {
                to++;
            }

            if (to > from)
            {
                features[Buckets + Bucket(lower.AsSpan(from, to - from))]++;
            }

            from = to;
        }

        Unit(features.AsSpan(Buckets), 2);
        return features;
    }

    private static int Bucket(ReadOnlySpan<char> text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)((hash ^ (hash >> 15)) % Buckets);
    }

    // Both halves weigh the same.
    private static void Unit(Span<float> features, float length)
    {
        float size = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(features));
        if (size > 0)
        {
            TensorPrimitives.Multiply(features, length / size, features);
        }
    }
}
