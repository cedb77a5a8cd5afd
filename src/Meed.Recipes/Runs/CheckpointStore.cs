using System.Buffers.Binary;
using System.Text.Json;

namespace Meed.Recipes.Runs;

/// <summary>What a checkpoint says about itself, beside the trainer's own state.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Phase">The phase that the state belongs to, such as <c>warm-start</c> or <c>train</c>.</param>
/// <param name="Files">Length of each file of the run at that moment; resuming cuts them back to it.</param>
public sealed record CheckpointHeader(long Step, string Phase, IReadOnlyDictionary<string, long> Files);

/// <summary>A checkpoint that cannot be read.</summary>
public sealed class CheckpointException(string message) : IOException(message);

/// <summary>The checkpoints of a run: written whole or not at all, the newest two kept.</summary>
/// <remarks>File: magic (8), header length (int32), header JSON, state, then length of all before (int64), CRC-32C (uint32), magic (8); little-endian.</remarks>
public sealed class CheckpointStore(string folder)
{
    private static ReadOnlySpan<byte> Magic => "MEEDCKP1"u8;

    private const int FooterBytes = 8 + 4 + 8;

    /// <summary>How many checkpoints stay.</summary>
    public const int Kept = 2;

    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>Checkpoint files, newest first.</summary>
    public IReadOnlyList<string> Files() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*.ckpt").OrderByDescending(f => Path.GetFileName(f), StringComparer.Ordinal)]
        : [];

    /// <summary>Writes a checkpoint and then drops all but the newest two.</summary>
    /// <param name="order">Grows with every checkpoint of the run; names the file.</param>
    /// <param name="header">Step, phase and file lengths.</param>
    /// <param name="state">Writes the trainer's state.</param>
    /// <returns>The file.</returns>
    public string Save(long order, CheckpointHeader header, Action<Stream> state)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(state);
        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, $"{order:D10}.ckpt");
        Disk.Replace(path, file =>
        {
            var sum = new SummingStream(file);
            sum.Write(Magic);
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
            Span<byte> number = stackalloc byte[8];
            BinaryPrimitives.WriteInt32LittleEndian(number, json.Length);
            sum.Write(number[..4]);
            sum.Write(json);
            state(sum);
            sum.Flush();
            BinaryPrimitives.WriteInt64LittleEndian(number, sum.Position);
            file.Write(number);
            BinaryPrimitives.WriteUInt32LittleEndian(number, sum.Crc);
            file.Write(number[..4]);
            file.Write(Magic);
        });
        foreach (string old in Files().Skip(Kept))
        {
            Disk.TryDelete(old);
        }

        return path;
    }

    /// <summary>Opens the newest whole checkpoint.</summary>
    /// <param name="skipped">A sentence for each newer file that is damaged.</param>
    /// <returns>Header and state, or null when the run has no checkpoint.</returns>
    /// <exception cref="CheckpointException">There are checkpoints and none is whole.</exception>
    public (CheckpointHeader Header, Stream State, string Path)? OpenNewest(out IReadOnlyList<string> skipped)
    {
        var bad = new List<string>();
        skipped = bad;
        var files = Files();
        foreach (string file in files)
        {
            try
            {
                var (header, state) = Read(file);
                return (header, state, file);
            }
            catch (CheckpointException e)
            {
                bad.Add(e.Message);
            }
        }

        return files.Count == 0 ? null : throw new CheckpointException($"No checkpoint in {Folder} is whole: {string.Join(" ", bad)} Start the run anew.");
    }

    /// <summary>Reads one file, checked to its last byte.</summary>
    /// <exception cref="CheckpointException">The file is cut off or damaged; the message says where.</exception>
    public static (CheckpointHeader Header, Stream State) Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < Magic.Length + 4 + FooterBytes || !bytes.AsSpan(0, 8).SequenceEqual(Magic))
        {
            throw new CheckpointException($"{path} ({bytes.Length} bytes) is not a checkpoint or is cut off at its start.");
        }

        var footer = bytes.AsSpan(bytes.Length - FooterBytes);
        long length = BinaryPrimitives.ReadInt64LittleEndian(footer);
        if (!footer[12..].SequenceEqual(Magic) || length != bytes.Length - FooterBytes)
        {
            throw new CheckpointException($"{path} is cut off at byte {bytes.Length}.");
        }

        uint crc = Crc32C.Of(bytes.AsSpan(0, (int)length));
        if (crc != BinaryPrimitives.ReadUInt32LittleEndian(footer[8..]))
        {
            throw new CheckpointException($"{path} is damaged: its checksum is {crc:x8}, it should be {BinaryPrimitives.ReadUInt32LittleEndian(footer[8..]):x8}.");
        }

        int headerLength = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        var header = JsonSerializer.Deserialize<CheckpointHeader>(bytes.AsSpan(12, headerLength))!;
        return (header, new MemoryStream(bytes, 12 + headerLength, (int)length - 12 - headerLength, writable: false));
    }

    // Passes bytes on and keeps their checksum and count.
    private sealed class SummingStream(Stream inner) : Stream
    {
        private long _position;

        public uint Crc { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _position;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            Crc = Crc32C.Append(Crc, buffer);
            _position += buffer.Length;
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
