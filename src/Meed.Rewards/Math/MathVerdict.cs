namespace Meed.Rewards.MathAnswers;

/// <summary>What a comparison came to.</summary>
public enum MathOutcome : byte
{
    /// <summary>The prediction equals the gold answer.</summary>
    Equal,

    /// <summary>It does not.</summary>
    Different,

    /// <summary>The prediction does not read as an answer.</summary>
    Unparsed,

    /// <summary>The comparison needed more work than it may use.</summary>
    OverBudget,

    /// <summary>There is no gold answer to compare with.</summary>
    InvalidReference,
}

/// <summary>Outcome of a comparison and the rule that decided it.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Rule">The rule that decided, from the outermost part to the innermost: "list/normal-form". The names are in <c>docs/rewards/math.md</c>.</param>
public readonly record struct MathVerdict(MathOutcome Outcome, string Rule)
{
    /// <summary>True when the prediction equals the gold answer.</summary>
    public bool IsEqual => Outcome == MathOutcome.Equal;
}
