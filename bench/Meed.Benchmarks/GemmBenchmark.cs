using BenchmarkDotNet.Attributes;
using Meed.Numerics.Kernels;

namespace Meed.Benchmarks;

/// <summary>One matrix product per call: the plain loop against our kernel on each instruction set, one thread.</summary>
[MemoryDiagnoser]
public class GemmBenchmark
{
    private float[] a = [], b = [], c = [], packed = [];

    [Params("8x128x512", "256x128x512", "512x512x512")]
    public string Shape { get; set; } = "";

    private int M { get; set; }

    private int K { get; set; }

    private int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Shape.Split('x').Select(int.Parse)];
        (M, K, N) = (sizes[0], sizes[1], sizes[2]);
        Workers.Count = 1;
        a = Inputs.Uniform(M * K, 1);
        b = Inputs.Uniform(K * N, 2);
        c = new float[M * N];
        packed = new float[Gemm.PackedLength(K, N)];
        Gemm.Pack(false, K, N, b, N, packed);
    }

    [Benchmark(Baseline = true)]
    public void PlainLoop()
    {
        for (int i = 0; i < M; i++)
        {
            Span<float> row = c.AsSpan(i * N, N);
            row.Clear();
            for (int p = 0; p < K; p++)
            {
                float x = a[(i * K) + p];
                ReadOnlySpan<float> y = b.AsSpan(p * N, N);
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] += x * y[j];
                }
            }
        }
    }

    [Benchmark]
    [Arguments(Isa.Portable)]
    [Arguments(Isa.Avx2)]
    [Arguments(Isa.Avx512)]
    public void Multiply(Isa isa)
    {
        using Cpu.Scope scope = Cpu.Use(isa);
        Gemm.Multiply(false, false, M, N, K, a, K, b, N, c, N, false);
    }

    [Benchmark]
    public void MultiplyPacked() => Gemm.MultiplyPacked(false, M, N, K, a, K, packed, [], c, N, false);
}
