using Meed.Numerics;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Similarity;
using Meed.Tasks.PreferenceSet;

namespace Meed.Evaluation.Studies;

/// <summary>What makes a reward consistent between prompts.</summary>
public enum ContrastRemedy : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Perturbed answers at hull vertices in training, training neighbours at inference.</summary>
    HullAndFusion,
}

/// <summary>Options of <see cref="NearPrompts"/>.</summary>
public sealed record NearPromptsOptions
{
    /// <summary>None, or both remedies.</summary>
    public ContrastRemedy Remedy { get; init; }

    /// <summary>Training comparisons.</summary>
    public int Pairs { get; init; } = 1000;

    /// <summary>Updates of 32 comparisons.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Held-out pairs of near-identical prompts.</summary>
    public int Contrasts { get; init; } = 300;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Below(("Pairs", Pairs, 10), ("Steps", Steps, 1), ("Contrasts", Contrasts, 10));
}

/// <summary>Prompts of the generated set that differ in one word, each with its own answer: does the reward put the own answer above the other's?</summary>
/// <remarks>
/// Comparisons of the set hold two answers about the thing that was asked for, so that plain training never has to look at the prompt. The remedies are <see cref="HullAugmentation"/> (half of the comparisons become answer against perturbed answer, as many in all) and
/// <see cref="RewardFusion"/> over the training samples, compared by word overlap features; both arms make equally many updates. Measures: <c>consistency</c>, share of 2 × contrasts in which the own answer scores higher; <c>accuracy</c> on ordinary held-out comparisons.
/// <para>Shen et al. 2023, arXiv:2309.16155 (atlas row 29). The reinforcement learning of the row is not part of this study.</para>
/// </remarks>
public sealed class NearPrompts(NearPromptsOptions options) : IStudy
{
    private const int Width = 64;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var task = new PreferenceSetTask(new PreferenceSetOptions { Pairs = options.Pairs, Test = 400 });
        var random = new RandomStream(seed);
        var pairs = TextReward.Pairs(task.Training(seed));
        bool remedy = options.Remedy == ContrastRemedy.HullAndFusion;
        if (remedy)
        {
            string[] words = [.. pairs.SelectMany(p => p.Better.Response.Split(' ', '.')).Where(w => w.Length > 0).Distinct().Order(StringComparer.Ordinal)];
            var draw = random.Split("perturb", 0);
            for (int i = 1; i < pairs.Count; i += 2)
            {
                var kept = HullAugmentation.Perturb(pairs[i].Better.Response, words, 12, 4, draw);
                pairs[i] = kept.Count > 0 ? pairs[i] with { Worse = pairs[i].Better with { Response = kept[draw.NextInt(kept.Count)] } } : pairs[i];
            }
        }

        var reward = TextReward.Train(pairs, options.Steps, random.Split("order", 0), stop);
        Func<IReadOnlyList<RewardInput>, double[]> score = reward.Score;
        if (remedy)
        {
            RewardInput[] known = [.. pairs.Select(p => p.Better), .. pairs.Select(p => p.Worse)];
            double[] scores = reward.Score(known);
            double spread = Math.Sqrt(scores.Average(s => s * s));
            var fusion = new RewardFusion([.. known.Select(Features)], [.. scores.Select((s, i) => (0.5 * s) + (i < pairs.Count ? 0.5 : -0.5) * spread)]);
            score = samples => [.. reward.Score(samples).Select((s, i) => fusion.Fuse(Features(samples[i]), s, 8, 0.2))];
        }

        // The same sentence with another thing in it.
        var candidates = task.Candidates(seed, options.Contrasts, 8);
        var asked = new List<RewardInput>();
        var pick = random.Split("contrasts", 0);
        for (int i = 0; i < candidates.Count; i++)
        {
            var own = candidates[i];
            var others = candidates.Where(c => Thing(c.Prompt) != Thing(own.Prompt)).ToList();
            var other = others[pick.NextInt(others.Count)];
            string near = own.Prompt.Replace(Thing(own.Prompt), Thing(other.Prompt), StringComparison.Ordinal);
            string a = own.Responses.MaxBy(r => r.Gold)!.Text, b = other.Responses.MaxBy(r => r.Gold)!.Text;
            asked.AddRange([TextReward.Input(own.Prompt, a), TextReward.Input(own.Prompt, b), TextReward.Input(near, b), TextReward.Input(near, a)]);
        }

        double[] found = score(asked);
        double consistent = Enumerable.Range(0, found.Length / 2).Average(i => found[2 * i] > found[(2 * i) + 1] ? 1 : found[2 * i] == found[(2 * i) + 1] ? 0.5 : 0);
        var test = TextReward.Pairs(task.Test(seed));
        double[] better = score([.. test.Select(p => p.Better)]), worse = score([.. test.Select(p => p.Worse)]);
        return new Dictionary<string, double> { ["consistency"] = consistent, ["accuracy"] = better.Zip(worse, (x, y) => x > y ? 1 : x == y ? 0.5 : 0).Average() };
    }

    private static string Thing(string prompt) => prompt.Split(' ')[2];

    // Hashed words of the response, and of the prompt with whether the response repeats them.
    private static float[] Features(RewardInput input)
    {
        var features = new float[2 * Width];
        string[] words = input.Response.Split([' ', '.'], StringSplitOptions.RemoveEmptyEntries);
        foreach (string word in words)
        {
            features[Place(word)] += 1f / words.Length;
        }

        string thing = Thing(input.Prompt[0].Content);
        features[Width + (words.Contains(thing) ? 0 : 1)] = 1;
        return features;
    }

    private static int Place(string word)
    {
        uint hash = 2166136261;
        foreach (char c in word)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)(hash % Width);
    }
}
