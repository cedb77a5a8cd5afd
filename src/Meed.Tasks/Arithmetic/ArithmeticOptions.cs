namespace Meed.Tasks.Arithmetic;

/// <summary>The size of the arithmetic world.</summary>
public sealed record ArithmeticOptions
{
    /// <summary>Largest number of digits of an operand at the standard difficulty; a level adds one.</summary>
    public int Digits { get; init; } = 2;

    /// <summary>Which of + - * occur.</summary>
    public string Operators { get; init; } = "+-";

    /// <summary>Share of the questions that are held out.</summary>
    public double HeldOutShare { get; init; } = 0.1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Digits is < 1 or > 9)
        {
            yield return $"{nameof(Digits)} is {Digits}: use 1 to 9.";
        }

        if (Operators.Length == 0 || Operators.Any(c => !"+-*".Contains(c)))
        {
            yield return $"{nameof(Operators)} is '{Operators}': use some of + - *.";
        }

        if (HeldOutShare is not (>= 0 and < 1))
        {
            yield return $"{nameof(HeldOutShare)} is {HeldOutShare}: use 0 to below 1.";
        }
    }
}
