namespace Meed.Rewards;

/// <summary>A reward that a program decides, one sample at a time. One scheduler runs it over all cores.</summary>
/// <remarks>
/// A row whose check throws <see cref="WorkExceededException"/> scores the minimum with reason <c>over_budget</c>; any other exception,
/// a NaN, an infinity, a value outside the schema's range or a row left unset is a <see cref="ScoreStatus.VerifierError"/>.
/// Rows never see each other, so the result does not depend on the number of threads or on the batch.
/// </remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public abstract class Verifier<TSample> : IReward<TSample>
{
    private const int LongestReason = 200;

    /// <inheritdoc/>
    public abstract RewardSchema Schema { get; }

    /// <summary>Judges one sample: charge the work as it is done, then fill in the row exactly once.</summary>
    /// <remarks>Called from several threads at once.</remarks>
    protected abstract void Check(TSample sample, ref Work work, ref ScoreRow row);

    /// <summary>Characters of the part that the policy wrote; longer than the context's limit is a fault of the policy (<c>too_long</c>).</summary>
    protected virtual int LengthOf(TSample sample) => 0;

    /// <summary>Rows that make a second thread worth while; 1 where a row takes milliseconds.</summary>
    protected virtual int RowsPerThread => 16;

    /// <inheritdoc/>
    public ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(context);
        var scores = new Scores(Schema, samples.Count);
        RowScheduler.Run(samples.Count, context.Threads, (start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                Score(samples[i], i, scores, context, cancellationToken);
            }
        }, cancellationToken, RowsPerThread);
        if (context.Trace is not null)
        {
            scores.Report(context, context.Path + Schema.Name);
        }

        return new ValueTask<Scores>(scores);
    }

    private void Score(TSample sample, int index, Scores scores, RewardContext context, CancellationToken cancellationToken)
    {
        var work = new Work(context.WorkLimit, context.WallLimit, cancellationToken);
        var row = new ScoreRow(scores, index);
        try
        {
            if (LengthOf(sample) > context.LengthLimit)
            {
                row.Fault("too_long");
            }
            else
            {
                Check(sample, ref work, ref row);
                Inspect(scores, index, row);
            }
        }
        catch (WorkExceededException)
        {
            Clear(scores, index);
            row.Fault("over_budget");
        }
        catch (WallExceededException e)
        {
            Clear(scores, index);
            row.Fail(ScoreStatus.Timeout, e.Message);
            scores.Reproducible = false;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Clear(scores, index);
            row.Fail(ScoreStatus.VerifierError, Shorten(e.Message));
        }

        scores.Work[index] = work.Used;
    }

    /// <summary>What a check left behind is looked at once, here, so that no reward can hand out a number that is none.</summary>
    private static void Inspect(Scores scores, int index, ScoreRow row)
    {
        var schema = scores.Schema;
        if (scores.Status[index] == ScoreStatus.Unset)
        {
            row.Fail(ScoreStatus.VerifierError, "The verifier set no score.");
            return;
        }

        if (scores.Status[index] == ScoreStatus.Ok)
        {
            double value = scores.Values[index];
            if (!double.IsFinite(value))
            {
                row.Fail(ScoreStatus.VerifierError, $"The verifier gave {value}.");
            }
            else if (value < schema.Minimum || value > schema.Maximum)
            {
                row.Fail(ScoreStatus.VerifierError, $"The verifier gave {value:R}, outside its range of {schema.Minimum:R} to {schema.Maximum:R}.");
            }
        }

        for (int c = 0; c < schema.Components.Count; c++)
        {
            if (double.IsInfinity(scores.Component(c)[index]))
            {
                row.Fail(ScoreStatus.VerifierError, $"Component '{schema.Components[c]}' is {scores.Component(c)[index]}.");
            }
        }
    }

    private static void Clear(Scores scores, int index)
    {
        scores.Segments[index] = null;
        for (int c = 0; c < scores.Schema.Components.Count; c++)
        {
            scores.Component(c)[index] = double.NaN;
        }
    }

    private static string Shorten(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? message : message[..end];
        return line.Length <= LongestReason ? line : line[..LongestReason];
    }
}
