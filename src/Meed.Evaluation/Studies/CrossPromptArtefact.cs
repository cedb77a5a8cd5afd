using Meed.Numerics;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Data;
using Meed.Rewards;

namespace Meed.Evaluation.Studies;

/// <summary>Which comparisons a reward model is trained on.</summary>
public enum ComparisonPool : byte
{
    /// <summary>Those that were labelled.</summary>
    Labelled,

    /// <summary>Those and comparisons with responses to other prompts.</summary>
    CrossPrompt,
}

/// <summary>Options of <see cref="CrossPromptArtefact"/>.</summary>
public sealed record CrossPromptArtefactOptions
{
    /// <summary>Which comparisons train.</summary>
    public ComparisonPool Method { get; init; }

    /// <summary>Labelled pairs.</summary>
    public int Pairs { get; init; } = 800;

    /// <summary>Share of the pairs whose preferred side is the longer one.</summary>
    public double Artefact { get; init; } = 0.9;

    /// <summary>The same share in test.</summary>
    public double ArtefactInTest { get; init; } = 0.2;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 800;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Pairs", Pairs), ("Steps", Steps)))
        {
            yield return problem;
        }

        if (Artefact is not (>= 0 and <= 1) || ArtefactInTest is not (>= 0 and <= 1))
        {
            yield return $"Artefact is {Artefact}, ArtefactInTest {ArtefactInTest}; both are shares, 0 to 1.";
        }
    }
}

/// <summary>Length goes with the preferred side in training and against it in test; comparisons with responses to other prompts are added or not.</summary>
/// <remarks>
/// A prompt is one of six topics. A response shows its topic, six numbers of which the first four add up to its quality, and its length. The model is a network of 48 hidden numbers over the topic asked for and the response; off-topic responses
/// come from <see cref="CrossPromptPairs"/>. Measures: <c>accuracy</c> on 1,000 held-out pairs, <c>longer_share</c>, how often the model prefers the longer side there.
/// <para>RRM, "Robust Reward Model Training Mitigates Reward Hacking" (atlas row 252).</para>
/// </remarks>
public sealed class CrossPromptArtefact(CrossPromptArtefactOptions options) : IStudy
{
    private const int Topics = 6, Quality = 6, Width = (2 * Topics) + Quality + 1;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        var responses = new List<float[]>();
        PreferenceRow[] train = [.. Enumerable.Range(0, options.Pairs).Select(_ => Row(options.Artefact))], test = [.. Enumerable.Range(0, 1000).Select(_ => Row(options.ArtefactInTest))];
        IReadOnlyList<PreferenceRow> rows = train;
        if (options.Method == ComparisonPool.CrossPrompt)
        {
            var mixing = random.Split("mixing", 0);
            rows = [.. train, .. train.SelectMany(r => CrossPromptPairs.Augment(r, Other(r, mixing), Other(r, mixing)))];
        }

        var model = new FeatureScorer("reward", Width, 48, random.Split("weights", 0));
        FeaturePairs.Train(model, [.. rows.Select(Pair)], options.Steps, 64, 5e-3f, random.Split("order", 0), stop);
        FeaturePair[] held = [.. test.Select(Pair)];
        double[] better = model.Score([.. held.Select(p => p.First)]), worse = model.Score([.. held.Select(p => p.Second)]);
        int longer = Enumerable.Range(0, held.Length).Count(i => better[i] > worse[i] == held[i].First[^1] > held[i].Second[^1]);
        return new Dictionary<string, double> { ["accuracy"] = FeaturePairs.Accuracy(model, held), ["longer_share"] = longer / (double)held.Length };

        PreferenceRow Other(PreferenceRow row, RandomStream mixing)
        {
            while (true)
            {
                var other = train[mixing.NextInt(train.Length)];
                if (other.Id != row.Id)
                {
                    return other;
                }
            }
        }

        FeaturePair Pair(PreferenceRow row)
        {
            var asked = new float[Topics];
            asked[int.Parse(row.Id)] = 1;
            return new FeaturePair([.. asked, .. responses[row.Responses[0].Feature]], [.. asked, .. responses[row.Responses[1].Feature]], (float)row.Pairs[0].Probability);
        }

        // The preferred response first; the longer one by the artefact.
        PreferenceRow Row(double artefact)
        {
            int topic = world.NextInt(Topics);
            float[] a = FeaturePairs.Normal(Quality, world), b = FeaturePairs.Normal(Quality, world);
            if (a.Take(4).Sum() < b.Take(4).Sum())
            {
                (a, b) = (b, a);
            }

            bool longer = world.NextBool(artefact);
            var own = new float[Topics];
            own[topic] = 1;
            responses.Add([.. own, .. a, longer ? 1 : -1]);
            responses.Add([.. own, .. b, longer ? -1 : 1]);
            return new PreferenceRow
            {
                Id = topic.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Prompt = [new Message("user", $"topic {topic}")],
                Responses = [new RatedResponse { Feature = responses.Count - 2 }, new RatedResponse { Feature = responses.Count - 1 }],
                Pairs = [new PreferencePair(0, 1)],
            };
        }
    }
}
