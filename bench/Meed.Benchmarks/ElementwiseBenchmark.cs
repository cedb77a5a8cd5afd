using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Meed.Numerics.Kernels;

namespace Meed.Benchmarks;

/// <summary>Functions of 65,536 elements, one thread: MathF, TensorPrimitives and our kernels.</summary>
[MemoryDiagnoser]
public class ElementwiseBenchmark
{
    private readonly float[] x = Inputs.Uniform(65_536, 1), y = new float[65_536];

    [GlobalSetup]
    public void Setup() => Workers.Count = 1;

    [Benchmark(Baseline = true)]
    public void ExpMathF()
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = MathF.Exp(x[i]);
        }
    }

    [Benchmark]
    public void ExpTensorPrimitives() => TensorPrimitives.Exp<float>(x, y);

    [Benchmark]
    public void Exp() => UnaryKernels.Exp(x, y);

    [Benchmark]
    public void Tanh() => UnaryKernels.Tanh(x, y);

    [Benchmark]
    public void GeluTanh() => UnaryKernels.GeluTanh(x, y);

    [Benchmark]
    public void GeluErf() => UnaryKernels.GeluErf(x, y);

    [Benchmark]
    public void Silu() => UnaryKernels.Silu(x, y);

    [Benchmark]
    public void Softmax64() => SoftmaxKernels.Softmax(x, y, 1024, 64);
}
