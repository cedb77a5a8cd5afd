namespace Meed.Rewards;

/// <summary>A column of scores: a value and a status for each row.</summary>
/// <param name="Values">Values, [B]; meaningful only where the status is Ok.</param>
/// <param name="Status">Statuses, [B].</param>
public readonly record struct ScoreColumn(Memory<double> Values, Memory<ScoreStatus> Status)
{
    /// <summary>Rows.</summary>
    public int Count => Values.Length;

    /// <summary>A column of rows that all have a number.</summary>
    public static ScoreColumn Of(params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var status = new ScoreStatus[values.Length];
        Array.Fill(status, ScoreStatus.Ok);
        return new ScoreColumn(values, status);
    }
}
