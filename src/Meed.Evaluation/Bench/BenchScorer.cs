using System.Text.Json;
using Meed.RewardModels.Data;
using Meed.RewardModels.Observations;
using Meed.Rewards;

namespace Meed.Evaluation.Bench;

/// <summary>What gives each response of a bench a number: a reward, scores that a file brings along, or a null ruler.</summary>
public abstract class BenchScorer
{
    /// <summary>Its name in tables.</summary>
    public abstract string Name { get; }

    /// <summary>True for a rule that looks at nothing that matters; a reward has to beat it.</summary>
    public virtual bool IsRuler => false;

    /// <summary>A score for every response of every item; NaN where there is none.</summary>
    public abstract ValueTask<double[][]> ScoreAsync(IReadOnlyList<BenchItem> items, CancellationToken cancellationToken = default);
}

/// <summary>Any reward for texts.</summary>
/// <param name="name">Its name in tables.</param>
/// <param name="reward">The reward.</param>
public sealed class RewardScorer(string name, IReward<TextSample> reward) : BenchScorer
{
    private const int Batch = 512;

    /// <summary>The reward.</summary>
    public IReward<TextSample> Reward => reward;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override async ValueTask<double[][]> ScoreAsync(IReadOnlyList<BenchItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.FirstOrDefault(i => !i.HasTexts) is { } bare)
        {
            throw new PreferenceException($"Line {bare.Row.Line} has responses without a text, which a reward cannot judge. The file holds stored scores: leave --reward out to bench those.");
        }

        double[][] scores = [.. items.Select(i => new double[i.Row.Responses.Count])];
        for (int from = 0; from < items.Count; from += Batch)
        {
            int to = Math.Min(items.Count, from + Batch);
            var samples = new List<TextSample>();
            var groups = new List<int> { 0 };
            for (int i = from; i < to; i++)
            {
                var row = items[i].Row;
                var about = new Dictionary<string, string?> { ["source"] = row.Source, ["context"] = row.Context }.Where(p => p.Value is { Length: > 0 }).ToDictionary(p => p.Key, p => (object)p.Value!);
                var plain = JsonSerializer.SerializeToElement(about);
                samples.AddRange(row.Responses.Select(r => (r.Observation ?? row.Observation) is { } seen
                    ? new TextSample { Prompt = row.Prompt, Response = r.Text ?? "", Item = Shown(about, seen), Folder = seen.Folder }
                    : new TextSample { Prompt = row.Prompt, Response = r.Text!, Item = plain }));
                groups.Add(samples.Count);
            }

            var found = await reward.ScoreAsync(samples, new RewardContext { GroupOffsets = groups.ToArray() }, cancellationToken).ConfigureAwait(false);
            for (int i = from, at = 0; i < to; i++)
            {
                for (int r = 0; r < scores[i].Length; r++, at++)
                {
                    scores[i][r] = found.Status[at] == ScoreStatus.Ok ? found.Values[at] : double.NaN;
                }
            }
        }

        return scores;
    }

    private static JsonElement Shown(IReadOnlyDictionary<string, object> about, ObservationSource seen)
    {
        var item = new Dictionary<string, object>(about);
        foreach (var property in seen.Item.EnumerateObject())
        {
            item[property.Name] = property.Value;
        }

        return JsonSerializer.SerializeToElement(item);
    }
}

/// <summary>How the scores of single steps become one number.</summary>
public enum StepReduction : byte
{
    /// <summary>The mean step.</summary>
    Mean,

    /// <summary>The lowest step.</summary>
    Min,

    /// <summary>The product of all steps.</summary>
    Product,

    /// <summary>The geometric mean.</summary>
    GeometricMean,

    /// <summary>The last step.</summary>
    Last,

    /// <summary>The highest step.</summary>
    Max,
}

/// <summary>Scores that the rows of a file carry.</summary>
/// <param name="model">The model whose scores they are.</param>
/// <param name="steps">How several numbers a response become one; null where there is one a response.</param>
public sealed class StoredScores(string model, StepReduction? steps = null) : BenchScorer
{
    /// <inheritdoc/>
    public override string Name => steps is { } s ? $"{model} ({Rewards.Documents.Names.Kebab(s.ToString())} of steps)" : model;

    /// <summary>One scorer a model, or one a reduction where a model scored steps.</summary>
    public static IEnumerable<StoredScores> Of(BenchData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.StoredModels.SelectMany(m => data.Items.Any(i => i.Row.Responses.Any(r => r.Scores[m].Length != 1)) ? Enum.GetValues<StepReduction>().Select(s => new StoredScores(m, s)) : [new StoredScores(m)]);
    }

    /// <inheritdoc/>
    public override ValueTask<double[][]> ScoreAsync(IReadOnlyList<BenchItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new([.. items.Select(i => i.Row.Responses.Select(r => Reduce(r.Scores[model], steps)).ToArray())]);
    }

    /// <summary>One number of several.</summary>
    public static double Reduce(IReadOnlyList<double> scores, StepReduction? steps)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return scores.Count == 0 ? double.NaN : steps switch
        {
            null => scores.Count == 1 ? scores[0] : throw new ArgumentException($"StoredScores.Reduce: {scores.Count} scores and no rule that makes one of them."),
            StepReduction.Mean => scores.Sum() / scores.Count,
            StepReduction.Min => scores.Min(),
            StepReduction.Max => scores.Max(),
            StepReduction.Last => scores[^1],
            StepReduction.Product => scores.Aggregate(1.0, (p, s) => p * s),
            _ => Math.Pow(scores.Aggregate(1.0, (p, s) => p * s), 1.0 / scores.Count),
        };
    }
}
