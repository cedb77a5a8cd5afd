using System.Runtime.InteropServices;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

/// <summary>What kernel tests share: the instruction sets of this machine, random spans, lengths, bit comparison.</summary>
internal static class KernelTest
{
    /// <summary>Every instruction set this machine can run.</summary>
    public static IEnumerable<Isa> Isas => Enum.GetValues<Isa>().Where(Cpu.Supports);

    /// <summary>Lengths 1 to 257.</summary>
    public static IEnumerable<int> Lengths => Enumerable.Range(1, 257);

    public static float[] Random(int length, int seed, float scale = 1f)
    {
        var random = new Random(seed);
        var x = new float[length];
        for (int i = 0; i < length; i++)
        {
            double u = 1.0 - random.NextDouble(), w = random.NextDouble();
            x[i] = (float)(scale * Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * w));
        }

        return x;
    }

    /// <summary>An array whose NaN border lies around the part used, so that reading or writing outside shows.</summary>
    public static Span<float> Bordered(float[] content, out float[] whole)
    {
        whole = new float[content.Length + 64];
        Array.Fill(whole, float.NaN);
        content.CopyTo(whole, 32);
        return whole.AsSpan(32, content.Length);
    }

    public static void AssertBorderIntact(float[] whole)
    {
        for (int i = 0; i < 32; i++)
        {
            Assert.True(float.IsNaN(whole[i]) && float.IsNaN(whole[^(i + 1)]), $"written outside the span, at {i}");
        }
    }

    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        ReadOnlySpan<int> a = MemoryMarshal.Cast<float, int>(expected), b = MemoryMarshal.Cast<float, int>(actual);
        int at = a.CommonPrefixLength(b);
        Assert.True(at == a.Length, at == a.Length ? "" : $"{what}: element {at} is {actual[at]:R}, expected {expected[at]:R}");
    }

    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double relative, double absolute, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            bool good = error <= (Math.Abs(expected[i]) * relative) + absolute || expected[i].Equals((double)actual[i]) || (double.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            Assert.True(good, $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }
}
