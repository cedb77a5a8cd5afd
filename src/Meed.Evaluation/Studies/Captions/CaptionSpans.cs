using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Images;
using Meed.Tasks.Shapes;

namespace Meed.Evaluation.Studies.Captions;

/// <summary>What a reward model of captions is told.</summary>
public enum CaptionLabels : byte
{
    /// <summary>Whether the whole caption is right.</summary>
    Whole,

    /// <summary>Which spans are right.</summary>
    Spans,
}

/// <summary>Options of <see cref="CaptionSpans"/>.</summary>
public sealed record CaptionSpansOptions
{
    /// <summary>What the labels say.</summary>
    public CaptionLabels Method { get; init; }

    /// <summary>Labelled captions.</summary>
    public int Captions { get; init; } = 1500;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 700;

    /// <summary>Captions of an update.</summary>
    public int BatchSize { get; init; } = 48;

    /// <summary>Peak learning rate.</summary>
    public float LearningRate { get; init; } = 3e-3f;

    /// <summary>Candidates of a choice.</summary>
    public int Candidates { get; init; } = 8;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Captions", Captions), ("Steps", Steps), ("BatchSize", BatchSize), ("Candidates", Candidates));
}

/// <summary>A reward model told which spans of a caption are hallucinated against one told only whether the caption is right; both choose the best of a few captions.</summary>
/// <remarks>
/// A captioner gets each fact wrong with chance 0.35. The span model predicts at each fact's word whether it is right and keeps the candidate with the lowest mean chance of hallucination; the other predicts at
/// the last word whether all are right and keeps the candidate with the highest. Measures on 500 held-out pictures: <c>wrong_share</c> of the facts in the chosen caption, <c>other_wrong_share</c> the same for a
/// captioner that errs with chance 0.6, <c>captioner_wrong_share</c> without a choice.
/// <para>"Detecting and Preventing Hallucinations in Large Vision Language Models" (atlas row 20).</para>
/// </remarks>
public sealed class CaptionSpans(CaptionSpansOptions options) : IStudy
{
    private const int MostFillers = 4, Test = 500;
    private const double Error = 0.35, OtherError = 0.6;

    private sealed record Labelled(float[] Picture, Caption Caption);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        Labelled[] known = [.. Enumerable.Range(0, options.Captions).Select(_ => Draw(world, ShapeScenes.Draw(world), Error))];
        var network = CaptionWorld.Network(random.Split("weights", 0));
        var optimizer = new AdamW([.. network.Parameters], options.LearningRate);
        var schedule = Schedule.Cosine(options.LearningRate, 0, options.Steps, options.Steps / 20);
        var order = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            Labelled[] batch = [.. Enumerable.Range(0, options.BatchSize).Select(_ => known[order.NextInt(known.Length)])];
            using var scope = Tape.Begin();
            optimizer.LearningRate = schedule.At(step);
            float[] right = options.Method == CaptionLabels.Spans ? [.. batch.SelectMany(l => l.Caption.Wrong).Select(w => w ? 0f : 1)] : [.. batch.Select(l => l.Caption.Errors == 0 ? 1f : 0)];
            optimizer.Step(BinaryReward.Loss(Logits(network, batch), Tensor.From(right)).Mean(), 1, out _);
        }

        var held = random.Split("held-out", 0);
        return new Dictionary<string, double>
        {
            ["wrong_share"] = Chosen(network, held, Error, stop),
            ["other_wrong_share"] = Chosen(network, held, OtherError, stop),
            ["captioner_wrong_share"] = Error,
        };
    }

    // [B · 3] at the facts, or [B] at the last words.
    private Tensor Logits(PatchTransformer network, Labelled[] rows)
    {
        float[]?[] pictures = [.. rows.Select(r => r.Picture)];
        int[][] words = [.. rows.Select(r => r.Caption.Words)];
        if (options.Method == CaptionLabels.Whole)
        {
            return network.Score(pictures, words).Reshape(rows.Length);
        }

        var all = network.Forward(pictures, words);
        int places = all.Shape[1];
        return all.Reshape(-1).Take(0, [.. rows.SelectMany((r, i) => r.Caption.Facts.Select(f => (i * places) + network.Patches + f))]);
    }

    private double Chosen(PatchTransformer network, RandomStream random, double error, CancellationToken stop)
    {
        int wrong = 0;
        for (int i = 0; i < Test; i++)
        {
            stop.ThrowIfCancellationRequested();
            var scene = ShapeScenes.Draw(random);
            float[] picture = CaptionWorld.Picture(scene, random);
            Labelled[] candidates = [.. Enumerable.Range(0, options.Candidates).Select(_ => new Labelled(picture, CaptionWorld.Draw(scene, error, MostFillers, random)))];
            using var scope = Tape.Begin(record: false);
            float[] logits = Logits(network, candidates).ToArray();
            int each = logits.Length / candidates.Length;
            double Right(int c) => Enumerable.Range(c * each, each).Average(k => 1 / (1 + Math.Exp(-logits[k])));
            wrong += candidates[Enumerable.Range(0, candidates.Length).MaxBy(Right)].Caption.Errors;
        }

        return wrong / (3.0 * Test);
    }

    private static Labelled Draw(RandomStream random, ShapeScene scene, double error) => new(CaptionWorld.Picture(scene, random), CaptionWorld.Draw(scene, error, MostFillers, random));
}
