using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>cache</c>.</summary>
public sealed record CacheOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>Samples kept at most.</summary>
    public int Capacity { get; init; } = 65_536;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Capacity < 1)
        {
            yield return $"Capacity is {Capacity}; write 1 or more.";
        }
    }
}

/// <summary>Remembers scores, so that a sample that comes again, in this batch or a later one, is not scored again.</summary>
/// <remarks>
/// Keys hold the whole sample, the limits of the call and, where scores depend on them, seed and step. Failures of ours are not
/// remembered. When full, the half that was not used since the last clearing is dropped.
/// </remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Cache<TSample> : IReward<TSample>, IRewardNode, IRewardParent<TSample>
{
    private readonly IReward<TSample> _child;
    private readonly SampleTraits<TSample> _traits;
    private readonly int _capacity;
    private readonly Lock _lock = new();
    private Dictionary<Key, (Scores Scores, int Row)> _young = [];
    private Dictionary<Key, (Scores Scores, int Row)> _old = [];

    /// <summary>A cached reward.</summary>
    /// <param name="child">A reward of scope Sample without state.</param>
    /// <param name="traits">Gives samples their keys.</param>
    /// <param name="capacity">Samples kept at most.</param>
    public Cache(IReward<TSample> child, SampleTraits<TSample> traits, int capacity = 65_536)
    {
        ArgumentNullException.ThrowIfNull(child);
        if (child.Schema.Scope != RewardScope.Sample)
        {
            throw new ArgumentException($"cache: '{child.Schema.Name}' depends on its {child.Schema.Scope.ToString().ToLowerInvariant()}, so its scores cannot be kept. Put the cache inside it.");
        }

        if (child is IRewardNode { HasState: true } or (IStatefulReward and not IRewardNode))
        {
            throw new ArgumentException($"cache: '{child.Schema.Name}' has running state, so its scores cannot be kept. Put the cache inside it.");
        }

        (_child, _traits, _capacity) = (child, traits, capacity);
    }

    /// <inheritdoc/>
    public RewardSchema Schema => _child.Schema;

    /// <summary>Rows that were answered from memory since the beginning, duplicates within a batch included.</summary>
    public long Hits { get; private set; }

    IEnumerable<(string? Slot, double? Weight, IReward<TSample> Reward)> IRewardParent<TSample>.Held => [(null, null, _child)];

    bool IRewardNode.NamesPaths => _child is IRewardNode { NamesPaths: true };

    bool IRewardNode.HasState => false;

    /// <inheritdoc/>
    public async ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(context);
        var result = new Scores(Schema, samples.Count);
        var keys = new Key[samples.Count];
        var first = new Dictionary<Key, int>();
        var missing = new List<int>();
        for (int row = 0; row < samples.Count; row++)
        {
            keys[row] = new Key(_traits.KeyOf(samples[row]), Schema.Deterministic ? 0 : context.Seed, Schema.DependsOnStep ? context.Step : 0, context.WorkLimit, context.LengthLimit);
        }

        lock (_lock)
        {
            for (int row = 0; row < samples.Count; row++)
            {
                if (Find(keys[row]) is { } hit)
                {
                    result.CopyRow(hit.Scores, hit.Row, row);
                    Hits++;
                }
                else if (first.TryAdd(keys[row], row))
                {
                    missing.Add(row);
                }
                else
                {
                    Hits++;
                }
            }
        }

        if (missing.Count > 0)
        {
            int[] rows = [.. missing];
            var scored = await _child.ScoreAsync(Array.ConvertAll(rows, r => samples[r]), context.Select(rows, samples.Count), cancellationToken).ConfigureAwait(false);
            result.Reproducible = scored.Reproducible;
            for (int i = 0; i < rows.Length; i++)
            {
                result.CopyRow(scored, i, rows[i]);
            }

            for (int row = 0; row < result.Count; row++)
            {
                if (result.Status[row] == ScoreStatus.Unset)
                {
                    result.CopyRow(result, first[keys[row]], row);
                }
            }

            Keep(result, keys, rows);
        }

        if (context.Trace is not null && missing.Count < samples.Count)
        {
            result.Report(context, context.Path + Schema.Name);
        }

        return result;
    }

    private (Scores Scores, int Row)? Find(Key key)
    {
        if (_young.TryGetValue(key, out var hit))
        {
            return hit;
        }

        if (_old.Remove(key, out hit))
        {
            _young[key] = hit;
            return hit;
        }

        return null;
    }

    private void Keep(Scores result, Key[] keys, int[] rows)
    {
        lock (_lock)
        {
            foreach (int row in rows)
            {
                if (result.Status[row] is not (ScoreStatus.Ok or ScoreStatus.NotApplicable or ScoreStatus.InvalidReference))
                {
                    continue;
                }

                var own = new Scores(Schema, 1);
                own.CopyRow(result, row, 0);
                _young[keys[row]] = (own, 0);
                if (_young.Count > Math.Max(1, _capacity / 2))
                {
                    (_old, _young) = (_young, []);
                }
            }
        }
    }

    private readonly record struct Key(SampleKey Sample, ulong Seed, long Step, long WorkLimit, int LengthLimit);
}
