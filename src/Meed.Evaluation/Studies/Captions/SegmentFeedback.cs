using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Images;
using Meed.RewardModels.Segments;
using Meed.Tasks.Shapes;

namespace Meed.Evaluation.Studies.Captions;

/// <summary>Where a captioner gets its rewards.</summary>
public enum FeedbackPlace : byte
{
    /// <summary>The sum of all, at the caption's end.</summary>
    Sequence,

    /// <summary>Each at the end of its segment.</summary>
    Segments,
}

/// <summary>Options of <see cref="SegmentFeedback"/>.</summary>
public sealed record SegmentFeedbackOptions
{
    /// <summary>Where rewards stand.</summary>
    public FeedbackPlace Method { get; init; }

    /// <summary>Captions that the three reward models are trained on.</summary>
    public int Captions { get; init; } = 3000;

    /// <summary>Updates of the reward models.</summary>
    public int RewardSteps { get; init; } = 700;

    /// <summary>Updates of the captioner by reward.</summary>
    public int Steps { get; init; } = 80;

    /// <summary>Pictures of an update.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Captions sampled of each.</summary>
    public int Samples { get; init; } = 4;

    /// <summary>Learning rate of the captioner under reward.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Weights of the reward models of shape, colour and corner.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [1, 1, 1];

    /// <summary>β of the KL term.</summary>
    public double Beta { get; init; } = 0.02;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Captions", Captions, 1), ("RewardSteps", RewardSteps, 1), ("Steps", Steps, 1), ("BatchSize", BatchSize, 1), ("Samples", Samples, 2)),
        .. StudyProblems.When(Weights.Count != 3 || Weights.Any(w => !(w >= 0)), $"Weights is [{string.Join(", ", Weights)}]; it has three numbers, each 0 or more."),
        .. StudyProblems.When(!(LearningRate > 0), $"LearningRate is {LearningRate}; it is above 0."),
        .. StudyProblems.When(!(Beta >= 0), $"Beta is {Beta}; it is 0 or more."),
    ];
}

/// <summary>A captioner of shapes learns from three classifiers of hallucination (shape, colour, corner), their scores at the end of each segment or summed at the end of the caption.</summary>
/// <remarks>
/// The captioner is cloned from captions that err with chance 0.35 a fact and then trained by policy gradient: a token's return is what <see cref="SegmentRewards"/> places on it and behind it, its baseline the
/// mean of the same picture's samples. The classifiers' labels are wrong with chance 0.1, as an AI labeller's are. Measures on 600 held-out pictures, sampled: <c>wrong_share</c> of all facts,
/// <c>wrong_shape</c>, <c>wrong_colour</c>, <c>wrong_corner</c>, and <c>before</c>, the share before the rewards.
/// <para>"FGAIF: Aligning Large Vision-Language Models with Fine-grained AI Feedback" (atlas row 26); weights after "Fine-Grained Human Feedback Gives Better Rewards for Language Model Training" (row 58).</para>
/// </remarks>
public sealed class SegmentFeedback(SegmentFeedbackOptions options) : IStudy
{
    private const int Test = 600, CloneSteps = 300;
    private const double Error = 0.35, LabelError = 0.1;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var rewards = Classifiers(random.Split("rewards", 0), stop);
        var policy = new PatchTransformer(new PatchTransformerOptions { Outputs = ShapeScenes.CaptionWidth }, random.Split("weights", 0));
        Clone(policy, random.Split("clone", 0), stop);
        float[][] reference = [.. policy.Parameters.Select(p => p.Value.ToArray())];
        var frozen = new PatchTransformer(new PatchTransformerOptions { Outputs = ShapeScenes.CaptionWidth }, random.Split("weights", 0));
        foreach (var (parameter, values) in frozen.Parameters.Zip(reference))
        {
            parameter.Load(values);
        }

        double before = Wrong(policy, random.Split("held-out", 0)).Average();
        var optimizer = new Adam([.. policy.Parameters], options.LearningRate);
        var world = random.Split("world", 0);
        var draws = random.Split("samples", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            Improve(policy, frozen, rewards, optimizer, world, draws);
        }

        double[] wrong = Wrong(policy, random.Split("held-out", 0));
        return new Dictionary<string, double>
        {
            ["wrong_share"] = wrong.Average(), ["wrong_shape"] = wrong[0], ["wrong_colour"] = wrong[1], ["wrong_corner"] = wrong[2], ["before"] = before,
        };
    }

    private void Improve(PatchTransformer policy, PatchTransformer frozen, PatchTransformer rewards, Optimizer optimizer, RandomStream world, RandomStream draws)
    {
        int rows = options.BatchSize * options.Samples;
        float[][] distinct = [.. Enumerable.Range(0, options.BatchSize).Select(_ => CaptionWorld.Picture(ShapeScenes.Draw(world), world))];
        float[][] pictures = [.. distinct.SelectMany(p => Enumerable.Repeat(p, options.Samples))];
        int[][] said;
        double[][] scores, ratios;
        using (Tape.Begin(record: false))
        {
            Tensor[] now = LogProbabilities(policy, pictures), then = LogProbabilities(frozen, pictures);
            said = Sample(now, rows, draws);
            double[][] a = Chosen(now, said), b = Chosen(then, said);
            ratios = [.. a.Zip(b, (x, y) => x.Zip(y, (p, q) => p - q).ToArray())];
            scores = Scores(rewards, pictures, said);
        }

        // Returns of every token and their mean over a picture's samples.
        var returns = new double[rows][];
        for (int i = 0; i < rows; i++)
        {
            SegmentReward[] placed = options.Method == FeedbackPlace.Segments
                ? [.. scores[i].Select((s, k) => new SegmentReward(k, k, s))]
                : [.. scores[i].Select((s, k) => new SegmentReward(2, k, s))];
            double[] tokens = SegmentRewards.Place(3, placed, options.Weights, ratios[i], options.Beta);
            returns[i] = [tokens[0] + tokens[1] + tokens[2], tokens[1] + tokens[2], tokens[2]];
        }

        using var scope = Tape.Begin();
        var logs = LogProbabilities(policy, pictures);
        Tensor? loss = null;
        for (int k = 0; k < 3; k++)
        {
            float[] advantages = [.. returns.Select((r, i) => (float)(r[k] - returns.Skip(i / options.Samples * options.Samples).Take(options.Samples).Average(o => o[k])))];
            var part = -(logs[k].Gather([.. said.Select(s => s[k])]).Reshape(rows) * Tensor.From(advantages)).Mean();
            loss = loss is null ? part : loss + part;
        }

        optimizer.Step(loss!, 1, out _);
    }

    // Three classifiers at the fact words: is this one right?
    private PatchTransformer Classifiers(RandomStream random, CancellationToken stop)
    {
        var captions = Enumerable.Range(0, options.Captions).Select(_ =>
        {
            var scene = ShapeScenes.Draw(random);
            var caption = CaptionWorld.Draw(scene, 0.5, 0, random);
            return (Picture: CaptionWorld.Picture(scene, random), caption.Words, Right: caption.Wrong.Select(w => w == random.NextBool(LabelError) ? 1f : 0).ToArray());
        }).ToArray();
        var network = CaptionWorld.Network(random.Split("weights", 0));
        var optimizer = new AdamW([.. network.Parameters], 3e-3f);
        var schedule = Schedule.Cosine(3e-3f, 0, options.RewardSteps, options.RewardSteps / 20);
        for (int step = 0; step < options.RewardSteps; step++)
        {
            stop.ThrowIfCancellationRequested();
            var batch = Enumerable.Range(0, 48).Select(_ => captions[random.NextInt(captions.Length)]).ToArray();
            using var scope = Tape.Begin();
            optimizer.LearningRate = schedule.At(step);
            var logits = network.Forward([.. batch.Select(b => b.Picture)], [.. batch.Select(b => b.Words)]).Slice(1, network.Patches, 3).Reshape(-1);
            optimizer.Step(BinaryReward.Loss(logits, Tensor.From([.. batch.SelectMany(b => b.Right)])).Mean(), 1, out _);
        }

        return network;
    }

    private static double[][] Scores(PatchTransformer rewards, float[][] pictures, int[][] said)
    {
        int[][] words = [.. said.Select(s => s.Select((value, k) => CaptionWorld.Word(k, value)).ToArray())];
        float[] logits = rewards.Forward(pictures, words).Slice(1, rewards.Patches, 3).ToArray();
        return [.. Enumerable.Range(0, said.Length).Select(i => Enumerable.Range(0, 3).Select(k => 1 / (1 + Math.Exp(-logits[(3 * i) + k]))).ToArray())];
    }

    private static void Clone(PatchTransformer policy, RandomStream random, CancellationToken stop)
    {
        var optimizer = new AdamW([.. policy.Parameters], 3e-3f);
        for (int step = 0; step < CloneSteps; step++)
        {
            stop.ThrowIfCancellationRequested();
            var rows = Enumerable.Range(0, 64).Select(_ =>
            {
                var scene = ShapeScenes.Draw(random);
                return (Picture: CaptionWorld.Picture(scene, random), CaptionWorld.Draw(scene, Error, 0, random).Words);
            }).ToArray();
            using var scope = Tape.Begin();
            var logs = LogProbabilities(policy, [.. rows.Select(r => r.Picture)]);
            var loss = -logs.Select((l, k) => l.Gather([.. rows.Select(r => r.Words[k] - CaptionWorld.Word(k, 0))]).Mean()).Aggregate((a, b) => a + b);
            optimizer.Step(loss, 1, out _);
        }
    }

    // The three slots' log-probabilities, each [B, values].
    private static Tensor[] LogProbabilities(PatchTransformer policy, float[][] pictures)
    {
        var logits = policy.Score(pictures, [.. pictures.Select(_ => Array.Empty<int>())]);
        return [.. Enumerable.Range(0, 3).Select(k => logits.Slice(1, CaptionWorld.Word(k, 0), CaptionWorld.Values[k]).LogSoftmax())];
    }

    private static int[][] Sample(Tensor[] logs, int rows, RandomStream random)
    {
        float[][] values = [.. logs.Select(l => l.ToArray())];
        return [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, 3).Select(k =>
        {
            double[] weights = [.. values[k].AsSpan(i * CaptionWorld.Values[k], CaptionWorld.Values[k]).ToArray().Select(v => Math.Exp(v))];
            return random.NextIndex(weights);
        }).ToArray())];
    }

    private static double[][] Chosen(Tensor[] logs, int[][] said)
    {
        float[][] values = [.. logs.Select(l => l.ToArray())];
        return [.. said.Select((s, i) => s.Select((value, k) => (double)values[k][(i * CaptionWorld.Values[k]) + value]).ToArray())];
    }

    private static double[] Wrong(PatchTransformer policy, RandomStream random)
    {
        ShapeScene[] scenes = [.. Enumerable.Range(0, Test).Select(_ => ShapeScenes.Draw(random))];
        using var scope = Tape.Begin(record: false);
        int[][] said = Sample(LogProbabilities(policy, [.. scenes.Select(s => CaptionWorld.Picture(s, random))]), Test, random);
        return [.. Enumerable.Range(0, 3).Select(k => said.Zip(scenes, (s, scene) => s[k] == (k == 0 ? scene.Shape : k == 1 ? scene.Colour : scene.Corner) ? 0.0 : 1).Average())];
    }
}
