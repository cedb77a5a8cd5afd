using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;
using Meed.Tasks.PreferenceSet;

namespace Meed.Evaluation.Studies;

/// <summary>What a reward model's choice among candidates of a generated world is really worth.</summary>
public static class BestOfCandidates
{
    /// <summary>Held-out prompts.</summary>
    public const int Prompts = 200;

    /// <summary>Measures the model's first choices.</summary>
    /// <param name="task">The world.</param>
    /// <param name="seed">Seed of the candidates.</param>
    /// <param name="candidates">Candidates a prompt.</param>
    /// <param name="network">The model.</param>
    /// <param name="objective">What it was trained for.</param>
    /// <returns><c>best_of_n_gold</c>, their mean gold reward; <c>best_of_n_fillers</c>, their mean number of gold-neutral sentences; <c>best_of_n_marked</c>, the share with the marker.</returns>
    public static IReadOnlyDictionary<string, double> Measure(PreferenceSetTask task, ulong seed, int candidates, RewardNetwork network, RewardObjective objective)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        return Measure(task, seed, candidates, inputs =>
        {
            var store = network.NewStore();
            store.Add(inputs);
            float[] numbers = network.Score(store, [.. Enumerable.Range(0, inputs.Count)]);
            return [.. Enumerable.Range(0, inputs.Count).Select(i => objective.Score(numbers.AsSpan(i * network.Outputs, network.Outputs)))];
        });
    }

    /// <summary>Measures the first choices of any scorer.</summary>
    /// <param name="task">The world.</param>
    /// <param name="seed">Seed of the candidates.</param>
    /// <param name="candidates">Candidates a prompt.</param>
    /// <param name="score">Scores inputs, in order.</param>
    public static IReadOnlyDictionary<string, double> Measure(PreferenceSetTask task, ulong seed, int candidates, Func<IReadOnlyList<RewardInput>, double[]> score)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(score);
        var all = task.Candidates(seed, Prompts, candidates);
        double[] scores = score([.. all.SelectMany(c => c.Responses.Select(r => new RewardInput([new Message("user", c.Prompt)], r.Text, "preference-set")))]);
        double gold = 0, fillers = 0, marked = 0;
        for (int p = 0; p < all.Count; p++)
        {
            int best = Enumerable.Range(0, candidates).MaxBy(k => scores[(p * candidates) + k]);
            var chosen = all[p].Responses[best];
            gold += chosen.Gold;
            fillers += chosen.Fillers;
            marked += chosen.Marked ? 1 : 0;
        }

        return new Dictionary<string, double> { ["best_of_n_gold"] = gold / all.Count, ["best_of_n_fillers"] = fillers / all.Count, ["best_of_n_marked"] = marked / all.Count };
    }
}
