namespace Meed.Tasks.Countdown;

/// <summary>The size of the countdown world.</summary>
public sealed record CountdownOptions
{
    /// <summary>Numbers in a puzzle at the standard difficulty; a level adds one.</summary>
    public int Numbers { get; init; } = 3;

    /// <summary>The largest number; the smallest is 1.</summary>
    public int LargestNumber { get; init; } = 12;

    /// <summary>The largest target; the smallest is 1.</summary>
    public int LargestTarget { get; init; } = 60;

    /// <summary>How many puzzles of the standard difficulty are held out: those whose keys hash lowest.</summary>
    public int HeldOut { get; init; } = 1000;

    /// <summary>Operators that demonstrations use; a puzzle that needs others has no demonstration.</summary>
    public string Demonstrations { get; init; } = "+-*";

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Numbers is < 2 or > 4)
        {
            yield return $"{nameof(Numbers)} is {Numbers}: a puzzle has 2 to 4 at the standard difficulty.";
        }

        if (LargestNumber is < 2 or > 100)
        {
            yield return $"{nameof(LargestNumber)} is {LargestNumber}: use 2 to 100.";
        }

        if (LargestTarget is < 1 or > 10_000)
        {
            yield return $"{nameof(LargestTarget)} is {LargestTarget}: use 1 to 10000.";
        }

        if (HeldOut < 0)
        {
            yield return $"{nameof(HeldOut)} is {HeldOut}: use 0 or more.";
        }

        if (Demonstrations.Length == 0 || Demonstrations.Any(c => !"+-*".Contains(c)))
        {
            yield return $"{nameof(Demonstrations)} is '{Demonstrations}': use some of the operators + - *.";
        }
    }
}
