using System.Globalization;
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

    /// <summary>Those, and comparisons with responses to other prompts on which a model of the labelled ones is wrong.</summary>
    CrossPrompt,
}

/// <summary>Options of <see cref="CrossPromptArtefact"/>.</summary>
public sealed record CrossPromptArtefactOptions
{
    /// <summary>Which comparisons train.</summary>
    public ComparisonPool Method { get; init; }

    /// <summary>Labelled pairs.</summary>
    public int Pairs { get; init; } = 200;

    /// <summary>Share of the pairs whose preferred side is the longer one.</summary>
    public double Artefact { get; init; } = 0.9;

    /// <summary>Probability that a response makes a point that was not asked for, each of the other 35.</summary>
    public double Beside { get; init; } = 0.05;

    /// <summary>The same share in test.</summary>
    public double ArtefactInTest { get; init; } = 0.2;

    /// <summary>Updates of each model.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Pairs", Pairs), ("Steps", Steps)))
        {
            yield return problem;
        }

        if (Beside is not (>= 0 and < 1))
        {
            yield return $"Beside is {Beside}: it is a probability below 1.";
        }

        if (Artefact is not (>= 0 and <= 1) || ArtefactInTest is not (>= 0 and <= 1))
        {
            yield return $"Artefact is {Artefact}, ArtefactInTest {ArtefactInTest}; both are shares, 0 to 1.";
        }
    }
}

/// <summary>Length goes with the preferred side in training and against it in test; comparisons with responses to other prompts are added or not.</summary>
/// <remarks>
/// A prompt asks for 5 of 40 points. A response makes one of them or more, and some that were not asked for; the better of two makes more of those asked for. It also has a length, +1 or −1. So how good a response is depends on the prompt, a response to another prompt is
/// good for nothing, and length is independent of the prompt.
/// The model is a network of 32 hidden numbers over the points asked for and made, the points made and the length. Added rows are those of <see cref="CrossPromptPairs.Augment"/> for half of the labelled rows that <see cref="CrossPromptPairs.Keeps"/> keeps by a first model of the labelled rows. Measures: <c>accuracy</c> on 1,000
/// held-out pairs, <c>longer_share</c>, how often the model prefers the longer side there; <c>added</c>, the rows added for each labelled one.
/// <para>RRM, "Robust Reward Model Training Mitigates Reward Hacking" (atlas row 252).</para>
/// </remarks>
public sealed class CrossPromptArtefact(CrossPromptArtefactOptions options) : IStudy
{
    private const int Topics = 40, Asked = 5, Width = (2 * Topics) + 1, Hidden = 32, Batch = 64;
    private const float Rate = 3e-3f;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        List<float[]> prompts = [], responses = [];
        PreferenceRow[] train = [.. Enumerable.Range(0, options.Pairs).Select(_ => Row(options.Artefact))], test = [.. Enumerable.Range(0, 1000).Select(_ => Row(options.ArtefactInTest))];
        IReadOnlyList<PreferenceRow> added = [];
        if (options.Method == ComparisonPool.CrossPrompt)
        {
            var first = Trained(train);
            var mixing = random.Split("mixing", 0);
            PreferenceRow[] offered = [.. train.SelectMany((r, i) => Offered(i, mixing))];
            double[] left = first.Score([.. offered.Select(r => Input(r, 0))]), right = first.Score([.. offered.Select(r => Input(r, 1))]);
            added = [.. offered.Where((r, i) => CrossPromptPairs.Keeps(1 / (1 + Math.Exp(right[i] - left[i])), r.Pairs[0].Probability))];
        }

        var model = Trained([.. train, .. added]);
        FeaturePair[] held = [.. test.Select(Pair)];
        double[] better = model.Score([.. held.Select(p => p.First)]), worse = model.Score([.. held.Select(p => p.Second)]);
        int longer = Enumerable.Range(0, held.Length).Count(i => better[i] > worse[i] == held[i].First[^1] > held[i].Second[^1]);
        return new Dictionary<string, double> { ["accuracy"] = FeaturePairs.Accuracy(model, held), ["longer_share"] = longer / (double)held.Length, ["added"] = added.Count / (double)train.Length };

        FeatureScorer Trained(PreferenceRow[] rows)
        {
            var scorer = new FeatureScorer("reward", Width, Hidden, random.Split("weights", 0));
            FeaturePairs.Train(scorer, [.. rows.Select(Pair)], options.Steps, Batch, Rate, random.Split("order", 0), stop);
            return scorer;
        }

        // Two other prompts, and half of the rows they make.
        IEnumerable<PreferenceRow> Offered(int i, RandomStream mixing)
        {
            int second = mixing.NextInt(train.Length - 1), third = mixing.NextInt(train.Length - 2);
            third += third >= second ? 1 : 0;
            return CrossPromptPairs.Augment(train[i], train[(i + 1 + second) % train.Length], train[(i + 1 + third) % train.Length]).Where(_ => mixing.NextBool());
        }

        FeaturePair Pair(PreferenceRow row) => new(Input(row, 0), Input(row, 1), (float)row.Pairs[0].Probability);

        float[] Input(PreferenceRow row, int side)
        {
            float[] asked = prompts[int.Parse(row.Id, CultureInfo.InvariantCulture)], response = responses[row.Responses[side].Feature];
            return [.. asked.Select((q, d) => q * response[d]), .. response];
        }

        // The preferred response first; the longer one by the artefact.
        PreferenceRow Row(double artefact)
        {
            var asked = new float[Topics];
            foreach (int topic in world.Permutation(Topics)[..Asked])
            {
                asked[topic] = 1;
            }

            float[] a, b;
            do
            {
                (a, b) = (Answer(asked), Answer(asked));
            }
            while (Match(asked, a) <= Match(asked, b));

            bool longer = world.NextBool(artefact);
            prompts.Add(asked);
            responses.Add([.. a, longer ? 1 : -1]);
            responses.Add([.. b, longer ? -1 : 1]);
            string id = (prompts.Count - 1).ToString(CultureInfo.InvariantCulture);
            return new PreferenceRow { Id = id, Prompt = [new Message("user", id)], Responses = [new RatedResponse { Feature = responses.Count - 2 }, new RatedResponse { Feature = responses.Count - 1 }], Pairs = [new PreferencePair(0, 1)] };
        }

        // At least one of the points asked for, and some that were not.
        float[] Answer(float[] asked)
        {
            double share = world.NextDouble();
            float[] answer = [.. asked.Select(q => world.NextBool(q > 0 ? share : options.Beside) ? 1f : 0)];
            int[] own = [.. Enumerable.Range(0, Topics).Where(t => asked[t] > 0)];
            answer[own[world.NextInt(own.Length)]] = 1;
            return answer;
        }
    }

    private static double Match(float[] asked, float[] answer) => asked.Zip(answer, (q, a) => (double)q * a).Sum();
}
