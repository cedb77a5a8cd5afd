using Meed.Rewards;

namespace Meed.RewardModels.Networks;

/// <summary>Feature lists in one array each: ids and values of all samples, and where each begins.</summary>
internal sealed class SparseStore(NGrams grams, bool prompts) : SampleStore
{
    private const int Chunk = 256;

    public SparseRows Responses { get; } = new();

    /// <summary>Prompts, where the head needs them; samples of one prompt share a row.</summary>
    public SparseRows Prompts { get; } = new();

    /// <summary>Row of <see cref="Prompts"/> of each sample.</summary>
    public List<int> PromptOf { get; } = [];

    public override int Add(IReadOnlyList<RewardInput> samples)
    {
        int first = Count;
        int chunks = (samples.Count + Chunk - 1) / Chunk;
        var responses = new SparseRows[chunks];
        Parallel.For(0, chunks, c =>
        {
            var rows = new SparseRows();
            for (int i = c * Chunk; i < Math.Min(samples.Count, (c + 1) * Chunk); i++)
            {
                var sample = samples[i];
                rows.Begin();
                grams.Response(sample, rows.Ids, rows.Values);
            }

            responses[c] = rows;
        });
        foreach (var rows in responses)
        {
            Responses.Append(rows);
        }

        IReadOnlyList<Message>? last = null;
        foreach (var sample in prompts ? samples : [])
        {
            if (!ReferenceEquals(last, sample.Prompt))
            {
                last = sample.Prompt;
                Prompts.Begin();
                grams.Prompt(sample.Prompt, Prompts.Ids, Prompts.Values);
            }

            PromptOf.Add(Prompts.Count - 1);
        }

        Count += samples.Count;
        return first;
    }
}

/// <summary>Rows of a sparse matrix.</summary>
internal sealed class SparseRows
{
    private readonly List<int> _starts = [];

    public List<int> Ids { get; } = [];

    public List<float> Values { get; } = [];

    public int Count => _starts.Count;

    /// <summary>Begins a row; what is added to the lists afterwards belongs to it.</summary>
    public void Begin() => _starts.Add(Ids.Count);

    public void Append(SparseRows other)
    {
        int shift = Ids.Count;
        foreach (int start in other._starts)
        {
            _starts.Add(start + shift);
        }

        Ids.AddRange(other.Ids);
        Values.AddRange(other.Values);
    }

    public ReadOnlySpan<int> IdsOf(int row) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Ids)[_starts[row]..End(row)];

    public ReadOnlySpan<float> ValuesOf(int row) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Values)[_starts[row]..End(row)];

    private int End(int row) => row + 1 < _starts.Count ? _starts[row + 1] : Ids.Count;
}
