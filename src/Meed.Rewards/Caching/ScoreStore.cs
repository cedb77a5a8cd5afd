using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Meed.Rewards.Caching;

/// <summary>Scores by content, in bounded memory and, where a file is named, on disk as well.</summary>
/// <remarks>
/// A key stands for reward document, prompt, response, reference and the limits of the call; <see cref="Combinators.Cache{TSample}"/> makes it.
/// When memory is full, the half that was not asked for since the last clearing is dropped.
/// <para>The file only grows: records of length, check and content, written with one call a batch, so that a killed process loses at most its
/// last batch. A tail that is no whole record is cut when the file is opened. One process writes at a time; the file is locked while it is open.</para>
/// </remarks>
public sealed class ScoreStore : IDisposable
{
    /// <summary>Scores kept in memory at most when a file stands behind them.</summary>
    public const int DefaultCapacity = 1_000_000;

    private const int LongestRecord = 64 << 20;
    private static readonly byte[] s_head = "meed scores 1\n"u8.ToArray();
    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly string? _path;
    private FileStream? _file;
    private long _length;
    private Dictionary<SampleKey, StoredScore> _young = [];
    private Dictionary<SampleKey, StoredScore> _old = [];

    /// <summary>A store in memory.</summary>
    /// <param name="capacity">Scores kept at most.</param>
    public ScoreStore(int capacity = 65_536)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    private ScoreStore(string path, FileStream file, int capacity)
        : this(capacity) => (_path, _file) = (path, file);

    /// <summary>What had to be said about the file, one sentence: a tail that was cut, a disk that is full. Null when all is well.</summary>
    public string? Notice { get; private set; }

    /// <summary>Scores in memory.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _young.Count + _old.Count;
            }
        }
    }

    /// <summary>A store over a file, which is made when it does not exist. Cuts a tail that is no whole record and says so in <see cref="Notice"/>.</summary>
    /// <exception cref="ScoreStoreException">The file is something else, cannot be opened, or another process writes to it; one sentence.</exception>
    public static ScoreStore Open(string path, int capacity = DefaultCapacity)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
            var store = new ScoreStore(path, file, capacity);
            store.Load();
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool locked = file is null && e is IOException and not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(path);
            file?.Dispose();
            throw new ScoreStoreException(locked
                ? $"The cache {path} is in use: another process writes to it. Wait for it or name another file."
                : $"The cache {path} cannot be used: {e.Message}", e);
        }
        catch (ScoreStoreException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    internal StoredScore? Find(SampleKey key)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var hit))
            {
                return hit;
            }

            if (_old.Remove(key, out hit))
            {
                Remember(key, hit);
            }

            return hit;
        }
    }

    internal void Add(IReadOnlyList<(SampleKey Key, StoredScore Score)> scores)
    {
        if (scores.Count == 0)
        {
            return;
        }

        byte[]? records = _file is null ? null : Encode(scores);
        lock (_lock)
        {
            foreach (var (key, score) in scores)
            {
                Remember(key, score);
            }

            if (records is not null && _file is not null)
            {
                Append(records);
            }
        }
    }

    private void Remember(SampleKey key, StoredScore score)
    {
        _young[key] = score;
        _old.Remove(key);
        if (_young.Count > Math.Max(1, _capacity / 2))
        {
            (_old, _young) = (_young, []);
        }
    }

    private void Append(byte[] records)
    {
        try
        {
            RandomAccess.Write(_file!.SafeFileHandle, records, _length);
            _length += records.Length;
        }
        catch (IOException e)
        {
            Notice = $"The cache {_path} takes no more scores: {e.Message} The run goes on without it.";
            try
            {
                _file!.SetLength(_length);
            }
            catch (IOException)
            {
                // The next opening cuts the tail.
            }

            _file!.Dispose();
            _file = null;
        }
    }

    private static byte[] Encode(IReadOnlyList<(SampleKey Key, StoredScore Score)> scores)
    {
        using var all = new MemoryStream();
        using var writer = new BinaryWriter(all);
        foreach (var (key, score) in scores)
        {
            long start = all.Position;
            writer.Write(0L);   // length and check, known below
            writer.Write(key.High);
            writer.Write(key.Low);
            score.Write(writer);
            int length = (int)(all.Position - start - 8);
            var record = all.GetBuffer().AsSpan((int)start, 8 + length);
            BinaryPrimitives.WriteInt32LittleEndian(record, length);
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Check(record[8..]));
        }

        return all.ToArray();
    }

    // Four bytes of SHA-256: they tell a torn or changed record, not a forged one.
    private static uint Check(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(content, digest);
        return BinaryPrimitives.ReadUInt32LittleEndian(digest);
    }

    private void Load()
    {
        long total = _file!.Length;
        using var input = new BufferedStream(new NoClose(_file), 1 << 20);
        var head = new byte[(int)Math.Min(total, s_head.Length)];
        input.ReadExactly(head);
        if (!s_head.AsSpan(0, head.Length).SequenceEqual(head))
        {
            throw new ScoreStoreException($"{_path} is no cache of scores; name another file.");
        }

        if (head.Length < s_head.Length)
        {
            RandomAccess.Write(_file.SafeFileHandle, s_head, 0);
            _length = s_head.Length;
            return;
        }

        _length = s_head.Length;
        long records = 0;
        var frame = new byte[8];
        byte[] content = [];
        while (_length < total)
        {
            int got = input.ReadAtLeast(frame, 8, throwOnEndOfStream: false);
            int length = got == 8 ? BinaryPrimitives.ReadInt32LittleEndian(frame) : -1;
            if (length is < 16 or > LongestRecord || length > total - _length - 8)
            {
                break;
            }

            content = content.Length < length ? new byte[Math.Max(length, 4096)] : content;
            var body = content.AsSpan(0, length);
            input.ReadExactly(body);
            if (Check(body) != BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(4)) || !StoredScore.TryRead(body[16..], out var score))
            {
                break;
            }

            Remember(new SampleKey(BinaryPrimitives.ReadUInt64LittleEndian(body), BinaryPrimitives.ReadUInt64LittleEndian(body[8..])), score);
            _length += 8 + length;
            records++;
        }

        if (_length < total)
        {
            _file.SetLength(_length);
            Notice = $"The cache {_path} ended in {total - _length:#,0} bytes that are no whole record; they were cut, {records:#,0} scores remain.";
        }
    }

    /// <summary>Keeps the file open when the buffer over it closes.</summary>
    private sealed class NoClose(FileStream file) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>A cache file cannot be used. The message is one sentence.</summary>
public sealed class ScoreStoreException(string message, Exception? inner = null) : Exception(message, inner);
