using Meed.Numerics;
using Meed.Numerics.Kernels;

namespace Meed.Models.Generation;

/// <summary>Draws a token from one row of logits. Holds scratch memory, so each thread has its own.</summary>
internal sealed class TokenChooser(int vocabulary)
{
    private readonly float[] _weights = new float[vocabulary];
    private ulong[]? _order;

    /// <summary>A token, or −1 when the logits hold a NaN or no finite value.</summary>
    public int Choose(ReadOnlySpan<float> logits, SamplingOptions options, RandomStream random)
    {
        if (options.Temperature == 0)
        {
            return Largest(logits);
        }

        SampleKernels.Weights(logits, options.Temperature, _weights);
        if ((options.TopK > 0 && options.TopK < vocabulary) || options.TopP < 1)
        {
            Restrict(options);
        }

        return SampleKernels.Pick(_weights, random.NextDouble());
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        int best = -1;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]))
            {
                return -1;
            }

            if (logits[i] > (best < 0 ? float.NegativeInfinity : logits[best]))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Sets the weights outside the top k and the top p to 0. Among equal weights the lower index counts as more probable.</summary>
    private void Restrict(SamplingOptions options)
    {
        _order ??= new ulong[vocabulary];
        for (int i = 0; i < vocabulary; i++)
        {
            // Bits of non-negative floats order as the floats do.
            _order[i] = ((ulong)(uint.MaxValue - BitConverter.SingleToUInt32Bits(_weights[i])) << 32) | (uint)i;
        }

        Array.Sort(_order);
        int keep = options.TopK > 0 ? Math.Min(options.TopK, vocabulary) : vocabulary;
        if (options.TopP < 1)
        {
            double total = 0;
            for (int i = 0; i < keep; i++)
            {
                total += _weights[(uint)_order[i]];
            }

            double wanted = options.TopP * total, sum = 0;
            for (int i = 0; i < keep; i++)
            {
                sum += _weights[(uint)_order[i]];
                if (sum >= wanted)
                {
                    keep = i + 1;
                }
            }
        }

        for (int i = keep; i < vocabulary; i++)
        {
            _weights[(uint)_order[i]] = 0f;
        }
    }
}
