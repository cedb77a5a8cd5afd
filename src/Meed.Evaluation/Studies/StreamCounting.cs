using Meed.Evaluation.Protocols;
using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>What is kept of a stream.</summary>
public enum StreamMemory : byte
{
    /// <summary>The last frames.</summary>
    Window,

    /// <summary>Events cut where the next frame surprises.</summary>
    Surprise,
}

/// <summary>Options of <see cref="StreamCounting"/>.</summary>
public sealed record StreamCountingOptions
{
    /// <summary>Window or surprise.</summary>
    public StreamMemory Memory { get; init; }

    /// <summary>Rooms of a long stream.</summary>
    public int Rooms { get; init; } = 24;

    /// <summary>Latent vectors that either memory may hold.</summary>
    public int Budget { get; init; } = 64;

    /// <summary>Streams that are measured.</summary>
    public int Streams { get; init; } = 20;

    /// <summary>Deviation of the noise in each latent number.</summary>
    public double Noise { get; init; } = 0.3;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Rooms", Rooms, 4), ("Budget", Budget, 4), ("Streams", Streams, 1)),
        .. StudyProblems.When(!(Noise > 0), $"Noise is {Noise}; it is above 0."),
    ];
}

/// <summary>Clips of rooms, one after the other: how many chairs were there in all, and in which order did odd things appear?</summary>
/// <remarks>
/// A frame is a latent of 16 numbers: the room, the chairs in view times the chair's direction, at times an odd object, and noise that partly carries over. Rooms last 20 to 40 frames. Both memories hold equally many latents. The reader is the same for both: it groups the
/// latents of a memory by room (a jump in what is orthogonal to objects) and adds up the rounded chairs of each group. Measures: <c>count_accuracy</c>, mean relative accuracy on long streams; <c>short_accuracy</c> on streams of two rooms;
/// <c>recall</c>, share of pairs of odd objects that the memory holds in the right order.
/// <para>Cambrian-S, arXiv:2511.04670 (atlas row 165).</para>
/// </remarks>
public sealed class StreamCounting(StreamCountingOptions options) : IStudy
{
    private const int Width = 16, Odd = 4;

    private readonly record struct Stream(List<float[]> Frames, int Chairs, int[] OddOrder);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed).Split("world", 0);

        // The chair and the odd objects have directions of their own; rooms live in the other numbers.
        double shortAccuracy = 0, longAccuracy = 0, recall = 0;
        for (int s = 0; s < options.Streams; s++)
        {
            stop.ThrowIfCancellationRequested();
            var few = Draw(random, 2);
            var many = Draw(random, options.Rooms);
            shortAccuracy += Count(Keep(few), few.Chairs) / options.Streams;
            var kept = Keep(many);
            longAccuracy += Count(kept, many.Chairs) / options.Streams;
            recall += Order(kept, many.OddOrder) / options.Streams;
        }

        return new Dictionary<string, double> { ["count_accuracy"] = longAccuracy, ["short_accuracy"] = shortAccuracy, ["recall"] = recall };
    }

    private Stream Draw(RandomStream random, int rooms)
    {
        var frames = new List<float[]>();
        int chairs = 0;
        int[] odd = random.Permutation(Odd), at = [.. random.Permutation(rooms).Take(Math.Min(Odd, rooms)).Order()];
        var carried = new double[Width];
        for (int r = 0; r < rooms; r++)
        {
            int own = random.NextInt(1, 6), length = random.NextInt(20, 41), seen = Array.IndexOf(at, r), oddFrom = random.NextInt(6, 12);
            chairs += own;
            double[] room = [.. Enumerable.Range(0, Width).Select(k => k > Odd ? 1.2 * random.NextNormal() : 0)];
            for (int f = 0; f < length; f++)
            {
                var frame = new float[Width];
                for (int k = 0; k < Width; k++)
                {
                    carried[k] = (0.5 * carried[k]) + (options.Noise * random.NextNormal());
                    double value = room[k] + carried[k] + (k == 0 ? own : 0);
                    value += seen >= 0 && k == 1 + odd[seen] && f >= oddFrom && f < oddFrom + 8 ? 4 : 0;
                    frame[k] = (float)value;
                }

                frames.Add(frame);
            }
        }

        return new Stream(frames, chairs, [.. odd.Take(at.Length)]);
    }

    private List<float[]> Keep(Stream stream)
    {
        if (options.Memory == StreamMemory.Window)
        {
            return [.. stream.Frames.TakeLast(options.Budget)];
        }

        // The open event takes one latent of the budget.
        var memory = new SurpriseMemory(Width, options.Budget - 1);
        foreach (float[] frame in stream.Frames)
        {
            memory.Watch(frame);
        }

        return [.. memory.Events.Select(e => e.Mean)];
    }

    // Latents of one room lie near each other outside the objects' directions.
    private static double Count(List<float[]> kept, int truth)
    {
        double count = 0;
        for (int i = 0; i < kept.Count;)
        {
            int to = i + 1;
            double sum = kept[i][0];
            while (to < kept.Count && Apart(kept[to - 1], kept[to]) < 2)
            {
                sum += kept[to][0];
                to++;
            }

            count += Math.Round(sum / (to - i));
            i = to;
        }

        return CapabilityIndex.Score(AnswerMetric.Number, [truth], [count]);
    }

    private static double Order(List<float[]> kept, int[] truth)
    {
        int[] found = [.. kept.SelectMany((x, t) => Enumerable.Range(0, Odd).Where(k => x[1 + k] > 1.5).Select(k => (t, k))).OrderBy(p => p.t).Select(p => p.k).Distinct()];
        int right = 0, all = 0;
        for (int a = 0; a < truth.Length; a++)
        {
            for (int b = a + 1; b < truth.Length; b++)
            {
                int i = Array.IndexOf(found, truth[a]), j = Array.IndexOf(found, truth[b]);
                all++;
                right += i >= 0 && j > i ? 1 : 0;
            }
        }

        return (double)right / all;
    }

    private static double Apart(float[] a, float[] b) => Math.Sqrt(Enumerable.Range(Odd + 1, Width - Odd - 1).Sum(k => (a[k] - b[k]) * (a[k] - b[k])));
}
