namespace Meed.Numerics;

/// <summary>Everything a <see cref="RandomStream"/> needs to continue; plain data for a checkpoint.</summary>
/// <param name="Key">The stream's key.</param>
/// <param name="Counter">Twice the number of blocks drawn, plus one while half of the last block is unused.</param>
/// <param name="Splits">How often each name has been split.</param>
public sealed record RandomState(ulong Key, ulong Counter, IReadOnlyDictionary<string, long> Splits);
