namespace Meed.Rewards.MathAnswers;

/// <summary>How a percentage and a bare number relate.</summary>
public enum PercentReading
{
    /// <summary>The sign is a unit: 25 % = 25, and 25 % is not 0.25.</summary>
    Unit,

    /// <summary>The sign is a factor: 25 % = 0.25 = 1/4, and 25 % is not 25.</summary>
    Fraction,

    /// <summary>Both are accepted.</summary>
    Either,
}

/// <summary>Options of <see cref="MathEquivalence"/> and <see cref="MathVerifier"/>; the defaults are strict.</summary>
public sealed record MathOptions
{
    /// <summary>The defaults.</summary>
    public static MathOptions Default { get; } = new();

    /// <summary>Relative tolerance between numbers; 0 asks for equality.</summary>
    public double RelativeTolerance { get; init; }

    /// <summary>Absolute tolerance between numbers; 0 asks for equality.</summary>
    public double AbsoluteTolerance { get; init; }

    /// <summary>Numbers that agree after rounding to so many decimals are equal; -1 turns it off.</summary>
    public int Decimals { get; init; } = -1;

    /// <summary>How a percentage and a bare number relate.</summary>
    public PercentReading Percent { get; init; } = PercentReading.Unit;

    /// <summary>True when the gold names a choice ("C", "(D) Alina") and the response's chosen letter decides.</summary>
    public bool Choices { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(RelativeTolerance >= 0 && RelativeTolerance < 1))
        {
            yield return $"{nameof(RelativeTolerance)} is {RelativeTolerance}: give a number from 0 to below 1.";
        }

        if (!(AbsoluteTolerance >= 0 && double.IsFinite(AbsoluteTolerance)))
        {
            yield return $"{nameof(AbsoluteTolerance)} is {AbsoluteTolerance}: give a finite number from 0 up.";
        }

        if (Decimals is < -1 or > 15)
        {
            yield return $"{nameof(Decimals)} is {Decimals}: give 0 to 15, or -1 for none.";
        }
    }
}
