using Meed.Numerics;

namespace Meed.RewardModels.Curation;

/// <summary>Perturbed answers at the vertices of their embeddings' hull, as worse answers to train on.</summary>
/// <remarks>
/// After ConvexDA of Shen et al. 2023, "The Trickle-down Impact of Reward (In-)consistency on RLHF", arXiv:2309.16155: of many perturbed copies of an answer only those are kept that lie on the convex hull of their embeddings, since those inside
/// are mixtures of them. A point is a vertex when it is the farthest in some direction; directions are drawn, so that a few vertices may be missed but none is wrong. Settled here: a copy has one word replaced by one of another answer, wherever it stands, its
/// embedding is the mean of fixed random vectors of its words, and it counts as worse than its original.
/// </remarks>
public static class HullAugmentation
{
    /// <summary>Indices of points that are vertices of their hull.</summary>
    /// <param name="points">N points of D numbers.</param>
    /// <param name="directions">Directions to look into.</param>
    /// <param name="random">Draws them.</param>
    public static IReadOnlyList<int> Vertices(IReadOnlyList<float[]> points, int directions, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(random);
        var found = new SortedSet<int>();
        for (int d = 0; d < directions && points.Count > 0; d++)
        {
            double[] way = [.. points[0].Select(_ => random.NextNormal())];
            found.Add(Enumerable.Range(0, points.Count).MaxBy(i => points[i].Zip(way, (x, w) => x * w).Sum()));
        }

        return [.. found];
    }

    /// <summary>Perturbed copies of an answer that are vertices.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="words">Words to put in, such as those of other answers.</param>
    /// <param name="copies">Copies drawn.</param>
    /// <param name="keep">Most that are kept.</param>
    /// <param name="random">Draws.</param>
    public static IReadOnlyList<string> Perturb(string answer, IReadOnlyList<string> words, int copies, int keep, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(random);
        string[] own = answer.Split(' ');
        if (words.Count == 0 || answer.Length == 0)
        {
            return [];
        }

        var drawn = new List<string>();
        for (int c = 0; c < copies; c++)
        {
            string from = own[random.NextInt(own.Length)].TrimEnd('.', ',', '!', '?'), put = words[random.NextInt(words.Count)];
            if (from.Length > 0 && put != from)
            {
                drawn.Add(string.Join(' ', own.Select(w => w.StartsWith(from, StringComparison.Ordinal) && w[from.Length..].All(char.IsPunctuation) ? put + w[from.Length..] : w)));
            }
        }

        var distinct = drawn.Distinct().ToList();
        return [.. Vertices([.. distinct.Select(Embed)], 4 * keep, random).Take(keep).Select(i => distinct[i])];
    }

    // The mean of fixed random vectors of words.
    private static float[] Embed(string text)
    {
        const int Width = 16;
        var mean = new float[Width];
        string[] words = text.Split(' ', '.', ',');
        foreach (string word in words)
        {
            ulong key = 14695981039346656037;
            foreach (char c in word)
            {
                key = (key ^ c) * 1099511628211;
            }

            var stream = new RandomStream(key);
            for (int k = 0; k < Width; k++)
            {
                mean[k] += (float)stream.NextNormal() / words.Length;
            }
        }

        return mean;
    }
}
