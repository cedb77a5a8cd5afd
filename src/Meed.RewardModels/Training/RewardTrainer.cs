using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;

namespace Meed.RewardModels.Training;

/// <summary>How a reward model is trained.</summary>
public sealed record RewardTrainerOptions
{
    /// <summary>Passes over the training part.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Updates, whatever the number of units; 0 lets the epochs decide.</summary>
    public int Steps { get; init; }

    /// <summary>Comparisons, rankings or responses a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Peak learning rate; 0 takes the encoder's own (0.03 for n-grams, 3e-4 for a transformer, 1e-3 for features).</summary>
    public float LearningRate { get; init; }

    /// <summary>Weight decay per unit of learning rate; below 0 takes the encoder's own (0.05 for n-grams, 0.01 otherwise).</summary>
    public float WeightDecay { get; init; } = -1;

    /// <summary>Largest norm of the gradient, where the encoder clips.</summary>
    public float MaxGradNorm { get; init; } = 1;

    /// <summary>Share of the steps in which the rate rises to its peak.</summary>
    public float WarmUp { get; init; } = 0.05f;

    /// <summary>True when the weights of the epoch with the lowest validation loss are kept.</summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>True when, after the number of epochs was chosen, a new model is trained for as many on training and validation part together.</summary>
    public bool Refit { get; init; }

    /// <summary>Updates on a number of units.</summary>
    public long StepsFor(int units) => Steps > 0 ? Steps : (long)Epochs * ((units + BatchSize - 1) / BatchSize);

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Epochs < 1)
        {
            yield return $"Epochs is {Epochs}; it is 1 or more.";
        }

        if (Steps < 0)
        {
            yield return $"Steps is {Steps}; it is 1 or more, or 0 to let the epochs decide.";
        }

        if (BatchSize < 1)
        {
            yield return $"BatchSize is {BatchSize}; it is 1 or more.";
        }

        if (!(LearningRate >= 0))
        {
            yield return $"LearningRate is {LearningRate}; it is above 0, or 0 for the encoder's own.";
        }

        if (!(MaxGradNorm > 0))
        {
            yield return $"MaxGradNorm is {MaxGradNorm}; it is above 0.";
        }

        if (WarmUp is not (>= 0 and < 1))
        {
            yield return $"WarmUp is {WarmUp}; it is a share, 0 to below 1.";
        }
    }
}

/// <summary>One step of training.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Loss">Mean loss of the batch.</param>
/// <param name="GradNorm">Norm of the gradient.</param>
/// <param name="LearningRate">The rate.</param>
public readonly record struct RewardStep(long Step, float Loss, float GradNorm, float LearningRate);

/// <summary>An epoch on the validation part.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean validation loss; the training loss where there is no validation part.</param>
public readonly record struct RewardEpoch(int Epoch, double Loss);

/// <summary>Trains a network for an objective.</summary>
public static class RewardTrainer
{
    /// <summary>Trains until the epochs are done.</summary>
    /// <param name="network">Learns in place.</param>
    /// <param name="objective">What for.</param>
    /// <param name="data">The data, encoded for this network.</param>
    /// <param name="options">How.</param>
    /// <param name="parts">Parts that are trained on; the validation part chooses the epoch unless it is one of them.</param>
    /// <param name="random">Orders the batches.</param>
    /// <param name="step">Hears every step.</param>
    /// <param name="epoch">Hears every epoch.</param>
    /// <param name="stop">Asks for a stop.</param>
    /// <returns>The epoch whose weights were kept.</returns>
    public static int Train(RewardNetwork network, RewardObjective objective, TrainingData data, RewardTrainerOptions options, IReadOnlyList<SplitPart> parts, RandomStream random,
        Action<RewardStep>? step = null, Action<RewardEpoch>? epoch = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(random);
        int[] units = [.. parts.SelectMany(p => objective.Units(data, p))];
        int[] validation = parts.Contains(SplitPart.Validation) ? [] : objective.Units(data, SplitPart.Validation);
        if (units.Length == 0)
        {
            throw new PreferenceException($"There is nothing to train on: the objective {objective.Name} finds none of what it learns from among {data.Responses.Count} responses and {data.Comparisons.Count} comparisons.");
        }

        bool sparse = network is NGramNetwork;
        float peak = options.LearningRate > 0 ? options.LearningRate : sparse ? 0.03f : network is FeatureNetwork ? 1e-3f : 3e-4f;
        network.BeginTraining(options.WeightDecay >= 0 ? options.WeightDecay : sparse ? 0.05f : 0.01f, objective.Parameters);
        long perEpoch = (units.Length + options.BatchSize - 1) / options.BatchSize, steps = options.StepsFor(units.Length), done = 0;
        int epochs = (int)((steps + perEpoch - 1) / perEpoch);
        var schedule = Schedule.Cosine(peak, peak / 10, steps, (long)(steps * options.WarmUp));
        int best = epochs;
        double lowest = double.PositiveInfinity;
        IReadOnlyList<float[]>? kept = null;
        for (int e = 1; e <= epochs; e++)
        {
            random.Shuffle(units);
            double sum = 0;
            for (int start = 0; start < units.Length && done < steps; start += options.BatchSize)
            {
                stop.ThrowIfCancellationRequested();
                var batch = units.AsSpan(start, Math.Min(options.BatchSize, units.Length - start));
                using var scope = Tape.Begin();
                var loss = objective.Loss(network.Forward(data.Store, objective.Rows(data, batch)), data, batch).Mean();
                float value = loss.Item(), rate = schedule.At(done++);
                float norm = network.Step(loss, rate, options.MaxGradNorm);
                sum += value * batch.Length;
                step?.Invoke(new RewardStep(done, value, norm, rate));
            }

            double measured = validation.Length > 0 ? MeanLoss(network, objective, data, validation) : sum / units.Length;
            epoch?.Invoke(new RewardEpoch(e, measured));
            if (options.KeepBest && validation.Length > 0 && measured < lowest)
            {
                (lowest, best, kept) = (measured, e, [.. network.Snapshot(), .. objective.Parameters.Select(p => p.Value.ToArray())]);
            }
        }

        if (kept is not null && best != epochs)
        {
            int own = kept.Count - objective.Parameters.Count;
            network.Restore([.. kept.Take(own)]);
            foreach (var (parameter, values) in objective.Parameters.Zip(kept.Skip(own)))
            {
                parameter.Load(values);
            }
        }

        return best;
    }

    /// <summary>Mean loss of some units, without learning.</summary>
    public static double MeanLoss(RewardNetwork network, RewardObjective objective, TrainingData data, int[] units)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(units);
        double sum = 0;
        foreach (var batch in units.Chunk(256))
        {
            using var scope = Tape.Begin(record: false);
            int[] rows = objective.Rows(data, batch);
            var scores = Tensor.From(network.Score(data.Store, rows), rows.Length, network.Outputs);
            sum += objective.Loss(scores, data, batch).Sum().Item();
        }

        return units.Length == 0 ? double.NaN : sum / units.Length;
    }
}
