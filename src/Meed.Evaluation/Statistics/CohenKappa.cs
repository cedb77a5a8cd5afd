namespace Meed.Evaluation.Statistics;

/// <summary>Agreement of two raters beyond what their habits alone would give.</summary>
/// <remarks>κ = (pₒ − pₑ)/(1 − pₑ), pₒ the share of equal labels, pₑ = Σ_k p₁(k)·p₂(k). Cohen 1960.</remarks>
/// <param name="Items">Items that both labelled.</param>
/// <param name="Observed">pₒ, the share of equal labels.</param>
/// <param name="Expected">pₑ, the share that independent raters with the same habits would reach.</param>
/// <param name="BaseRate">Share of the reference's most frequent label: what naming it every time would reach.</param>
/// <param name="Kappa">κ; NaN when both only ever use one and the same label.</param>
public sealed record CohenKappa(int Items, double Observed, double Expected, double BaseRate, double Kappa)
{
    /// <summary>The agreement of a rater with a reference.</summary>
    /// <param name="reference">Labels of the reference.</param>
    /// <param name="rater">Labels of the rater for the same items.</param>
    public static CohenKappa Of(IReadOnlyList<int> reference, IReadOnlyList<int> rater)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(rater);
        if (reference.Count != rater.Count)
        {
            throw new ArgumentException($"CohenKappa.Of: the reference has {reference.Count} labels, the rater {rater.Count}; both label the same items.");
        }

        int n = reference.Count, equal = 0;
        var first = new Dictionary<int, int>();
        var second = new Dictionary<int, int>();
        for (int i = 0; i < n; i++)
        {
            equal += reference[i] == rater[i] ? 1 : 0;
            first[reference[i]] = first.GetValueOrDefault(reference[i]) + 1;
            second[rater[i]] = second.GetValueOrDefault(rater[i]) + 1;
        }

        double observed = (double)equal / n;
        double expected = first.Sum(f => (double)f.Value * second.GetValueOrDefault(f.Key)) / ((double)n * n);
        return new CohenKappa(n, observed, expected, n == 0 ? double.NaN : (double)first.Values.Max() / n, expected == 1 ? double.NaN : (observed - expected) / (1 - expected));
    }
}
