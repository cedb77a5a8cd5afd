using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Rotary position embedding (Su et al. 2021, arXiv:2104.09864) of [tokens, heads, dim].</summary>
/// <remarks>
/// Pairs are (i, i + dim/2), as in Hugging Face Llama: with angle a = position·base^(−2i/dim),
/// y[i] = x[i]·cos a − x[i + dim/2]·sin a and y[i + dim/2] = x[i + dim/2]·cos a + x[i]·sin a.
/// The backward rule is the rotation by −a.
/// </remarks>
public static unsafe class RopeKernels
{
    /// <summary>Fills cos and sin, each [positions, dim/2].</summary>
    public static void Tables(int positions, int dim, double frequencyBase, Span<float> cos, Span<float> sin)
    {
        RequireEven(dim);
        int half = dim / 2;
        Check.Length(cos.Length, positions * half, nameof(cos));
        Check.Length(sin.Length, positions * half, nameof(sin));
        for (int p = 0; p < positions; p++)
        {
            for (int i = 0; i < half; i++)
            {
                double angle = p * Math.Pow(frequencyBase, -2.0 * i / dim);
                cos[(p * half) + i] = (float)Math.Cos(angle);
                sin[(p * half) + i] = (float)Math.Sin(angle);
            }
        }
    }

    /// <summary>Rotates every head of token t by its position; backwards when <paramref name="inverse"/>. y may be x.</summary>
    /// <param name="x">[tokens, heads, dim].</param>
    /// <param name="y">As x.</param>
    /// <param name="positions">[tokens], each within the tables.</param>
    /// <param name="cos">[P, dim/2] from <see cref="Tables"/>.</param>
    /// <param name="sin">[P, dim/2] from <see cref="Tables"/>.</param>
    /// <param name="heads">Heads of a token.</param>
    /// <param name="dim">Floats of a head; even.</param>
    /// <param name="inverse">Rotate by the negative angle: the backward rule.</param>
    /// <param name="accumulate">Add to y instead of writing it.</param>
    public static void Rotate(
        ReadOnlySpan<float> x, Span<float> y, ReadOnlySpan<int> positions, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, int heads, int dim, bool inverse, bool accumulate)
    {
        RequireEven(dim);
        Check.Positive(heads, nameof(heads));
        Check.Length(x.Length, checked(positions.Length * heads * dim), nameof(x));
        Check.Length(y.Length, x.Length, nameof(y));
        Check.Length(sin.Length, cos.Length, nameof(sin));
        int known = cos.Length / (dim / 2);
        for (int t = 0; t < positions.Length; t++)
        {
            if ((uint)positions[t] >= (uint)known)
            {
                throw new ArgumentException($"Rotate: position {positions[t]} of token {t} is outside the table of {known} positions.");
            }
        }

        fixed (float* px = x, py = y, pc = cos, ps = sin)
        fixed (int* pp = positions)
        {
            var kernel = new RotateKernel { X = px, Y = py, Positions = pp, Cos = pc, Sin = ps, Heads = heads, Half = dim / 2, Inverse = inverse, Accumulate = accumulate };
            RowJobs.Run(kernel, positions.Length, (long)heads * dim);
        }
    }

    private static void RequireEven(int dim)
    {
        if (dim < 2 || dim % 2 != 0)
        {
            throw new ArgumentException($"Rope: dim is {dim}; it must be even and at least 2.");
        }
    }

    private struct RotateKernel : IRowRange
    {
        public float* X;
        public float* Y;
        public int* Positions;
        public float* Cos;
        public float* Sin;
        public int Heads;
        public int Half;
        public bool Inverse;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            int half = Half;
            for (int t = first; t < first + count; t++)
            {
                nint table = (nint)Positions[t] * half;
                for (int h = 0; h < Heads; h++)
                {
                    nint start = (((nint)t * Heads) + h) * half * 2;
                    for (int i = 0; i < half; i += Lanes.Count)
                    {
                        int width = Math.Min(Lanes.Count, half - i);
                        T c = Load<T>(Cos + table + i, width), s = Load<T>(Sin + table + i, width);
                        s = Inverse ? -s : s;
                        float* lower = Y + start + i;
                        float* upper = lower + half;
                        T a = Load<T>(X + start + i, width), b = Load<T>(X + start + half + i, width);
                        T ya = T.Fma(a, c, -(b * s));
                        T yb = T.Fma(b, c, a * s);
                        if (Accumulate)
                        {
                            ya = Load<T>(lower, width) + ya;
                            yb = Load<T>(upper, width) + yb;
                        }

                        if (width == Lanes.Count)
                        {
                            T.Store(lower, ya);
                            T.Store(upper, yb);
                        }
                        else
                        {
                            T.StorePartial(lower, ya, width);
                            T.StorePartial(upper, yb, width);
                        }
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Load<T>(float* p, int count)
            where T : struct, ILanes<T> => count == Lanes.Count ? T.Load(p) : T.LoadPartial(p, count, 0f);
    }
}
