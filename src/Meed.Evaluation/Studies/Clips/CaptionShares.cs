using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.Tasks.Shapes;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>What chooses among generated pictures.</summary>
public enum CaptionReward : byte
{
    /// <summary>The reward as it is.</summary>
    Raw,

    /// <summary>Its share among the same picture's rewards under altered captions.</summary>
    Share,
}

/// <summary>Options of <see cref="CaptionShares"/>.</summary>
public sealed record CaptionSharesOptions
{
    /// <summary>Raw or as a share.</summary>
    public CaptionReward Method { get; init; }

    /// <summary>Rated pictures that the reward learns from.</summary>
    public int Pictures { get; init; } = 1500;

    /// <summary>Updates of 64 pictures.</summary>
    public int Steps { get; init; } = 800;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Pictures generated for a caption, of which the best is kept.</summary>
    public int Candidates { get; init; } = 32;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Pictures", Pictures), ("Steps", Steps), ("Candidates", Candidates));
}

/// <summary>The best of some generated pictures by a reward that looks at their quality more than at their caption.</summary>
/// <remarks>
/// The generator draws each of the caption's three attributes rightly with probability 0.6, and a quality of 0 to 1. The reward is trained by regression on ratings 2·quality + matches/3 plus noise of 0.2, so that it
/// learns the raters' bias. Gold counts matches alone. Altered captions differ in one attribute (all eight); the share has temperature 0.2. Measures over 200 new captions: <c>gold_best</c>, matches ÷ 3 of the best
/// by the chooser; <c>gold_mean</c> of all candidates.
/// <para>"Confidence-aware Reward Optimization for Fine-tuning Text-to-Image Models" (atlas row 232).</para>
/// </remarks>
public sealed class CaptionShares(CaptionSharesOptions options) : IStudy
{
    private const int Batch = 64, Test = 200;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var rated = Enumerable.Range(0, options.Pictures).Select(_ =>
        {
            var caption = ShapeScenes.Draw(draws);
            var (scene, quality, picture) = Generate(caption, draws);
            return (Input: SmallNet.Join(picture, ShapeScenes.Caption(caption)), Rating: (float)((2 * quality) + (caption.Matches(scene) / 3.0) + (0.2 * draws.NextNormal())));
        }).ToArray();
        var net = new SmallNet("reward", random.Split("weights", 0), ShapeScenes.PictureWidth + ShapeScenes.CaptionWidth, 96, 1);
        var order = random.Split("order", 0);
        SmallNet.Fit(net.Parameters, options.Steps, options.LearningRate, _ =>
        {
            var batch = SmallNet.Draw(rated, Batch, order);
            return (net.Forward(SmallNet.Matrix([.. batch.Select(b => b.Input)])).Select(1, 0) - Tensor.From([.. batch.Select(b => b.Rating)])).Square().Mean();
        }, stop);

        var test = random.Split("test", 0);
        double best = 0, mean = 0;
        for (int i = 0; i < Test; i++)
        {
            stop.ThrowIfCancellationRequested();
            var caption = ShapeScenes.Draw(test);
            var made = Enumerable.Range(0, options.Candidates).Select(_ => Generate(caption, test)).ToArray();
            float[] scores = net.Apply([.. made.Select(m => SmallNet.Join(m.Picture, ShapeScenes.Caption(caption)))]);
            if (options.Method == CaptionReward.Share)
            {
                ShapeScene[] altered = [caption.Altered(0, 1), caption.Altered(0, 2), .. Enumerable.Range(1, 3).SelectMany(k => (ShapeScene[])[caption.Altered(1, k), caption.Altered(2, k)])];
                float[] others = net.Apply([.. made.SelectMany(m => altered.Select(a => SmallNet.Join(m.Picture, ShapeScenes.Caption(a))))]);
                using var scope = Tape.Begin(record: false);
                scores = ContrastShare.Of(Tensor.From(scores), Tensor.From(others, made.Length, altered.Length), 0.2f).ToArray();
            }

            best += made[Array.IndexOf(scores, scores.Max())].Scene.Matches(caption) / 3.0 / Test;
            mean += made.Average(m => m.Scene.Matches(caption) / 3.0) / Test;
        }

        return new Dictionary<string, double> { ["gold_best"] = best, ["gold_mean"] = mean };
    }

    private static (ShapeScene Scene, double Quality, float[] Picture) Generate(ShapeScene caption, RandomStream random)
    {
        var other = ShapeScenes.Draw(random);
        var scene = new ShapeScene(random.NextBool(0.6) ? caption.Shape : other.Shape, random.NextBool(0.6) ? caption.Colour : other.Colour, random.NextBool(0.6) ? caption.Corner : other.Corner);
        double quality = random.NextDouble();
        return (scene, quality, ShapeScenes.Picture(scene, quality, random));
    }
}
