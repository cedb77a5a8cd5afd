using Meed.Evaluation.Bench;
using Meed.Evaluation.Protocols;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.Tasks.PreferenceSet;

namespace Meed.Evaluation.Studies;

/// <summary>How much a reward has seen of a language.</summary>
public enum LanguageResource : byte
{
    /// <summary>As much as of English.</summary>
    Ample,

    /// <summary>A small part of that.</summary>
    Scarce,
}

/// <summary>Options of <see cref="CipherLanguages"/>.</summary>
public sealed record CipherLanguagesOptions
{
    /// <summary>Ample or scarce.</summary>
    public LanguageResource Resource { get; init; }

    /// <summary>Training comparisons in English.</summary>
    public int Pairs { get; init; } = 1200;

    /// <summary>Share of them that exist in the other language where it is scarce.</summary>
    public double ScarceShare { get; init; } = 0.05;

    /// <summary>Share of wrongly translated words.</summary>
    public double Noise { get; init; } = 0.05;

    /// <summary>Updates of 32 comparisons.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Pairs", Pairs, 20), ("Steps", Steps, 1)),
        .. StudyProblems.When(ScarceShare is not (> 0 and <= 1), $"ScarceShare is {ScarceShare}; it is a share above 0, up to 1."),
        .. StudyProblems.When(Noise is not (>= 0 and <= 1), $"Noise is {Noise}; it is a share, 0 to 1."),
    ];
}

/// <summary>A reward learns the generated set in English and in a made-up language of stated resource, and is benched in both.</summary>
/// <remarks>
/// Half of each batch is drawn from either language, however much there is of it, so that both arms make the same updates. Measures on the same held-out comparisons in both, through the suite <c>m-rewardbench</c>: <c>cipher_accuracy</c>, <c>english_accuracy</c>, <c>kappa</c> between the choices,
/// and <c>noisy_accuracy</c> where three times as many words are wrongly translated.
/// <para>M-RewardBench, arXiv:2410.15522 (atlas row 72).</para>
/// </remarks>
public sealed class CipherLanguages(CipherLanguagesOptions options) : IStudy
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var task = new PreferenceSetTask(new PreferenceSetOptions { Pairs = options.Pairs, Test = 500 });
        var random = new RandomStream(seed);
        var english = TextReward.Pairs(task.Training(seed));
        var errors = random.Split("translation", 0);
        var language = new CipherLanguage(seed, options.Noise);
        var noisy = new CipherLanguage(seed, Math.Min(1, 3 * options.Noise));
        TextReward.Pair[] translated = [.. english.Select(p => new TextReward.Pair(In(language, p.Better), In(language, p.Worse)))];
        int known = options.Resource == LanguageResource.Ample ? translated.Length : Math.Max(1, (int)(options.ScarceShare * translated.Length));
        var pairs = english.Select((p, i) => (p, translated[i % known])).SelectMany(p => new[] { p.p, p.Item2 }).ToList();
        var reward = TextReward.Train(pairs, options.Steps, random.Split("order", 0), stop, new NGramOptions { Buckets = 1 << 15, Style = false });

        var test = TextReward.Pairs(task.Test(seed));
        var items = new List<BenchItem>();
        var scores = new List<double[]>();
        foreach (var (name, tongue) in ((string, CipherLanguage?)[])[("en", null), ("cipher", language), ("noisy", noisy)])
        {
            for (int i = 0; i < test.Count; i++)
            {
                var (better, worse) = tongue is null ? (test[i].Better, test[i].Worse) : (In(tongue, test[i].Better), In(tongue, test[i].Worse));
                var row = new PreferenceRow { Id = $"{i}", Language = name, Prompt = better.Prompt, Responses = [new RatedResponse { Text = better.Response }, new RatedResponse { Text = worse.Response }], Pairs = [new PreferencePair(0, 1)] };
                items.Add(new BenchItem(row, name, (ulong)i, [new BenchPair(0, 1)], [0, 1]));
                scores.Add(reward.Score([better, worse]));
            }
        }

        var suite = new MultilingualSuite();
        var outcomes = suite.Outcomes(items, scores);
        double Accuracy(string name) => suite.Overall([.. outcomes.Where(o => o.Subset == name)]);
        return new Dictionary<string, double>
        {
            ["cipher_accuracy"] = Accuracy("cipher"), ["english_accuracy"] = Accuracy("en"), ["noisy_accuracy"] = Accuracy("noisy"),
            ["kappa"] = suite.Groups([.. outcomes.Where(o => o.Subset is "en" or "cipher")]).Single(g => g.Name == "kappa with English").Value,
        };

        RewardInput In(CipherLanguage tongue, RewardInput input) => TextReward.Input(tongue.Translate(input.Prompt[0].Content, errors), tongue.Translate(input.Response, errors));
    }
}
