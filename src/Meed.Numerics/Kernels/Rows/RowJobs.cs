using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>A kernel over a range of rows.</summary>
internal interface IRowRange
{
    /// <summary>Does rows first .. first + count − 1.</summary>
    void Run<T>(int first, int count)
        where T : struct, ILanes<T>;
}

/// <summary>Shares rows among threads in chunks of fixed size.</summary>
internal static class RowJobs
{
    /// <summary>Runs a kernel over all rows; <paramref name="rowCost"/> is about the element operations of one row.</summary>
    public static void Run<TKernel>(TKernel kernel, int rows, long rowCost)
        where TKernel : unmanaged, IRowRange
    {
        int perChunk = (int)Math.Clamp(16384 / Math.Max(1, rowCost), 1, 1024);
        var job = new Job<TKernel> { Kernel = kernel, Rows = rows, PerChunk = perChunk, Isa = Cpu.Active };
        Workers.Run(ref job, (rows + perChunk - 1) / perChunk, rows * rowCost >= 65536);
    }

    private struct Job<TKernel> : IChunkJob
        where TKernel : unmanaged, IRowRange
    {
        public TKernel Kernel;
        public int Rows;
        public int PerChunk;
        public Isa Isa;

        public readonly void Run(int chunk)
        {
            int first = chunk * PerChunk;
            int count = Math.Min(PerChunk, Rows - first);
            switch (Isa)
            {
                case Isa.Avx512: Kernel.Run<Lanes512>(first, count); break;
                case Isa.Avx2: Kernel.Run<Lanes256>(first, count); break;
                default: Kernel.Run<Lanes128>(first, count); break;
            }
        }
    }
}
