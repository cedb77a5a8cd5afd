using System.Globalization;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.RewardModels.Tests;

/// <summary>Preferences with a known cause: words of two kinds, the response with more good ones is better.</summary>
internal static class Planted
{
    private static readonly string[] s_good = ["clear", "precise", "kind", "short", "right"], s_bad = ["vague", "rude", "wrong", "long", "odd"], s_other = ["the", "answer", "is", "tree", "river", "seven", "blue", "and"];

    public static IEnumerable<PreferenceRow> Rows(int count, ulong seed)
    {
        var random = new RandomStream(seed);
        for (int i = 0; i < count; i++)
        {
            var (a, x) = Response(random);
            var (b, y) = Response(random);
            if (x == y)
            {
                continue;
            }

            yield return new PreferenceRow
            {
                Source = "planted",
                Line = i + 1,
                Prompt = [new Message("user", string.Create(CultureInfo.InvariantCulture, $"Question {i}"))],
                Responses =
                [
                    new RatedResponse { Text = a, Rating = Grade(x), Label = x > 0, Attributes = new Dictionary<string, double> { ["good"] = x, ["length"] = a.Length / 10.0 } },
                    new RatedResponse { Text = b, Rating = Grade(y), Label = y > 0, Attributes = new Dictionary<string, double> { ["good"] = y, ["length"] = b.Length / 10.0 } },
                ],
                Pairs = [x > y ? new PreferencePair(0, 1, 1, x - y) : new PreferencePair(1, 0, 1, y - x)],
            };
        }
    }

    public static TrainingData Data(RewardNetwork network, int count = 600, ulong seed = 1) => TrainingData.Read(Rows(count, seed).Select(r => (r, false, PromptSplit.PartOf(r.Prompt))), network);

    /// <summary>Share of test comparisons on the right side.</summary>
    public static double Accuracy(RewardNetwork network, RewardObjective objective, TrainingData data)
    {
        int[] test = data.Of(SplitPart.Test);
        return test.Average(i =>
        {
            var c = data.Comparisons[i];
            float[] scores = network.Score(data.Store, [c.First, c.Second]);
            double odds = objective.LogOdds(scores.AsSpan(0, network.Outputs), scores.AsSpan(network.Outputs));
            return (odds > 0) == (c.Probability > 0.5f) ? 1.0 : 0.0;
        });
    }

    private static double Grade(int worth) => Math.Clamp(worth + 2, 0, 4);

    private static (string Text, int Worth) Response(RandomStream random)
    {
        int good = random.NextInt(4), bad = random.NextInt(4), other = random.NextInt(6);
        string[] words = [.. Pick(s_good, good, random), .. Pick(s_bad, bad, random), .. Pick(s_other, other, random), "end"];
        random.Shuffle(words);
        return (string.Join(' ', words), good - bad);
    }

    private static IEnumerable<string> Pick(string[] from, int count, RandomStream random) => Enumerable.Range(0, count).Select(_ => from[random.NextInt(from.Length)]);
}
