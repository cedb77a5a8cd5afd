using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;

namespace Meed.RewardModels.Curation;

/// <summary>Changes the training rows of a reward model before it is trained. Validation and test rows stay as they are.</summary>
public abstract class PreferenceCuration
{
    /// <summary>The rows to train on.</summary>
    /// <param name="training">The training part; the first comparison of each row counts.</param>
    /// <param name="trainer">Trains helper models.</param>
    public abstract IReadOnlyList<PreferenceRow> Apply(IReadOnlyList<PreferenceRow> training, CurationTrainer trainer);

    /// <summary>A row with another label on its first comparison.</summary>
    protected static PreferenceRow Relabelled(PreferenceRow row, double probability, double margin)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row with { Pairs = [row.Pairs[0] with { Probability = probability, Margin = margin }] };
    }

    /// <summary>True for rows whose first comparison is decided.</summary>
    protected static bool Decided(PreferenceRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Pairs.Count > 0 && !row.Pairs[0].IsTie;
    }
}

/// <summary>Trains Bradley-Terry models on some rows, of the recipe's own encoder and trainer.</summary>
/// <param name="network">Makes an untrained network from a source of weights.</param>
/// <param name="options">How to train.</param>
/// <param name="random">Source of everything.</param>
/// <param name="stop">Asks for a stop.</param>
public sealed class CurationTrainer(Func<RandomStream, RewardNetwork> network, RewardTrainerOptions options, RandomStream random, CancellationToken stop = default)
{
    private int _models;

    /// <summary>Randomness for the curation itself.</summary>
    public RandomStream Random { get; } = random.Split("curation", 0);

    /// <summary>Margins, the preferred side minus the other as labelled, that a model trained on some rows gives to others.</summary>
    /// <param name="training">Rows to learn from.</param>
    /// <param name="judged">Rows to judge, each by its first, decided comparison.</param>
    public double[] Margins(IReadOnlyList<PreferenceRow> training, IReadOnlyList<PreferenceRow> judged)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(judged);
        var own = random.Split("model", _models++);
        var model = network(own.Split("weights", 0));
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        var data = TrainingData.Read(training.Select(r => (r, false, SplitPart.Train)), model, stop);
        RewardTrainer.Train(model, objective, data, options with { KeepBest = false, Refit = false }, [SplitPart.Train], own.Split("order", 0), stop: stop);
        var store = model.NewStore();
        store.Add([.. judged.SelectMany(r => r.Responses.Select(x => RewardInput.Of(r, x)))]);
        float[] scores = model.Score(store, [.. Enumerable.Range(0, store.Count)]);
        var margins = new double[judged.Count];
        for (int i = 0, first = 0; i < margins.Length; first += judged[i++].Responses.Count)
        {
            var pair = judged[i].Pairs[0];
            double difference = scores[first + pair.First] - scores[first + pair.Second];
            margins[i] = pair.Probability > 0.5 ? difference : -difference;
        }

        return margins;
    }
}
