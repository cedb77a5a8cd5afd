using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Networks;
using Meed.Rewards;
using Meed.Tasks.PreferenceSet;

namespace Meed.Evaluation.Studies;

/// <summary>A small n-gram reward model for studies of the generated set.</summary>
internal sealed class TextReward
{
    private readonly NGramNetwork _network;

    private TextReward(NGramNetwork network) => _network = network;

    /// <summary>A better and a worse sample.</summary>
    public readonly record struct Pair(RewardInput Better, RewardInput Worse);

    /// <summary>The input of a prompt and a response.</summary>
    public static RewardInput Input(string prompt, string response) => new([new Message("user", prompt)], response);

    /// <summary>The pairs of labelled comparisons.</summary>
    public static List<Pair> Pairs(IEnumerable<DescribedPair> pairs) =>
        [.. pairs.Where(p => p.Probability != 0.5).Select(p => p.Probability > 0.5 ? new Pair(Input(p.Prompt, p.First.Text), Input(p.Prompt, p.Second.Text)) : new Pair(Input(p.Prompt, p.Second.Text), Input(p.Prompt, p.First.Text)))];

    /// <summary>Learns.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="steps">Updates of 32 pairs.</param>
    /// <param name="random">Orders the pairs.</param>
    /// <param name="stop">Asks for a stop.</param>
    /// <param name="options">Features; words and pairs of words, and style.</param>
    public static TextReward Train(IReadOnlyList<Pair> pairs, int steps, RandomStream random, CancellationToken stop, NGramOptions? options = null)
    {
        const int Batch = 32;
        var network = new NGramNetwork(options ?? new NGramOptions { Buckets = 1 << 14 }, 1, random.Split("weights", 0));
        var store = network.NewStore();
        int n = pairs.Count;
        store.Add([.. pairs.Select(p => p.Better), .. pairs.Select(p => p.Worse)]);
        network.BeginTraining(0.05f, []);
        var schedule = Schedule.Cosine(0.03f, 0.003f, steps, steps / 20);
        int[] order = random.Permutation(n);
        for (int step = 0, at = 0; step < steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            int[] rows = new int[Math.Min(Batch, n)];
            for (int i = 0; i < rows.Length; i++, at++)
            {
                if (at == n)
                {
                    random.Shuffle(order);
                    at = 0;
                }

                rows[i] = order[at];
            }

            using var scope = Tape.Begin();
            int b = rows.Length;
            var scores = network.Forward(store, [.. rows, .. rows.Select(r => n + r)]);
            var flat = scores.Reshape(scores.Length);
            var loss = BradleyTerry.Loss(flat.Slice(0, 0, b), flat.Slice(0, b, b)).Mean();
            network.Step(loss, (float)schedule.At(step), 1);
        }

        return new TextReward(network);
    }

    /// <summary>Scores of some samples.</summary>
    public double[] Score(IReadOnlyList<RewardInput> samples)
    {
        var store = _network.NewStore();
        store.Add(samples);
        return [.. _network.Score(store, [.. Enumerable.Range(0, samples.Count)]).Select(v => (double)v)];
    }

    /// <summary>Share of pairs whose better sample scores higher; ½ for equal scores.</summary>
    public double Accuracy(IReadOnlyList<Pair> pairs)
    {
        double[] better = Score([.. pairs.Select(p => p.Better)]), worse = Score([.. pairs.Select(p => p.Worse)]);
        return better.Zip(worse, (a, b) => a > b ? 1 : a == b ? 0.5 : 0).Average();
    }
}
