using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Images;
using Meed.Tasks.Shapes;

namespace Meed.Evaluation.Studies.Captions;

/// <summary>Which comparisons a picture-and-text reward model is trained on.</summary>
public enum CaptionData : byte
{
    /// <summary>Comparisons of captions of a picture, all of them.</summary>
    Pictures,

    /// <summary>Those whose winner is not much longer than the loser.</summary>
    LengthGap,

    /// <summary>Comparisons of captions of a picture first, then half of each batch comparisons of texts alone.</summary>
    Staged,
}

/// <summary>Options of <see cref="CaptionPreferences"/>.</summary>
public sealed record CaptionPreferencesOptions
{
    /// <summary>What it is trained on.</summary>
    public CaptionData Method { get; init; }

    /// <summary>Chance that the longer caption wins whatever it says.</summary>
    public double LengthBias { get; init; }

    /// <summary>Comparisons of captions, and as many of texts alone.</summary>
    public int Pairs { get; init; } = 4000;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 900;

    /// <summary>Comparisons of an update.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Peak learning rate.</summary>
    public float LearningRate { get; init; } = 3e-3f;

    /// <summary>Most words that a winner may be longer, by <see cref="CaptionData.LengthGap"/>.</summary>
    public int Gap { get; init; } = 1;

    /// <summary>Share of the updates before texts alone come in, by <see cref="CaptionData.Staged"/>.</summary>
    public double FirstStage { get; init; } = 0.6;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Pairs < 1 || Steps < 1 || BatchSize < 2)
        {
            yield return $"Pairs is {Pairs}, Steps {Steps}, BatchSize {BatchSize}; the first two are 1 or more, the last 2 or more.";
        }

        if (LengthBias is not (>= 0 and <= 1) || FirstStage is not (>= 0 and <= 1))
        {
            yield return $"LengthBias is {LengthBias} and FirstStage {FirstStage}; both are shares, 0 to 1.";
        }

        if (Gap < 0 || !(LearningRate > 0))
        {
            yield return $"Gap is {Gap}, 0 or more; LearningRate is {LearningRate}, above 0.";
        }
    }
}

/// <summary>A scalar head over picture and text, trained by Bradley-Terry on captions of shapes.</summary>
/// <remarks>
/// A caption names shape, colour and corner, each wrong with a chance of its own, between empty words; fewer wrong facts are better. Of two texts alone, the one that contradicts itself (a second colour) is worse.
/// Measures on 600 held-out comparisons each, labelled by the truth: <c>accuracy</c> of captions, <c>text_accuracy</c>, <c>mean_accuracy</c> of both, <c>longer_share</c> of captions where the longer is chosen
/// (half of them are better), <c>length_bias</c> its distance from ½, <c>blind_accuracy</c> of captions with the picture taken away.
/// <para>"InternLM-XComposer2.5-Reward" (atlas row 7) and "Skywork-VL Reward" (row 191).</para>
/// </remarks>
public sealed class CaptionPreferences(CaptionPreferencesOptions options) : IStudy
{
    private const int MostFillers = 4, Test = 600;

    private sealed record Pair(float[]? Picture, int[] Better, int[] Worse);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        Pair[] captions = [.. Enumerable.Range(0, options.Pairs).Select(_ => OfCaptions(world, options.LengthBias))];
        Pair[] texts = [.. Enumerable.Range(0, options.Pairs).Select(_ => OfTexts(world))];
        var held = random.Split("held-out", 0);
        Pair[] test = [.. Enumerable.Range(0, Test).Select(_ => OfCaptions(held, 0))], textTest = [.. Enumerable.Range(0, Test).Select(_ => OfTexts(held))];
        if (options.Method == CaptionData.LengthGap)
        {
            captions = [.. captions.Where(p => LengthGap.Keeps(p.Better.Length, p.Worse.Length, options.Gap))];
        }

        var network = CaptionWorld.Network(random.Split("weights", 0));
        var optimizer = new AdamW([.. network.Parameters], options.LearningRate);
        var schedule = Schedule.Cosine(options.LearningRate, 0, options.Steps, options.Steps / 20);
        var order = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            bool mixed = options.Method == CaptionData.Staged && step >= options.FirstStage * options.Steps;
            Pair[] batch = [.. Enumerable.Range(0, options.BatchSize).Select(i => mixed && i % 2 == 1 ? texts[order.NextInt(texts.Length)] : captions[order.NextInt(captions.Length)])];
            using var scope = Tape.Begin();
            optimizer.LearningRate = schedule.At(step);
            optimizer.Step(BradleyTerry.Loss(Scores(network, batch, p => p.Better), Scores(network, batch, p => p.Worse)).Mean(), 1, out _);
        }

        double accuracy = Accuracy(network, test), text = Accuracy(network, textTest), longer = LongerShare(network, test);
        return new Dictionary<string, double>
        {
            ["accuracy"] = accuracy,
            ["text_accuracy"] = text,
            ["mean_accuracy"] = (accuracy + text) / 2,
            ["blind_accuracy"] = Accuracy(network, [.. test.Select(p => p with { Picture = null })]),
            ["longer_share"] = longer,
            ["length_bias"] = Math.Abs(longer - 0.5),
        };
    }

    private static Tensor Scores(PatchTransformer network, Pair[] pairs, Func<Pair, int[]> side) => network.Score([.. pairs.Select(p => p.Picture)], [.. pairs.Select(side)]).Reshape(pairs.Length);

    private static double[] Margins(PatchTransformer network, Pair[] pairs)
    {
        using var scope = Tape.Begin(record: false);
        float[] better = Scores(network, pairs, p => p.Better).ToArray(), worse = Scores(network, pairs, p => p.Worse).ToArray();
        return [.. better.Zip(worse, (a, b) => (double)a - b)];
    }

    private static double Accuracy(PatchTransformer network, Pair[] pairs) => Margins(network, pairs).Average(m => m > 0 ? 1 : m == 0 ? 0.5 : 0);

    private static double LongerShare(PatchTransformer network, Pair[] pairs)
    {
        Pair[] uneven = [.. pairs.Where(p => p.Better.Length != p.Worse.Length)];
        double[] margins = Margins(network, uneven);
        return uneven.Select((p, i) => (margins[i] > 0) == (p.Better.Length > p.Worse.Length) ? 1.0 : 0).Average();
    }

    private static Pair OfCaptions(RandomStream random, double lengthBias)
    {
        while (true)
        {
            var scene = ShapeScenes.Draw(random);
            var (a, b) = (CaptionWorld.Draw(scene, 0.3, MostFillers, random), CaptionWorld.Draw(scene, 0.3, MostFillers, random));
            if (a.Errors == b.Errors)
            {
                continue;
            }

            bool byLength = random.NextBool(lengthBias) && a.Words.Length != b.Words.Length, first = byLength ? a.Words.Length > b.Words.Length : a.Errors < b.Errors;
            return new Pair(CaptionWorld.Picture(scene, random), first ? a.Words : b.Words, first ? b.Words : a.Words);
        }
    }

    private static Pair OfTexts(RandomStream random)
    {
        int[] sound = CaptionWorld.Draw(ShapeScenes.Draw(random), 0, MostFillers, random).Words, other = CaptionWorld.Draw(ShapeScenes.Draw(random), 0, MostFillers, random).Words;
        int at = Array.FindIndex(other, w => CaptionWorld.Attribute(w) == 1), second = (other[at] - CaptionWorld.Word(1, 0) + random.NextInt(1, ShapeScenes.Colours)) % ShapeScenes.Colours;
        var contradicting = other.ToList();
        contradicting.Insert(random.NextInt(contradicting.Count + 1), CaptionWorld.Word(1, second));
        return new Pair(null, [.. sound, ShapeScenes.CaptionWidth + random.NextInt(CaptionWorld.Fillers)], [.. contradicting]);
    }
}
