using BenchmarkDotNet.Attributes;
using Meed.Numerics.Kernels;

namespace Meed.Benchmarks;

/// <summary>Attention of 16 rows, 64 positions, 4 heads of 32: training forward and backward, one decoding step at the last position.</summary>
[MemoryDiagnoser]
public class AttentionBenchmark
{
    private static readonly AttentionShape Shape = new() { Batch = 16, Time = 64, Heads = 4, KvHeads = 4, Dim = 32, Scale = 0.1767767f };
    private readonly float[] q = Inputs.Uniform(131_072, 1), k = Inputs.Uniform(131_072, 2), v = Inputs.Uniform(131_072, 3), dOutput = Inputs.Uniform(131_072, 4);
    private readonly float[] output = new float[131_072], logSumExp = new float[4096], dq = new float[131_072], dk = new float[131_072], dv = new float[131_072];
    private readonly float[] keys = new float[131_072], values = new float[131_072];
    private readonly int[] last = [.. Enumerable.Repeat(63, 16)];

    [GlobalSetup]
    public void Setup()
    {
        Workers.Count = 1;
        AttentionKernels.Forward(Shape, q, k, v, [], output, logSumExp);
        AttentionKernels.Append(Shape, k, v, new int[16], keys, values, 64);
    }

    [Benchmark]
    public void Forward() => AttentionKernels.Forward(Shape, q, k, v, [], output, logSumExp);

    [Benchmark]
    public void Backward() => AttentionKernels.Backward(Shape, q, k, v, [], output, logSumExp, dOutput, dq, dk, dv);

    [Benchmark]
    public void Decode() => AttentionKernels.Decode(Shape with { Time = 1 }, q, keys, values, 64, last, output);
}
