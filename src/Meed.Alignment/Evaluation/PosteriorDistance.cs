using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Objectives.Posterior;
using Meed.Rewards;

namespace Meed.Alignment.Evaluation;

/// <summary>How far a policy is from the exact posterior, averaged over prompts.</summary>
/// <param name="Kl">KL(π‖p*), in nats.</param>
/// <param name="Entropy">Entropy of π over whole answers, in nats.</param>
/// <param name="TargetEntropy">Entropy of p*, in nats.</param>
/// <param name="Answers">Answers listed for each prompt.</param>
public sealed record PosteriorResult(double Kl, double Entropy, double TargetEntropy, int Answers);

/// <summary>Compares a policy with the exact optimum of KL-regularised reward by listing every answer it could give.</summary>
/// <remarks>
/// p*(y) ∝ π₀(y)·exp(r(y) / β); see <see cref="TiltedTarget"/>. The answers are all token sequences that end with the end token within the limit, and those cut off at it: (V−1)^0 + … + (V−1)^L of them.
/// <para>Korbak et al. 2022, arXiv:2205.11275 (atlas row 261).</para>
/// </remarks>
public static class PosteriorDistance
{
    private const int MostAnswers = 200_000;
    private const int RowsPerPass = 512;

    /// <summary>Lists, scores and compares.</summary>
    /// <param name="policy">π.</param>
    /// <param name="prior">π₀, the policy before the reward.</param>
    /// <param name="prompts">The prompts to average over.</param>
    /// <param name="reward">r; every answer must get a number.</param>
    /// <param name="tokenizer">Their tokenizer, with an end token.</param>
    /// <param name="maximumNewTokens">L, the longest answer in tokens, the end token included.</param>
    /// <param name="beta">β, above 0.</param>
    /// <param name="cancellationToken">Stops between prompts.</param>
    public static async Task<PosteriorResult> MeasureAsync(
        IPolicy policy, IPolicy prior, PromptBatch prompts, IReward<TextSample> reward, ITokenizer tokenizer, int maximumNewTokens, double beta, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(reward);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var answers = List(tokenizer, maximumNewTokens);
        string[] texts = [.. answers.Select(a => tokenizer.Decode(a))];
        double kl = 0, entropy = 0, targetEntropy = 0;
        for (int p = 0; p < prompts.Count; p++)
        {
            var sample = prompts.Samples[p];
            var scores = await reward.ScoreAsync([.. texts.Select(t => sample with { Response = t })], RewardContext.Default, cancellationToken).ConfigureAwait(false);
            double[] rewards = [.. Enumerable.Range(0, texts.Length).Select(i => scores[i])];
            double[] logPrior = LogProbs(prior, prompts.Tokens[p], answers), logPolicy = LogProbs(policy, prompts.Tokens[p], answers);
            double[] target = TiltedTarget.LogProbs(logPrior, rewards, beta);
            kl += TiltedTarget.Kl(logPolicy, target) / prompts.Count;
            entropy += TiltedTarget.Entropy(logPolicy) / prompts.Count;
            targetEntropy += TiltedTarget.Entropy(target) / prompts.Count;
        }

        return new PosteriorResult(kl, entropy, targetEntropy, answers.Count);
    }

    private static List<int[]> List(ITokenizer tokenizer, int maximumNewTokens)
    {
        int end = tokenizer.EndToken ?? throw new ArgumentException("PosteriorDistance: the tokenizer has no end token, so answers cannot be listed.", nameof(tokenizer));
        if (maximumNewTokens < 1 || Math.Pow(tokenizer.VocabularySize - 1, maximumNewTokens) > MostAnswers)
        {
            throw new ArgumentException($"PosteriorDistance: {tokenizer.VocabularySize} tokens and answers of up to {maximumNewTokens} make more than {MostAnswers} to list. Shorten the answers.", nameof(maximumNewTokens));
        }

        var done = new List<int[]>();
        List<int[]> open = [[]];
        for (int length = 1; length <= maximumNewTokens; length++)
        {
            done.AddRange(open.Select(a => (int[])[.. a, end]));
            open = [.. open.SelectMany(a => Enumerable.Range(0, tokenizer.VocabularySize).Where(t => t != end).Select(t => (int[])[.. a, t]))];
        }

        done.AddRange(open);
        return done;
    }

    private static double[] LogProbs(IPolicy policy, int[] prompt, List<int[]> answers)
    {
        var result = new double[answers.Count];
        for (int start = 0; start < answers.Count; start += RowsPerPass)
        {
            var part = answers.GetRange(start, Math.Min(RowsPerPass, answers.Count - start));
            using var scope = Tape.Begin(record: false);
            var tokens = TokenBatch.From([.. part.Select(_ => prompt)], part);
            float[] values = policy.LogProbs(tokens).ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                result[start + (i / tokens.Length)] += values[i];   // 0 where a token does not count
            }
        }

        return result;
    }
}
