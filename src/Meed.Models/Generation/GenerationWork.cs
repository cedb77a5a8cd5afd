using System.Buffers;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Models.Generation;

/// <summary>The rows of one call: what is to be written, and what has been. Lanes take rows from it and each writes only its own.</summary>
internal sealed class GenerationWork
{
    private readonly ITokenizer _tokenizer;
    private readonly RandomStream _random;
    private readonly byte[][] _stopBytes;
    private readonly int _longestStop;
    private readonly bool[] _isStop;
    private readonly int[][] _tokens;
    private readonly float[][] _logProbs;
    private readonly Ending[] _endings;
    private int _next = -1;

    public GenerationWork(
        IReadOnlyList<int[]> prompts, int perPrompt, SamplingOptions options, IReadOnlyList<int> stopTokens, ITokenizer tokenizer, TransformerConfig config, RandomStream random, CancellationToken cancellationToken)
    {
        Prompts = prompts;
        PerPrompt = perPrompt;
        Options = options;
        Cancellation = cancellationToken;
        MaximumPositions = config.MaximumPositions;
        Vocabulary = config.VocabularySize;
        Rows = prompts.Count * perPrompt;
        _tokenizer = tokenizer;
        _random = random;
        _stopBytes = [.. options.StopStrings.Select(s => Wtf8.GetBytes(s))];
        _longestStop = _stopBytes.Length == 0 ? 0 : _stopBytes.Max(s => s.Length);
        _isStop = new bool[Vocabulary];
        foreach (int token in stopTokens)
        {
            _isStop[(uint)token < (uint)Vocabulary ? token : throw new ArgumentException($"Generator: stop token {token} is not in the vocabulary of {Vocabulary}.", nameof(stopTokens))] = true;
        }

        _tokens = new int[Rows][];
        _logProbs = new float[Rows][];
        _endings = new Ending[Rows];
        for (int r = 0; r < Rows; r++)
        {
            int most = Math.Min(options.MaximumNewTokens, MaximumPositions - Prompt(r).Length);
            _tokens[r] = new int[most];
            _logProbs[r] = new float[most];
        }
    }

    public IReadOnlyList<int[]> Prompts { get; }

    public int PerPrompt { get; }

    public SamplingOptions Options { get; }

    public CancellationToken Cancellation { get; }

    public int MaximumPositions { get; }

    public int Vocabulary { get; }

    public int Rows { get; }

    /// <summary>The next row nobody has taken, or −1.</summary>
    public int Take()
    {
        int row = Interlocked.Increment(ref _next);
        return row < Rows ? row : -1;
    }

    /// <summary>Gives out no more rows; a lane has failed.</summary>
    public void Close() => Interlocked.Exchange(ref _next, Rows);

    public int[] Prompt(int row) => Prompts[row / PerPrompt];

    public RandomStream Stream(int row) => _random.Split("row", row);

    /// <summary>Writes one token of a row; true when the row has ended with it.</summary>
    public bool Write(int row, int at, int token, float logProb, ref RowBytes bytes)
    {
        _tokens[row][at] = token;
        _logProbs[row][at] = logProb;
        if (_isStop[token])
        {
            _endings[row] = new Ending(at + 1, -1, Truncated: false);
            return true;
        }

        if (_longestStop > 0 && token < _tokenizer.VocabularySize)
        {
            int before = bytes.Length;
            bytes.Append(_tokenizer.BytesOf(token));
            int from = Math.Max(0, before - _longestStop + 1);
            int cut = FirstStop(bytes.Written[from..]);
            if (cut >= 0)
            {
                _endings[row] = new Ending(at + 1, from + cut, Truncated: false);
                return true;
            }
        }

        if (at + 1 == _tokens[row].Length)
        {
            _endings[row] = new Ending(at + 1, -1, Truncated: true);
            return true;
        }

        return false;
    }

    public Completion[] Completions()
    {
        var completions = new Completion[Rows];
        var bytes = new ArrayBufferWriter<byte>();
        for (int r = 0; r < Rows; r++)
        {
            var (count, cut, truncated) = _endings[r];
            bytes.ResetWrittenCount();
            for (int i = 0; i < count; i++)
            {
                int token = _tokens[r][i];
                if (!_isStop[token] && token < _tokenizer.VocabularySize)
                {
                    bytes.Write(_tokenizer.BytesOf(token));
                }
            }

            var text = bytes.WrittenSpan;
            completions[r] = new Completion(_tokens[r][..count], _logProbs[r][..count], Wtf8.GetString(cut >= 0 ? text[..cut] : text), truncated);
        }

        return completions;
    }

    private int FirstStop(ReadOnlySpan<byte> tail)
    {
        int first = -1;
        foreach (byte[] stop in _stopBytes)
        {
            int at = tail.IndexOf(stop);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }

        return first;
    }

    private readonly record struct Ending(int Count, int Cut, bool Truncated);
}

/// <summary>The bytes a row has written so far; kept only while stop strings are looked for.</summary>
internal struct RowBytes
{
    private byte[]? _bytes;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(ReadOnlySpan<byte> more)
    {
        if (_bytes is null || Length + more.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(256, 2 * (Length + more.Length)));
        }

        more.CopyTo(_bytes.AsSpan(Length));
        Length += more.Length;
    }
}
