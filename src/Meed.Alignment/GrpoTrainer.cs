using System.Runtime.CompilerServices;
using Meed.Alignment.Prompts;
using Meed.Models;
using Meed.Numerics;
using Meed.Objectives;
using Meed.Objectives.Advantages;
using Meed.Objectives.Kl;
using Meed.Objectives.Losses;
using Meed.Objectives.Posterior;
using Meed.Objectives.Shaping;
using Meed.Rewards;

namespace Meed.Alignment;

/// <summary>Group-relative policy optimisation: several answers a prompt, judged against each other.</summary>
/// <remarks>
/// Shao et al. 2024 (DeepSeekMath), arXiv:2402.03300. Rows whose advantage is 0 are not sent through the model when the loss has neither a divergence nor an entropy term: they still count in the token mean, so the gradient is the same.
/// </remarks>
public sealed class GrpoTrainer
{
    private readonly GrpoOptions _options;
    private readonly IPolicy _policy;
    private readonly IPolicy? _reference;
    private readonly IPromptSource _prompts;
    private readonly IReward<TextSample> _reward;
    private readonly AdamW _optimizer;
    private readonly RandomStream _random;

    /// <summary>A trainer at step 0.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="policy">The policy to train.</param>
    /// <param name="reference">The frozen policy that divergence and reference answers are taken from; null where the options need none.</param>
    /// <param name="prompts">Where prompts come from.</param>
    /// <param name="reward">What answers are worth.</param>
    /// <param name="random">Decides every draw; a child is taken for each step.</param>
    /// <exception cref="ArgumentException">The options have problems; the message lists all.</exception>
    public GrpoTrainer(GrpoOptions options, IPolicy policy, IPolicy? reference, IPromptSource prompts, IReward<TextSample> reward, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        Problem.ThrowIfAny("GrpoOptions", options.Problems());
        if (options.NeedsReference && reference is null)
        {
            throw new ArgumentException("GrpoTrainer: KlWeight, KlInReward, KlBudget and References need a reference policy, and none was given. Pass a frozen copy of the policy.", nameof(reference));
        }

        _options = options;
        _policy = policy;
        _reference = reference;
        _prompts = prompts;
        _reward = reward;
        _random = random;
        _optimizer = new AdamW(policy.Parameters, (float)options.LearningRate, (float)options.WeightDecay);
        State = new TrainerState("grpo", policy, reference, _optimizer, reward);
    }

    /// <summary>What a checkpoint stores. Save it between steps; load it before the first.</summary>
    public TrainerState State { get; }

    /// <summary>KL(π‖π_ref) of an answer, in nats, at which the budget stopped training; null while it did not.</summary>
    public double? StoppedAtKl { get; private set; }

    /// <summary>Trains, one result a step. Whoever enumerates may stop after any step.</summary>
    /// <param name="cancellationToken">Stops in the middle of a step; the state is then not to be saved.</param>
    public async IAsyncEnumerable<TrainerStep> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var o = _options;
        var pace = new Pace(o.Steps, o.Budget, State.Spent);
        while (!pace.IsOver(State.Step))
        {
            var clock = new Clock();
            long step = State.Step + 1;
            var random = _random.Split("step", step);

            // Roll out: P prompts, G completions each, so B = P·G rows of T tokens.
            var prompts = _prompts.Draw(o.PromptsPerStep, random.Split("prompts"));
            var rollout = _policy.Sample(prompts, o.GroupSize, random.Split("rollout"));
            Finite.Require("log-probability of a sampled token", rollout.LogProbs, rollout.Tokens.Mask, AllRows(rollout.Rows), step);
            clock.Lap("rollout");

            // Judge.
            var scores = await _reward.ScoreAsync(rollout.Samples, rollout.Context(step, random.Split("reward").NextUInt64()), cancellationToken).ConfigureAwait(false);
            scores.RequireFailedAtMost(o.MaxFailedShare, step);
            (_reward as IStatefulReward)?.Update(scores);
            var (rewards, valid) = scores.ResolveDouble(o.WhenFailed);                                                     // [B], [B]
            if (o.References > 0)
            {
                var references = _reference!.Sample(prompts, o.References, random.Split("references"));
                var raw = await _reward.ScoreAsync(references.Samples, references.Context(step, random.Split("reference reward").NextUInt64()), cancellationToken).ConfigureAwait(false);
                var (refRewards, refValid) = raw.ResolveDouble(o.WhenFailed);                                              // [P·M], [P·M]
                (rewards, valid) = PreferenceAsReward.Compute(rewards, valid, refRewards, refValid, rollout.GroupOffsets);  // [B], [B]
            }

            bool measureKl = _reference is not null && (o.KlWeight > 0 || o.KlInReward > 0 || o.KlBudget > 0 || step % o.KlEvery == 0);
            float[]? refLogProbs = measureKl ? LogProbs(_reference!, rollout.Tokens) : null;                               // [B·T]
            if (o.KlBudget > 0 && KlOfAnswer(rollout, refLogProbs!) is var spent && spent > o.KlBudget)
            {
                StoppedAtKl = spent;
                yield break;   // nothing has changed since the step before: a run that is resumed here stops here too
            }

            if (o.KlInReward > 0)
            {
                rewards = KlRegularisedReward.Compute(rewards, RowSums(rollout.LogProbs, rollout.Rows), RowSums(refLogProbs!, rollout.Rows), o.KlInReward);   // [B]
            }

            var advantages = GroupAdvantage.Compute(rewards, valid, rollout.GroupOffsets, o.Advantage, o.Alpha);           // [B], 0 where not valid
            double negativeWeight = pace.Progress(State.Step) < o.PositivePhase ? 0 : o.NegativeWeight;
            if (negativeWeight != 1)
            {
                advantages = Array.ConvertAll(advantages, a => a < 0 ? (float)(a * negativeWeight) : a);                   // [B]
            }

            clock.Lap("reward");

            // Improve: the ratio is against the log-probabilities recorded while sampling.
            _optimizer.LearningRate = pace.Rate(State.Step, o.LearningRate, o.WarmUp, o.FinalRate);
            int[] kept = Keep(advantages, valid);
            var sums = new UpdateSums();
            for (int pass = 0; pass < o.Passes; pass++)
            {
                int[] order = [.. random.Split("order", pass).Permutation(kept.Length).Select(i => kept[i])];
                int rowsPerUpdate = o.RowsPerUpdate == 0 ? order.Length : o.RowsPerUpdate;
                for (int start = 0; start < order.Length; start += rowsPerUpdate)
                {
                    var rows = order.AsSpan(start, Math.Min(rowsPerUpdate, order.Length - start));
                    Update(rollout, rows, advantages, valid, refLogProbs, step, sums);
                }
            }

            clock.Lap("update");
            State.Step = step;
            State.Spent = pace.Spent;
            yield return new TrainerStep(step, Scalars(rollout, scores, rewards, valid, refLogProbs, sums), clock.Read(rollout.Tokens.MaskedTokens)) { Rollout = rollout, Scores = scores };
        }
    }

    private void Update(Rollout rollout, ReadOnlySpan<int> rows, float[] advantages, bool[] valid, float[]? refLogProbs, long step, UpdateSums sums)
    {
        var o = _options;
        var whole = CountTokens(rollout.Tokens, rows, valid);
        int[] taught = [.. rows.ToArray().Where(r => valid[r] && (advantages[r] != 0 || o.KlWeight > 0 || o.EntropyWeight > 0))];
        if (taught.Length == 0)
        {
            return;
        }

        float loss = 0;
        for (int start = 0; start < taught.Length; start += o.RowsPerPass)
        {
            var part = taught.AsSpan(start, Math.Min(o.RowsPerPass, taught.Length - start)).ToArray();
            var tokens = rollout.Tokens.Select(part);
            float[] old = rollout.Tokens.Select(rollout.LogProbs, part);
            float[] partAdvantages = [.. part.Select(r => advantages[r])];
            using var scope = Tape.Begin();
            var logits = o.EntropyWeight > 0 ? _policy.Logits(tokens) : null;                                             // [N, V]
            var logProbs = logits is null ? _policy.LogProbs(tokens) : tokens.Spread(Ops.TokenLogProbs(logits, tokens.Targets()));   // [B, T]
            var tokenLoss = ClippedSurrogate.Loss(logProbs, Tensor.From(old, tokens.Rows, tokens.Length), Tensor.From(partAdvantages), (float)o.ClipLow, (float)o.ClipHigh);   // [B, T]
            if (o.KlWeight > 0)
            {
                var reference = Tensor.From(rollout.Tokens.Select(refLogProbs!, part), tokens.Rows, tokens.Length);       // [B, T]
                tokenLoss += (float)o.KlWeight * o.Kl.Estimate(logProbs, reference);                                      // [B, T]
            }

            if (logits is not null)
            {
                tokenLoss -= (float)o.EntropyWeight * tokens.Spread(Entropy.Of(logits));                                  // [B, T]
            }

            Finite.Require("loss", tokenLoss.ToArray(), tokens.Mask, part, step);
            var total = Reduce.Tokens(tokenLoss, tokens.Mask, o.Reduction, whole, o.ConstantLength);                      // []
            total.Backward();
            loss += total.Item();
            sums.Add(ClippedSurrogate.ClippedShare(logProbs.ToArray(), old, partAdvantages, tokens.Mask, (float)o.ClipLow, (float)o.ClipHigh), tokens.MaskedTokens);
        }

        sums.Add(loss, Finite.Step(_optimizer, o.MaxGradNorm, step));
    }

    // The rows to train on: all, or those of largest absolute advantage, in the order of the rollout.
    private int[] Keep(float[] advantages, bool[] valid)
    {
        int[] rows = [.. AllRows(advantages.Length).Where(r => valid[r])];
        return _options.KeepRows == 0 || rows.Length <= _options.KeepRows
            ? rows
            : [.. rows.OrderByDescending(r => Math.Abs(advantages[r])).Take(_options.KeepRows).Order()];   // a stable sort
    }

    private List<KeyValuePair<string, double>> Scalars(Rollout rollout, Scores scores, double[] rewards, bool[] valid, float[]? refLogProbs, UpdateSums sums)
    {
        var mask = rollout.Tokens.Mask;
        int tokens = rollout.Tokens.MaskedTokens;
        var scalars = new List<KeyValuePair<string, double>> { new("reward/mean", scores.Mean()) };
        foreach (string component in scores.Schema.Components)
        {
            scalars.Add(new($"reward/{component}", Means.OfNumbers(scores.Component(component))));
        }

        scalars.Add(new("reward/trained", Means.Where(rewards, valid)));
        scalars.Add(new("reward/failed", scores.FailedShare()));
        scalars.Add(new("reward/no_signal", GroupAdvantage.ShareWithoutSignal(rewards, valid, rollout.GroupOffsets)));
        scalars.Add(new("entropy", -Means.Where(rollout.LogProbs, mask)));   // sampled tokens: unbiased where the temperature is 1
        if (refLogProbs is not null)
        {
            scalars.Add(new("kl", Means.Where(KlK3.Values(rollout.LogProbs, refLogProbs), mask)));
            if (_options.KlBudget > 0)
            {
                scalars.Add(new("kl/answer", KlOfAnswer(rollout, refLogProbs)));
            }
        }

        scalars.Add(new("length/mean", (double)tokens / rollout.Rows));
        scalars.Add(new("length/truncated", (double)rollout.Samples.Count(s => s.Truncated) / rollout.Rows));
        scalars.Add(new("loss", sums.Loss));
        scalars.Add(new("grad_norm", sums.GradNorm));
        scalars.Add(new("clip_share", sums.ClipShare));
        scalars.Add(new("learning_rate", _optimizer.LearningRate));
        return scalars;
    }

    private float[] LogProbs(IPolicy policy, TokenBatch tokens)
    {
        var result = new float[tokens.Tokens.Length];
        for (int start = 0; start < tokens.Rows; start += _options.RowsPerPass)
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(_options.RowsPerPass, tokens.Rows - start))];
            using var scope = Tape.Begin(record: false);
            var part = tokens.Select(rows);
            float[] values = policy.LogProbs(part).ToArray();
            for (int i = 0; i < rows.Length; i++)
            {
                values.AsSpan(i * part.Length, part.Length).CopyTo(result.AsSpan(rows[i] * tokens.Length));
            }
        }

        return result;
    }

    private static TokenCount CountTokens(TokenBatch tokens, ReadOnlySpan<int> rows, bool[] valid)
    {
        int counted = 0, all = 0;
        foreach (int row in rows)
        {
            int n = valid[row] ? tokens.Mask.AsSpan(row * tokens.Length, tokens.Length).Count(true) : 0;
            counted += n > 0 ? 1 : 0;
            all += n;
        }

        return new TokenCount(counted, all);
    }

    // Mean over the answers of the sum of the low-variance estimate over their tokens.
    private static double KlOfAnswer(Rollout rollout, float[] refLogProbs)
    {
        double[] values = KlK3.Values(rollout.LogProbs, refLogProbs);
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += rollout.Tokens.Mask[i] ? values[i] : 0;
        }

        return sum / rollout.Rows;
    }

    private static double[] RowSums(float[] values, int rows)
    {
        var sums = new double[rows];
        int tokens = values.Length / rows;
        for (int i = 0; i < values.Length; i++)
        {
            sums[i / tokens] += values[i];   // 0 where a token does not count
        }

        return sums;
    }

    private static int[] AllRows(int count) => [.. Enumerable.Range(0, count)];

    // What the updates of a step add up to.
    private sealed class UpdateSums
    {
        private double _loss;
        private double _gradNorm;
        private double _clipped;
        private int _updates;
        private int _tokens;

        public double Loss => _updates == 0 ? 0 : _loss / _updates;

        public double GradNorm => _updates == 0 ? 0 : _gradNorm / _updates;

        public double ClipShare => _tokens == 0 ? 0 : _clipped / _tokens;

        public void Add(double clipShare, int tokens)
        {
            _clipped += clipShare * tokens;
            _tokens += tokens;
        }

        public void Add(float loss, float gradNorm)
        {
            _loss += loss;
            _gradNorm += gradNorm;
            _updates++;
        }
    }
}
