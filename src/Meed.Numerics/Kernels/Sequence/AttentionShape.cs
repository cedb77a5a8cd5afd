namespace Meed.Numerics.Kernels;

/// <summary>Sizes of one attention call: queries [B, T, H, D], keys and values [B, T, Hkv, D].</summary>
public readonly record struct AttentionShape
{
    /// <summary>Rows, B.</summary>
    public required int Batch { get; init; }

    /// <summary>Positions of each row, T; in a cached call the number of new positions.</summary>
    public required int Time { get; init; }

    /// <summary>Query heads, H.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads, Hkv; divides H. Query head h reads key head h / (H / Hkv).</summary>
    public required int KvHeads { get; init; }

    /// <summary>Floats of one head, D.</summary>
    public required int Dim { get; init; }

    /// <summary>Factor on the products q·k; usually 1/√D.</summary>
    public required float Scale { get; init; }

    /// <summary>Floats from one token's queries to the next one's; 0 means H·D. Larger when q is part of a joint projection.</summary>
    public int QueryStride { get; init; }

    /// <summary>Floats from one token's keys to the next one's, the same for values; 0 means Hkv·D.</summary>
    public int KeyStride { get; init; }

    internal int QueryStep => QueryStride == 0 ? Heads * Dim : QueryStride;

    internal int KeyStep => KeyStride == 0 ? KvHeads * Dim : KeyStride;

    internal void Require(string where)
    {
        Check.NotNegative(Batch, nameof(Batch), where);
        Check.NotNegative(Time, nameof(Time), where);
        Check.Positive(Heads, nameof(Heads), where);
        Check.Positive(KvHeads, nameof(KvHeads), where);
        Check.Positive(Dim, nameof(Dim), where);
        if (Heads % KvHeads != 0)
        {
            throw new ArgumentException($"{where}: {Heads} query heads cannot share {KvHeads} key heads evenly.");
        }

        if (QueryStep < Heads * Dim || KeyStep < KvHeads * Dim)
        {
            throw new ArgumentException($"{where}: strides {QueryStep} and {KeyStep} are smaller than a token's {Heads * Dim} query and {KvHeads * Dim} key floats.");
        }
    }

    internal long QueryLength => Span(QueryStep, Heads);

    internal long KeyLength => Span(KeyStep, KvHeads);

    internal long OutputLength => (long)Batch * Time * Heads * Dim;

    private long Span(int step, int heads) => Batch == 0 || Time == 0 ? 0 : ((((long)Batch * Time) - 1) * step) + ((long)heads * Dim);
}
