namespace Meed.Numerics.Tests.Reference;

/// <summary>Plain float64 forwards, written for clarity.</summary>
internal static class Doubles
{
    public static double[] Map(double[] x, Func<double, double> f) => Array.ConvertAll(x, value => f(value));

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    /// <summary>Elementwise with full NumPy broadcasting, by index arithmetic.</summary>
    public static double[] Broadcast(double[] a, int[] shapeA, double[] b, int[] shapeB, int[] shape, Func<double, double, double> f)
    {
        var y = new double[Shapes.Length(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = f(a[Index(i, shape, shapeA)], b[Index(i, shape, shapeB)]);
        }

        return y;
    }

    public static int Index(int flat, int[] shape, int[] small)
    {
        int index = 0;
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            int at = flat % shape[axis];
            flat /= shape[axis];
            int smallAxis = axis - (shape.Length - small.Length);
            if (smallAxis >= 0)
            {
                index += (small[smallAxis] == 1 ? 0 : at) * stride;
                stride *= small[smallAxis];
            }
        }

        return index;
    }

    /// <summary>A function of each row around one axis: [outer, n, inner] to [outer, m, inner].</summary>
    public static double[] Along(double[] x, int[] shape, int axis, Func<double[], double[]> f)
    {
        int n = shape[axis];
        int outer = shape[..axis].Aggregate(1, (a, b) => a * b);
        int inner = shape[(axis + 1)..].Aggregate(1, (a, b) => a * b);
        double[]? y = null;
        int m = 0;
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                var row = new double[n];
                for (int j = 0; j < n; j++)
                {
                    row[j] = x[(((o * n) + j) * inner) + i];
                }

                var result = f(row);
                m = result.Length;
                y ??= new double[outer * m * inner];
                for (int j = 0; j < m; j++)
                {
                    y[(((o * m) + j) * inner) + i] = result[j];
                }
            }
        }

        return y ?? [];
    }

    public static double[] MatMul(double[] a, double[] b, int batch, int m, int n, int k, bool transposeA, bool transposeB)
    {
        var y = new double[batch * m * n];
        for (int p = 0; p < batch; p++)
        {
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double sum = 0;
                    for (int l = 0; l < k; l++)
                    {
                        sum += a[(p * m * k) + (transposeA ? (l * m) + i : (i * k) + l)] * b[(p * k * n) + (transposeB ? (j * k) + l : (l * n) + j)];
                    }

                    y[(p * m * n) + (i * n) + j] = sum;
                }
            }
        }

        return y;
    }

    public static double LogSumExp(double[] x)
    {
        double max = x.Max();
        return max + Math.Log(x.Sum(value => Math.Exp(value - max)));
    }

    /// <summary>Causal attention, token by token.</summary>
    public static double[] Attention(double[] q, double[] k, double[] v, int batch, int tokens, int heads, int keyHeads, int size, int[]? lengths)
    {
        var y = new double[q.Length];
        for (int b = 0; b < batch; b++)
        {
            for (int t = 0; t < (lengths?[b] ?? tokens); t++)
            {
                for (int h = 0; h < heads; h++)
                {
                    int keyHead = h / (heads / keyHeads);
                    var scores = new double[t + 1];
                    for (int s = 0; s <= t; s++)
                    {
                        for (int d = 0; d < size; d++)
                        {
                            scores[s] += q[(((((b * tokens) + t) * heads) + h) * size) + d] * k[(((((b * tokens) + s) * keyHeads) + keyHead) * size) + d] / Math.Sqrt(size);
                        }
                    }

                    double sum = LogSumExp(scores);
                    for (int s = 0; s <= t; s++)
                    {
                        for (int d = 0; d < size; d++)
                        {
                            y[(((((b * tokens) + t) * heads) + h) * size) + d] += Math.Exp(scores[s] - sum) * v[(((((b * tokens) + s) * keyHeads) + keyHead) * size) + d];
                        }
                    }
                }
            }
        }

        return y;
    }

    public static double[] Rotary(double[] x, int batch, int tokens, int heads, int size, int[]? starts, double theta)
    {
        var y = new double[x.Length];
        for (int b = 0; b < batch; b++)
        {
            for (int t = 0; t < tokens; t++)
            {
                for (int h = 0; h < heads; h++)
                {
                    int at = (((b * tokens) + t) * heads * size) + (h * size);
                    for (int i = 0; i < size / 2; i++)
                    {
                        double angle = ((starts?[b] ?? 0) + t) * Math.Pow(theta, -2.0 * i / size);
                        y[at + i] = (x[at + i] * Math.Cos(angle)) - (x[at + (size / 2) + i] * Math.Sin(angle));
                        y[at + (size / 2) + i] = (x[at + (size / 2) + i] * Math.Cos(angle)) + (x[at + i] * Math.Sin(angle));
                    }
                }
            }
        }

        return y;
    }
}
