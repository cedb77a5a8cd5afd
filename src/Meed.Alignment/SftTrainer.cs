using Meed.Alignment.Prompts;
using Meed.Models;
using Meed.Numerics;
using Meed.Objectives;
using Meed.Objectives.Losses;

namespace Meed.Alignment;

/// <summary>Supervised fine-tuning: makes the shown answers likely.</summary>
/// <remarks>Every pass over the demonstrations has its own random order; the last rows of a pass that do not fill a step join the next one.</remarks>
public sealed class SftTrainer
{
    private readonly SftOptions _options;
    private readonly IPolicy _policy;
    private readonly Demonstrations _demonstrations;
    private readonly AdamW _optimizer;
    private readonly RandomStream _random;

    /// <summary>A trainer at step 0.</summary>
    /// <exception cref="ArgumentException">The options have problems; the message lists all.</exception>
    public SftTrainer(SftOptions options, IPolicy policy, Demonstrations demonstrations, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        Problem.ThrowIfAny("SftOptions", options.Problems());
        _options = options;
        _policy = policy;
        _demonstrations = demonstrations;
        _random = random;
        _optimizer = new AdamW(policy.Parameters, (float)options.LearningRate, (float)options.WeightDecay);
        State = new TrainerState("sft", policy, null, _optimizer, null);
    }

    /// <summary>What a checkpoint stores. Save it between steps; load it before the first.</summary>
    public TrainerState State { get; }

    /// <summary>Trains, one result a step. Whoever enumerates may stop after any step.</summary>
    public IEnumerable<TrainerStep> Run()
    {
        var pace = new Pace(_options.Steps, _options.Budget, State.Spent);
        long pass = -1;
        int[] order = [];
        while (!pace.IsOver(State.Step))
        {
            var clock = new Clock();
            var indices = new int[_options.RowsPerStep];
            for (int i = 0; i < indices.Length; i++)
            {
                long at = (State.Step * indices.Length) + i;
                if (at / _demonstrations.Count != pass)
                {
                    pass = at / _demonstrations.Count;
                    order = _random.Split("pass", pass).Permutation(_demonstrations.Count);
                }

                indices[i] = order[at % _demonstrations.Count];
            }

            var rows = _demonstrations.Rows(indices);
            clock.Lap("data");
            _optimizer.LearningRate = pace.Rate(State.Step, _options.LearningRate, _options.WarmUp, _options.FinalRate);
            float loss, gradNorm;
            using (Tape.Begin())
            {
                var tokenLoss = TokenLoss(rows);                                                    // [B, T]
                Finite.Require("log-probability of a demonstration", tokenLoss.ToArray(), rows.Mask, indices, State.Step + 1);
                var total = Reduce.Tokens(tokenLoss, rows.Mask, _options.Reduction);                // []
                loss = total.Item();
                gradNorm = Finite.Step(_optimizer, total, _options.MaxGradNorm, State.Step + 1);
            }

            clock.Lap("update");
            State.Step++;
            State.Spent = pace.Spent;
            yield return new TrainerStep(State.Step, [new("loss", loss), new("grad_norm", gradNorm), new("learning_rate", _optimizer.LearningRate)], clock.Read(rows.MaskedTokens));
        }
    }

    private Tensor TokenLoss(TokenBatch rows)
    {
        if (_options.LabelSmoothing == 0)
        {
            return NegativeLogLikelihood.Loss(_policy.LogProbs(rows));                              // [B, T]
        }

        var logits = _policy.Logits(rows);                                                          // [N, V]
        return rows.Spread(SmoothedCrossEntropy.Loss(logits, rows.Targets(), (float)_options.LabelSmoothing));   // [B, T]
    }
}
