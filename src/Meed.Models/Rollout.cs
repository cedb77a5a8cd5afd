using Meed.Numerics;
using Meed.Rewards;

namespace Meed.Models;

/// <summary>What a policy wrote: B = P·G rows, the G completions of a prompt next to each other.</summary>
public sealed class Rollout
{
    /// <summary>A rollout over ready parts.</summary>
    /// <param name="tokens">Prompts and completions, [B, T].</param>
    /// <param name="logProbs">[B, T] natural log-probabilities of the written tokens under the untempered distribution; 0 elsewhere.</param>
    /// <param name="samples">[B] samples with their responses.</param>
    /// <param name="groupOffsets">[P + 1] first row of each prompt, then B.</param>
    public Rollout(TokenBatch tokens, float[] logProbs, IReadOnlyList<TextSample> samples, int[] groupOffsets)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(logProbs);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(groupOffsets);
        if (logProbs.Length != tokens.Tokens.Length || samples.Count != tokens.Rows || groupOffsets.Length < 1 || groupOffsets[0] != 0 || groupOffsets[^1] != tokens.Rows)
        {
            throw new ArgumentException($"Rollout: tokens are [{tokens.Rows}, {tokens.Length}], with {logProbs.Length} log-probabilities, {samples.Count} samples and group offsets {string.Join(", ", groupOffsets.Take(8))}. Offsets run from 0 to the number of rows.", nameof(tokens));
        }

        Tokens = tokens;
        LogProbs = logProbs;
        Samples = samples;
        GroupOffsets = groupOffsets;
    }

    /// <summary>Prompts and completions, [B, T].</summary>
    public TokenBatch Tokens { get; }

    /// <summary>[B, T] natural log-probabilities of the written tokens under the untempered distribution, as the policy's forward pass gives them; 0 elsewhere.</summary>
    public float[] LogProbs { get; }

    /// <summary>[B] samples with their responses, for the reward.</summary>
    public IReadOnlyList<TextSample> Samples { get; }

    /// <summary>[P + 1] first row of each prompt, then B.</summary>
    public int[] GroupOffsets { get; }

    /// <summary>Rows, B.</summary>
    public int Rows => Tokens.Rows;

    /// <summary>What the reward is told about this batch.</summary>
    /// <param name="step">Training step.</param>
    /// <param name="seed">Seed for rewards that draw random numbers.</param>
    public RewardContext Context(long step, ulong seed) => new() { GroupOffsets = GroupOffsets, Step = step, Seed = seed };

    /// <summary>All rows in random order, cut into batches, several times over.</summary>
    /// <param name="passes">How often every row is used.</param>
    /// <param name="rows">Rows of a batch; the last one of a pass may be smaller.</param>
    /// <param name="random">Source of the order.</param>
    public IEnumerable<RolloutRows> MiniBatches(int passes, int rows, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(passes);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentNullException.ThrowIfNull(random);
        return Walk();

        IEnumerable<RolloutRows> Walk()
        {
            for (int pass = 0; pass < passes; pass++)
            {
                int[] order = [.. Enumerable.Range(0, Rows)];
                random.Shuffle(order.AsSpan());
                for (int start = 0; start < order.Length; start += rows)
                {
                    yield return new RolloutRows(this, order[start..Math.Min(order.Length, start + rows)]);
                }
            }
        }
    }
}
