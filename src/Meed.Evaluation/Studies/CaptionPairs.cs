using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Heads;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;

namespace Meed.Evaluation.Studies;

/// <summary>What the reward model sees of a multimodal pair.</summary>
public enum Sight : byte
{
    /// <summary>The captions alone.</summary>
    TextOnly,

    /// <summary>Image and captions.</summary>
    ImageAndText,
}

/// <summary>Which pairs it learns from.</summary>
public enum PairStages : byte
{
    /// <summary>Multimodal pairs to the end.</summary>
    MultimodalOnly,

    /// <summary>Multimodal pairs first, then text-only pairs as well.</summary>
    Staged,
}

/// <summary>Options of <see cref="CaptionPairs"/>.</summary>
public sealed record CaptionPairsOptions
{
    /// <summary>What the model sees.</summary>
    public Sight Sight { get; init; } = Sight.ImageAndText;

    /// <summary>Which pairs it learns from.</summary>
    public PairStages Stages { get; init; } = PairStages.Staged;

    /// <summary>The head.</summary>
    public HeadKind Head { get; init; } = HeadKind.TwoLayer;

    /// <summary>Training pairs of each sort.</summary>
    public int Pairs { get; init; } = 3000;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 1200;

    /// <summary>Width of the joint state.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Updates in which the joint layer learns to tell what is seen and said, after which only the head learns; 0 trains both by preferences.</summary>
    public int BackboneSteps { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Pairs", Pairs), ("Steps", Steps), ("Hidden", Hidden)))
        {
            yield return problem;
        }

        if (BackboneSteps < 0)
        {
            yield return $"BackboneSteps is {BackboneSteps}; it is 0 or more.";
        }

        if (Head == HeadKind.Attention)
        {
            yield return "Head is attention, which needs the states of tokens; use linear or two-layer.";
        }
    }
}

/// <summary>Captions of drawn scenes, and texts without a scene, compared by a model of images and texts.</summary>
/// <remarks>
/// A scene has three slots of three values; its image is their one-hot code with noise. A caption claims a value of each slot: gold is the number of true claims. A text without a scene has no claims but six marks of reasoning, whose
/// product of the first two and sum of the rest are its gold; captions have no marks. With a pretrained joint layer, which learned to tell what is seen and what is said and is then frozen, only the head learns whether both agree. Measures on 1,000 held-out pairs of each sort: <c>multimodal_accuracy</c>, <c>text_accuracy</c>, <c>worse_accuracy</c> (the smaller), and
/// <c>best_of_n_gold</c>, true claims of the best of eight captions.
/// <para>InternLM-XComposer2.5-Reward (atlas row 7), BaseReward (row 104), Skywork-VL Reward (row 191); the model is <see cref="JointEncoder"/>, the stages <see cref="StagedMix"/>.</para>
/// </remarks>
public sealed class CaptionPairs(CaptionPairsOptions options) : IStudy
{
    private const int Slots = 3, Values = 3, Marks = 6, Image = Slots * Values, Text = Image + Marks, Batch = 32;

    private sealed record Item(float[] Picture, float[] Words, double Gold);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        var train = new[] { Pairs(options.Pairs, Caption, world), Pairs(options.Pairs, Essay, world) };
        var tests = new[] { Pairs(1000, Caption, world), Pairs(1000, Essay, world) };
        var model = new JointEncoder(Image, 32, Text, options.Hidden, options.Head, random.Split("weights", 0));
        bool frozen = options.BackboneSteps > 0;
        if (frozen)
        {
            Pretrain(model, random, stop);
        }

        var optimizer = new Adam(frozen ? model.HeadParameters : model.Parameters, 5e-3f);
        var mix = new StagedMix(options.Steps, options.Stages == PairStages.MultimodalOnly ? [new MixStage(1, [1, 0])] : [new MixStage(0.5, [1, 0]), new MixStage(0.5, [0.6, 0.4])]);
        var order = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            var own = mix.Sources(step, Batch, order).Select(s => train[s][order.NextInt(train[s].Length)]).ToArray();
            optimizer.Step(BradleyTerry.Loss(Score([.. own.Select(p => p.Better)]), Score([.. own.Select(p => p.Worse)])).Mean(), 1f, out _);
        }

        double[] accuracy = [.. tests.Select(Accuracy)];
        double gold = 0;
        for (int prompt = 0; prompt < 200; prompt++)
        {
            var scene = Scene(world);
            Item[] captions = [.. Enumerable.Range(0, 8).Select(_ => Caption(scene, world))];
            using var scope = Tape.Begin(record: false);
            float[] scores = Score(captions).ToArray();
            gold += captions[Array.IndexOf(scores, scores.Max())].Gold / 200;
        }

        return new Dictionary<string, double> { ["multimodal_accuracy"] = accuracy[0], ["text_accuracy"] = accuracy[1], ["worse_accuracy"] = accuracy.Min(), ["best_of_n_gold"] = gold };

        Tensor Score(IReadOnlyList<Item> items) => model.Forward(Pictures(items), FeatureScorer.Matrix([.. items.Select(i => i.Words)]));

        double Accuracy((Item Better, Item Worse)[] pairs)
        {
            using var scope = Tape.Begin(record: false);
            return Score([.. pairs.Select(p => p.Better)]).ToArray().Zip(Score([.. pairs.Select(p => p.Worse)]).ToArray()).Count(p => p.First > p.Second) / (double)pairs.Length;
        }
    }

    private Tensor Pictures(IReadOnlyList<Item> items) => options.Sight == Sight.TextOnly ? Tensor.Zeros(items.Count, Image) : FeatureScorer.Matrix([.. items.Select(i => i.Picture)]);

    // A linear readout of the joint state gives back the picture and the words of items without any preference.
    private void Pretrain(JointEncoder model, RandomStream random, CancellationToken stop)
    {
        var items = random.Split("unlabelled", 0);
        var readout = new Linear("readout", options.Hidden, Image + Text, random.Split("readout", 0));
        SmallNet.Fit(model.JointParameters.Concat(readout.Parameters), options.BackboneSteps, 3e-3f, step =>
        {
            Item[] own = [.. Enumerable.Range(0, 2 * Batch).Select(i => Scene(items) is var scene && i % 2 == 0 ? Caption(scene, items) : Essay(scene, items))];
            Tensor pictures = Pictures(own), words = FeatureScorer.Matrix([.. own.Select(i => i.Words)]);
            return (readout.Forward(model.State(pictures, words)) - Tensor.Concat(1, pictures, words)).Square().Mean();
        }, stop);
    }

    private static (Item Better, Item Worse)[] Pairs(int count, Func<int[], RandomStream, Item> make, RandomStream random)
    {
        var pairs = new List<(Item, Item)>(count);
        while (pairs.Count < count)
        {
            int[] scene = Scene(random);
            Item a = make(scene, random), b = make(scene, random);
            if (a.Gold != b.Gold)
            {
                pairs.Add(a.Gold > b.Gold ? (a, b) : (b, a));
            }
        }

        return [.. pairs];
    }

    private static int[] Scene(RandomStream random) => [.. Enumerable.Range(0, Slots).Select(_ => random.NextInt(Values))];

    private static Item Caption(int[] scene, RandomStream random)
    {
        var picture = FeaturePairs.Normal(Image, random, 0.2f);
        var words = new float[Text];
        int right = 0;
        for (int s = 0; s < Slots; s++)
        {
            int claim = random.NextInt(Values);
            picture[(s * Values) + scene[s]] += 1;
            words[(s * Values) + claim] = 1;
            right += claim == scene[s] ? 1 : 0;
        }

        return new Item(picture, words, right);
    }

    private static Item Essay(int[] scene, RandomStream random)
    {
        var words = new float[Text];
        FeaturePairs.Normal(Marks, random).CopyTo(words, Image);
        double gold = words[Image] * words[Image + 1];
        for (int k = 2; k < Marks; k++)
        {
            gold += 0.5 * words[Image + k];
        }

        return new Item(new float[Image], words, gold);
    }
}
