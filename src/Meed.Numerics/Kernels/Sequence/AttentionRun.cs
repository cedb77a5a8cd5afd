using System.Runtime.Intrinsics;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

public static unsafe partial class AttentionKernels
{
    private const int ForwardRows = 16;     // query rows of one block
    private const int BackwardRows = 64;

    private static void RunForward(in AttentionShape shape, float* q, float* k, float* v, int* lengths, float* output, float* logSumExp)
    {
        var job = new ForwardJob { Shape = shape, Q = q, K = k, V = v, Lengths = lengths, Output = output, LogSumExp = logSumExp, Isa = Cpu.Active };
        Workers.Run(ref job, shape.Batch * shape.KvHeads, Work(shape, shape.Time) >= 250_000);
    }

    private static void RunBackward(
        in AttentionShape shape, float* q, float* k, float* v, int* lengths, float* output, float* logSumExp, float* dOutput, float* dq, float* dk, float* dv)
    {
        var job = new BackwardJob
        {
            Shape = shape,
            Q = q,
            K = k,
            V = v,
            Lengths = lengths,
            Output = output,
            LogSumExp = logSumExp,
            DOutput = dOutput,
            Dq = dq,
            Dk = dk,
            Dv = dv,
            Isa = Cpu.Active,
        };
        Workers.Run(ref job, shape.Batch * shape.KvHeads, Work(shape, shape.Time) >= 100_000);
    }

    private static void RunDecode(in AttentionShape shape, float* q, float* keys, float* values, int capacity, int* positions, float* output)
    {
        long work = 0;
        for (int b = 0; b < shape.Batch; b++)
        {
            work += positions[b] < 0 ? 0 : (long)(positions[b] + shape.Time) * shape.Time * shape.Heads * shape.Dim;
        }

        var job = new DecodeJob { Shape = shape, Q = q, Keys = keys, Values = values, Capacity = capacity, Positions = positions, Output = output, Isa = Cpu.Active };
        Workers.Run(ref job, shape.Batch, work >= 250_000);
    }

    private static long Work(in AttentionShape shape, int time) => (long)shape.Batch * shape.Heads * time * time * shape.Dim;

    private struct ForwardJob : IChunkJob
    {
        public AttentionShape Shape;
        public float* Q;
        public float* K;
        public float* V;
        public int* Lengths;
        public float* Output;
        public float* LogSumExp;
        public Isa Isa;

        public readonly void Run(int chunk)
        {
            switch (Isa)
            {
                case Isa.Avx512: One<Lanes512, Vector512<float>, Ops512>(chunk); break;
                case Isa.Avx2: One<Lanes256, Vector256<float>, Ops256>(chunk); break;
                default: One<Lanes128, Vector128<float>, Ops128>(chunk); break;
            }
        }

        private readonly void One<TLanes, TVector, TOps>(int chunk)
            where TLanes : struct, ILanes<TLanes>
            where TVector : struct
            where TOps : struct, IVectorOps<TVector>
        {
            int b = chunk / Shape.KvHeads, kv = chunk % Shape.KvHeads;
            int group = Shape.Heads / Shape.KvHeads, dim = Shape.Dim, time = Shape.Time;
            int length = Lengths == null ? time : Lengths[b];
            nint oRow = (nint)Shape.Heads * dim;
            nint firstKey = ((nint)b * time * Shape.KeyStep) + (kv * dim);
            int padded = (length + 31) / 32 * 32;
            float* keys = Scratch.Attention(((long)padded * dim) + ((long)ForwardRows * padded));
            float* scores = keys + ((nint)padded * dim);
            PackTransposed(K + firstKey, Shape.KeyStep, length, dim, keys);
            for (int h = kv * group; h < (kv + 1) * group; h++)
            {
                float* q = Q + ((nint)b * time * Shape.QueryStep) + (h * dim);
                float* o = Output + ((nint)b * time * oRow) + (h * dim);
                float* l = LogSumExp + ((((nint)b * Shape.Heads) + h) * time);
                for (int t = 0; t < length; t += ForwardRows)
                {
                    AttentionRows<TLanes, TVector, TOps>.Block(
                        Math.Min(ForwardRows, length - t), t + 1, 1, dim, Shape.Scale, q + ((nint)t * Shape.QueryStep), Shape.QueryStep,
                        keys, 32, 32 * (nint)dim, V + firstKey, Shape.KeyStep, o + (t * oRow), oRow, l + t, scores);
                }

                for (int t = length; t < time; t++)
                {
                    new Span<float>(o + (t * oRow), dim).Clear();
                    l[t] = 0f;
                }
            }
        }
    }

    private struct DecodeJob : IChunkJob
    {
        public AttentionShape Shape;
        public float* Q;
        public float* Keys;
        public float* Values;
        public int Capacity;
        public int* Positions;
        public float* Output;
        public Isa Isa;

        public readonly void Run(int chunk)
        {
            switch (Isa)
            {
                case Isa.Avx512: One<Lanes512, Vector512<float>, Ops512>(chunk); break;
                case Isa.Avx2: One<Lanes256, Vector256<float>, Ops256>(chunk); break;
                default: One<Lanes128, Vector128<float>, Ops128>(chunk); break;
            }
        }

        private readonly void One<TLanes, TVector, TOps>(int b)
            where TLanes : struct, ILanes<TLanes>
            where TVector : struct
            where TOps : struct, IVectorOps<TVector>
        {
            int position = Positions[b];
            if (position < 0)
            {
                return;
            }

            int group = Shape.Heads / Shape.KvHeads, dim = Shape.Dim, time = Shape.Time;
            nint oRow = (nint)Shape.Heads * dim;
            float* q = Q + ((nint)b * time * Shape.QueryStep);
            float* o = Output + ((nint)b * time * oRow);
            int rows = time == 1 ? group : Math.Min(ForwardRows, time);
            float* scores = Scratch.Attention((long)rows * ((position + time + 31) / 32 * 32));
            for (int kv = 0; kv < Shape.KvHeads; kv++)
            {
                nint head = (((nint)b * Shape.KvHeads) + kv) * dim * Capacity;
                if (time == 1)
                {
                    // The heads that share these keys are the rows.
                    AttentionRows<TLanes, TVector, TOps>.Block(
                        group, position + 1, 0, dim, Shape.Scale, q + (kv * group * dim), dim, Keys + head, Capacity, 32, Values + head, dim, o + (kv * group * dim), dim, null, scores);
                    continue;
                }

                for (int h = kv * group; h < (kv + 1) * group; h++)
                {
                    for (int s = 0; s < time; s += ForwardRows)
                    {
                        AttentionRows<TLanes, TVector, TOps>.Block(
                            Math.Min(ForwardRows, time - s), position + s + 1, 1, dim, Shape.Scale, q + ((nint)s * Shape.QueryStep) + (h * dim), Shape.QueryStep,
                            Keys + head, Capacity, 32, Values + head, dim, o + (s * oRow) + (h * dim), oRow, null, scores);
                    }
                }
            }
        }
    }

    // Panels of 32 positions: [panel][dim][32], zeros behind the last position.
    private static void PackTransposed(float* x, nint step, int count, int dim, float* panels)
    {
        for (int t = 0; t < count; t += Packing.Width)
        {
            Packing.Panel(true, dim, Math.Min(Packing.Width, count - t), x + (t * step), step, panels + ((nint)t * dim));
        }
    }

    private struct BackwardJob : IChunkJob
    {
        public AttentionShape Shape;
        public float* Q;
        public float* K;
        public float* V;
        public int* Lengths;
        public float* Output;
        public float* LogSumExp;
        public float* DOutput;
        public float* Dq;
        public float* Dk;
        public float* Dv;
        public Isa Isa;

        public readonly void Run(int chunk)
        {
            switch (Isa)
            {
                case Isa.Avx512: One<Lanes512, Vector512<float>, Ops512>(chunk); break;
                case Isa.Avx2: One<Lanes256, Vector256<float>, Ops256>(chunk); break;
                default: One<Lanes128, Vector128<float>, Ops128>(chunk); break;
            }
        }

        // With P the weights and dP = dO·Vᵀ:  dS = P·(dP − Σ dO·O)·scale, dQ = dS·K, dK = dSᵀ·Q, dV = Pᵀ·dO.
        private readonly void One<TLanes, TVector, TOps>(int chunk)
            where TLanes : struct, ILanes<TLanes>
            where TVector : struct
            where TOps : struct, IVectorOps<TVector>
        {
            int b = chunk / Shape.KvHeads, kv = chunk % Shape.KvHeads;
            int group = Shape.Heads / Shape.KvHeads, dim = Shape.Dim, time = Shape.Time;
            int length = Lengths == null ? time : Lengths[b];
            nint qRow = Shape.QueryStep, kRow = Shape.KeyStep, oRow = (nint)Shape.Heads * dim;
            nint firstKey = ((nint)b * time * kRow) + (kv * dim);
            for (int t = 0; t < time; t++)
            {
                new Span<float>(Dk + firstKey + (t * kRow), dim).Clear();
                new Span<float>(Dv + firstKey + (t * kRow), dim).Clear();
            }

            nint padded = (length + 31) / 32 * 32;
            float* keys = Scratch.Attention((2L * padded * dim) + (2L * BackwardRows * padded));
            float* values = keys + (padded * dim);
            float* weights = values + (padded * dim);
            float* gradients = weights + (BackwardRows * padded);
            PackTransposed(K + firstKey, kRow, length, dim, keys);
            PackTransposed(V + firstKey, kRow, length, dim, values);
            for (int h = kv * group; h < (kv + 1) * group; h++)
            {
                float* q = Q + ((nint)b * time * qRow) + (h * dim);
                float* dq = Dq + ((nint)b * time * qRow) + (h * dim);
                float* o = Output + ((nint)b * time * oRow) + (h * dim);
                float* dO = DOutput + ((nint)b * time * oRow) + (h * dim);
                float* l = LogSumExp + ((((nint)b * Shape.Heads) + h) * time);
                for (int t0 = 0; t0 < length; t0 += BackwardRows)
                {
                    int rows = Math.Min(BackwardRows, length - t0);
                    int most = t0 + rows;
                    for (int part = 0; part < rows; part += ForwardRows)
                    {
                        int partRows = Math.Min(ForwardRows, rows - part);
                        int columns = (t0 + part + partRows + 31) / 32 * 32;
                        int t = t0 + part;
                        float* w = weights + (part * padded);
                        float* g = gradients + (part * padded);
                        GemmDriver<TVector, TOps>.Region(partRows, columns, dim, q + (t * qRow), qRow, 1, keys, 32, 32 * (nint)dim, w, padded, Start.Zero, null);
                        GemmDriver<TVector, TOps>.Region(partRows, columns, dim, dO + (t * oRow), oRow, 1, values, 32, 32 * (nint)dim, g, padded, Start.Zero, null);
                        for (int r = 0; r < partRows; r++, t++, w += padded, g += padded)
                        {
                            AttentionRows<TLanes, TVector, TOps>.Weights(w, t + 1, most, Shape.Scale, l[t]);
                            float mean = RowMath.Dot<TLanes>(dO + (t * oRow), o + (t * oRow), dim);
                            AttentionRows<TLanes, TVector, TOps>.ScoreGradient(g, w, t + 1, most, mean, Shape.Scale);
                        }

                        AttentionRows<TLanes, TVector, TOps>.Product(
                            partRows, dim, t0 + part + partRows, gradients + (part * padded), padded, 1, K + firstKey, kRow, dq + ((t0 + part) * qRow), qRow, Start.Zero);
                    }

                    AttentionRows<TLanes, TVector, TOps>.Product(most, dim, rows, gradients, 1, padded, q + (t0 * qRow), qRow, Dk + firstKey, kRow, Start.Add);
                    AttentionRows<TLanes, TVector, TOps>.Product(most, dim, rows, weights, 1, padded, dO + (t0 * oRow), oRow, Dv + firstKey, kRow, Start.Add);
                }

                for (int t = length; t < time; t++)
                {
                    new Span<float>(dq + (t * qRow), dim).Clear();
                }
            }
        }
    }
}
