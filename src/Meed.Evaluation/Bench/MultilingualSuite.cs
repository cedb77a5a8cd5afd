using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Bench;

/// <summary>M-RewardBench: accuracy in each language, averaged over languages, and how far the choices agree with those in English. Gureja et al. 2024, arXiv:2410.15522.</summary>
/// <remarks>
/// Rows of one id belong together over the languages. Agreement is Cohen's kappa between the choices (chosen or rejected) of a language and of English on the ids both have; a reward whose choices do not turn with the language is at 1.
/// A tie of scores is no win.
/// </remarks>
public sealed class MultilingualSuite : BenchSuite
{
    private const string Accuracy = "accuracy", BesideRight = "english right", BesideWrong = "english wrong";

    /// <inheritdoc/>
    public override string Name => "m-rewardbench";

    /// <inheritdoc/>
    public override string Summary => "M-RewardBench: RewardBench's triples in 23 languages, averaged over languages, and agreement with English";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Layouts => ["m-reward-bench", "meed"];

    /// <summary>True for the code of English.</summary>
    public static bool IsEnglish(string language) => language.StartsWith("eng", StringComparison.OrdinalIgnoreCase) || language.Equals("en", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override IReadOnlyList<Outcome> Outcomes(IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores)
    {
        ArgumentNullException.ThrowIfNull(items);
        var english = new Dictionary<string, bool>();
        bool Right(int i) => items[i].Pairs.All(p => scores[i][p.Better] > scores[i][p.Worse]);
        for (int i = 0; i < items.Count; i++)
        {
            if (IsEnglish(Language(items[i])))
            {
                english.TryAdd(items[i].Row.Id, Right(i));
            }
        }

        var outcomes = new List<Outcome>();
        for (int i = 0; i < items.Count; i++)
        {
            string language = Language(items[i]);
            double right = Right(i) ? 1 : 0;
            outcomes.Add(new Outcome(i, items[i].Cluster, language, Accuracy, right));
            if (!IsEnglish(language) && english.TryGetValue(items[i].Row.Id, out bool own))
            {
                outcomes.Add(new Outcome(i, items[i].Cluster, language, own ? BesideRight : BesideWrong, right));
            }
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public override bool IsPrimary(Outcome outcome) => outcome.Kind == Accuracy;

    /// <inheritdoc/>
    public override double Overall(IReadOnlyList<Outcome> outcomes) => outcomes.Where(IsPrimary).GroupBy(o => o.Subset).Select(g => Mean(g)).DefaultIfEmpty(double.NaN).Average();

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Groups(IReadOnlyList<Outcome> outcomes)
    {
        var groups = new List<(string, double)>();
        var beside = outcomes.Where(o => o.Kind is BesideRight or BesideWrong).ToList();
        if (beside.Count > 0)
        {
            groups.Add(("agrees with English", beside.Average(o => (o.Value == 1) == (o.Kind == BesideRight) ? 1.0 : 0)));
            groups.Add(("kappa with English", beside.GroupBy(o => o.Subset).Average(g => CohenKappa.Of([.. g.Select(o => o.Kind == BesideRight ? 1 : 0)], [.. g.Select(o => (int)o.Value)]).Kappa)));
        }

        return groups;
    }

    private static string Language(BenchItem item) => item.Row.Language ?? throw new RewardModels.Data.PreferenceException($"Line {item.Row.Line} has no language; each row of this suite names one.");
}
