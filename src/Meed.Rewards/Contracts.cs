namespace Meed.Rewards;

/// <summary>What a score depends on.</summary>
public enum RewardScope : byte
{
    /// <summary>The sample alone.</summary>
    Sample,

    /// <summary>The other samples of its group (completions of one prompt).</summary>
    Group,

    /// <summary>The whole batch.</summary>
    Batch,
}

/// <summary>How a row of <see cref="Scores"/> came out. Only <see cref="Ok"/> rows carry a number.</summary>
public enum ScoreStatus : byte
{
    /// <summary>Not scored yet.</summary>
    Unset,

    /// <summary>Scored. Faults of the policy (unparsable, over budget, crashed) are Ok rows at the reward's minimum with a reason.</summary>
    Ok,

    /// <summary>The reward does not concern the sample.</summary>
    NotApplicable,

    /// <summary>The task's reference is missing or malformed.</summary>
    InvalidReference,

    /// <summary>Infrastructure took too long (never: the policy's program did).</summary>
    Timeout,

    /// <summary>The verifier itself failed.</summary>
    VerifierError,

    /// <summary>The judge could not be reached or answered unusably.</summary>
    JudgeError,
}

/// <summary>What a reward states about itself before it scores anything.</summary>
/// <param name="Name">Its name in documents, kebab-case.</param>
/// <param name="Version">Changes whenever a score may change.</param>
/// <param name="Components">Names of the component columns, constant for every batch.</param>
/// <param name="Minimum">The lowest value it gives; also the value of an answer that breaks the check.</param>
/// <param name="Maximum">The highest value it gives.</param>
/// <param name="Scope">What a score depends on.</param>
/// <param name="Deterministic">True when the same sample always gets the same bits, whatever the seed.</param>
public sealed record RewardSchema(string Name, string Version, IReadOnlyList<string> Components, double Minimum, double Maximum, RewardScope Scope, bool Deterministic);

/// <summary>Circumstances of one call: groups, step, seed and limits.</summary>
public sealed record RewardContext
{
    /// <summary>A context with defaults: every sample its own group, step 0, seed 0.</summary>
    public static RewardContext Default { get; } = new();

    /// <summary>Offsets of the groups in the batch, [groups + 1]; empty when every sample is its own group.</summary>
    public ReadOnlyMemory<int> GroupOffsets { get; init; }

    /// <summary>Training step, for schedules.</summary>
    public long Step { get; init; }

    /// <summary>Seed for rewards that draw random numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Work units one sample may cost before it scores the minimum with reason <c>over_budget</c>.</summary>
    public long WorkLimit { get; init; } = 10_000_000;

    /// <summary>Receives every node's value when a score is to be explained; null otherwise.</summary>
    public IScoreTrace? Trace { get; init; }
}

/// <summary>Receives what each node of a reward tree computed.</summary>
public interface IScoreTrace
{
    /// <summary>Called once per node and sample.</summary>
    void Node(int row, string path, double value, ScoreStatus status, long work, string? reason);
}

/// <summary>A reward: samples in, scores out. Safe to call from several threads at once.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public interface IReward<in TSample>
{
    /// <summary>Name, components, range, scope.</summary>
    RewardSchema Schema { get; }

    /// <summary>Scores a batch; row i of the result belongs to sample i.</summary>
    ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default);
}

/// <summary>A reward with running statistics or learned state. Trainers call <see cref="Update"/>; evaluation and serving never do.</summary>
public interface IStatefulReward
{
    /// <summary>Takes a scored batch into the state.</summary>
    void Update(Scores scores);

    /// <summary>Writes the state.</summary>
    void Save(Stream to);

    /// <summary>Reads a state written by <see cref="Save"/>.</summary>
    void Load(Stream from);
}
