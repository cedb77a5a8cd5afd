using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Meed.Rewards.Caching;
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
/// Keys hold the reward's document and version, the content of the sample (prompt, response, reference, turns, counts), the limits of the call and,
/// where scores depend on them, seed and step. The row a sample came from (its item) is part of the key exactly when scoring looked at it.
/// Failures of ours are not remembered. Scores from the cache are the bits that scoring again would give.
/// </remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Cache<TSample> : IReward<TSample>, IRewardNode, IRewardParent<TSample>
{
    private readonly IReward<TSample> _child;
    private readonly SampleTraits<TSample> _traits;
    private readonly ScoreStore _store;
    private readonly byte[] _reward;
    private long _hits;

    /// <summary>A cached reward with a memory of its own.</summary>
    /// <param name="child">A reward of scope Sample without state.</param>
    /// <param name="traits">Gives samples their keys.</param>
    /// <param name="capacity">Samples kept at most.</param>
    public Cache(IReward<TSample> child, SampleTraits<TSample> traits, int capacity = 65_536)
        : this(child, traits, new ScoreStore(capacity), "")
    {
    }

    /// <summary>A cached reward over a store that may hold scores of other rewards too.</summary>
    /// <param name="child">A reward of scope Sample without state.</param>
    /// <param name="traits">Gives samples their keys.</param>
    /// <param name="store">Keeps the scores.</param>
    /// <param name="documentHash">Content hash of the reward's document; scores of other documents are never taken for its own.</param>
    public Cache(IReward<TSample> child, SampleTraits<TSample> traits, ScoreStore store, string documentHash)
    {
        ArgumentNullException.ThrowIfNull(child);
        ArgumentNullException.ThrowIfNull(traits);
        ArgumentNullException.ThrowIfNull(store);
        if (child.Schema.Scope != RewardScope.Sample)
        {
            throw new ArgumentException($"cache: '{child.Schema.Name}' depends on its {child.Schema.Scope.ToString().ToLowerInvariant()}, so its scores cannot be kept. Put the cache inside it.");
        }

        if (child is IRewardNode { HasState: true } or (IStatefulReward and not IRewardNode))
        {
            throw new ArgumentException($"cache: '{child.Schema.Name}' has running state, so its scores cannot be kept. Put the cache inside it.");
        }

        (_child, _traits, _store) = (child, traits, store);
        _reward = SHA256.HashData(Encoding.UTF8.GetBytes($"{documentHash}\n{child.Schema.Name}\n{child.Schema.Version}"));
    }

    /// <inheritdoc/>
    public RewardSchema Schema => _child.Schema;

    /// <summary>Rows that were answered from memory since the beginning, duplicates within a batch included.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    IEnumerable<(string? Slot, double? Weight, IReward<TSample> Reward)> IRewardParent<TSample>.Held => [(null, null, _child)];

    bool IRewardNode.NamesPaths => _child is IRewardNode { NamesPaths: true };

    bool IRewardNode.HasState => false;

    /// <inheritdoc/>
    public async ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(context);
        var result = new Scores(Schema, samples.Count);
        var plain = new SampleKey[samples.Count];   // without what lies beyond the content
        var full = new SampleKey[samples.Count];
        var first = new Dictionary<SampleKey, int>();
        var missing = new List<int>();
        var (low, high) = Circumstances(context);
        for (int row = 0; row < samples.Count; row++)
        {
            var content = _traits.ContentKeyOf(samples[row]);
            plain[row] = Mix(content, default, low, high);
            var hit = _store.Find(plain[row]);
            if (hit is { Status: not ScoreStatus.Unset } && hit.CopyTo(result, row))
            {
                continue;
            }

            full[row] = Mix(content, _traits.BeyondKeyOf(samples[row]), low, high ^ ulong.MaxValue);
            if (hit is { Status: ScoreStatus.Unset } && _store.Find(full[row]) is { Status: not ScoreStatus.Unset } whole && whole.CopyTo(result, row))
            {
                continue;
            }

            if (first.TryAdd(full[row], row))
            {
                missing.Add(row);
            }
        }

        Interlocked.Add(ref _hits, samples.Count - missing.Count);
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
                    result.CopyRow(result, first[full[row]], row);
                }
            }

            Keep(result, samples, plain, full, rows);
        }

        if (context.Trace is not null && missing.Count < samples.Count)
        {
            result.Report(context, context.Path + Schema.Name);
        }

        return result;
    }

    private void Keep(Scores result, IReadOnlyList<TSample> samples, SampleKey[] plain, SampleKey[] full, int[] rows)
    {
        var kept = new List<(SampleKey, StoredScore)>(rows.Length);
        foreach (int row in rows)
        {
            if (result.Status[row] is not (ScoreStatus.Ok or ScoreStatus.NotApplicable or ScoreStatus.InvalidReference))
            {
                continue;
            }

            bool beyond = _traits.ReadsBeyond(samples[row]);
            if (beyond)
            {
                kept.Add((plain[row], StoredScore.AskWithItem));
            }

            kept.Add((beyond ? full[row] : plain[row], StoredScore.Of(result, row)));
        }

        _store.Add(kept);
    }

    private (ulong Low, ulong High) Circumstances(RewardContext context)
    {
        Span<byte> bytes = stackalloc byte[32 + 28];
        _reward.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], Schema.Deterministic ? 0 : context.Seed);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], Schema.DependsOnStep ? context.Step : 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], context.WorkLimit);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[56..], context.LengthLimit);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(bytes, digest);
        return (BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }

    private static SampleKey Mix(SampleKey content, SampleKey beyond, ulong low, ulong high)
    {
        Span<byte> bytes = stackalloc byte[48];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, content.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], content.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], beyond.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], beyond.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], high);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(bytes, digest);
        return new SampleKey(BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }
}
