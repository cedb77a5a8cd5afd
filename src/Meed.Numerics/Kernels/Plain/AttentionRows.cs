using System.Numerics.Tensors;

namespace Meed.Numerics.Kernels.Plain;

/// <summary>Causal attention one query at a time; each query's result depends on its own row and the keys up to its position.</summary>
internal static class AttentionRows
{
    /// <summary>Where queries, keys and values lie.</summary>
    public readonly record struct Shape(int Batch, int Queries, int Heads, int KeyHeads, int HeadSize, int KeyBatchStride, float Scale)
    {
        /// <summary>Floats between one token's queries and the next.</summary>
        public int QueryStride => Heads * HeadSize;

        /// <summary>Floats between one token's keys and the next.</summary>
        public int KeyStride => KeyHeads * HeadSize;
    }

    /// <summary>y = softmax(q·kᵀ·scale)·v over keys 0 .. start[b] + i. Queries at or past their row's count give 0.</summary>
    public static void Forward(in Shape s, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<int> starts, ReadOnlySpan<int> counts, Span<float> y, Span<float> logSum, Span<float> scratch)
    {
        int group = s.Heads / s.KeyHeads;
        for (int b = 0; b < s.Batch; b++)
        {
            int count = counts.IsEmpty ? s.Queries : counts[b];
            int start = starts.IsEmpty ? 0 : starts[b];
            for (int i = 0; i < s.Queries; i++)
            {
                int at = ((b * s.Queries) + i) * s.QueryStride;
                if (i >= count)
                {
                    y.Slice(at, s.QueryStride).Clear();
                    if (!logSum.IsEmpty)
                    {
                        logSum.Slice(((b * s.Queries) + i) * s.Heads, s.Heads).Clear();
                    }

                    continue;
                }

                int keys = start + i + 1;
                for (int h = 0; h < s.Heads; h++)
                {
                    var query = q.Slice(at + (h * s.HeadSize), s.HeadSize);
                    int keyAt = (b * s.KeyBatchStride) + (h / group * s.HeadSize);
                    var p = scratch[..keys];
                    for (int j = 0; j < keys; j++)
                    {
                        p[j] = TensorPrimitives.Dot(query, k.Slice(keyAt + (j * s.KeyStride), s.HeadSize)) * s.Scale;
                    }

                    float sum = Rows.LogSumExp(p, scratch.Slice(keys, keys));
                    TensorPrimitives.Subtract(p, sum, p);
                    TensorPrimitives.Exp(p, p);
                    if (!logSum.IsEmpty)
                    {
                        logSum[(((b * s.Queries) + i) * s.Heads) + h] = sum;
                    }

                    var to = y.Slice(at + (h * s.HeadSize), s.HeadSize);
                    to.Clear();
                    for (int j = 0; j < keys; j++)
                    {
                        TensorPrimitives.MultiplyAdd(v.Slice(keyAt + (j * s.KeyStride), s.HeadSize), p[j], to, to);
                    }
                }
            }
        }
    }

    /// <summary>Adds the gradients of <see cref="Forward"/> to gq, gk and gv.</summary>
    public static void Backward(in Shape s, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<int> counts, ReadOnlySpan<float> y, ReadOnlySpan<float> logSum, ReadOnlySpan<float> g, Span<float> gq, Span<float> gk, Span<float> gv)
    {
        int group = s.Heads / s.KeyHeads;
        for (int b = 0; b < s.Batch; b++)
        {
            int count = counts.IsEmpty ? s.Queries : counts[b];
            for (int i = 0; i < count; i++)
            {
                int at = ((b * s.Queries) + i) * s.QueryStride;
                for (int h = 0; h < s.Heads; h++)
                {
                    var query = q.Slice(at + (h * s.HeadSize), s.HeadSize);
                    var gradient = g.Slice(at + (h * s.HeadSize), s.HeadSize);
                    float mean = TensorPrimitives.Dot(gradient, y.Slice(at + (h * s.HeadSize), s.HeadSize));
                    float sum = logSum[(((b * s.Queries) + i) * s.Heads) + h];
                    var toQuery = gq.Slice(at + (h * s.HeadSize), s.HeadSize);
                    int keyAt = (b * s.KeyBatchStride) + (h / group * s.HeadSize);
                    for (int j = 0; j <= i; j++)
                    {
                        int keyRow = keyAt + (j * s.KeyStride);
                        var key = k.Slice(keyRow, s.HeadSize);
                        float p = MathF.Exp((TensorPrimitives.Dot(query, key) * s.Scale) - sum);
                        float slope = p * (TensorPrimitives.Dot(gradient, v.Slice(keyRow, s.HeadSize)) - mean) * s.Scale;
                        TensorPrimitives.MultiplyAdd(key, slope, toQuery, toQuery);
                        var toKey = gk.Slice(keyRow, s.HeadSize);
                        TensorPrimitives.MultiplyAdd(query, slope, toKey, toKey);
                        var toValue = gv.Slice(keyRow, s.HeadSize);
                        TensorPrimitives.MultiplyAdd(gradient, p, toValue, toValue);
                    }
                }
            }
        }
    }

    /// <summary>Turns each head's halves by the angle position / θ^(2i / size): the rotary embedding. sign −1 turns back.</summary>
    public static void Rotate(ReadOnlySpan<float> x, Span<float> y, int batch, int tokens, int heads, int headSize, ReadOnlySpan<int> starts, float theta, float sign)
    {
        int half = headSize / 2;
        for (int b = 0; b < batch; b++)
        {
            int start = starts.IsEmpty ? 0 : starts[b];
            for (int t = 0; t < tokens; t++)
            {
                for (int i = 0; i < half; i++)
                {
                    double angle = (start + t) * Math.Pow(theta, -2.0 * i / headSize);
                    float cos = (float)Math.Cos(angle);
                    float sin = sign * (float)Math.Sin(angle);
                    for (int h = 0; h < heads; h++)
                    {
                        int at = ((((b * tokens) + t) * heads) + h) * headSize;
                        float first = x[at + i];
                        float second = x[at + half + i];
                        y[at + i] = (first * cos) - (second * sin);
                        y[at + half + i] = (second * cos) + (first * sin);
                    }
                }
            }
        }
    }
}
