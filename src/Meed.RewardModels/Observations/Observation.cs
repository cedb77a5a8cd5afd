using System.Runtime.InteropServices;
using System.Text.Json;
using Meed.Rewards;

namespace Meed.RewardModels.Observations;

/// <summary>A picture, a clip or the states of an environment, as numbers.</summary>
/// <remarks>Pixels are 0 to 1. What was read from files of 8 bits is kept in bytes, so that many of them take little memory.</remarks>
public sealed class Observation
{
    private readonly byte[]? _bytes;
    private readonly float[]? _values;

    /// <summary>An observation of given numbers.</summary>
    /// <param name="shape">Its sizes.</param>
    /// <param name="values">Step after step: a frame plane after plane and row after row, or a state and its action.</param>
    /// <exception cref="ArgumentException">The numbers do not fill the shape, or one is not finite.</exception>
    public Observation(ObservationShape shape, float[] values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != shape.Steps * shape.StepSize)
        {
            throw new ArgumentException($"Observation: {values.Length} numbers do not fill {shape}, which take {shape.Steps * shape.StepSize}.", nameof(values));
        }

        if (Array.FindIndex(values, v => !float.IsFinite(v)) is var bad and >= 0)
        {
            throw new ArgumentException($"Observation: number {bad} is {values[bad]}.", nameof(values));
        }

        Shape = shape;
        _values = values;
    }

    /// <summary>An observation of pixels of 8 bits, 255 for 1.</summary>
    /// <param name="shape">Its sizes.</param>
    /// <param name="pixels">Frame after frame, plane after plane, row after row.</param>
    public Observation(ObservationShape shape, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != shape.Steps * shape.StepSize)
        {
            throw new ArgumentException($"Observation: {pixels.Length} pixels do not fill {shape}.", nameof(pixels));
        }

        Shape = shape;
        _bytes = pixels;
    }

    /// <summary>Its sizes.</summary>
    public ObservationShape Shape { get; }

    /// <summary>Numbers in all.</summary>
    public int Length => Shape.Steps * Shape.StepSize;

    /// <summary>The number at a place.</summary>
    public float this[int index] => _bytes is null ? _values![index] : _bytes[index] * (1f / 255f);

    /// <summary>Mean of its numbers.</summary>
    public double Mean
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Length; i++)
            {
                sum += this[i];
            }

            return sum / Length;
        }
    }

    /// <summary>Pictures in order as one clip.</summary>
    /// <param name="frames">Pictures of one size.</param>
    public static Observation Clip(IReadOnlyList<Observation> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var shape = frames[0].Shape with { Kind = ObservationKind.Clip, Steps = frames.Count };
        return frames.All(f => f._bytes is not null) ? new Observation(shape, [.. frames.SelectMany(f => f._bytes!)])
            : new Observation(shape, [.. frames.SelectMany(f => Enumerable.Range(0, f.Length).Select(i => f[i]))]);
    }

    /// <summary>The row of a sample that shows this observation: <c>{"image": ..}</c>, <c>{"frames": ..}</c> or <c>{"states": .., "actions": ..}</c>.</summary>
    public JsonElement AsItem()
    {
        var item = new Dictionary<string, object>();
        switch (Shape.Kind)
        {
            case ObservationKind.Picture:
                item["image"] = Pixels(0);
                break;
            case ObservationKind.Clip:
                item["frames"] = Enumerable.Range(0, Shape.Steps).Select(Pixels).ToArray();
                break;
            default:
                item["states"] = Enumerable.Range(0, Shape.Steps).Select(t => Row(t * Shape.StepSize, Shape.Width)).ToArray();
                if (Shape.Actions > 0)
                {
                    item["actions"] = Enumerable.Range(0, Shape.Steps).Select(t => Row((t * Shape.StepSize) + Shape.Width, Shape.Actions)).ToArray();
                }

                break;
        }

        return JsonSerializer.SerializeToElement(item);
    }

    /// <summary>A key over sizes and numbers.</summary>
    internal SampleKey Key()
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Shape.ToString()));
        hash.AppendData(_bytes ?? MemoryMarshal.AsBytes(_values.AsSpan()).ToArray());
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return new SampleKey(System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(digest), System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }

    // [height][width][channels]
    private float[][][] Pixels(int step) => [.. Enumerable.Range(0, Shape.Height).Select(y => (float[][])[.. Enumerable.Range(0, Shape.Width).Select(x =>
        (float[])[.. Enumerable.Range(0, Shape.Channels).Select(c => this[(step * Shape.StepSize) + (((c * Shape.Height) + y) * Shape.Width) + x])])])];

    private float[] Row(int start, int count) => [.. Enumerable.Range(start, count).Select(i => this[i])];
}
