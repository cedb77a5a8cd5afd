using Meed.Objectives.Metrics;
using Meed.Rewards;

namespace Meed.Alignment.Evaluation;

/// <summary>How a policy does on held-out items: several sampled answers to each, judged by the gold reward.</summary>
/// <param name="Samples">Every answer, those to one prompt next to each other.</param>
/// <param name="Scores">The gold scores, in the same order.</param>
/// <param name="PerPrompt">Answers to each prompt, n.</param>
/// <param name="Entropy">Mean of −log π over the sampled tokens, in nats.</param>
public sealed record HeldOutResult(IReadOnlyList<TextSample> Samples, Scores Scores, int PerPrompt, double Entropy)
{
    /// <summary>Prompts.</summary>
    public int Prompts => Samples.Count / PerPrompt;

    /// <summary>Mean gold score over all answers; pass@1 where the score is 0 or 1. Rows without a number are left out.</summary>
    public double Mean => Scores.Mean();

    /// <summary>Mean over prompts of the unbiased estimate that one of k answers reaches the gold reward's maximum.</summary>
    public double PassAt(int k)
    {
        double sum = 0;
        for (int p = 0; p < Prompts; p++)
        {
            sum += PassAtK.Estimate(PerPrompt, Correct(p), k);
        }

        return sum / Prompts;
    }

    /// <summary>Right answers to one prompt.</summary>
    public int Correct(int prompt)
    {
        int correct = 0;
        for (int i = prompt * PerPrompt; i < (prompt + 1) * PerPrompt; i++)
        {
            correct += Scores.Status[i] == ScoreStatus.Ok && Scores.Values[i] >= Scores.Schema.Maximum ? 1 : 0;
        }

        return correct;
    }
}
