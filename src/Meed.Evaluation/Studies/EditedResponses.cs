using Meed.Evaluation.Bench;
using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.Tasks.PreferenceSet;

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
    public IEnumerable<string> Problems()
    {
        if (Pairs < 10 || Steps < 1 || !(Weight >= 0) || Test < 10)
        {
            yield return $"pairs {Pairs} (10 or more), steps {Steps} (1 or more), weight {Weight} (0 or more), test {Test} (10 or more): one is out of range.";
        }
    }
}

/// <summary>A reward on the generated set is measured on edited responses; half of the edits are known to the training, half are new.</summary>
/// <remarks>
/// The reward is a network 1,024 → 32 → 1 over hashed characters in threes and fours as they stand, so that case, spaces, marks and spelling all reach it. In training one of every two edits (those of even place in <see cref="Transformations"/> that touch responses) makes a copy of
/// the better response. Measures on held-out comparisons, both responses edited alike, accuracy before less after, the mean over edits: <c>unseen_drop</c>, <c>seen_drop</c>; <c>accuracy</c> without edits.
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
        var edits = Transformations.All.Where(t => !t.OnPrompt).ToList();
        var seen = edits.Where((_, i) => i % 2 == 0).ToList();
        var unseen = edits.Where((_, i) => i % 2 == 1).ToList();
        var pairs = TextReward.Pairs(task.Training(seed));
        var weights = random.Split("weights", 0);
        Linear first = new("first", Buckets, Hidden, weights, activation: Activation.Gelu), second = new("second", Hidden, 1, weights);
        var optimizer = new Adam([.. first.Parameters, .. second.Parameters], 3e-3f);
        var draw = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            TextReward.Pair[] batch = [.. Enumerable.Range(0, Batch).Select(_ => pairs[draw.NextInt(pairs.Count)])];
            var better = Score(batch.Select(p => p.Better.Response));                                                       // [32]
            var worse = Score(batch.Select(p => p.Worse.Response));
            var edited = Score(batch.Select(p => Transformations.Run(seen[draw.NextInt(seen.Count)], p.Better.Response)));
            float weight = options.Training == EditTraining.Consistent ? options.Weight : 0;
            optimizer.Step(BradleyTerry.Loss(better, worse).Mean() + (weight * ParaphraseConsistency.Loss(better, edited).Mean()));
        }

        var test = TextReward.Pairs(task.Test(seed));
        double accuracy = Accuracy(null);
        double Drop(List<Transformation> some) => some.Average(t => accuracy - Accuracy(t));
        return new Dictionary<string, double> { ["accuracy"] = accuracy, ["seen_drop"] = Drop(seen), ["unseen_drop"] = Drop(unseen) };

        Tensor Score(IEnumerable<string> texts)
        {
            float[][] rows = [.. texts.Select(Features)];
            return second.Forward(first.Forward(Tensor.From([.. rows.SelectMany(r => r)], rows.Length, Buckets))).Reshape(rows.Length);
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
        var features = new float[Buckets];
        for (int n = 3; n <= 4; n++)
        {
            for (int i = 0; i + n <= text.Length; i++)
            {
                uint hash = 2166136261;
                for (int k = i; k < i + n; k++)
                {
                    hash = (hash ^ text[k]) * 16777619;
                }

                features[(hash ^ (hash >> 15)) % Buckets]++;
            }
        }

        float size = MathF.Sqrt(features.Sum(f => f * f));
        return size > 0 ? [.. features.Select(f => 4 * f / size)] : features;
    }
}
