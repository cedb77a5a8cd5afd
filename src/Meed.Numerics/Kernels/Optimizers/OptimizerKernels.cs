using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Fused parameter updates, in place.</summary>
public static unsafe class OptimizerKernels
{
    private const int Chunk = 16384;
    private const int ParallelFrom = 131_072;

    /// <summary>One Adam or AdamW update (Kingma and Ba 2015, arXiv:1412.6980).</summary>
    /// <remarks>m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²; p −= η·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε), after p −= η·λ·p when decoupled.</remarks>
    public static void Adam(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> m, Span<float> v, in AdamStep step)
    {
        Check.Length(gradients.Length, parameters.Length, nameof(gradients));
        Check.Length(m.Length, parameters.Length, nameof(m));
        Check.Length(v.Length, parameters.Length, nameof(v));
        if (step.Step < 1)
        {
            throw new ArgumentException($"Adam: step is {step.Step}; the first update is step 1.");
        }

        fixed (float* pp = parameters, pg = gradients, pm = m, pv = v)
        {
            var job = new AdamJob
            {
                P = pp,
                G = pg,
                M = pm,
                V = pv,
                Length = parameters.Length,
                Isa = Cpu.Active,
                Beta1 = (float)step.Beta1,
                Rest1 = (float)(1.0 - step.Beta1),
                Beta2 = (float)step.Beta2,
                Rest2 = (float)(1.0 - step.Beta2),
                Epsilon = (float)step.Epsilon,
                Scale = step.GradientScale,
                StepSize = (float)(step.LearningRate / (1.0 - Math.Pow(step.Beta1, step.Step))),
                RootCorrection = (float)(1.0 / Math.Sqrt(1.0 - Math.Pow(step.Beta2, step.Step))),
                Shrink = step.Decoupled ? (float)(1.0 - (step.LearningRate * step.WeightDecay)) : 1f,
                Ridge = step.Decoupled ? 0f : (float)step.WeightDecay,
            };
            Workers.Run(ref job, (parameters.Length + Chunk - 1) / Chunk, parameters.Length >= ParallelFrom);
        }
    }

    /// <summary>One step of gradient descent: g' = scale·g + λ·p; velocity = μ·velocity + g'; p −= η·velocity. Without momentum velocity may be empty.</summary>
    public static void Sgd(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> velocity, float learningRate, float momentum, float weightDecay, float gradientScale)
    {
        Check.Length(gradients.Length, parameters.Length, nameof(gradients));
        if (momentum != 0f || velocity.Length != 0)
        {
            Check.Length(velocity.Length, parameters.Length, nameof(velocity));
        }

        fixed (float* pp = parameters, pg = gradients, pv = velocity)
        {
            var job = new SgdJob
            {
                P = pp,
                G = pg,
                V = velocity.Length == 0 ? null : pv,
                Length = parameters.Length,
                Isa = Cpu.Active,
                LearningRate = learningRate,
                Momentum = momentum,
                Decay = weightDecay,
                Scale = gradientScale,
            };
            Workers.Run(ref job, (parameters.Length + Chunk - 1) / Chunk, parameters.Length >= ParallelFrom);
        }
    }

    private struct AdamJob : IChunkJob
    {
        public float* P;
        public float* G;
        public float* M;
        public float* V;
        public int Length;
        public Isa Isa;
        public float Beta1;
        public float Rest1;
        public float Beta2;
        public float Rest2;
        public float Epsilon;
        public float Scale;
        public float StepSize;
        public float RootCorrection;
        public float Shrink;
        public float Ridge;

        public readonly void Run(int chunk)
        {
            int start = chunk * Chunk;
            int n = Math.Min(Chunk, Length - start);
            switch (Isa)
            {
                case Isa.Avx512: Loop<Lanes512>(start, n); break;
                case Isa.Avx2: Loop<Lanes256>(start, n); break;
                default: Loop<Lanes128>(start, n); break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Loop<T>(int start, int n)
            where T : struct, ILanes<T>
        {
            float* p = P + start;
            float* g = G + start;
            float* m = M + start;
            float* v = V + start;
            int i = 0;
            for (; i <= n - Lanes.Count; i += Lanes.Count)
            {
                T pi = T.Load(p + i), mi = T.Load(m + i), vi = T.Load(v + i);
                Update(ref pi, T.Load(g + i), ref mi, ref vi);
                T.Store(p + i, pi);
                T.Store(m + i, mi);
                T.Store(v + i, vi);
            }

            if (i < n)
            {
                int rest = n - i;
                T pi = T.LoadPartial(p + i, rest, 0f), mi = T.LoadPartial(m + i, rest, 0f), vi = T.LoadPartial(v + i, rest, 0f);
                Update(ref pi, T.LoadPartial(g + i, rest, 0f), ref mi, ref vi);
                T.StorePartial(p + i, pi, rest);
                T.StorePartial(m + i, mi, rest);
                T.StorePartial(v + i, vi, rest);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Update<T>(ref T p, T g, ref T m, ref T v)
            where T : struct, ILanes<T>
        {
            g = T.Fma(T.Splat(Ridge), p, g * T.Splat(Scale));
            m = T.Fma(T.Splat(Beta1), m, T.Splat(Rest1) * g);
            v = T.Fma(T.Splat(Beta2), v, T.Splat(Rest2) * g * g);
            T root = T.Fma(T.Sqrt(v), T.Splat(RootCorrection), T.Splat(Epsilon));
            p = T.Fma(T.Splat(Shrink), p, -(T.Splat(StepSize) * m / root));
        }
    }

    private struct SgdJob : IChunkJob
    {
        public float* P;
        public float* G;
        public float* V;
        public int Length;
        public Isa Isa;
        public float LearningRate;
        public float Momentum;
        public float Decay;
        public float Scale;

        public readonly void Run(int chunk)
        {
            int start = chunk * Chunk;
            int n = Math.Min(Chunk, Length - start);
            switch (Isa)
            {
                case Isa.Avx512: Loop<Lanes512>(start, n); break;
                case Isa.Avx2: Loop<Lanes256>(start, n); break;
                default: Loop<Lanes128>(start, n); break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Loop<T>(int start, int n)
            where T : struct, ILanes<T>
        {
            float* p = P + start;
            float* g = G + start;
            float* v = V == null ? null : V + start;
            for (int i = 0; i < n; i += Lanes.Count)
            {
                int rest = Math.Min(Lanes.Count, n - i);
                bool whole = rest == Lanes.Count;
                T pi = whole ? T.Load(p + i) : T.LoadPartial(p + i, rest, 0f);
                T d = T.Fma(T.Splat(Decay), pi, T.Splat(Scale) * (whole ? T.Load(g + i) : T.LoadPartial(g + i, rest, 0f)));
                if (v != null)
                {
                    d = T.Fma(T.Splat(Momentum), whole ? T.Load(v + i) : T.LoadPartial(v + i, rest, 0f), d);
                    Store(v + i, d, rest);
                }

                Store(p + i, T.Fma(T.Splat(-LearningRate), d, pi), rest);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store<T>(float* p, T value, int count)
            where T : struct, ILanes<T>
        {
            if (count == Lanes.Count)
            {
                T.Store(p, value);
            }
            else
            {
                T.StorePartial(p, value, count);
            }
        }
    }
}
