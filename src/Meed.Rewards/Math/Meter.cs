namespace Meed.Rewards.MathAnswers;

/// <summary>Work of one comparison, shared by lexer, parser, normaliser and rules.</summary>
internal sealed class Meter(long limit)
{
    public long Limit { get; } = limit;

    public long Used { get; private set; }

    /// <summary>Takes units; throws <see cref="WorkExceededException"/> past the limit.</summary>
    public void Charge(long units)
    {
        Used += units;
        if (Used > Limit)
        {
            Used = Limit;
            throw new WorkExceededException(Limit);
        }
    }
}
