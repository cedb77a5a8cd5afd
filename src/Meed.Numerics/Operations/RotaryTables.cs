using System.Collections.Concurrent;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>Cosines and sines of the rotary embedding for positions 0 and up; made once for each head size and base and grown on demand.</summary>
internal sealed class RotaryTables
{
    private static readonly ConcurrentDictionary<(int Size, float Theta), RotaryTables> s_tables = new();

    private RotaryTables(int positions, int size, float theta)
    {
        Positions = positions;
        Cos = new float[positions * size / 2];
        Sin = new float[positions * size / 2];
        RopeKernels.Tables(positions, size, theta, Cos, Sin);
    }

    public int Positions { get; }

    public float[] Cos { get; }

    public float[] Sin { get; }

    public static RotaryTables For(int positions, int size, float theta)
    {
        var key = (size, theta);
        if (s_tables.TryGetValue(key, out var tables) && tables.Positions >= positions)
        {
            return tables;
        }

        var grown = new RotaryTables(Math.Max(64, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)positions)), size, theta);
        s_tables[key] = grown;
        return grown;
    }
}
