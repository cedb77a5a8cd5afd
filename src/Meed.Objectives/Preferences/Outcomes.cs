namespace Meed.Objectives.Preferences;

/// <summary>How comparisons that may end in a tie are written.</summary>
internal static class Outcomes
{
    /// <summary>0 for a first that won, 1 for a second, 2 for a tie.</summary>
    public static int Column(int outcome) => outcome switch
    {
        1 => 0,
        -1 => 1,
        0 => 2,
        _ => throw new ArgumentException($"An outcome is {outcome}; it is 1 (the first won), -1 (the second) or 0 (a tie).", nameof(outcome)),
    };
}
