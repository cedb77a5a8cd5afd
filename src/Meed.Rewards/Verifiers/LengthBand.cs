namespace Meed.Rewards.Verifiers;

/// <summary>Options of <c>length</c>.</summary>
public sealed record LengthBandOptions
{
    /// <summary>Shortest length that is paid in full.</summary>
    public int Min { get; init; }

    /// <summary>Longest length that is paid in full.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>Length outside the band over which the value falls to 0; 0 falls at once.</summary>
    public int Soft { get; init; }

    /// <summary>What lengths count.</summary>
    public LengthUnit Unit { get; init; } = LengthUnit.Characters;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Min < 0)
        {
            yield return $"Min is {Min}; write 0 or more.";
        }

        if (Max < Min)
        {
            yield return $"Max is {Max}, below min, which is {Min}.";
        }

        if (Soft < 0)
        {
            yield return $"Soft is {Soft}; write 0 or more.";
        }

        if (Min == 0 && Max == int.MaxValue)
        {
            yield return "Min and max are both missing; give at least one.";
        }
    }
}

/// <summary>1 when the response's length lies in a band, else 0, or in between over a soft edge: max(0, 1 − distance / soft).</summary>
/// <remarks>Reasons: <c>too_short</c>, <c>too_long</c>. Tokens that were not counted are a <see cref="ScoreStatus.VerifierError"/>. One work unit, and one a character for words.</remarks>
public sealed class LengthBand(LengthBandOptions options) : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("length", "1", [], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        work.Charge(options.Unit == LengthUnit.Words ? sample.Response.Length : 1);
        if (TextTraits.Instance.LengthOf(sample, options.Unit) is not { } length)
        {
            row.Fail(ScoreStatus.VerifierError, "tokens were not counted; use unit: characters");
            return;
        }

        int distance = length < options.Min ? options.Min - length : length > options.Max ? length - options.Max : 0;
        double value = distance == 0 ? 1 : options.Soft == 0 ? 0 : Math.Max(0, 1 - (double)distance / options.Soft);
        row.Set(value, distance == 0 ? null : length < options.Min ? "too_short" : "too_long");
    }
}
