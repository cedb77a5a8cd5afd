using Meed.Evaluation.Probes;
using Meed.Evaluation.Statistics;
using Meed.Numerics;

namespace Meed.Evaluation.Protocols;

/// <summary>A choice between two options by their attributes.</summary>
/// <param name="Difference">Attributes of the first less those of the second.</param>
/// <param name="First">True when the first was chosen.</param>
public sealed record AttributeChoice(double[] Difference, bool First);

/// <summary>Benchmark of what a model can say about its own choices: hidden weights of roles, choices by them, weights recovered from the model's choices, and the correlation of its report with those.</summary>
/// <remarks>
/// After Self-Interpretability (Plunkett et al. 2025, atlas row 96). A role has weights w, uniform in −1 to 1 and scaled so that the largest is 1; it chooses the first option with probability σ(s·w·(a − b)). The weights that a model really follows are recovered from its own choices by logistic regression; a report is scored by Pearson's
/// correlation with them over all attributes of the roles asked.
/// </remarks>
public static class InstilledWeights
{
    /// <summary>Weights of a role.</summary>
    public static double[] Draw(int attributes, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double[] w = [.. Enumerable.Range(0, attributes).Select(_ => (2 * random.NextDouble()) - 1)];
        double largest = w.Max(Math.Abs);
        return [.. w.Select(v => v / largest)];
    }

    /// <summary>A choice of a role between two options of drawn attributes.</summary>
    /// <param name="weights">Its weights.</param>
    /// <param name="levels">Attributes take −levels to levels as differences.</param>
    /// <param name="sharpness">s.</param>
    /// <param name="random">Draws.</param>
    public static AttributeChoice Choose(IReadOnlyList<double> weights, int levels, double sharpness, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(random);
        double[] difference = [.. weights.Select(_ => (double)(random.NextInt((2 * levels) + 1) - levels))];
        double margin = weights.Zip(difference, (w, x) => w * x).Sum();
        return new AttributeChoice(difference, random.NextBool(1 / (1 + Math.Exp(-sharpness * margin))));
    }

    /// <summary>Weights that choices follow, by logistic regression.</summary>
    public static IReadOnlyList<double> Recover(IReadOnlyList<AttributeChoice> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return LinearProbe.Fit([.. choices.Select(c => Array.ConvertAll(c.Difference, v => (float)v))], [.. choices.Select(c => c.First)], 1e-2).Weights;
    }

    /// <summary>Correlation of reported with recovered weights over roles and attributes.</summary>
    public static double Score(IReadOnlyList<IReadOnlyList<double>> reported, IReadOnlyList<IReadOnlyList<double>> recovered)
    {
        ArgumentNullException.ThrowIfNull(reported);
        ArgumentNullException.ThrowIfNull(recovered);
        return Correlation.Pearson([.. reported.SelectMany(r => r)], [.. recovered.SelectMany(r => r)]);
    }
}
