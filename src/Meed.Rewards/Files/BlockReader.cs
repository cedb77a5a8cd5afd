using System.Buffers;
using System.IO.Compression;

namespace Meed.Rewards.Files;

/// <summary>A run of whole lines of one input.</summary>
internal readonly record struct Block(byte[] Buffer, int Length, long Sequence, int File, long FirstLine)
{
    /// <summary>The lines that are not blank, with their numbers; valid while the buffer is.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Line, long Number)> Lines()
    {
        long number = FirstLine;
        for (int start = 0; start < Length; number++)
        {
            int end = Buffer.AsSpan(start, Length - start).IndexOf((byte)'\n');
            int next = end < 0 ? Length : start + end + 1;
            int from = number == 1 && Buffer.AsSpan(start, next - start).StartsWith("\uFEFF"u8) ? start + 3 : start;
            var line = Buffer.AsMemory(from, next - from);
            start = next;
            if (line.Span.IndexOfAnyExcept(" \t\r\n"u8) >= 0)
            {
                yield return (line, number);
            }
        }
    }
}

/// <summary>Cuts inputs into blocks of whole lines. One caller at a time.</summary>
internal sealed class BlockReader(IReadOnlyList<string> inputs, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Bytes a block aims at.</summary>
    public const int BlockBytes = 512 << 10;

    /// <summary>Longest line.</summary>
    public const int LongestLine = 256 << 20;

    private byte[] _rest = [];
    private int _restLength;
    private Stream? _raw;
    private Stream? _stream;
    private int _file = -1;
    private long _line;
    private long _sequence;
    private long _bytesBefore;
    private volatile bool _done;

    /// <summary>Bytes of the inputs read, as they lie on disk.</summary>
    public long BytesRead => _bytesBefore + Position();

    public static long TotalBytes(IReadOnlyList<string> inputs) => inputs.Contains("-") ? 0 : inputs.Sum(i => new FileInfo(i).Length);

    /// <summary>The next block in a rented buffer; false at the end of all inputs.</summary>
    public bool TryNext(out Block block)
    {
        block = default;
        while (!_done)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_stream is null && !Open())
            {
                _done = true;
                return false;
            }

            try
            {
                if (Fill(out block))
                {
                    return true;
                }
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new FileScoringException($"{inputs[_file]}: cannot be read on behind line {_line}: {e.Message}", e);
            }
        }

        return false;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _raw?.Dispose();
    }

    private long Position()
    {
        try
        {
            return _raw is FileStream file ? file.Position : 0;
        }
        catch (Exception e) when (e is ObjectDisposedException or NotSupportedException or IOException)
        {
            return 0;
        }
    }

    private bool Open()
    {
        if (++_file >= inputs.Count)
        {
            return false;
        }

        _line = 1;
        string path = inputs[_file];
        try
        {
            _raw = path == "-" ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);
            var head = new byte[2];
            int n = _raw.ReadAtLeast(head, 2, throwOnEndOfStream: false);
            Stream whole = path == "-" || !_raw.CanSeek ? new HeadStream(head.AsMemory(0, n), _raw) : _raw;
            if (whole == _raw)
            {
                _raw.Position = 0;
            }

            _stream = n == 2 && head[0] == 0x1f && head[1] == 0x8b ? new GZipStream(whole, CompressionMode.Decompress) : whole;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileScoringException($"Input '{path}' cannot be opened: {e.Message}", e);
        }
    }

    private bool Fill(out Block block)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(BlockBytes, 2 * _restLength));
        _rest.AsSpan(0, _restLength).CopyTo(buffer);
        int length = _restLength, newline = -1;
        _restLength = 0;
        while (true)
        {
            int n = _stream!.Read(buffer, length, buffer.Length - length);
            int last = buffer.AsSpan(length, n).LastIndexOf((byte)'\n');
            newline = last >= 0 ? length + last : newline;
            length += n;
            if (n == 0 || (newline >= 0 && length >= buffer.Length - (buffer.Length >> 2)))
            {
                return Finish(buffer, length, n == 0 ? length : newline + 1, n == 0, out block);
            }

            if (length == buffer.Length)
            {
                if (length >= LongestLine)
                {
                    throw new InvalidDataException($"the line is longer than {LongestLine >> 20} MB.");
                }

                byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
    }

    private bool Finish(byte[] buffer, int length, int used, bool end, out Block block)
    {
        if (end)
        {
            _bytesBefore += Position();
            _stream!.Dispose();
            _raw!.Dispose();
            (_stream, _raw) = (null, null);
        }
        else
        {
            _restLength = length - used;
            if (_rest.Length < _restLength)
            {
                _rest = new byte[_restLength];
            }

            buffer.AsSpan(used, _restLength).CopyTo(_rest);
        }

        if (used == 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            block = default;
            return false;
        }

        block = new Block(buffer, used, _sequence++, _file, _line);
        _line += buffer.AsSpan(0, used).Count((byte)'\n');
        return true;
    }

    /// <summary>A stream whose first bytes were already taken.</summary>
    private sealed class HeadStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_head.Length == 0)
            {
                return rest.Read(buffer, offset, count);
            }

            int n = Math.Min(count, _head.Length);
            _head.Span[..n].CopyTo(buffer.AsSpan(offset));
            _head = _head[n..];
            return n;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rest.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
