using Meed.Alignment.Evaluation;
using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Recipes.Runs;
using Meed.Rewards;
using Meed.Tasks;

namespace Meed.Recipes.Training;

/// <summary>What a measurement on held-out items gave.</summary>
/// <param name="Values">pass@k for each k, the mean trained-on reward, entropy, length and the share cut off.</param>
/// <param name="Samples">The first answer to each of the first items.</param>
public sealed record Measured(IReadOnlyDictionary<string, double> Values, IReadOnlyList<RunSample> Samples);

/// <summary>Measures the policy of a recipe on held-out items: the task's own reward decides, the trained-on reward is shown beside it.</summary>
public sealed class Measurement
{
    private readonly LanguageRecipe _recipe;
    private readonly Lazy<HeldOut> _heldOut;

    /// <summary>A measurement of a recipe.</summary>
    public Measurement(LanguageRecipe recipe, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _heldOut = new(() => new HeldOut(TaskItems.HeldOut(recipe.Task, recipe.Evaluate.Items), tokenizer, ChatTemplate.Plain, recipe.Task.Gold));
    }

    /// <summary>Measures the first items.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="count">How many items.</param>
    /// <param name="shown">How many items to give back as samples.</param>
    /// <param name="phase">What the samples' phase is called.</param>
    /// <param name="step">Step.</param>
    /// <param name="random">The run's stream; the draws are the same every time.</param>
    /// <param name="stop">Gives up in between.</param>
    public async Task<Measured> RunAsync(TransformerPolicy policy, int count, int shown, string phase, long step, RandomStream random, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(random);
        var o = _recipe.Evaluate;
        var training = policy.Options;
        HeldOutResult result;
        try
        {
            policy.Options = training with { Temperature = o.Temperature };
            result = await _heldOut.Value.MeasureAsync(policy, o.Samples, random.Split("evaluate", 0), count, stop).ConfigureAwait(false);
        }
        finally
        {
            policy.Options = training;
        }

        int[] groups = [.. Enumerable.Range(0, result.Prompts + 1).Select(p => p * o.Samples)];
        var scores = await _recipe.Reward.Reward.ScoreAsync(result.Samples, new RewardContext { GroupOffsets = groups, Step = step }, stop).ConfigureAwait(false);
        var values = o.PassAt.ToDictionary(k => $"pass@{k}", result.PassAt);
        values["gold"] = result.Mean;
        values["reward"] = scores.Mean();
        values["entropy"] = result.Entropy;
        values["length"] = result.Samples.Average(s => s.ResponseTokens);
        values["truncated"] = result.Samples.Average(s => s.Truncated ? 1.0 : 0.0);
        return new Measured(values, [.. Enumerable.Range(0, Math.Min(shown, result.Prompts)).Select(p => SampleOf(result.Samples[p * o.Samples], scores, p * o.Samples, phase, step))]);
    }

    /// <summary>A row of scores as a stored sample.</summary>
    public static RunSample SampleOf(TextSample sample, Scores scores, int row, string phase, long step)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(scores);
        var components = new Dictionary<string, double>();
        foreach (string name in scores.Schema.Components)
        {
            double value = scores.Component(name)[row];
            if (double.IsFinite(value))
            {
                components[name] = value;
            }
        }

        return new RunSample
        {
            Phase = phase, Step = step, Prompt = string.Join("\n", sample.Prompt.Select(m => m.Content)), Response = sample.Response,
            Reward = scores.Status[row] == ScoreStatus.Ok ? scores.Values[row] : null, Components = components.Count > 0 ? components : null, Reason = scores.Reasons[row],
        };
    }
}
