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
public sealed record RewardSchema(string Name, string Version, IReadOnlyList<string> Components, double Minimum, double Maximum, RewardScope Scope, bool Deterministic)
{
    /// <summary>True when a row may come out as <see cref="ScoreStatus.NotApplicable"/>; a sum then has to allow for rescaled weights in its range.</summary>
    public bool MayNotApply { get; init; }

    /// <summary>True when values depend on <see cref="RewardContext.Step"/>.</summary>
    public bool DependsOnStep { get; init; }

    /// <summary>True when many samples at once cost less each than one at a time: learned rewards and judges. A server then waits a moment for samples of other requests.</summary>
    public bool PrefersBatches { get; init; }
}

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

    /// <summary>Characters a response may have before it scores the minimum with reason <c>too_long</c>.</summary>
    public int LengthLimit { get; init; } = 1_000_000;

    /// <summary>Wall-clock back-stop of one sample in one verifier. When it fires the row is a <see cref="ScoreStatus.Timeout"/> and the scores are not reproducible.</summary>
    public TimeSpan WallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Threads one call may use; 0 takes every core. The result is the same for any number.</summary>
    public int Threads { get; init; }

    /// <summary>Receives every node's value when a score is to be explained; null otherwise.</summary>
    public IScoreTrace? Trace { get; init; }

    /// <summary>Where the reward that is called stands in its tree, such as <c>sum[1].</c>; empty at the root.</summary>
    public string Path { get; init; } = "";

    /// <summary>Row of the caller's batch for each row of this call; empty when they are the same.</summary>
    public ReadOnlyMemory<int> Rows { get; init; }

    /// <summary>Row of the outermost batch that row <paramref name="row"/> of this call stands for.</summary>
    public int RowOf(int row) => Rows.IsEmpty ? row : Rows.Span[row];

    /// <summary>The groups as offsets, [groups + 1], also where none were given. Throws when the offsets do not cover the batch in order.</summary>
    public int[] Groups(int count)
    {
        if (GroupOffsets.IsEmpty)
        {
            var own = new int[count + 1];
            for (int i = 0; i <= count; i++)
            {
                own[i] = i;
            }

            return own;
        }

        var offsets = GroupOffsets.ToArray();
        bool ordered = offsets[0] == 0 && offsets[^1] == count;
        for (int g = 1; g < offsets.Length; g++)
        {
            ordered &= offsets[g] >= offsets[g - 1];
        }

        return ordered
            ? offsets
            : throw new ArgumentException($"RewardContext.GroupOffsets is [{string.Join(", ", offsets)}] for {count} samples: offsets start at 0, never fall and end at {count}.");
    }

    /// <summary>The context for some rows of a batch of <paramref name="count"/>, in rising order: groups, trace rows and path follow.</summary>
    public RewardContext Select(int[] rows, int count)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int[] mapped = rows;
        if (!Rows.IsEmpty)
        {
            mapped = new int[rows.Length];
            for (int i = 0; i < rows.Length; i++)
            {
                mapped[i] = RowOf(rows[i]);
            }
        }

        if (GroupOffsets.IsEmpty)
        {
            return this with { Rows = mapped };
        }

        var groups = Groups(count);
        var offsets = new int[groups.Length];
        for (int g = 1, i = 0; g < groups.Length; g++)
        {
            while (i < rows.Length && rows[i] < groups[g])
            {
                i++;
            }

            offsets[g] = i;
        }

        return this with { Rows = mapped, GroupOffsets = offsets };
    }
}

/// <summary>Receives what each node of a reward tree computed. Called from one thread at a time.</summary>
public interface IScoreTrace
{
    /// <summary>Called once per node and sample.</summary>
    /// <param name="row">Row of the outermost batch.</param>
    /// <param name="path">The node, such as <c>sum[1].length</c>.</param>
    /// <param name="value">Its value; NaN unless the status is Ok.</param>
    /// <param name="status">Its status.</param>
    /// <param name="work">Work units it used, its children included.</param>
    /// <param name="reason">Its reason, if it noted one.</param>
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
