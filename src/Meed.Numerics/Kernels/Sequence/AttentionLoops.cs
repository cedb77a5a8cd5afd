namespace Meed.Numerics.Kernels;

public static unsafe partial class AttentionKernels
{
    private static void RunForward(in AttentionShape shape, float* q, float* k, float* v, int* lengths, float* output, float* logSumExp)
    {
        int group = shape.Heads / shape.KvHeads;
        for (int b = 0; b < shape.Batch; b++)
        {
            int length = lengths == null ? shape.Time : lengths[b];
            for (int t = 0; t < shape.Time; t++)
            {
                for (int h = 0; h < shape.Heads; h++)
                {
                    nint token = ((nint)b * shape.Time) + t;
                    float* o = output + (((token * shape.Heads) + h) * shape.Dim);
                    float* l = logSumExp + ((((nint)b * shape.Heads) + h) * shape.Time) + t;
                    nint first = ((nint)b * shape.Time * shape.KeyStep) + (h / group * shape.Dim);
                    if (t < length)
                    {
                        *l = One(shape, q + (token * shape.QueryStep) + (h * shape.Dim), k + first, shape.KeyStep, 1, v + first, shape.KeyStep, t + 1, o);
                    }
                    else
                    {
                        new Span<float>(o, shape.Dim).Clear();
                        *l = 0f;
                    }
                }
            }
        }
    }

    private static void RunDecode(in AttentionShape shape, float* q, float* keys, float* values, int capacity, int* positions, float* output)
    {
        int group = shape.Heads / shape.KvHeads;
        for (int b = 0; b < shape.Batch; b++)
        {
            for (int s = 0; s < shape.Time && positions[b] >= 0; s++)
            {
                for (int h = 0; h < shape.Heads; h++)
                {
                    nint token = ((nint)b * shape.Time) + s;
                    nint head = (((nint)b * shape.KvHeads) + (h / group)) * shape.Dim * capacity;
                    One(shape, q + (token * shape.QueryStep) + (h * shape.Dim), keys + head, 1, capacity, values + head, shape.Dim, positions[b] + s + 1, output + (((token * shape.Heads) + h) * shape.Dim));
                }
            }
        }
    }

    // One query against keys k[j·keyStep + d·dimStep] and values v[j·valueStep + d], j < count.
    private static float One(in AttentionShape shape, float* q, float* k, nint keyStep, nint dimStep, float* v, nint valueStep, int count, float* o)
    {
        float max = float.NegativeInfinity;
        for (int j = 0; j < count; j++)
        {
            max = Math.Max(max, Score(shape, q, k + (j * keyStep), dimStep));
        }

        float sum = 0f;
        new Span<float>(o, shape.Dim).Clear();
        for (int j = 0; j < count; j++)
        {
            float p = MathF.Exp(Score(shape, q, k + (j * keyStep), dimStep) - max);
            sum += p;
            for (int d = 0; d < shape.Dim; d++)
            {
                o[d] = MathF.FusedMultiplyAdd(p, v[(j * valueStep) + d], o[d]);
            }
        }

        for (int d = 0; d < shape.Dim; d++)
        {
            o[d] /= sum;
        }

        return max + MathF.Log(sum);
    }

    private static float Score(in AttentionShape shape, float* q, float* k, nint dimStep)
    {
        float s = 0f;
        for (int d = 0; d < shape.Dim; d++)
        {
            s = MathF.FusedMultiplyAdd(q[d], k[d * dimStep], s);
        }

        return s * shape.Scale;
    }

    private static void RunBackward(
        in AttentionShape shape, float* q, float* k, float* v, int* lengths, float* output, float* logSumExp, float* dOutput, float* dq, float* dk, float* dv)
    {
        int group = shape.Heads / shape.KvHeads;
        int dim = shape.Dim;
        for (int b = 0; b < shape.Batch; b++)
        {
            int length = lengths == null ? shape.Time : lengths[b];
            for (int t = 0; t < shape.Time; t++)
            {
                nint token = ((nint)b * shape.Time) + t;
                new Span<float>(dq + (token * shape.QueryStep), shape.Heads * dim).Clear();
                new Span<float>(dk + (token * shape.KeyStep), shape.KvHeads * dim).Clear();
                new Span<float>(dv + (token * shape.KeyStep), shape.KvHeads * dim).Clear();
            }

            for (int h = 0; h < shape.Heads; h++)
            {
                for (int t = 0; t < length; t++)
                {
                    nint token = ((nint)b * shape.Time) + t;
                    nint at = (token * shape.QueryStep) + (h * dim);
                    nint outAt = ((token * shape.Heads) + h) * dim;
                    float mean = 0f;
                    for (int d = 0; d < dim; d++)
                    {
                        mean += output[outAt + d] * dOutput[outAt + d];
                    }

                    for (int j = 0; j <= t; j++)
                    {
                        nint key = ((((nint)b * shape.Time) + j) * shape.KeyStep) + (h / group * dim);
                        float p = MathF.Exp(Score(shape, q + at, k + key, 1) - logSumExp[((((nint)b * shape.Heads) + h) * shape.Time) + t]);
                        float dp = 0f;
                        for (int d = 0; d < dim; d++)
                        {
                            dp += dOutput[outAt + d] * v[key + d];
                            dv[key + d] += p * dOutput[outAt + d];
                        }

                        float ds = p * (dp - mean) * shape.Scale;
                        for (int d = 0; d < dim; d++)
                        {
                            dq[at + d] += ds * k[key + d];
                            dk[key + d] += ds * q[at + d];
                        }
                    }
                }
            }
        }
    }
}
