using Meed.Numerics.Kernels;

namespace Meed.Compare.Cases;

/// <summary>Elementwise functions, softmax and norms.</summary>
public static class RowsCase
{
    public static void Run(CaseOptions options)
    {
        float[] x = Data.Uniform(1_048_576, 1), y = new float[x.Length], dy = Data.Uniform(x.Length, 2);
        float[] gain = Data.Uniform(128, 3), bias = Data.Uniform(128, 4), mean = new float[4096], rstd = new float[4096], dGain = new float[128], dBias = new float[128];
        Output.Measure("exp 65536", () => UnaryKernels.Exp(x.AsSpan(0, 65536), y.AsSpan(0, 65536)), options);
        Output.Measure("exp 1048576", () => UnaryKernels.Exp(x, y), options);
        Output.Measure("tanh 1048576", () => UnaryKernels.Tanh(x, y), options);
        Output.Measure("gelu-tanh 1024x512", () => UnaryKernels.GeluTanh(x.AsSpan(0, 524288), y.AsSpan(0, 524288)), options);
        Output.Measure("gelu-erf 1024x512", () => UnaryKernels.GeluErf(x.AsSpan(0, 524288), y.AsSpan(0, 524288)), options);
        Output.Measure("gelu-tanh backward 1024x512", () => UnaryKernels.GeluTanhBackward(x.AsSpan(0, 524288), dy.AsSpan(0, 524288), y.AsSpan(0, 524288), false), options);
        Output.Measure("add 1048576", () => BinaryKernels.Add(x, dy, y), options);
        Output.Measure("sum 1048576", () => ReduceKernels.Sum(x), options);
        Output.Measure("softmax 4096x64", () => SoftmaxKernels.Softmax(x.AsSpan(0, 262144), y.AsSpan(0, 262144), 4096, 64), options);
        Output.Measure("log-softmax 1024x128", () => SoftmaxKernels.LogSoftmax(x.AsSpan(0, 131072), y.AsSpan(0, 131072), 1024, 128), options);
        Output.Measure("layer-norm 1024x128", () => NormKernels.LayerNorm(x.AsSpan(0, 131072), gain, bias, y.AsSpan(0, 131072), mean.AsSpan(0, 1024), rstd.AsSpan(0, 1024), 1024, 128, 1e-5f), options);
        Output.Measure(
            "layer-norm backward 1024x128",
            () => NormKernels.LayerNormBackward(
                x.AsSpan(0, 131072), gain, mean.AsSpan(0, 1024), rstd.AsSpan(0, 1024), dy.AsSpan(0, 131072), y.AsSpan(0, 131072), dGain, dBias, 1024, 128, false),
            options);
    }
}
