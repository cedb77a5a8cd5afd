using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>noise</c>.</summary>
public sealed record NoiseOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>Standard deviation of the Gaussian noise that is added, cut off at four deviations.</summary>
    public double Deviation { get; init; }

    /// <summary>Probability that a value is mirrored in its range: 1 becomes 0 where the range is 0 to 1.</summary>
    public double Flip { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Deviation >= 0))
        {
            yield return $"Deviation is {Deviation}; write 0 or more.";
        }

        if (!(Flip >= 0 && Flip <= 1))
        {
            yield return $"Flip is {Flip}; write a probability from 0 to 1.";
        }
    }
}

/// <summary>The child's value with seeded noise: flips and Gaussian noise, to test how much a method bears.</summary>
/// <remarks>
/// Noise is drawn from the seed and the sample's key, so a sample gets the same noise alone and in a batch, and equal samples get equal
/// noise. (The Climb Carves Wisdom Deeper Than the Summit: On the Noisy Rewards in Learning to Reason.)
/// </remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Noise<TSample>(IReward<TSample> child, SampleTraits<TSample> traits, double deviation = 0, double flip = 0)
    : Combinator<TSample>("noise", [(".of", child)], child.Schema.Minimum - 4 * deviation, child.Schema.Maximum + 4 * deviation, random: deviation > 0 || flip > 0)
{
    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        var schema = children[0].Schema;
        for (int row = 0; row < result.Count; row++)
        {
            result.Status[row] = children[0].Status[row];
            cause[row] = result.Status[row] == ScoreStatus.Ok ? -1 : 0;
            if (cause[row] >= 0)
            {
                continue;
            }

            var key = traits.KeyOf(samples[row]);
            ulong state = Mix(Mix(context.Seed ^ key.High) ^ key.Low);
            double value = children[0].Values[row];
            if (Uniform(ref state) < flip)
            {
                value = schema.Minimum + (schema.Maximum - value);
            }

            double u = 1 - Uniform(ref state), v = Uniform(ref state);
            double normal = Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);   // Box-Muller
            result.Values[row] = value + deviation * ScoreMath.Clip(normal, -4, 4);
        }
    }

    private static double Uniform(ref ulong state)
    {
        state = Mix(state);
        return (state >> 11) * (1.0 / (1UL << 53));
    }

    // SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
