using System.Buffers.Binary;
using System.Text;

namespace Meed.Recipes.Runs;

/// <summary>Writes TensorBoard event files: TFRecords of <c>Event</c> messages with scalar summaries.</summary>
/// <remarks>
/// Record: length (uint64), masked CRC-32C of the length, data, masked CRC-32C of the data, all little-endian.
/// Event: 1 wall_time (double), 2 step (int64), 3 file_version (string), 5 summary. Summary: repeated 1 value. Value: 1 tag, 2 simple_value (float).
/// </remarks>
public sealed class EventFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens a file, cut to a length that an earlier run noted, or begins a new one.</summary>
    /// <param name="path">A name that contains <c>tfevents</c>, which the viewer looks for.</param>
    /// <param name="length">Bytes to keep; 0 for a new file.</param>
    public EventFile(string path, long length = 0)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _file.SetLength(Math.Min(length, _file.Length));
        _file.Seek(0, SeekOrigin.End);
        if (_file.Length == 0)
        {
            var version = new List<byte>();
            Number(version, 1, Now());
            Bytes(version, 3, "brain.Event:2"u8);
            Record([.. version]);
        }
    }

    /// <summary>Bytes written.</summary>
    public long Length => _file.Position;

    /// <summary>Adds the scalars of a step as one event.</summary>
    public void Scalars(long step, IReadOnlyList<(string Name, double Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var summary = new List<byte>();
        Span<byte> bits = stackalloc byte[4];
        foreach (var (name, value) in values)
        {
            var item = new List<byte>();
            Bytes(item, 1, Encoding.UTF8.GetBytes(name));
            item.Add((2 << 3) | 5);
            BinaryPrimitives.WriteSingleLittleEndian(bits, (float)value);
            item.AddRange(bits);
            Bytes(summary, 1, [.. item]);
        }

        var message = new List<byte>();
        Number(message, 1, Now());
        message.Add(2 << 3);
        Varint(message, (ulong)step);
        Bytes(message, 5, [.. summary]);
        Record([.. message]);
    }

    /// <summary>Hands what was written to the operating system; with <paramref name="toDisk"/> also to the disk.</summary>
    public void Flush(bool toDisk = false) => _file.Flush(toDisk);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Record(ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Crc32C.Masked(head[..8]));
        Span<byte> tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, Crc32C.Masked(data));
        _file.Write(head);
        _file.Write(data);
        _file.Write(tail);
    }

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    private static void Number(List<byte> to, int field, double value)
    {
        to.Add((byte)((field << 3) | 1));
        Span<byte> bits = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bits, value);
        to.AddRange(bits);
    }

    private static void Bytes(List<byte> to, int field, ReadOnlySpan<byte> value)
    {
        to.Add((byte)((field << 3) | 2));
        Varint(to, (ulong)value.Length);
        to.AddRange(value);
    }

    private static void Varint(List<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.Add((byte)(value | 0x80));
        }

        to.Add((byte)value);
    }
}
