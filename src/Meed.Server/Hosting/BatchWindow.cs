using Meed.Rewards;

namespace Meed.Server.Hosting;

/// <summary>Gathers samples of several requests for a reward that prefers batches (judges, learned rewards), and remembers what it answered.</summary>
/// <remarks>
/// A batch goes out when 64 samples wait or 2 ms after the first. Equal samples that wait or are being scored are scored once, and a sample that was scored lately gets the same answer again, so that a
/// client may resend a request without paying for it twice and without another verdict. Rows that failed are not remembered. At most <c>mostWaiting</c> samples wait; past that a request is refused.
/// Only rewards whose value depends on the sample alone come here.
/// </remarks>
internal sealed class BatchWindow(IReward<TextSample> reward, int mostWaiting, int mostRemembered = 16_384)
{
    private const int Rows = 64;
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(2);
    private readonly Lock _lock = new();
    private readonly Dictionary<SampleKey, Entry> _known = [];
    private readonly Queue<Entry> _order = new();
    private List<Entry> _waiting = [];
    private int _pending;

    /// <summary>Samples that wait or are being scored.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Scores samples together with those of other requests; null when too many wait already.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="cancellationToken">Stops waiting; the batch that is under way goes on, for others may wait for it.</param>
    /// <returns>The scores, and how long the first sample waited for its batch to leave.</returns>
    public async Task<(Scores Scores, TimeSpan Waited)?> ScoreAsync(IReadOnlyList<TextSample> samples, CancellationToken cancellationToken)
    {
        long arrived = System.Diagnostics.Stopwatch.GetTimestamp();
        var entries = new Entry[samples.Count];
        var keys = new SampleKey[samples.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = TextTraits.Instance.KeyOf(samples[i]);
        }

        lock (_lock)
        {
            int added = keys.Where(k => !_known.ContainsKey(k)).Distinct().Count();
            if (_pending > 0 && _pending + added > mostWaiting)
            {
                return null;
            }

            for (int i = 0; i < entries.Length; i++)
            {
                if (!_known.TryGetValue(keys[i], out var entry))
                {
                    _known[keys[i]] = entry = new Entry(keys[i], samples[i]);
                    _pending++;
                    _waiting.Add(entry);
                    if (_waiting.Count == Rows)
                    {
                        Leave();
                    }
                    else if (_waiting.Count == 1)
                    {
                        _ = LeaveLaterAsync(_waiting);
                    }
                }

                entries[i] = entry;
            }
        }

        var scores = new Scores(reward.Schema, samples.Count);
        var waited = TimeSpan.Zero;
        for (int i = 0; i < entries.Length; i++)
        {
            var (from, row) = await entries[i].Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            Copy(from, row, scores, i);
            var left = System.Diagnostics.Stopwatch.GetElapsedTime(arrived, entries[i].Left);
            waited = left > waited ? left : waited;
        }

        return (scores, waited);
    }

    private async Task LeaveLaterAsync(List<Entry> batch)
    {
        await Task.Delay(s_wait).ConfigureAwait(false);
        lock (_lock)
        {
            if (ReferenceEquals(batch, _waiting))
            {
                Leave();
            }
        }
    }

    // Under the lock.
    private void Leave()
    {
        var batch = _waiting;
        _waiting = [];
        _ = Task.Run(() => ScoreBatchAsync(batch));
    }

    private async Task ScoreBatchAsync(List<Entry> batch)
    {
        long left = System.Diagnostics.Stopwatch.GetTimestamp();
        Scores? scores = null;
        Exception? failure = null;
        try
        {
            scores = await reward.ScoreAsync([.. batch.Select(e => e.Sample!)], RewardContext.Default).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it is, those who wait must hear of it.
            failure = e;
        }

        lock (_lock)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                _pending--;
                batch[i].Left = left;
                batch[i].Forget();
                if (scores?.Status[i] is ScoreStatus.Ok or ScoreStatus.NotApplicable)
                {
                    _order.Enqueue(batch[i]);
                }
                else
                {
                    _known.Remove(batch[i].Key);
                }
            }

            while (_order.Count > mostRemembered)
            {
                _known.Remove(_order.Dequeue().Key);
            }
        }

        for (int i = 0; i < batch.Count; i++)
        {
            if (scores is not null)
            {
                var own = new Scores(reward.Schema, 1);
                Copy(scores, i, own, 0);
                batch[i].Done.SetResult((own, 0));   // one row each, so that a remembered row does not keep its batch
            }
            else
            {
                batch[i].Done.SetException(failure!);
            }
        }
    }

    private static void Copy(Scores from, int source, Scores to, int target)
    {
        to.Values[target] = from.Values[source];
        to.Status[target] = from.Status[source];
        to.Reasons[target] = from.Reasons[source];
        to.Segments[target] = from.Segments[source];
        to.Work[target] = from.Work[source];
        for (int c = 0; c < to.Schema.Components.Count; c++)
        {
            to.Component(c)[target] = from.Component(c)[source];
        }

        to.Reproducible &= from.Reproducible;
    }

    private sealed class Entry(SampleKey key, TextSample sample)
    {
        public SampleKey Key { get; } = key;

        /// <summary>The sample until it is scored; an answer that is remembered needs it no more.</summary>
        public TextSample? Sample { get; private set; } = sample;

        public long Left { get; set; }

        public TaskCompletionSource<(Scores Scores, int Row)> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Forget() => Sample = null;
    }
}
