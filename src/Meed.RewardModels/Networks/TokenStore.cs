using Meed.Models;
using Meed.Models.Tokenizers;

namespace Meed.RewardModels.Networks;

/// <summary>Token rows in one array, and pooled features where the transformer is frozen.</summary>
internal sealed class TokenStore(ITokenizer tokenizer, ChatTemplate template, int longest, bool context, Func<TokenStore, int, int, float[]>? features) : SampleStore
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _starts = [];

    /// <summary>Pooled features, [Count · D]; empty unless frozen.</summary>
    public List<float> Features { get; } = [];

    public override int Add(IReadOnlyList<RewardInput> samples)
    {
        int first = Count;
        var encoded = new int[samples.Count][];
        Parallel.For(0, samples.Count, i => encoded[i] = Encode(samples[i]));
        foreach (var row in encoded)
        {
            _starts.Add(_tokens.Count);
            _tokens.AddRange(row);
        }

        Count += samples.Count;
        if (features is not null)
        {
            Features.AddRange(features(this, first, samples.Count));
        }

        return first;
    }

    public int LengthOf(int row) => (row + 1 < _starts.Count ? _starts[row + 1] : _tokens.Count) - _starts[row];

    public ReadOnlySpan<int> Row(int row) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tokens).Slice(_starts[row], LengthOf(row));

    /// <summary>Rows filled up to the longest of them.</summary>
    public TokenBatch Batch(ReadOnlySpan<int> rows)
    {
        int length = 0;
        foreach (int row in rows)
        {
            length = Math.Max(length, LengthOf(row));
        }

        var tokens = new int[rows.Length * length];
        var lengths = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            lengths[i] = LengthOf(rows[i]);
            Row(rows[i]).CopyTo(tokens.AsSpan(i * length));
        }

        return new TokenBatch(tokens, lengths, new int[rows.Length]);
    }

    // The end of the prompt and the beginning of the response are kept; the context stands before them, the last token is the end tag.
    private int[] Encode(in RewardInput sample)
    {
        int[] before = context && sample.Context is { } name ? tokenizer.Encode(name + "\n") : [];
        before = before.Length > longest / 4 ? before[..(longest / 4)] : before;
        int[] prompt = template.Encode(sample.Prompt, tokenizer), response = tokenizer.Encode(sample.Response);
        int most = longest - 1 - before.Length;
        int kept = Math.Min(response.Length, Math.Max(most - prompt.Length, most * 3 / 4));
        int given = Math.Min(prompt.Length, most - kept);
        return [.. before, .. prompt.AsSpan(prompt.Length - given), .. response.AsSpan(0, kept), tokenizer.EndToken ?? 0];
    }
}
