namespace Meed.Rewards;

/// <summary>Which pairs of a group are compared.</summary>
public enum PairSchedule : byte
{
    /// <summary>Every pair: G·(G−1)/2 comparisons.</summary>
    RoundRobin,

    /// <summary>Each sample with the next, the last with the first: G comparisons.</summary>
    Ring,

    /// <summary>Each sample with one of the group, drawn by the seed: G − 1 comparisons.</summary>
    RandomReference,
}

/// <summary>How the verdicts on a sample become its score.</summary>
public enum PairAggregate : byte
{
    /// <summary>Mean probability of being better, 0 to 1.</summary>
    WinRate,

    /// <summary>Log-strength of the Bradley-Terry model in nats, mean 0 in each group, within ±10.</summary>
    BradleyTerry,
}

/// <summary>Turns preferences into rewards and rewards into preferences.</summary>
public static class PreferenceAdapters
{
    /// <summary>A reward that compares the samples of each group with each other.</summary>
    /// <param name="preference">Compares two samples.</param>
    /// <param name="schedule">Which pairs are compared.</param>
    /// <param name="aggregate">How verdicts become scores.</param>
    /// <param name="bothOrders">True compares each pair in both orders and takes the mean, against a preference for the first place.</param>
    public static IReward<TSample> AsReward<TSample>(this IPreference<TSample> preference, PairSchedule schedule = PairSchedule.RoundRobin, PairAggregate aggregate = PairAggregate.WinRate, bool bothOrders = true)
        => new PreferenceReward<TSample>(preference, schedule, aggregate, bothOrders);

    /// <summary>A preference from the difference of two scores: σ((first − second) / scale); scale 0 decides by sign, with 0.5 for a tie.</summary>
    /// <exception cref="ArgumentException">The reward depends on other samples, or the scale is negative.</exception>
    public static IPreference<TSample> AsPreference<TSample>(this IReward<TSample> reward, double scale = 1) => new RewardPreference<TSample>(reward, scale);

    /// <summary>Log-strengths of the Bradley-Terry model from soft wins, by minorisation-maximisation (Hunter 2004), mean 0.</summary>
    /// <param name="wins">wins[i, j]: how much i beat j, [G, G].</param>
    /// <remarks>Each player also ties once with an imaginary one of strength 1, which keeps a player that always wins finite.</remarks>
    public static double[] BradleyTerry(double[,] wins)
    {
        ArgumentNullException.ThrowIfNull(wins);
        int n = wins.GetLength(0);
        var strength = new double[n];
        Array.Fill(strength, 1);
        for (int iteration = 0; iteration < 500; iteration++)
        {
            double change = 0;
            for (int i = 0; i < n; i++)
            {
                double won = 0.5, weight = 1 / (strength[i] + 1);
                for (int j = 0; j < n; j++)
                {
                    if (j != i)
                    {
                        won += wins[i, j];
                        weight += (wins[i, j] + wins[j, i]) / (strength[i] + strength[j]);
                    }
                }

                double next = won / weight;
                change = Math.Max(change, Math.Abs(Math.Log(next / strength[i])));
                strength[i] = next;
            }

            if (change < 1e-12)
            {
                break;
            }
        }

        double mean = strength.Average(Math.Log);
        return Array.ConvertAll(strength, s => Math.Log(s) - mean);
    }

    private sealed class PreferenceReward<TSample>(IPreference<TSample> preference, PairSchedule schedule, PairAggregate aggregate, bool bothOrders) : IReward<TSample>
    {
        private const double Strongest = 10;

        public RewardSchema Schema { get; } = new(preference.Schema.Name, preference.Schema.Version, [], aggregate == PairAggregate.WinRate ? 0 : -Strongest, aggregate == PairAggregate.WinRate ? 1 : Strongest,
            RewardScope.Group, preference.Schema.Deterministic && schedule != PairSchedule.RandomReference)
        {
            MayNotApply = true,
        };

        public async ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(samples);
            ArgumentNullException.ThrowIfNull(context);
            var groups = context.Groups(samples.Count);
            var pairs = new List<(int First, int Second)>();
            for (int g = 0; g + 1 < groups.Length; g++)
            {
                AddPairs(pairs, groups[g], groups[g + 1], context.Seed + (ulong)g);
            }

            var first = pairs.ConvertAll(p => samples[p.First]);
            var second = pairs.ConvertAll(p => samples[p.Second]);
            var inner = context with { GroupOffsets = default, Rows = default, Trace = null };
            var there = await preference.CompareAsync(first, second, inner, cancellationToken).ConfigureAwait(false);
            var back = bothOrders ? await preference.CompareAsync(second, first, inner, cancellationToken).ConfigureAwait(false) : null;
            var scores = new Scores(Schema, samples.Count);
            for (int g = 0, p = 0; g + 1 < groups.Length; g++)
            {
                int from = p;
                while (p < pairs.Count && pairs[p].First < groups[g + 1])
                {
                    p++;
                }

                Fill(scores, groups[g], groups[g + 1], pairs, from, p, there, back);
            }

            scores.Report(context, context.Path + Schema.Name);
            return scores;
        }

        private void AddPairs(List<(int, int)> pairs, int start, int end, ulong seed)
        {
            int n = end - start;
            if (n < 2)
            {
                return;
            }

            int reference = start + (int)(new Random((int)(seed ^ seed >> 32)).NextInt64(n));
            for (int i = start; i < end; i++)
            {
                switch (schedule)
                {
                    case PairSchedule.RoundRobin:
                        for (int j = i + 1; j < end; j++)
                        {
                            pairs.Add((i, j));
                        }

                        break;
                    case PairSchedule.Ring when n > 2 || i == start:
                        pairs.Add((i, i + 1 < end ? i + 1 : start));
                        break;
                    case PairSchedule.RandomReference when i != reference:
                        pairs.Add((i, reference));
                        break;
                }
            }
        }

        private void Fill(Scores scores, int start, int end, List<(int First, int Second)> pairs, int from, int to, Preferences there, Preferences? back)
        {
            int n = end - start;
            var wins = new double[n, n];
            var games = new int[n];
            var failure = new int[n];
            Array.Fill(failure, -1);
            for (int p = from; p < to; p++)
            {
                var (a, b) = (pairs[p].First - start, pairs[p].Second - start);
                bool ok = there.Status[p] == ScoreStatus.Ok && (back is null || back.Status[p] == ScoreStatus.Ok);
                if (!ok)
                {
                    failure[a] = failure[a] < 0 ? p : failure[a];
                    failure[b] = failure[b] < 0 ? p : failure[b];
                    continue;
                }

                double probability = back is null ? there.Probabilities[p] : (there.Probabilities[p] + 1 - back.Probabilities[p]) / 2;
                wins[a, b] += probability;
                wins[b, a] += 1 - probability;
                games[a]++;
                games[b]++;
            }

            var strengths = aggregate == PairAggregate.BradleyTerry ? BradleyTerry(wins) : null;
            for (int i = 0; i < n; i++)
            {
                var row = new ScoreRow(scores, start + i);
                if (games[i] > 0)
                {
                    double won = 0;
                    for (int j = 0; j < n; j++)
                    {
                        won += wins[i, j];
                    }

                    row.Set(strengths is null ? won / games[i] : ScoreMath.Clip(strengths[i], -Strongest, Strongest));
                }
                else if (failure[i] >= 0)
                {
                    var side = there.Status[failure[i]] != ScoreStatus.Ok ? there : back!;
                    row.Fail(side.Status[failure[i]], side.Reasons[failure[i]] ?? "no_verdict");
                }
                else
                {
                    row.Fail(ScoreStatus.NotApplicable, "no_rival");
                }
            }
        }
    }

    private sealed class RewardPreference<TSample> : IPreference<TSample>
    {
        private readonly IReward<TSample> _reward;
        private readonly double _scale;

        public RewardPreference(IReward<TSample> reward, double scale)
        {
            ArgumentNullException.ThrowIfNull(reward);
            if (reward.Schema.Scope != RewardScope.Sample)
            {
                throw new ArgumentException($"AsPreference: '{reward.Schema.Name}' depends on a sample's {reward.Schema.Scope.ToString().ToLowerInvariant()}; only a reward of the sample alone compares two samples.", nameof(reward));
            }

            if (!(scale >= 0))
            {
                throw new ArgumentException($"AsPreference: scale is {scale}; write 0 (by sign) or more.", nameof(scale));
            }

            (_reward, _scale) = (reward, scale);
            Schema = new PreferenceSchema(reward.Schema.Name, reward.Schema.Version, reward.Schema.Deterministic);
        }

        public PreferenceSchema Schema { get; }

        public async ValueTask<Preferences> CompareAsync(IReadOnlyList<TSample> first, IReadOnlyList<TSample> second, RewardContext context, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(first);
            ArgumentNullException.ThrowIfNull(second);
            if (first.Count != second.Count)
            {
                throw new ArgumentException($"CompareAsync: first has {first.Count} samples, second {second.Count}; they are compared pair by pair.", nameof(second));
            }

            var a = await _reward.ScoreAsync(first, context, cancellationToken).ConfigureAwait(false);
            var b = await _reward.ScoreAsync(second, context, cancellationToken).ConfigureAwait(false);
            var result = new Preferences(Schema, first.Count);
            for (int p = 0; p < result.Count; p++)
            {
                var failed = a.Status[p] != ScoreStatus.Ok ? a : b;
                if (failed.Status[p] != ScoreStatus.Ok)
                {
                    result.Fail(p, failed.Status[p], failed.Reasons[p]);
                    continue;
                }

                double difference = a.Values[p] - b.Values[p];
                result.Set(p, _scale > 0 ? ScoreMath.Sigmoid(difference, 0, _scale) : difference > 0 ? 1 : difference < 0 ? 0 : 0.5);
            }

            return result;
        }
    }
}
