using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>y = f(x), lane by lane.</summary>
internal interface IUnaryOp
{
    T Apply<T>(T x)
        where T : struct, ILanes<T>;
}

/// <summary>y = f(a, b), lane by lane.</summary>
internal interface IBinaryOp
{
    T Apply<T>(T a, T b)
        where T : struct, ILanes<T>;
}

/// <summary>The loops of all elementwise kernels: whole vectors, one partial vector, threads over fixed chunks when long.</summary>
internal static unsafe class Map
{
    /// <summary>Elements per chunk.</summary>
    public const int Chunk = 16384;

    /// <summary>y = f(x).</summary>
    public static void Unary<TOp>(TOp op, ReadOnlySpan<float> x, Span<float> y, int parallelFrom)
        where TOp : unmanaged, IUnaryOp
    {
        fixed (float* px = x, py = y)
        {
            var job = new UnaryJob<TOp> { Op = op, X = px, Y = py, Length = x.Length, Isa = Cpu.Active };
            Workers.Run(ref job, Chunks(x.Length), x.Length >= parallelFrom);
        }
    }

    /// <summary>y = f(a, b), or y += f(a, b).</summary>
    public static void Binary<TOp>(TOp op, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, bool accumulate, int parallelFrom)
        where TOp : unmanaged, IBinaryOp
    {
        fixed (float* pa = a, pb = b, py = y)
        {
            var job = new BinaryJob<TOp> { Op = op, A = pa, B = pb, Y = py, Length = a.Length, Accumulate = accumulate, Isa = Cpu.Active };
            Workers.Run(ref job, Chunks(a.Length), a.Length >= parallelFrom);
        }
    }

    /// <summary>y[r, c] = f(a[r, c], row[c]).</summary>
    public static void Rows<TOp>(TOp op, ReadOnlySpan<float> a, ReadOnlySpan<float> row, Span<float> y, int parallelFrom)
        where TOp : unmanaged, IBinaryOp
    {
        fixed (float* pa = a, pb = row, py = y)
        {
            int cols = row.Length;
            int rows = cols == 0 ? 0 : a.Length / cols;
            int rowsPerChunk = Math.Max(1, Chunk / Math.Max(1, cols));
            var job = new RowsJob<TOp> { Op = op, A = pa, Row = pb, Y = py, Rows = rows, Cols = cols, RowsPerChunk = rowsPerChunk, Isa = Cpu.Active };
            Workers.Run(ref job, (rows + rowsPerChunk - 1) / rowsPerChunk, a.Length >= parallelFrom);
        }
    }

    private static int Chunks(int length) => (length + Chunk - 1) / Chunk;

    private struct UnaryJob<TOp> : IChunkJob
        where TOp : unmanaged, IUnaryOp
    {
        public TOp Op;
        public float* X;
        public float* Y;
        public int Length;
        public Isa Isa;

        public readonly void Run(int chunk)
        {
            int start = chunk * Chunk;
            int n = Math.Min(Chunk, Length - start);
            switch (Isa)
            {
                case Isa.Avx512: Loop<Lanes512>(Op, X + start, Y + start, n); break;
                case Isa.Avx2: Loop<Lanes256>(Op, X + start, Y + start, n); break;
                default: Loop<Lanes128>(Op, X + start, Y + start, n); break;
            }
        }

        private static void Loop<T>(TOp op, float* x, float* y, int n)
            where T : struct, ILanes<T>
        {
            int whole = n - (n % Lanes.Count);
            Whole<T>(op, x, y, whole);
            if (whole < n)
            {
                Rest<T>(op, x + whole, y + whole, n - whole);
            }
        }

        // One call of the operation a method, as in RowLoops.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Whole<T>(TOp op, float* x, float* y, int n)
            where T : struct, ILanes<T>
        {
            for (int i = 0; i < n; i += Lanes.Count)
            {
                T.Store(y + i, op.Apply(T.Load(x + i)));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Rest<T>(TOp op, float* x, float* y, int n)
            where T : struct, ILanes<T> => T.StorePartial(y, op.Apply(T.LoadPartial(x, n, 0f)), n);
    }

    private struct BinaryJob<TOp> : IChunkJob
        where TOp : unmanaged, IBinaryOp
    {
        public TOp Op;
        public float* A;
        public float* B;
        public float* Y;
        public int Length;
        public bool Accumulate;
        public Isa Isa;

        public readonly void Run(int chunk)
        {
            int start = chunk * Chunk;
            int n = Math.Min(Chunk, Length - start);
            switch (Isa)
            {
                case Isa.Avx512: RowLoops.Binary<Lanes512, TOp>(Op, A + start, B + start, Y + start, n, Accumulate); break;
                case Isa.Avx2: RowLoops.Binary<Lanes256, TOp>(Op, A + start, B + start, Y + start, n, Accumulate); break;
                default: RowLoops.Binary<Lanes128, TOp>(Op, A + start, B + start, Y + start, n, Accumulate); break;
            }
        }
    }

    private struct RowsJob<TOp> : IChunkJob
        where TOp : unmanaged, IBinaryOp
    {
        public TOp Op;
        public float* A;
        public float* Row;
        public float* Y;
        public int Rows;
        public int Cols;
        public int RowsPerChunk;
        public Isa Isa;

        public readonly void Run(int chunk)
        {
            int first = chunk * RowsPerChunk;
            int count = Math.Min(RowsPerChunk, Rows - first);
            float* a = A + ((nint)first * Cols);
            float* y = Y + ((nint)first * Cols);
            switch (Isa)
            {
                case Isa.Avx512: Loop<Lanes512>(Op, a, Row, y, count, Cols); break;
                case Isa.Avx2: Loop<Lanes256>(Op, a, Row, y, count, Cols); break;
                default: Loop<Lanes128>(Op, a, Row, y, count, Cols); break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Loop<T>(TOp op, float* a, float* row, float* y, int rows, int cols)
            where T : struct, ILanes<T>
        {
            for (int r = 0; r < rows; r++, a += cols, y += cols)
            {
                int i = 0;
                for (; i <= cols - Lanes.Count; i += Lanes.Count)
                {
                    T.Store(y + i, op.Apply(T.Load(a + i), T.Load(row + i)));
                }

                if (i < cols)
                {
                    int rest = cols - i;
                    T.StorePartial(y + i, op.Apply(T.LoadPartial(a + i, rest, 0f), T.LoadPartial(row + i, rest, 0f)), rest);
                }
            }
        }
    }
}
