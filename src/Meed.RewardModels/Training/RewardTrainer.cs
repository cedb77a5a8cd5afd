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

    /// <summary>Peak learning rate; 0 takes the encoder's own (0.03 for n-grams, 3e-4 for a transformer, 1e-3 for features, 3e-3 for pictures, clips and states).</summary>
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

        long perEpoch = (units.Length + options.BatchSize - 1) / options.BatchSize, steps = options.StepsFor(units.Length), done = 0;
        int epochs = (int)((steps + perEpoch - 1) / perEpoch);
        var (schedule, best) = Begin(network, objective, options, steps, epochs);
        for (int e = 1; e <= epochs; e++)
        {
            var (sum, _) = Pass(network, objective, data, units, steps - done, options, random, _ => schedule.At(done++), () => done, step, stop);
            double measured = validation.Length > 0 ? MeanLoss(network, objective, data, validation) : sum / units.Length;
            epoch?.Invoke(new RewardEpoch(e, measured));
            best.See(e, measured, options.KeepBest && validation.Length > 0);
        }

        return best.Finish();
    }

    /// <summary>Trains on rows that are read again in every epoch, so that memory holds a window of them and not the file.</summary>
    /// <remarks>The order is shuffled within a window: files that are sorted by source or date are better shuffled before. The rate follows the share of the rows gone through.</remarks>
    /// <param name="network">Learns in place.</param>
    /// <param name="objective">What for.</param>
    /// <param name="rows">Reads all rows from the beginning; called once an epoch.</param>
    /// <param name="total">Rows of the parts to train on, from <see cref="RowSurvey"/>.</param>
    /// <param name="window">Rows held at a time.</param>
    /// <param name="measured">Holds the validation part, which chooses the epoch unless it is trained on.</param>
    /// <param name="options">How.</param>
    /// <param name="parts">Parts that are trained on.</param>
    /// <param name="random">Orders the batches.</param>
    /// <param name="step">Hears every step.</param>
    /// <param name="epoch">Hears every epoch.</param>
    /// <param name="stop">Asks for a stop.</param>
    /// <returns>The epoch whose weights were kept.</returns>
    public static int Stream(RewardNetwork network, RewardObjective objective, Func<IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)>> rows, long total, int window, TrainingData measured,
        RewardTrainerOptions options, IReadOnlyList<SplitPart> parts, RandomStream random, Action<RewardStep>? step = null, Action<RewardEpoch>? epoch = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        int[] validation = parts.Contains(SplitPart.Validation) ? [] : objective.Units(measured, SplitPart.Validation);
        var (schedule, best) = Begin(network, objective, options, Math.Max(1, options.Epochs * total), options.Epochs);
        long done = 0;
        for (int e = 1; e <= options.Epochs; e++)
        {
            double sum = 0;
            long seen = 0, before = (e - 1) * total;
            foreach (var part in rows().Where(r => parts.Contains(r.Part)).Chunk(window))
            {
                var data = TrainingData.Read(part, network, stop);
                int[] units = [.. parts.SelectMany(p => objective.Units(data, p))];
                var (own, count) = Pass(network, objective, data, units, long.MaxValue, options, random, at => schedule.At(before + (long)(part.Length * at)), () => ++done, step, stop);
                (sum, seen, before) = (sum + own, seen + count, before + part.Length);
            }

            if (seen == 0)
            {
                throw new PreferenceException($"There is nothing to train on: the objective {objective.Name} finds none of what it learns from in the rows.");
            }

            double loss = validation.Length > 0 ? MeanLoss(network, objective, measured, validation) : sum / seen;
            epoch?.Invoke(new RewardEpoch(e, loss));
            best.See(e, loss, options.KeepBest && validation.Length > 0);
        }

        return best.Finish();
    }

    private static (Schedule Schedule, Best Best) Begin(RewardNetwork network, RewardObjective objective, RewardTrainerOptions options, long length, int epochs)
    {
        bool sparse = network is NGramNetwork;
        float peak = options.LearningRate > 0 ? options.LearningRate : sparse ? 0.03f : network is FeatureNetwork ? 1e-3f : network is ObservationNetwork ? 3e-3f : 3e-4f;
        network.BeginTraining(options.WeightDecay >= 0 ? options.WeightDecay : sparse ? 0.05f : 0.01f, objective.Parameters);
        return (Schedule.Cosine(peak, peak / 10, length, (long)(length * options.WarmUp)), new Best(network, objective, epochs));
    }

    // Once through the units in a new order: the sum of the losses and how many there were. The rate depends on the share of the pass that is done.
    private static (double Sum, long Count) Pass(RewardNetwork network, RewardObjective objective, TrainingData data, int[] units, long most, RewardTrainerOptions options, RandomStream random,
        Func<double, float> rateAt, Func<long> number, Action<RewardStep>? step, CancellationToken stop)
    {
        random.Shuffle(units);
        double sum = 0;
        for (int start = 0; start < units.Length && most-- > 0; start += options.BatchSize)
        {
            stop.ThrowIfCancellationRequested();
            var batch = units.AsSpan(start, Math.Min(options.BatchSize, units.Length - start));
            using var scope = Tape.Begin();
            var loss = objective.Loss(network.Forward(data.Store, objective.Rows(data, batch)), data, batch).Mean();
            float value = loss.Item(), rate = rateAt((double)start / units.Length);
            float norm = network.Step(loss, rate, options.MaxGradNorm);
            sum += value * batch.Length;
            step?.Invoke(new RewardStep(number(), value, norm, rate));
        }

        return (sum, units.Length);
    }

    // The weights of the epoch with the lowest validation loss.
    private sealed class Best(RewardNetwork network, RewardObjective objective, int epochs)
    {
        private readonly int _last = epochs;
        private int _epoch = epochs;
        private double _lowest = double.PositiveInfinity;
        private IReadOnlyList<float[]>? _kept;

        public void See(int epoch, double loss, bool keeps)
        {
            if (keeps && loss < _lowest)
            {
                (_lowest, _epoch, _kept) = (loss, epoch, [.. network.Snapshot(), .. objective.Parameters.Select(p => p.Value.ToArray())]);
            }
        }

        public int Finish()
        {
            if (_kept is not null && _epoch != _last)
            {
                int own = _kept.Count - objective.Parameters.Count;
                network.Restore([.. _kept.Take(own)]);
                foreach (var (parameter, values) in objective.Parameters.Zip(_kept.Skip(own)))
                {
                    parameter.Load(values);
                }
            }

            return _epoch;
        }
    }

    /// <summary>Mean loss of some units, without learning.</summary>
    public static double MeanLoss(RewardNetwork network, RewardObjective objective, TrainingData data, int[] units)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(units);

        // A response of many comparisons is scored once.
        int[] rows = [.. objective.Rows(data, units).Distinct()];
        float[] numbers = network.Score(data.Store, rows);
        var places = rows.Select((row, i) => (row, i)).ToDictionary(p => p.row, p => p.i);
        double sum = 0;
        foreach (var batch in units.Chunk(256))
        {
            using var scope = Tape.Begin(record: false);
            int[] own = objective.Rows(data, batch);
            var scores = new float[own.Length * network.Outputs];
            for (int i = 0; i < own.Length; i++)
            {
                numbers.AsSpan(places[own[i]] * network.Outputs, network.Outputs).CopyTo(scores.AsSpan(i * network.Outputs));
            }

            sum += objective.Loss(Tensor.From(scores, own.Length, network.Outputs), data, batch).Sum().Item();
        }

        return units.Length == 0 ? double.NaN : sum / units.Length;
    }
}
