namespace Meed.RewardModels.Similarity;

/// <summary>A frozen image-text encoder as a reward: how near a state's picture is to a goal described in words, along the direction from a baseline description.</summary>
/// <remarks>
/// r = 1 − ½·‖α·proj_L(s) + (1 − α)·s − g‖², L the line through b and g, all of unit length; α = 0 is the cosine
/// <para>"Vision-Language Models are Zero-Shot Reward Models for Reinforcement Learning" (atlas row 30), Eq. 4. The projection removes what has nothing to do with the difference between goal and baseline.</para>
/// </remarks>
public static class GoalBaseline
{
    /// <summary>Reward of a state.</summary>
    /// <param name="state">s, embedding of the picture.</param>
    /// <param name="goal">g, embedding of the goal's description.</param>
    /// <param name="baseline">b, embedding of the baseline's description.</param>
    /// <param name="strength">α, 0..1.</param>
    public static double Reward(ReadOnlySpan<float> state, ReadOnlySpan<float> goal, ReadOnlySpan<float> baseline, double strength)
    {
        if (state.Length != goal.Length || state.Length != baseline.Length || state.Length == 0)
        {
            throw new ArgumentException($"GoalBaseline: state has {state.Length}, goal {goal.Length} and baseline {baseline.Length} numbers; all three are embeddings of one size.", nameof(state));
        }

        if (strength is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), $"GoalBaseline: strength is {strength}; it lies between 0 and 1.");
        }

        double[] s = Unit(state), g = Unit(goal), b = Unit(baseline);
        double along = 0, squared = 0;
        for (int i = 0; i < s.Length; i++)
        {
            along += (s[i] - b[i]) * (g[i] - b[i]);
            squared += (g[i] - b[i]) * (g[i] - b[i]);
        }

        double share = squared == 0 ? 0 : along / squared, distance = 0;
        for (int i = 0; i < s.Length; i++)
        {
            double projected = b[i] + (share * (g[i] - b[i])), d = (strength * projected) + ((1 - strength) * s[i]) - g[i];
            distance += d * d;
        }

        return 1 - (distance / 2);
    }

    private static double[] Unit(ReadOnlySpan<float> x)
    {
        var unit = new double[x.Length];
        double squared = 0;
        for (int i = 0; i < x.Length; i++)
        {
            unit[i] = x[i];
            squared += unit[i] * unit[i];
        }

        double length = Math.Sqrt(squared);
        return length > 0 ? Array.ConvertAll(unit, v => v / length) : throw new ArgumentException("GoalBaseline: an embedding is zero; it has no direction.", nameof(x));
    }
}
