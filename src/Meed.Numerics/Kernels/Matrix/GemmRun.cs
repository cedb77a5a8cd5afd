using System.Runtime.Intrinsics;

namespace Meed.Numerics.Kernels;

public static unsafe partial class Gemm
{
    private const int DepthBlock = 512;            // rows of B packed at a time
    private const int PanelBlock = 8;              // panels packed at a time: 256 columns, so that the block stays in the second-level cache
    private const long ParallelFrom = 1_000_000;   // multiply-adds; below, a helper costs more than it saves
    private const int DirectRows = 12;             // at most one row tile: packing would cost as much as the product
    private const long DirectSize = 16384;         // floats of B that stay in the first-level caches anyway

    private static void Run(bool transA, bool transB, int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc, float* bias, bool accumulate)
    {
        if (m == 0 || n == 0)
        {
            return;
        }

        TileJob job = TileJob.Of(transA, m, a, lda, c, ldc, bias, accumulate);
        Start start = job.Start;
        bool parallel = (long)m * n * k >= ParallelFrom;
        if (!transB && n % Packing.Width == 0 && (m <= DirectRows || (long)k * n <= DirectSize))
        {
            job.N = n;
            job.K = k;
            job.B = b;
            job.BStep = ldb;
            job.BNext = Packing.Width;
            job.Run(parallel);
            return;
        }

        if (!transB && n % Packing.Width == 0 && m < StreamingLimit(n, parallel))
        {
            job.N = n;
            job.K = k;
            job.B = b;
            job.BStep = ldb;
            job.BNext = Packing.Width;
            job.Streaming = true;
            job.Run(parallel);
            return;
        }

        int panels = (n + Packing.Width - 1) / Packing.Width;
        int depthBlock = k <= DepthBlock * 3 / 2 ? Math.Max(k, 1) : DepthBlock;
        float* packed = Scratch.Matrix((long)Math.Min(panels, PanelBlock) * Packing.Width * depthBlock);
        for (int first = 0; first < panels; first += PanelBlock)
        {
            int here = Math.Min(PanelBlock, panels - first);
            int column = first * Packing.Width;
            job.N = Math.Min(n - column, here * Packing.Width);
            job.C = c + column;
            job.Bias = bias + column;
            for (int p = 0; p < k || p == 0; p += depthBlock)
            {
                int depth = Math.Min(depthBlock, k - p);
                var pack = new PackJob { TransB = transB, K = depth, N = job.N, B = transB ? b + ((nint)column * ldb) + p : b + ((nint)p * ldb) + column, Ldb = ldb, Packed = packed };
                Workers.Run(ref pack, here, parallel && (long)depth * job.N >= 65536);
                job.K = depth;
                job.A = a + (p * job.AStep);
                job.B = packed;
                job.BStep = Packing.Width;
                job.BNext = (nint)depth * Packing.Width;
                job.Start = p == 0 ? start : Start.Add;
                job.Run(parallel);
            }
        }
    }

    // Below so many rows the first row tile packs each panel as it goes; threads then take columns and need no common packing step.
    private static int StreamingLimit(int n, bool parallel) => n < 4 * Packing.Width ? TileJob.RowChunk : parallel ? 1100 : 512;

    private static void RunBatched(
        bool transA, bool transB, int batch, int m, int n, int k, float* a, int lda, nint strideA, float* b, int ldb, nint strideB, float* c, int ldc, nint strideC, bool accumulate)
    {
        var job = new BatchJob
        {
            TransA = transA,
            TransB = transB,
            M = m,
            N = n,
            K = k,
            A = a,
            Lda = lda,
            StrideA = strideA,
            B = b,
            Ldb = ldb,
            StrideB = strideB,
            C = c,
            Ldc = ldc,
            StrideC = strideC,
            Accumulate = accumulate,
            Isa = Cpu.Active,
        };
        long one = (long)m * n * k;
        if (one >= 4 * ParallelFrom || batch == 1)
        {
            for (int i = 0; i < batch; i++)
            {
                job.Product(i);
            }

            return;
        }

        job.PerChunk = (int)Math.Clamp(ParallelFrom / 4 / Math.Max(1, one), 1, batch);
        job.Batch = batch;
        Workers.Run(ref job, (batch + job.PerChunk - 1) / job.PerChunk, one * batch >= ParallelFrom);
    }

    private static void RunPack(bool transB, int k, int n, float* b, int ldb, float* packed)
    {
        var pack = new PackJob { TransB = transB, K = k, N = n, B = b, Ldb = ldb, Packed = packed };
        Workers.Run(ref pack, (n + Packing.Width - 1) / Packing.Width, (long)k * n >= 65536);
    }

    private static void RunPacked(bool transA, int m, int n, int k, float* a, int lda, float* packed, float* c, int ldc, float* bias, bool accumulate)
    {
        if (m == 0 || n == 0)
        {
            return;
        }

        TileJob job = TileJob.Of(transA, m, a, lda, c, ldc, bias, accumulate);
        Start start = job.Start;
        bool parallel = (long)m * n * k >= ParallelFrom;
        int depthBlock = m <= DirectRows || k <= DepthBlock * 3 / 2 ? Math.Max(k, 1) : DepthBlock;
        job.N = n;
        job.BStep = Packing.Width;
        job.BNext = (nint)k * Packing.Width;
        for (int p = 0; p < k || p == 0; p += depthBlock)
        {
            job.K = Math.Min(depthBlock, k - p);
            job.A = a + (p * job.AStep);
            job.B = packed + ((nint)p * Packing.Width);
            job.Start = p == 0 ? start : Start.Add;
            job.Run(parallel);
        }
    }

    private struct PackJob : IChunkJob
    {
        public bool TransB;
        public int K;
        public int N;
        public float* B;
        public nint Ldb;
        public float* Packed;

        public readonly void Run(int chunk)
        {
            int column = chunk * Packing.Width;
            Packing.Panel(TransB, K, Math.Min(Packing.Width, N - column), TransB ? B + (column * Ldb) : B + column, Ldb, Packed + ((nint)column * K));
        }
    }

    private struct BatchJob : IChunkJob
    {
        public bool TransA;
        public bool TransB;
        public int M;
        public int N;
        public int K;
        public float* A;
        public int Lda;
        public nint StrideA;
        public float* B;
        public int Ldb;
        public nint StrideB;
        public float* C;
        public int Ldc;
        public nint StrideC;
        public bool Accumulate;
        public Isa Isa;
        public int PerChunk;
        public int Batch;

        public readonly void Run(int chunk)
        {
            using Cpu.Scope scope = Cpu.Use(Isa);   // helpers follow the caller's choice
            int end = Math.Min(Batch, (chunk + 1) * PerChunk);
            for (int i = chunk * PerChunk; i < end; i++)
            {
                Product(i);
            }
        }

        public readonly void Product(int i) => Gemm.Run(TransA, TransB, M, N, K, A + (i * StrideA), Lda, B + (i * StrideB), Ldb, C + (i * StrideC), Ldc, null, Accumulate);
    }

    /// <summary>One block of B against all rows of A, in chunks of rows or of columns.</summary>
    private struct TileJob : IChunkJob
    {
        public Isa Isa;
        public int M;
        public int N;
        public int K;
        public float* A;
        public nint ARow;
        public nint AStep;
        public float* B;
        public nint BStep;
        public nint BNext;
        public float* C;
        public nint Ldc;
        public float* Bias;
        public Start Start;
        public bool Streaming;
        public const int RowChunk = 96;
        private int rowChunk;
        private int rowChunks;
        private int columnChunk;

        public static TileJob Of(bool transA, int m, float* a, int lda, float* c, int ldc, float* bias, bool accumulate) => new()
        {
            Isa = Cpu.Active,
            M = m,
            A = a,
            ARow = transA ? 1 : lda,
            AStep = transA ? lda : 1,
            C = c,
            Ldc = ldc,
            Bias = bias,
            Start = accumulate ? Start.Add : bias != null ? Start.Bias : Start.Zero,
        };

        public void Run(bool parallel)
        {
            int panels = (N + Packing.Width - 1) / Packing.Width;
            if (M >= RowChunk && !Streaming)
            {
                rowChunk = parallel ? Math.Clamp((M + 95) / 96 * 12, 24, RowChunk) : RowChunk;   // eight chunks or more
                columnChunk = panels * Packing.Width;
            }
            else
            {
                rowChunk = M;
                columnChunk = (parallel ? Math.Max(4, (panels + 7) / 8) : panels) * Packing.Width;
                if (panels < 16 && parallel)
                {
                    columnChunk = Packing.Width * Math.Max(1, panels / 4);
                }
            }

            rowChunks = (M + rowChunk - 1) / rowChunk;
            Workers.Run(ref this, rowChunks * ((N + columnChunk - 1) / columnChunk), parallel);
        }

        public readonly void Run(int chunk)
        {
            switch (Isa)
            {
                case Isa.Avx512: One<Vector512<float>, Ops512>(chunk); break;
                case Isa.Avx2: One<Vector256<float>, Ops256>(chunk); break;
                default: One<Vector128<float>, Ops128>(chunk); break;
            }
        }

        private readonly void One<TVector, TOps>(int chunk)
            where TVector : struct
            where TOps : struct, IVectorOps<TVector>
        {
            int row = chunk % rowChunks * rowChunk;
            int column = chunk / rowChunks * columnChunk;
            int m = Math.Min(rowChunk, M - row);
            int n = Math.Min(columnChunk, N - column);
            int whole = n / Packing.Width * Packing.Width;
            float* a = A + (row * ARow);
            float* b = B + (column / Packing.Width * BNext);
            float* c = C + (row * Ldc) + column;
            if (Streaming)
            {
                GemmDriver<TVector, TOps>.Streaming(m, n, K, a, ARow, AStep, b, BStep, Scratch.Matrix((long)K * Packing.Width), c, Ldc, Start, Bias + column);
                return;
            }

            GemmDriver<TVector, TOps>.Region(m, whole, K, a, ARow, AStep, b, BStep, BNext, c, Ldc, Start, Bias + column);
            if (whole < n)
            {
                GemmDriver<TVector, TOps>.Tail(m, n - whole, K, a, ARow, AStep, b + (whole / Packing.Width * BNext), c + whole, Ldc, Start, Bias + column + whole);
            }
        }
    }
}
