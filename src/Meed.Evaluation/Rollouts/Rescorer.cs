using Meed.Rewards;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Evaluation.Rollouts;

/// <summary>How rollouts are scored again.</summary>
public sealed record RescoreOptions
{
    /// <summary>Threads; 0 takes every core. The result is the same for any number.</summary>
    public int Threads { get; init; }

    /// <summary>Work units one row may cost.</summary>
    public long WorkLimit { get; init; } = RewardContext.Default.WorkLimit;

    /// <summary>Seed for rewards that draw random numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Rows held at most while their groups are incomplete.</summary>
    public int MaxRows { get; init; } = 65_536;

    /// <summary>Characters held at most while groups are incomplete.</summary>
    public long MaxCharacters { get; init; } = 64 << 20;
}

/// <summary>A row that was scored again.</summary>
/// <param name="Row">The row.</param>
/// <param name="Before">Its value before; NaN for none.</param>
/// <param name="After">Its new value; NaN unless the status is Ok.</param>
/// <param name="Status">The new status.</param>
/// <param name="Reason">The new reason.</param>
/// <param name="Components">The new values of the reward's own parts, in the order of <see cref="Rescorer.Components"/>; NaN where one was not evaluated.</param>
public readonly record struct RescoredRow(RolloutRow Row, double Before, double After, ScoreStatus Status, string? Reason, double[] Components);

/// <summary>What one component of the new reward has to do with the changes.</summary>
/// <param name="Name">The component.</param>
/// <param name="Alone">The component by itself as the reward, against the old total.</param>
/// <param name="Own">The component against the old component of the same name; null when there is none.</param>
/// <param name="Without">The new reward without the component (its weight times its value taken off), against the old total; null where the reward is no weighted sum.</param>
public sealed record ComponentChange(string Name, ChangeCount Alone, ChangeCount? Own, ChangeCount? Without);

/// <summary>What another reward makes of rollouts.</summary>
public sealed record RescoreResult
{
    /// <summary>Rows scored.</summary>
    public required long Rows { get; init; }

    /// <summary>Groups they fell into.</summary>
    public required long Groups { get; init; }

    /// <summary>Groups that were torn, see <see cref="GroupStream{T}.Torn"/>.</summary>
    public required long Torn { get; init; }

    /// <summary>Rows without an old number.</summary>
    public required long WithoutBefore { get; init; }

    /// <summary>New statuses that are not Ok, with their counts.</summary>
    public required IReadOnlyList<KeyValuePair<ScoreStatus, long>> Statuses { get; init; }

    /// <summary>Rows whose new status is neither Ok nor NotApplicable.</summary>
    public long Failed => Statuses.Where(s => s.Key != ScoreStatus.NotApplicable).Sum(s => s.Value);

    /// <summary>Mean of the old numbers over rows with both; NaN without any.</summary>
    public required double MeanBefore { get; init; }

    /// <summary>Mean of the new numbers over the same rows.</summary>
    public required double MeanAfter { get; init; }

    /// <summary>The new reward against the old one.</summary>
    public required ChangeCount Total { get; init; }

    /// <summary>The same for each component of the new reward.</summary>
    public required IReadOnlyList<ComponentChange> Components { get; init; }

    /// <summary>False when a wall-clock limit fired on some row.</summary>
    public required bool Reproducible { get; init; }
}

/// <summary>Applies another reward to rollouts and compares it, group by group, with the reward they got.</summary>
public sealed class Rescorer
{
    private const int RowsPerBatch = 512;
    private readonly IReward<TextSample> _reward;
    private readonly IReward<TextSample>? _baseline;
    private readonly RescoreOptions _options;
    private readonly int[] _parts;
    private readonly double?[] _weights;

    /// <summary>A rescorer.</summary>
    /// <param name="reward">The new reward.</param>
    /// <param name="baseline">The old reward, applied anew; null takes the numbers in the rows.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="ArgumentException">A reward depends on the whole batch.</exception>
    public Rescorer(IReward<TextSample> reward, IReward<TextSample>? baseline = null, RescoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reward);
        foreach (var each in new[] { reward, baseline })
        {
            if (each?.Schema.Scope == RewardScope.Batch)
            {
                throw new ArgumentException($"The reward '{each.Schema.Name}' depends on its batch, but rollouts are scored group by group; normalise over the group instead.");
            }
        }

        (_reward, _baseline, _options) = (reward, baseline, options ?? new RescoreOptions());
        _parts = [.. Enumerable.Range(0, reward.Schema.Components.Count).Where(c => !reward.Schema.Components[c].Contains('.', StringComparison.Ordinal))];
        Components = [.. _parts.Select(c => reward.Schema.Components[c])];
        var weights = RewardTree.Of(reward).Where(n => n.Depth == 1).Select(n => n.Weight).ToArray();
        _weights = weights.Length == _parts.Length ? weights : new double?[_parts.Length];
    }

    /// <summary>The reward's own components: the children of its root, without theirs.</summary>
    public IReadOnlyList<string> Components { get; }

    /// <summary>Receives every row, group by group in the order in which groups are handed on.</summary>
    public Action<RescoredRow>? OnRow { get; init; }

    /// <summary>Scores all rows and counts the changes.</summary>
    public async Task<RescoreResult> RunAsync(IEnumerable<RolloutRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var groups = new GroupStream<RolloutRow>(_options.MaxRows, _options.MaxCharacters);
        var run = new Run(this);
        var pending = new List<IReadOnlyList<RolloutRow>>();
        int waiting = 0;
        void Close(IReadOnlyList<RolloutRow> group)
        {
            pending.Add(group);
            waiting += group.Count;
        }

        foreach (var row in rows)
        {
            groups.Add(row.Group, row, row.Sample.Response.Length + row.Sample.Prompt.Sum(m => m.Content.Length) + 64, Close);
            if (waiting >= RowsPerBatch)
            {
                await run.ScoreAsync(pending, cancellationToken).ConfigureAwait(false);
                pending.Clear();
                waiting = 0;
            }
        }

        groups.Finish(Close);
        foreach (var chunk in Chunks(pending))
        {
            await run.ScoreAsync(chunk, cancellationToken).ConfigureAwait(false);
        }

        return run.Result(groups.Torn);
    }

    private static IEnumerable<List<IReadOnlyList<RolloutRow>>> Chunks(List<IReadOnlyList<RolloutRow>> groups)
    {
        var chunk = new List<IReadOnlyList<RolloutRow>>();
        int rows = 0;
        foreach (var group in groups)
        {
            chunk.Add(group);
            rows += group.Count;
            if (rows >= RowsPerBatch)
            {
                yield return chunk;
                (chunk, rows) = ([], 0);
            }
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    private sealed class Run(Rescorer owner)
    {
        private readonly long[] _statuses = new long[Enum.GetValues<ScoreStatus>().Length];
        private readonly ChangeCount _total = new();
        private readonly ChangeCount[] _alone = [.. owner._parts.Select(_ => new ChangeCount())];
        private readonly ChangeCount[] _own = [.. owner._parts.Select(_ => new ChangeCount())];
        private readonly ChangeCount[] _without = [.. owner._parts.Select(_ => new ChangeCount())];
        private long _rows, _groups, _withoutBefore, _both;
        private double _sumBefore, _sumAfter;
        private bool _reproducible = true;

        public async Task ScoreAsync(List<IReadOnlyList<RolloutRow>> groups, CancellationToken cancellationToken)
        {
            RolloutRow[] rows = [.. groups.SelectMany(g => g)];
            if (rows.Length == 0)
            {
                return;
            }

            var offsets = new int[groups.Count + 1];
            for (int g = 0; g < groups.Count; g++)
            {
                offsets[g + 1] = offsets[g] + groups[g].Count;
            }

            var samples = Array.ConvertAll(rows, r => r.Sample);
            var context = new RewardContext { GroupOffsets = offsets, Threads = owner._options.Threads, WorkLimit = owner._options.WorkLimit, Seed = owner._options.Seed };
            var after = await owner._reward.ScoreAsync(samples, context, cancellationToken).ConfigureAwait(false);
            var before = owner._baseline is null ? null : await owner._baseline.ScoreAsync(samples, context, cancellationToken).ConfigureAwait(false);
            _reproducible &= after.Reproducible && before?.Reproducible != false;
            for (int g = 0; g < groups.Count; g++)
            {
                Group(rows, after, before, offsets[g], offsets[g + 1]);
            }
        }

        private void Group(RolloutRow[] rows, Scores after, Scores? before, int start, int end)
        {
            _groups++;
            var both = new List<int>();
            for (int i = start; i < end; i++)
            {
                _rows++;
                _statuses[(int)after.Status[i]]++;
                double old = Old(rows, before, i);
                double now = after.Status[i] == ScoreStatus.Ok ? after.Values[i] : double.NaN;
                _withoutBefore += double.IsNaN(old) ? 1 : 0;
                if (!double.IsNaN(old) && !double.IsNaN(now))
                {
                    both.Add(i);
                    (_sumBefore, _sumAfter, _both) = (_sumBefore + old, _sumAfter + now, _both + 1);
                }

                if (owner.OnRow is { } hand)
                {
                    hand(new RescoredRow(rows[i], old, now, after.Status[i], after.Reasons[i], Array.ConvertAll(owner._parts, c => after.Component(c)[i])));
                }
            }

            double[] olds = [.. both.Select(i => Old(rows, before, i))], news = [.. both.Select(i => after.Values[i])];
            _total.Add(olds, news);
            for (int p = 0; p < owner._parts.Length; p++)
            {
                var part = owner._parts[p];
                int[] has = [.. Enumerable.Range(0, both.Count).Where(k => !double.IsNaN(after.Component(part)[both[k]]))];
                double[] values = Array.ConvertAll(has, k => after.Component(part)[both[k]]);
                _alone[p].Add(Array.ConvertAll(has, k => olds[k]), values);
                string name = owner.Components[p];
                var own = Array.ConvertAll(has, k => OldComponent(rows, before, both[k], name));
                int[] shared = [.. Enumerable.Range(0, has.Length).Where(k => !double.IsNaN(own[k]))];
                _own[p].Add(Array.ConvertAll(shared, k => own[k]), Array.ConvertAll(shared, k => values[k]));
                if (owner._weights[p] is { } weight)
                {
                    _without[p].Add(olds, [.. both.Select((i, k) => double.IsNaN(after.Component(part)[i]) ? news[k] : news[k] - (weight * after.Component(part)[i]))]);
                }
            }
        }

        public RescoreResult Result(long torn) => new()
        {
            Rows = _rows, Groups = _groups, Torn = torn, WithoutBefore = _withoutBefore,
            Statuses = [.. Enum.GetValues<ScoreStatus>().Where(s => s != ScoreStatus.Ok && _statuses[(int)s] > 0).Select(s => KeyValuePair.Create(s, _statuses[(int)s]))],
            MeanBefore = _sumBefore / _both, MeanAfter = _sumAfter / _both, Total = _total, Reproducible = _reproducible,
            Components = [.. owner.Components.Select((name, p) => new ComponentChange(name, _alone[p], _own[p].Groups > 0 ? _own[p] : null, owner._weights[p] is null ? null : _without[p]))],
        };

        private static double Old(RolloutRow[] rows, Scores? before, int i) => before is null
            ? rows[i].Status == ScoreStatus.Ok ? rows[i].Reward : double.NaN
            : before.Status[i] == ScoreStatus.Ok ? before.Values[i] : double.NaN;

        private static double OldComponent(RolloutRow[] rows, Scores? before, int i, string name)
        {
            if (before is not null)
            {
                for (int c = 0; c < before.Schema.Components.Count; c++)
                {
                    if (before.Schema.Components[c] == name)
                    {
                        return before.Component(c)[i];
                    }
                }

                return double.NaN;
            }

            foreach (var (key, value) in rows[i].Components)
            {
                if (key == name)
                {
                    return value;
                }
            }

            return double.NaN;
        }
    }
}
