using Meed.Numerics;
using Meed.Objectives.Advantages;
using Meed.RewardModels.Heads;
using Meed.Tasks.Shapes;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>How the rewriter of prompts is trained on.</summary>
public enum RewriterTraining : byte
{
    /// <summary>It goes on imitating the shown rewrites.</summary>
    Imitation,

    /// <summary>Group-relative updates by the mean grade of the keypoints that a prompt concerns.</summary>
    Reward,
}

/// <summary>Options of <see cref="PromptRewriting"/>.</summary>
public sealed record PromptRewritingOptions
{
    /// <summary>Imitation or reward.</summary>
    public RewriterTraining Method { get; init; }

    /// <summary>Shown rewrites.</summary>
    public int Demonstrations { get; init; } = 60;

    /// <summary>Updates after the first 200 of imitation; each draws 16 rewrites for each of 8 prompts.</summary>
    public int Steps { get; init; } = 250;

    /// <summary>Learning rate of these updates.</summary>
    public float LearningRate { get; init; } = 3e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Demonstrations", Demonstrations), ("Steps", Steps));
}

/// <summary>A rewriter turns ambiguous words into those that a frozen generator of pictures understands.</summary>
/// <remarks>
/// Each value of an attribute has four words, of which the generator knows one; for any other it draws the attribute at random. A prompt names one to three attributes. The rewriter gives a known word for each slot, by a
/// softmax. Demonstrations show only one of the three unknown words of a value. The evaluator is a perceptron with a head for each attribute, trained on 1,500 labelled pictures; its probability of the asked value is
/// the keypoint's grade. Measure: <c>keypoints</c>, true share of named attributes that pictures of 400 new prompts show, one rewrite each.
/// <para>PromptEnhancer (atlas row 121), with three keypoints in place of 24.</para>
/// </remarks>
public sealed class PromptRewriting(PromptRewritingOptions options) : IStudy
{
    private const int Slots = 3, Words = 4, Group = 16, Prompts = 8, Test = 400;
    private static readonly int[] s_values = [ShapeScenes.Shapes, ShapeScenes.Colours, ShapeScenes.Corners];
    private static readonly int[] s_first = [0, ShapeScenes.Shapes, ShapeScenes.Shapes + ShapeScenes.Colours];

    /// <summary>What is asked: value and word of each slot, −1 where it is not named.</summary>
    private readonly record struct Prompt(int[] Values, int[] Word);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var weights = random.Split("weights", 0);
        SmallNet rewriter = new("rewriter", weights, ShapeScenes.CaptionWidth * Words, 64, ShapeScenes.CaptionWidth), evaluator = new("evaluator", weights, ShapeScenes.PictureWidth, 64, ShapeScenes.CaptionWidth);
        var order = random.Split("order", 0);
        var pictures = Enumerable.Range(0, 1500).Select(_ => ShapeScenes.Draw(draws) is var s ? (Scene: s, Picture: ShapeScenes.Picture(s, 0.8, draws)) : default).ToArray();
        SmallNet.Fit(evaluator.Parameters, 400, 2e-3f, _ =>
        {
            var batch = SmallNet.Draw(pictures, 64, order);
            var said = evaluator.Forward(SmallNet.Matrix([.. batch.Select(b => b.Picture)]));
            return Loss(said, 0, [.. batch.Select(b => b.Scene.Shape)]) + Loss(said, 1, [.. batch.Select(b => b.Scene.Colour)]) + Loss(said, 2, [.. batch.Select(b => b.Scene.Corner)]);
        }, stop);

        // Demonstrations: known words, and the first unknown one of each value.
        Prompt[] shown = [.. Enumerable.Range(0, options.Demonstrations).Select(_ => NewPrompt(draws, 2))];
        Tensor Imitate(RandomStream from)
        {
            var batch = SmallNet.Draw(shown, 32, from);
            var said = rewriter.Forward(SmallNet.Matrix([.. batch.Select(Input)]));
            return Enumerable.Range(0, Slots).Select(k => Loss(said, k, [.. batch.Select(p => p.Values[k])])).Aggregate((a, b) => a + b);
        }

        SmallNet.Fit(rewriter.Parameters, 200, 3e-3f, _ => Imitate(order), stop);
        var later = random.Split("later", 0);
        SmallNet.Fit(rewriter.Parameters, options.Steps, options.LearningRate, _ => options.Method == RewriterTraining.Imitation ? Imitate(later) : RewardLoss(rewriter, evaluator, later), stop);

        var test = random.Split("test", 0);
        double score = 0;
        for (int i = 0; i < Test; i++)
        {
            stop.ThrowIfCancellationRequested();
            var prompt = NewPrompt(test, Words);
            var scene = Draw(prompt, Sample(rewriter.Apply([Input(prompt)]), test), test);
            int[] got = [scene.Shape, scene.Colour, scene.Corner];
            bool[] relevant = [.. prompt.Values.Select(v => v >= 0)];
            score += (KeypointScore.Of([.. got.Select((g, k) => g == prompt.Values[k] ? 1.0 : 0)], relevant) ?? 0) / Test;
        }

        return new Dictionary<string, double> { ["keypoints"] = score };
    }

    private static Tensor RewardLoss(SmallNet rewriter, SmallNet evaluator, RandomStream random)
    {
        Prompt[] prompts = [.. Enumerable.Range(0, Prompts).Select(_ => NewPrompt(random, Words))];
        var logits = rewriter.Forward(SmallNet.Matrix([.. prompts.Select(Input)]));                                          // [P, 11]
        float[] plain = logits.ToArray();
        int[] owner = [.. Enumerable.Range(0, Prompts * Group).Select(r => r / Group)];
        int[][] rewrites = [.. owner.Select(p => Sample(plain.AsSpan(p * ShapeScenes.CaptionWidth, ShapeScenes.CaptionWidth).ToArray(), random))];
        float[][] made = [.. owner.Select((p, r) => ShapeScenes.Picture(Draw(prompts[p], rewrites[r], random), 0.8, random))];
        float[] graded = evaluator.Apply(made);
        double[] rewards = new double[owner.Length];
        for (int r = 0; r < owner.Length; r++)
        {
            var prompt = prompts[owner[r]];
            double[] grades = [.. Enumerable.Range(0, Slots).Select(k => prompt.Values[k] < 0 ? 0 : Softmax(graded.AsSpan((r * ShapeScenes.CaptionWidth) + s_first[k], s_values[k]).ToArray())[prompt.Values[k]])];
            rewards[r] = KeypointScore.Of(grades, [.. prompt.Values.Select(v => v >= 0)]) ?? 0;
        }

        bool[] valid = [.. rewards.Select(_ => true)];
        var advantages = Tensor.From(GroupAdvantage.Compute(rewards, valid, [.. Enumerable.Range(0, Prompts + 1).Select(p => p * Group)], AdvantageKind.Standardised));
        var own = logits.Take(0, owner);                                                                                      // [P·G, 11]
        var loss = Tensor.Zeros(1);
        for (int k = 0; k < Slots; k++)
        {
            // Slots that the prompt does not name are not rewritten.
            var weight = advantages * Tensor.From([.. owner.Select(p => prompts[p].Values[k] >= 0 ? 1f : 0f)]);
            loss += (Ops.CrossEntropy(own.Slice(1, s_first[k], s_values[k]), [.. rewrites.Select(w => w[k])]) * weight).Mean();
        }

        return loss.Sum();
    }

    private static Tensor Loss(Tensor said, int slot, int[] values) => Ops.CrossEntropy(said.Slice(1, s_first[slot], s_values[slot]), values).Mean();

    private static Prompt NewPrompt(RandomStream random, int words)
    {
        int[] values = [.. s_values.Select(v => random.NextBool(0.7) ? random.NextInt(v) : -1)];
        if (values.All(v => v < 0))
        {
            values[1] = random.NextInt(s_values[1]);
        }

        return new Prompt(values, [.. values.Select(v => v < 0 ? -1 : random.NextInt(words))]);
    }

    private static float[] Input(Prompt prompt)
    {
        var input = new float[ShapeScenes.CaptionWidth * Words];
        for (int k = 0; k < Slots; k++)
        {
            if (prompt.Values[k] >= 0)
            {
                input[((s_first[k] + prompt.Values[k]) * Words) + prompt.Word[k]] = 1;
            }
        }

        return input;
    }

    private static int[] Sample(float[] logits, RandomStream random) => [.. Enumerable.Range(0, Slots).Select(k => random.NextIndex(Softmax(logits.AsSpan(s_first[k], s_values[k]).ToArray())))];

    // The frozen generator draws what the rewrite says, and anything where nothing is named.
    private static ShapeScene Draw(Prompt prompt, int[] rewrite, RandomStream random)
    {
        int[] drawn = [.. Enumerable.Range(0, Slots).Select(k => prompt.Values[k] < 0 ? random.NextInt(s_values[k]) : rewrite[k])];
        return new ShapeScene(drawn[0], drawn[1], drawn[2]);
    }

    private static double[] Softmax(float[] logits)
    {
        double top = logits.Max(), sum = logits.Sum(v => Math.Exp(v - top));
        return [.. logits.Select(v => Math.Exp(v - top) / sum)];
    }
}
