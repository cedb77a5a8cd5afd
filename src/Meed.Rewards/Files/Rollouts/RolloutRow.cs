namespace Meed.Rewards.Files.Rollouts;

/// <summary>One answer of a training run as a trainer wrote it down: the sample, its group and the reward it got.</summary>
public sealed record RolloutRow
{
    /// <summary>Its file.</summary>
    public required string File { get; init; }

    /// <summary>Its line, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Stands for its group: the completions of one prompt in one step.</summary>
    public required SampleKey Group { get; init; }

    /// <summary>Prompt, response and reference.</summary>
    public required TextSample Sample { get; init; }

    /// <summary>The reward it got; NaN when it got none.</summary>
    public double Reward { get; init; } = double.NaN;

    /// <summary>Ok when it has a reward; otherwise why not, where the file says so.</summary>
    public ScoreStatus Status { get; init; } = ScoreStatus.Ok;

    /// <summary>The reason that was noted; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>Further numbers of the row by name: components of the reward and what else was logged.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Components { get; init; } = [];

    /// <summary>The training step; null when the row names none.</summary>
    public long? Step { get; init; }
}

/// <summary>How a file of rollouts is laid out.</summary>
public enum RolloutFormat : byte
{
    /// <summary>Told from the first row of each file.</summary>
    Auto,

    /// <summary>Scored samples: what <c>meed score --keep</c> writes, or any rows with a response and a reward. See <see cref="ScoredLayout"/>.</summary>
    Scores,

    /// <summary>verl. See <see cref="VerlLayout"/>.</summary>
    Verl,

    /// <summary>TRL. See <see cref="TrlLayout"/>.</summary>
    Trl,

    /// <summary>OpenRLHF. See <see cref="OpenRlhfLayout"/>.</summary>
    Openrlhf,

    /// <summary>slime. See <see cref="SlimeLayout"/>.</summary>
    Slime,
}
