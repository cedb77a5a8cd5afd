using Meed.Numerics;
using Meed.RewardModels.Curation;

namespace Meed.Evaluation.Studies;

/// <summary>How the compared answers are sampled.</summary>
public enum AnswerSampling : byte
{
    /// <summary>Each on its own.</summary>
    Independent,

    /// <summary>As leaves of a tree of shared beginnings.</summary>
    Tree,
}

/// <summary>Options of <see cref="TreeSampling"/>.</summary>
public sealed record TreeSamplingOptions
{
    /// <summary>How answers are sampled.</summary>
    public AnswerSampling Method { get; init; }

    /// <summary>Prompts.</summary>
    public int Prompts { get; init; } = 40;

    /// <summary>Comparisons of a prompt.</summary>
    public int Pairs { get; init; } = 8;

    /// <summary>Branches of a node.</summary>
    public int Branching { get; init; } = 2;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Deviation of what the person who compares a prompt's answers adds to a beginning, which is no part of gold.</summary>
    public double Taste { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Prompts", Prompts), ("Pairs", Pairs), ("Steps", Steps)))
        {
            yield return problem;
        }

        if (Branching < 2)
        {
            yield return $"Branching is {Branching}; it is 2 or more.";
        }

        if (!(Taste >= 0))
        {
            yield return $"Taste is {Taste}; it is 0 or more.";
        }
    }
}

/// <summary>A reward of sequences is learned from comparisons of answers that share beginnings or do not, at the same number of labels.</summary>
/// <remarks>
/// An answer is six letters of eight; gold adds a number for each letter at its place and half a number for each neighbouring two. Labels are drawn by Bradley and Terry from gold and, for the first two letters, the taste of the person who
/// compares this prompt's answers: a normal number for each beginning, which cancels between answers that share theirs. The model is linear in both kinds of number. A tree has depth three, two letters a step. Measures: <c>accuracy</c> on 1,000 noiseless pairs of independent answers, <c>best_of_n_gold</c> of the best of 32.
/// <para>"Reward Generalization in RLHF: A Topological Perspective" (atlas row 2).</para>
/// </remarks>
public sealed class TreeSampling(TreeSamplingOptions options) : IStudy
{
    private const int Letters = 8, Length = 6, Depth = 3, Width = (Length * Letters) + (Letters * Letters);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        double[] worth = [.. Enumerable.Range(0, Width).Select(k => world.NextNormal() * (k < Length * Letters ? 1 : 0.5))];
        var test = Enumerable.Range(0, 1000).Select(_ => (A: Answer(world), B: Answer(world))).ToArray();
        var answers = random.Split("answers", 0);
        var train = new List<FeaturePair>();
        for (int prompt = 0; prompt < options.Prompts; prompt++)
        {
            int leaves = (int)Math.Pow(options.Branching, Depth);
            int[][] own = options.Method == AnswerSampling.Tree
                ? [.. PreferenceTree.Leaves<int[]>(options.Branching, Depth, (_, r) => [r.NextInt(Letters), r.NextInt(Letters)], answers).Select(l => l.SelectMany(s => s).ToArray())]
                : [.. Enumerable.Range(0, leaves).Select(_ => Answer(answers))];
            var person = random.Split("taste", prompt);
            double[] taste = [.. Enumerable.Range(0, Letters * Letters).Select(_ => person.NextNormal() * options.Taste)];
            double Liked(int[] answer) => Gold(answer) + taste[(answer[0] * Letters) + answer[1]];
            foreach (var (first, second) in PreferenceTree.Pairs(leaves, options.Pairs, answers))
            {
                double margin = Liked(own[first]) - Liked(own[second]);
                train.Add(new FeaturePair(Features(own[first]), Features(own[second]), answers.NextBool(1 / (1 + Math.Exp(-margin))) ? 1 : 0));
            }
        }

        var model = new FeatureScorer("reward", Width, 0, random.Split("weights", 0));
        FeaturePairs.Train(model, train, options.Steps, 32, 0.02f, random.Split("order", 0), stop);
        double accuracy = FeaturePairs.Accuracy(model, [.. test.Select(t => new FeaturePair(Features(t.A), Features(t.B), Gold(t.A) > Gold(t.B) ? 1 : 0))]), best = 0;
        for (int prompt = 0; prompt < 200; prompt++)
        {
            int[][] own = [.. Enumerable.Range(0, 32).Select(_ => Answer(world))];
            double[] scores = model.Score([.. own.Select(Features)]);
            best += Gold(own[Array.IndexOf(scores, scores.Max())]) / 200;
        }

        return new Dictionary<string, double> { ["accuracy"] = accuracy, ["best_of_n_gold"] = best };

        double Gold(int[] answer)
        {
            float[] x = Features(answer);
            double sum = 0;
            for (int k = 0; k < Width; k++)
            {
                sum += worth[k] * x[k];
            }

            return sum;
        }
    }

    private static int[] Answer(RandomStream random) => [.. Enumerable.Range(0, Length).Select(_ => random.NextInt(Letters))];

    private static float[] Features(int[] answer)
    {
        var x = new float[Width];
        for (int t = 0; t < Length; t++)
        {
            x[(t * Letters) + answer[t]] = 1;
            if (t > 0)
            {
                x[(Length * Letters) + (answer[t - 1] * Letters) + answer[t]] += 1;
            }
        }

        return x;
    }
}
