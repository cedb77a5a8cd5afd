using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Rewards;
using Meed.Tasks;

namespace Meed.Alignment.Evaluation;

/// <summary>Measures a policy on held-out items.</summary>
public sealed class HeldOut(IReadOnlyList<TaskItem<TextSample>> items, ITokenizer tokenizer, ChatTemplate template, IReward<TextSample> gold)
{
    private const int PromptsPerBatch = 125;

    /// <summary>Samples and judges.</summary>
    /// <param name="policy">The policy, with its own sampling settings.</param>
    /// <param name="perPrompt">Answers to each prompt.</param>
    /// <param name="random">The same stream gives the same answers.</param>
    /// <param name="prompts">How many of the items, from the first; all when null.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public async Task<HeldOutResult> MeasureAsync(IPolicy policy, int perPrompt, RandomStream random, int? prompts = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perPrompt);
        int count = Math.Min(prompts ?? items.Count, items.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(prompts));
        var samples = new List<TextSample>(count * perPrompt);
        double logProbs = 0;
        long tokens = 0;
        for (int start = 0; start < count; start += PromptsPerBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = PromptBatch.Of([.. items.Skip(start).Take(Math.Min(PromptsPerBatch, count - start)).Select(i => i.Sample)], tokenizer, template);
            var rollout = policy.Sample(batch, perPrompt, random.Split("held-out", start));
            samples.AddRange(rollout.Samples);
            for (int i = 0; i < rollout.LogProbs.Length; i++)
            {
                if (rollout.Tokens.Mask[i])
                {
                    logProbs += rollout.LogProbs[i];
                    tokens++;
                }
            }
        }

        var scores = await gold.ScoreAsync(samples, RewardContext.Default, cancellationToken).ConfigureAwait(false);
        return new HeldOutResult(samples, scores, perPrompt, -logProbs / Math.Max(1, tokens));
    }
}
