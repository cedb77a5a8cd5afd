namespace Meed.Numerics.Kernels.Plain;

/// <summary>Copies and sums over a tensor seen as [outer, n, inner] around one axis.</summary>
internal static class Axes
{
    /// <summary>y[o, i] = Σ over n of x[o, n, i].</summary>
    public static void Sum(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner)
    {
        if (inner == 1)
        {
            if (outer == 1)
            {
                y[0] = ReduceKernels.Sum(x);
            }
            else
            {
                ReduceKernels.RowSums(x, y, outer, n, accumulate: false);
            }

            return;
        }

        for (int o = 0; o < outer; o++)
        {
            ReduceKernels.ColumnSums(x.Slice(o * n * inner, n * inner), y.Slice(o * inner, inner), n, inner, accumulate: false);
        }
    }

    /// <summary>y[o, n, i] = x[o, i].</summary>
    public static void Repeat(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner)
    {
        for (int o = 0; o < outer; o++)
        {
            if (inner == 1)
            {
                y.Slice(o * n, n).Fill(x[o]);
                continue;
            }

            var row = x.Slice(o * inner, inner);
            for (int j = 0; j < n; j++)
            {
                row.CopyTo(y.Slice(((o * n) + j) * inner, inner));
            }
        }
    }

    /// <summary>y[o, i] = max over n, and where it is first found. A NaN wins.</summary>
    public static void Max(ReadOnlySpan<float> x, Span<float> y, Span<int> index, int outer, int n, int inner, float sign)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int best = 0;
                float value = x[(o * n * inner) + i];
                for (int j = 1; j < n && !float.IsNaN(value); j++)
                {
                    float candidate = x[(((o * n) + j) * inner) + i];
                    if (sign * candidate > sign * value || float.IsNaN(candidate))
                    {
                        value = candidate;
                        best = j;
                    }
                }

                y[(o * inner) + i] = value;
                index[(o * inner) + i] = best;
            }
        }
    }

    /// <summary>Running sums along n, from the front or from the back.</summary>
    public static void CumSum(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner, bool reverse)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int j = 0; j < n; j++)
            {
                int at = ((o * n) + (reverse ? n - 1 - j : j)) * inner;
                int before = reverse ? at + inner : at - inner;
                for (int i = 0; i < inner; i++)
                {
                    y[at + i] = j == 0 ? x[at + i] : y[before + i] + x[at + i];
                }
            }
        }
    }

    /// <summary>Copies n rows of x[outer, xn, inner] from xStart to y[outer, yn, inner] at yStart.</summary>
    public static void CopyRange(ReadOnlySpan<float> x, int xn, int xStart, Span<float> y, int yn, int yStart, int outer, int n, int inner)
    {
        for (int o = 0; o < outer; o++)
        {
            x.Slice(((o * xn) + xStart) * inner, n * inner).CopyTo(y.Slice(((o * yn) + yStart) * inner, n * inner));
        }
    }

    /// <summary>y[o, k, i] = x[o, index[k], i].</summary>
    public static void Take(ReadOnlySpan<float> x, int n, ReadOnlySpan<int> index, Span<float> y, int outer, int inner)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < index.Length; k++)
            {
                x.Slice(((o * n) + index[k]) * inner, inner).CopyTo(y.Slice(((o * index.Length) + k) * inner, inner));
            }
        }
    }

    /// <summary>y[o, index[k], i] += x[o, k, i], in the order of k.</summary>
    public static void AddAt(ReadOnlySpan<float> x, ReadOnlySpan<int> index, Span<float> y, int n, int outer, int inner)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < index.Length; k++)
            {
                var row = y.Slice(((o * n) + index[k]) * inner, inner);
                BinaryKernels.Add(row, x.Slice(((o * index.Length) + k) * inner, inner), row);
            }
        }
    }

    /// <summary>y[o, k, i] = x[o, index[o, k, i], i].</summary>
    public static void Pick(ReadOnlySpan<float> x, int n, ReadOnlySpan<int> index, Span<float> y, int outer, int count, int inner)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < count; k++)
            {
                for (int i = 0; i < inner; i++)
                {
                    int at = (((o * count) + k) * inner) + i;
                    y[at] = x[(((o * n) + index[at]) * inner) + i];
                }
            }
        }
    }

    /// <summary>y[o, index[o, k, i], i] += x[o, k, i].</summary>
    public static void AddPicked(ReadOnlySpan<float> x, ReadOnlySpan<int> index, Span<float> y, int n, int outer, int count, int inner)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < count; k++)
            {
                for (int i = 0; i < inner; i++)
                {
                    int at = (((o * count) + k) * inner) + i;
                    y[(((o * n) + index[at]) * inner) + i] += x[at];
                }
            }
        }
    }

    /// <summary>y = x with its axes in another order.</summary>
    public static void Permute(ReadOnlySpan<float> x, ReadOnlySpan<int> shape, ReadOnlySpan<int> order, Span<float> y)
    {
        int rank = shape.Length;
        Span<int> strides = stackalloc int[rank];
        Span<int> sizes = stackalloc int[rank];
        Span<int> steps = stackalloc int[rank];
        Span<int> at = stackalloc int[rank];
        int stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        for (int axis = 0; axis < rank; axis++)
        {
            sizes[axis] = shape[order[axis]];
            steps[axis] = strides[order[axis]];
        }

        at.Clear();
        int last = rank - 1;
        int source = 0;
        for (int target = 0; target < y.Length;)
        {
            if (rank > 0 && steps[last] == 1)
            {
                x.Slice(source, sizes[last]).CopyTo(y[target..]);
                target += sizes[last];
            }
            else if (rank > 0)
            {
                for (int i = 0, from = source; i < sizes[last]; i++, from += steps[last])
                {
                    y[target++] = x[from];
                }
            }
            else
            {
                y[target++] = x[source];
            }

            for (int axis = last - 1; axis >= 0; axis--)
            {
                source += steps[axis];
                if (++at[axis] < sizes[axis])
                {
                    break;
                }

                source -= steps[axis] * sizes[axis];
                at[axis] = 0;
            }
        }
    }
}
