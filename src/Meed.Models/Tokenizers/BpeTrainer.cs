using System.Runtime.InteropServices;

namespace Meed.Models.Tokenizers;

/// <summary>Learns the merges of a <see cref="BpeTokenizer"/> from texts.</summary>
/// <remarks>
/// Repeats: join the adjacent pair that occurs most often (ties: the pair with the smaller left id, then the smaller right id).
/// Ids: the 256 bytes, the merges in the order learned, the special tokens. The same texts give the same tokenizer.
/// Source: Sennrich et al. 2016, arXiv:1508.07909, over bytes.
/// </remarks>
public static class BpeTrainer
{
    /// <summary>A tokenizer with at most <paramref name="vocabularySize"/> tokens; fewer when no pair occurs <paramref name="minimumCount"/> times any more.</summary>
    /// <param name="texts">What to learn from; read once.</param>
    /// <param name="vocabularySize">Bytes, merges and special tokens together; at least 256 plus the special tokens.</param>
    /// <param name="special">Spellings of special tokens; they take the last ids.</param>
    /// <param name="preTokenizer">How text is cut; GPT-2's rule when null.</param>
    /// <param name="minimumCount">Smallest count of a pair that is joined.</param>
    public static BpeTokenizer Train(IEnumerable<string> texts, int vocabularySize, IReadOnlyList<string>? special = null, PreTokenizer? preTokenizer = null, int minimumCount = 2)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumCount, 1);
        special ??= [];
        preTokenizer ??= PreTokenizer.Gpt2;
        if (vocabularySize < 256 + special.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(vocabularySize), $"A vocabulary of {vocabularySize} tokens cannot hold the 256 bytes and {special.Count} special tokens. Use {256 + special.Count} or more.");
        }

        var (words, counts) = Count(texts, preTokenizer);
        var vocabulary = new List<byte[]>(vocabularySize);
        for (int b = 0; b < 256; b++)
        {
            vocabulary.Add([(byte)b]);
        }

        var merges = Learn(words, counts, vocabulary, vocabularySize - 256 - special.Count, minimumCount);
        var specials = special.Select((s, i) => new SpecialToken(vocabulary.Count + i, s)).ToArray();
        vocabulary.AddRange(special.Select(_ => Array.Empty<byte>()));
        return new BpeTokenizer(vocabulary, merges, specials, preTokenizer);
    }

    private static (List<int[]> Words, List<long> Counts) Count(IEnumerable<string> texts, PreTokenizer preTokenizer)
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        var ends = new List<int>();
        foreach (string text in texts)
        {
            ends.Clear();
            preTokenizer.Cut(text, ends);
            int start = 0;
            foreach (int end in ends)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, text.AsSpan(start, end - start), out _)++;
                start = end;
            }
        }

        var words = new List<int[]>(seen.Count);
        var counts = new List<long>(seen.Count);
        foreach (var (word, count) in seen)
        {
            words.Add(ByteTokenizer.EncodeBytes(Wtf8.GetBytes(word)));
            counts.Add(count);
        }

        return (words, counts);
    }

    private static List<BpeMerge> Learn(List<int[]> words, List<long> wordCounts, List<byte[]> vocabulary, int wanted, int minimumCount)
    {
        var counts = new Dictionary<(int Left, int Right), long>();
        var places = new Dictionary<(int Left, int Right), HashSet<int>>();
        for (int w = 0; w < words.Count; w++)
        {
            for (int i = 0; i + 1 < words[w].Length; i++)
            {
                Add((words[w][i], words[w][i + 1]), w, wordCounts[w]);
            }
        }

        // Counts only fall after a pair has been queued, except for pairs queued again; so an entry whose count is stale is requeued.
        var queue = new PriorityQueue<((int Left, int Right) Pair, long Count), (long MinusCount, int Left, int Right)>();
        foreach (var (pair, count) in counts)
        {
            queue.Enqueue((pair, count), (-count, pair.Left, pair.Right));
        }

        // Two merges may spell the same token ("ab"+"c", "a"+"bc"); it has one id.
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var merges = new List<BpeMerge>(wanted);
        var changed = new HashSet<(int, int)>();
        int size = vocabulary.Count + wanted;
        while (vocabulary.Count < size && queue.TryDequeue(out var top, out _))
        {
            var (pair, queued) = top;
            long count = counts.GetValueOrDefault(pair);
            if (count != queued)
            {
                if (count >= minimumCount && count < queued)
                {
                    queue.Enqueue((pair, count), (-count, pair.Left, pair.Right));
                }

                continue;
            }

            if (count < minimumCount)
            {
                break;
            }

            byte[] bytes = [.. vocabulary[pair.Left], .. vocabulary[pair.Right]];
            if (!ids.TryGetValue(ByteAlphabet.Spell(bytes), out int result))
            {
                result = vocabulary.Count;
                ids.Add(ByteAlphabet.Spell(bytes), result);
                vocabulary.Add(bytes);
            }

            merges.Add(new BpeMerge(pair.Left, pair.Right, result));
            changed.Clear();
            foreach (int w in places[pair])
            {
                words[w] = Join(words[w], pair, result, w, wordCounts[w]);
            }

            places.Remove(pair);
            counts.Remove(pair);
            foreach (var (left, right) in changed)
            {
                long now = counts.GetValueOrDefault((left, right));
                if (now >= minimumCount)
                {
                    queue.Enqueue(((left, right), now), (-now, left, right));
                }
            }
        }

        return merges;

        void Add((int Left, int Right) pair, int word, long count)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _) += count;
            ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(places, pair, out _);
            (set ??= []).Add(word);
        }

        int[] Join(int[] word, (int Left, int Right) pair, int result, int w, long count)
        {
            var joined = new List<int>(word.Length);
            for (int i = 0; i < word.Length; i++)
            {
                bool hit = i + 1 < word.Length && word[i] == pair.Left && word[i + 1] == pair.Right;
                joined.Add(hit ? result : word[i]);
                i += hit ? 1 : 0;
            }

            if (joined.Count == word.Length)
            {
                return word;
            }

            for (int i = 0; i + 1 < word.Length; i++)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, (word[i], word[i + 1]), out _) -= count;
            }

            for (int i = 0; i + 1 < joined.Count; i++)
            {
                var now = (joined[i], joined[i + 1]);
                Add(now, w, count);
                if (now.Item1 == result || now.Item2 == result)
                {
                    changed.Add(now);
                }
            }

            return [.. joined];
        }
    }
}
