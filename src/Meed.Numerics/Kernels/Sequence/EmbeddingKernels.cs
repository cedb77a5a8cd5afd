using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels;

/// <summary>Rows of a table [V, dim] by index, and the backward rule.</summary>
public static class EmbeddingKernels
{
    /// <summary>y[t] = table[indices[t]].</summary>
    /// <exception cref="ArgumentException">An index is outside the table.</exception>
    public static void Gather(ReadOnlySpan<float> table, ReadOnlySpan<int> indices, Span<float> y, int dim)
    {
        int rows = Require(table.Length, indices, y.Length, dim);
        for (int t = 0; t < indices.Length; t++)
        {
            RequireIndex(indices[t], rows, t);
            table.Slice(indices[t] * dim, dim).CopyTo(y.Slice(t * dim, dim));
        }
    }

    /// <summary>dTable[indices[t]] += dy[t], in the order of t.</summary>
    /// <exception cref="ArgumentException">An index is outside the table.</exception>
    public static void ScatterAdd(ReadOnlySpan<float> dy, ReadOnlySpan<int> indices, Span<float> dTable, int dim)
    {
        int rows = Require(dTable.Length, indices, dy.Length, dim);
        for (int t = 0; t < indices.Length; t++)
        {
            RequireIndex(indices[t], rows, t);
            Span<float> row = dTable.Slice(indices[t] * dim, dim);
            BinaryKernels.Add(row, dy.Slice(t * dim, dim), row);
        }
    }

    private static int Require(int table, ReadOnlySpan<int> indices, int values, int dim, [CallerMemberName] string where = "")
    {
        Check.Positive(dim, nameof(dim), where);
        Check.Length(values, checked(indices.Length * dim), "the span of rows", where);
        int rows = table / dim;
        Check.Length(table, rows * dim, "table", where);
        return rows;
    }

    private static void RequireIndex(int index, int rows, int at, [CallerMemberName] string where = "")
    {
        if ((uint)index >= (uint)rows)
        {
            throw new ArgumentException($"{where}: index {index} at position {at} is outside the table of {rows} rows.");
        }
    }
}
