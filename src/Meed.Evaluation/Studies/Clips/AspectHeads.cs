using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Heads;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>How clips are scored.</summary>
public enum AspectModel : byte
{
    /// <summary>One score from clip and prompt.</summary>
    Single,

    /// <summary>Criteria, aspects, and a gate that reads the prompt.</summary>
    Gated,
}

/// <summary>Options of <see cref="AspectHeads"/>.</summary>
public sealed record AspectHeadsOptions
{
    /// <summary>One head or gated criteria.</summary>
    public AspectModel Method { get; init; }

    /// <summary>Labelled pairs of clips.</summary>
    public int Pairs { get; init; } = 400;

    /// <summary>Updates of 32 pairs.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Pairs", Pairs), ("Steps", Steps));
}

/// <summary>Preferences between clips with planted defects, where the prompt says which aspect matters.</summary>
/// <remarks>
/// Aspects: picture (noise, flicker), movement (pauses), content (objects taken, red among them). A prompt names one, which weighs 0.8, the others 0.1 each. Features of a clip: its mean frame and the mean absolute change
/// between frames, standardised. The single head is a perceptron on features and prompt, trained on the overall preference; the gated head sees the same pairs with their criterion grades and aspect preferences.
/// Measures on 1,000 new pairs: <c>overall_accuracy</c>; <c>gate_accuracy</c>, prompts whose own aspect weighs most (0 for the single head).
/// <para>MJ-VIDEO (atlas row 85).</para>
/// </remarks>
public sealed class AspectHeads(AspectHeadsOptions options) : IStudy
{
    private const int Batch = 32, Aspects = 3, TestPairs = 1000;
    private static readonly int[] s_aspectOf = [0, 0, 1, 2, 2];

    private sealed record Shown(float[] Features, float[] Criteria);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var room = draws.Split("room", 0).NextUInt64();
        (Shown A, Shown B, int Prompt)[] pairs = [.. Enumerable.Range(0, options.Pairs).Select(_ => (NewClip(room, draws), NewClip(room, draws), draws.NextInt(Aspects)))];
        float[][] all = [.. pairs.SelectMany(p => (float[][])[p.A.Features, p.B.Features])];
        float[] mean = SmallNet.Mean(all), spread = [.. Enumerable.Range(0, mean.Length).Select(k => 0.02f + MathF.Sqrt(all.Average(f => (f[k] - mean[k]) * (f[k] - mean[k]))))];
        float[] Seen(Shown clip) => [.. clip.Features.Select((v, k) => (v - mean[k]) / spread[k])];
        (float[] A, float[] B)[] seen = [.. pairs.Select(p => (Seen(p.A), Seen(p.B)))];

        var weights = random.Split("weights", 0);
        var single = new SmallNet("single", weights, mean.Length + Aspects, 64, 1);
        var gated = new CriteriaMixture(mean.Length, Aspects, s_aspectOf, weights);
        Tensor Score(float[][] clips, int[] prompts) => options.Method == AspectModel.Gated
            ? gated.Score(SmallNet.Matrix(clips), SmallNet.Matrix([.. prompts.Select(Prompt)]))
            : single.Forward(SmallNet.Matrix([.. clips.Select((c, i) => SmallNet.Join(c, Prompt(prompts[i])))])).Select(1, 0);

        var order = random.Split("order", 0);
        SmallNet.Fit(options.Method == AspectModel.Gated ? gated.Parameters : single.Parameters, options.Steps, options.LearningRate, _ =>
        {
            int[] own = [.. Enumerable.Range(0, Batch).Select(_ => order.NextInt(pairs.Length))];
            int[] prompts = [.. own.Select(i => pairs[i].Prompt)];
            float[][] a = [.. own.Select(i => seen[i].A)], b = [.. own.Select(i => seen[i].B)];
            var loss = Preferred(Score(a, prompts) - Score(b, prompts), [.. own.Select(i => Overall(pairs[i].A, pairs[i].Prompt) - Overall(pairs[i].B, pairs[i].Prompt))]);
            if (options.Method == AspectModel.Single)
            {
                return loss;
            }

            Tensor first = gated.Criteria(SmallNet.Matrix(a)), second = gated.Criteria(SmallNet.Matrix(b));
            var graded = ((first - SmallNet.Matrix([.. own.Select(i => pairs[i].A.Criteria)])).Square().Mean() + (second - SmallNet.Matrix([.. own.Select(i => pairs[i].B.Criteria)])).Square().Mean()) * 0.5f;
            var apart = gated.Aspects(first) - gated.Aspects(second);                                                     // [B, 3]
            for (int k = 0; k < Aspects; k++)
            {
                loss += Preferred(apart.Select(1, k), [.. own.Select(i => Aspect(pairs[i].A, k) - Aspect(pairs[i].B, k))]) * (1f / Aspects);
            }

            return loss + graded;
        }, stop);

        var test = random.Split("test", 0);
        using var scope = Tape.Begin(record: false);
        (Shown A, Shown B, int Prompt)[] held = [.. Enumerable.Range(0, TestPairs).Select(_ => (NewClip(room, test), NewClip(room, test), test.NextInt(Aspects)))];
        int[] asked = [.. held.Select(h => h.Prompt)];
        float[] said = (Score([.. held.Select(h => Seen(h.A))], asked) - Score([.. held.Select(h => Seen(h.B))], asked)).ToArray();
        float[] gate = gated.Gate(SmallNet.Matrix([.. Enumerable.Range(0, Aspects).Select(Prompt)])).ToArray();
        return new Dictionary<string, double>
        {
            ["overall_accuracy"] = held.Select((h, i) => said[i] > 0 == Overall(h.A, h.Prompt) > Overall(h.B, h.Prompt) ? 1.0 : 0).Average(),
            ["gate_accuracy"] = options.Method == AspectModel.Single ? 0 : Enumerable.Range(0, Aspects).Average(p => gate.AsSpan(p * Aspects, Aspects).IndexOf(gate.AsSpan(p * Aspects, Aspects).ToArray().Max()) == p ? 1.0 : 0),
        };
    }

    private static Tensor Preferred(Tensor difference, double[] truth) => BradleyTerry.Loss(difference * Tensor.From([.. truth.Select(t => t >= 0 ? 1f : -1f)]), Tensor.Zeros(truth.Length)).Mean();

    private static float[] Prompt(int aspect) => [.. Enumerable.Range(0, Aspects).Select(k => k == aspect ? 1f : 0f)];

    private static double Aspect(Shown clip, int aspect) => Enumerable.Range(0, s_aspectOf.Length).Where(i => s_aspectOf[i] == aspect).Average(i => clip.Criteria[i]);

    private static double Overall(Shown clip, int prompt) => Enumerable.Range(0, Aspects).Sum(k => (k == prompt ? 0.8 : 0.1) * Aspect(clip, k));

    // Criteria from -1 to 1: quiet pixels, steady light, no pauses, objects taken, red among them.
    private static Shown NewClip(ulong room, RandomStream random)
    {
        double noise = random.NextDouble(), flicker = random.NextDouble(), pauses = random.NextDouble();
        var world = new ClipWorld(new ClipOptions { Noise = (float)(0.3 * noise), Flicker = (float)(0.3 * flicker) }, new RandomStream(room));
        int count = 1 + random.NextInt(3);
        var clip = world.Play([.. random.Permutation(ClipWorld.Colours).Take(count)], random);
        var frames = new List<float[]>();
        for (int t = 0; t < clip.Length; t++)
        {
            do
            {
                frames.Add(world.Frame(clip.Cells[t], clip.Taken[t], random));
            }
            while (random.NextDouble() < 0.7 * pauses);
        }

        float[] change = SmallNet.Mean([.. frames.Zip(frames.Skip(1), (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).ToArray())]);
        return new Shown(SmallNet.Join(SmallNet.Mean(frames), change), [(float)(1 - (2 * noise)), (float)(1 - (2 * flicker)), (float)(1 - (2 * pauses)), count - 2, clip.Targets.Contains(0) ? 1 : -1]);
    }
}
