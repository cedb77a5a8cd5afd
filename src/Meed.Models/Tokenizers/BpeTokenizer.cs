using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Meed.Models.Tokenizers;

/// <summary>One merge of byte-pair encoding: two tokens that become one.</summary>
/// <param name="Left">Id of the left part.</param>
/// <param name="Right">Id of the right part.</param>
/// <param name="Result">Id of the joined token.</param>
public readonly record struct BpeMerge(int Left, int Right, int Result);

/// <summary>Byte-level byte-pair encoding: text as bytes, cut into pieces, in each piece the earliest learned merge first.</summary>
/// <remarks>Sennrich et al. 2016 (arXiv:1508.07909) over bytes (Radford et al. 2019). Any string can be encoded and comes back the same.</remarks>
public sealed class BpeTokenizer : Tokenizer
{
    private const int CacheLimit = 1 << 16;         // pieces
    private const int CachedPieceLimit = 64;        // bytes
    private const int ScanLimit = 48;               // tokens: below it, scanning all pairs beats a queue

    private readonly int[] _ofByte = new int[256];
    private readonly Dictionary<long, (int Rank, int Result)> _merges;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);

    /// <summary>A tokenizer over a vocabulary.</summary>
    /// <param name="vocabulary">Bytes of each token by id; all 256 single bytes are there. Rows of special tokens are empty.</param>
    /// <param name="merges">The merges, earliest learned first.</param>
    /// <param name="special">The special tokens.</param>
    /// <param name="preTokenizer">How text is cut; GPT-2's rule when null.</param>
    public BpeTokenizer(IReadOnlyList<byte[]> vocabulary, IReadOnlyList<BpeMerge> merges, IReadOnlyList<SpecialToken> special, PreTokenizer? preTokenizer = null)
        : base([.. vocabulary], special)
    {
        PreTokenizer = preTokenizer ?? PreTokenizer.Gpt2;
        Merges = [.. merges];
        Array.Fill(_ofByte, -1);
        for (int id = 0; id < vocabulary.Count; id++)
        {
            if (BytesOf(id) is [byte b] && _ofByte[b] < 0)
            {
                _ofByte[b] = id;
            }
        }

        int missing = Array.IndexOf(_ofByte, -1);
        if (missing >= 0)
        {
            throw new ArgumentException($"The vocabulary has no token for byte 0x{missing:X2}. A byte-level vocabulary holds all 256 single bytes.", nameof(vocabulary));
        }

        _merges = new Dictionary<long, (int, int)>(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            var m = merges[rank];
            if (!BytesOf(m.Result).SequenceEqual([.. BytesOf(m.Left), .. BytesOf(m.Right)]))
            {
                throw new ArgumentException($"Merge {rank} joins {m.Left} and {m.Right} into {m.Result}, whose bytes are not theirs together.", nameof(merges));
            }

            _merges.TryAdd(Pair(m.Left, m.Right), (rank, m.Result));
        }
    }

    /// <summary>How text is cut before merging.</summary>
    public PreTokenizer PreTokenizer { get; }

    /// <summary>The merges, earliest learned first.</summary>
    public IReadOnlyList<BpeMerge> Merges { get; }

    /// <summary>Ids of bytes, taken as one piece.</summary>
    public int[] EncodeBytes(ReadOnlySpan<byte> bytes)
    {
        var tokens = new List<int>(bytes.Length);
        EncodePiece(bytes, tokens);
        return [.. tokens];
    }

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> to) => TokenizerWriter.ByteLevel(to, this, Merges, PreTokenizer);

    private protected override void EncodePlain(ReadOnlySpan<char> text, List<int> tokens)
    {
        var ends = new List<int>();
        PreTokenizer.Cut(text, ends);
        var lookup = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        int start = 0;
        foreach (int end in ends)
        {
            var piece = text[start..end];
            start = end;
            if (lookup.TryGetValue(piece, out int[]? known))
            {
                tokens.AddRange(known);
                continue;
            }

            int before = tokens.Count;
            EncodePiece(Wtf8.GetBytes(piece), tokens);
            if (piece.Length <= CachedPieceLimit && _cache.Count < CacheLimit)
            {
                lookup.TryAdd(piece, CollectionsMarshal.AsSpan(tokens)[before..].ToArray());
            }
        }
    }

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    private void EncodePiece(ReadOnlySpan<byte> bytes, List<int> tokens)
    {
        var piece = new int[bytes.Length];
        for (int i = 0; i < piece.Length; i++)
        {
            piece[i] = _ofByte[bytes[i]];
        }

        int count = piece.Length <= ScanLimit ? MergeByScan(piece) : MergeByQueue(piece);
        tokens.AddRange(piece.AsSpan(0, count));
    }

    private int MergeByScan(int[] piece)
    {
        int count = piece.Length;
        while (true)
        {
            int best = int.MaxValue, at = -1, result = 0;
            for (int i = 0; i + 1 < count; i++)
            {
                if (_merges.TryGetValue(Pair(piece[i], piece[i + 1]), out var merge) && merge.Rank < best)
                {
                    (best, result) = merge;
                    at = i;
                }
            }

            if (at < 0)
            {
                return count;
            }

            piece[at] = result;
            piece.AsSpan(at + 2, count - at - 2).CopyTo(piece.AsSpan(at + 1));
            count--;
        }
    }

    /// <summary>The same merges in n·log n: a linked list of tokens and a queue of pairs by rank, then place; stale entries are skipped.</summary>
    private int MergeByQueue(int[] piece)
    {
        int n = piece.Length;
        var next = new int[n];
        var previous = new int[n];
        var queue = new PriorityQueue<(int At, int Left, int Right, int Result), (int Rank, int At)>();
        for (int i = 0; i < n; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
        }

        void Offer(int at)
        {
            if (at >= 0 && next[at] < n && _merges.TryGetValue(Pair(piece[at], piece[next[at]]), out var merge))
            {
                queue.Enqueue((at, piece[at], piece[next[at]], merge.Result), (merge.Rank, at));
            }
        }

        for (int i = 0; i + 1 < n; i++)
        {
            Offer(i);
        }

        while (queue.TryDequeue(out var pair, out _))
        {
            int right = piece[pair.At] == pair.Left ? next[pair.At] : n;
            if (right >= n || piece[right] != pair.Right)
            {
                continue;
            }

            piece[pair.At] = pair.Result;
            piece[right] = -1;
            next[pair.At] = next[right];
            if (next[right] < n)
            {
                previous[next[right]] = pair.At;
            }

            Offer(previous[pair.At]);
            Offer(pair.At);
        }

        int count = 0;
        for (int i = 0; i < n; i = next[i])
        {
            piece[count++] = piece[i];
        }

        return count;
    }
}
