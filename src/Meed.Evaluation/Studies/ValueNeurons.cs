using Meed.Evaluation.Probes;
using Meed.Evaluation.Statistics;
using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>Which units are put to zero.</summary>
public enum AblatedUnits : byte
{
    /// <summary>Drawn ones.</summary>
    Random,

    /// <summary>Those with the largest weights in the value probe.</summary>
    Value,
}

/// <summary>Options of <see cref="ValueNeurons"/>.</summary>
public sealed record ValueNeuronsOptions
{
    /// <summary>Random or value units.</summary>
    public AblatedUnits Units { get; init; }

    /// <summary>Share of the units of the last hidden state.</summary>
    public double Share { get; init; } = 0.05;

    /// <summary>Updates of 64 sums.</summary>
    public int Steps { get; init; } = 900;

    /// <summary>Width of the hidden state.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Sums that the probe learns from, and as many that are measured.</summary>
    public int Sums { get; init; } = 1000;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Steps", Steps, 1), ("Sums", Sums, 20)),
        .. StudyProblems.When(Share is not (> 0 and < 1), $"Share is {Share}; it lies above 0 and below 1."),
        .. StudyProblems.When(Width < 8 || Width % 8 != 0, $"Width is {Width}; it is a multiple of 8."),
    ];
}

/// <summary>A small transformer learns sums of numbers below 100; a value probe is learned on the hidden states of its own answers, and units are put to zero.</summary>
/// <remarks>
/// Sums are written digit by digit, the answer with its last digit first. The probe is <see cref="ValueUnits"/> over the states from the equals sign on, with the reward 1 for a right answer that was sampled. Units are those of the last hidden state; random ones are averaged over five draws. Measures on sums that training left out:
/// <c>accuracy</c> of the most likely answer with the units at zero; <c>whole</c>, without; <c>probe</c>, rank correlation of V at the equals sign with the reward on new answers; <c>pruned_probe</c>, the same from those units alone; <c>error_units</c>, the largest correlation of a unit with the prediction error.
/// <para>Sparse Reward Subsystem in Large Language Models (atlas row 214).</para>
/// </remarks>
public sealed class ValueNeurons(ValueNeuronsOptions options) : IStudy
{
    private const int Plus = 10, Equal = 11, Tokens = 12, Prompt = 6, Answer = 3;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var language = new TinyLanguage(Tokens, options.Width, 2, random.Split("weights", 0));
        int[] order = random.Split("split", 0).Permutation(10_000), kept = order[..(2 * options.Sums)], taught = order[(2 * options.Sums)..];
        var draw = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            int[] sums = [.. Enumerable.Range(0, 64).Select(_ => taught[draw.NextInt(taught.Length)])];
            language.Step([.. sums.Select(Asked)], [.. sums.Select(Right)], Schedule.Cosine(4e-3f, 4e-4f, options.Steps, 30).At(step));
        }

        // Answers of its own, with what they earned.
        var sample = random.Split("sample", 0);
        var episodes = kept.Chunk(500).SelectMany(Sampled).ToList();
        var learn = episodes[..options.Sums];
        var test = episodes[options.Sums..];
        var values = ValueUnits.Fit(learn);
        int count = Math.Max(1, (int)Math.Round(options.Share * options.Width));
        int[] top = [.. values.Ranking.Take(count)];
        var pick = random.Split("units", 0);
        int[][] ablated = options.Units == AblatedUnits.Value ? [top] : [.. Enumerable.Range(0, 5).Select(_ => pick.Permutation(options.Width)[..count])];
        double[] rewards = [.. test.Select(e => e.Reward)];
        double Probe(IReadOnlySet<int>? only) => Correlation.Spearman([.. test.Select(e => values.Value(e.States[0], only))], rewards);
        return new Dictionary<string, double>
        {
            ["accuracy"] = ablated.Average(Accuracy), ["whole"] = Accuracy([]), ["probe"] = Probe(null), ["pruned_probe"] = Probe(top.ToHashSet()), ["error_units"] = values.ErrorCorrelation(test).Max(Math.Abs),
        };

        // The most likely answer is right when each of its digits is the most likely one after the right ones before it.
        double Accuracy(int[] units)
        {
            float[] mask = [.. Enumerable.Range(0, options.Width).Select(k => units.Contains(k) ? 0f : 1f)];
            int right = 0;
            foreach (int[] part in kept[options.Sums..].Chunk(500))
            {
                int[][] rows = [.. part.Select(s => (int[])[.. Asked(s), .. Right(s)])];
                float[][][] logits = [.. Enumerable.Range(0, Answer).Select(a => language.At(rows, Prompt - 1 + a, mask))];
                right += Enumerable.Range(0, rows.Length).Count(i => Enumerable.Range(0, Answer).All(a => logits[a][i].AsSpan().IndexOf(logits[a][i].Max()) == rows[i][Prompt + a]));
            }

            return (double)right / options.Sums;
        }

        IEnumerable<(IReadOnlyList<float[]> States, double Reward)> Sampled(int[] part)
        {
            int[][] rows = [.. part.Select(Asked)];
            for (int a = 0; a < Answer; a++)
            {
                float[][] logits = language.After(rows);
                rows = [.. rows.Select((r, i) => (int[])[.. r, sample.NextIndex([.. logits[i].Select(l => Math.Exp(l - logits[i].Max()))])])];
            }

            float[][][] hidden = language.Hidden(rows);
            return [.. part.Select((s, i) => ((IReadOnlyList<float[]>)hidden[i][(Prompt - 1)..^1], rows[i].AsSpan(Prompt).SequenceEqual(Right(s)) ? 1.0 : 0))];
        }
    }

    private static int[] Asked(int sum) => [sum / 1000, sum / 100 % 10, Plus, sum / 10 % 10, sum % 10, Equal];

    private static int[] Right(int sum) => [((sum / 100) + (sum % 100)) % 10, ((sum / 100) + (sum % 100)) / 10 % 10, ((sum / 100) + (sum % 100)) / 100];
}
