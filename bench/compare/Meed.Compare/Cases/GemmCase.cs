using System.Runtime.InteropServices;
using Meed.Numerics.Kernels;

namespace Meed.Compare.Cases;

/// <summary>C = A·B in float32 over squares and the shapes of small transformers.</summary>
public static unsafe class GemmCase
{
    private static IEnumerable<(int M, int K, int N)> Shapes(CaseOptions options)
    {
        if (options.Other.TryGetValue("shape", out string? one))
        {
            int[] sizes = [.. one.Split('x').Select(int.Parse)];
            yield return (sizes[0], sizes[1], sizes[2]);
            yield break;
        }

        string set = options.Other.GetValueOrDefault("set", "all");
        if (set is "all" or "squares")
        {
            foreach (int size in new[] { 64, 128, 256, 512, 1024, 2048 })
            {
                yield return (size, size, size);
            }
        }

        (int, int)[] skinny = [(64, 64), (128, 128), (128, 384), (128, 512), (384, 128), (512, 128), (256, 1024), (1024, 256), (1024, 1024)];
        int[] rows = set == "decode" ? [1, 2, 4, 8, 16] : set == "squares" ? [] : [32, 256, 2048];
        foreach (int m in rows)
        {
            foreach ((int k, int n) in skinny)
            {
                yield return (m, k, n);
            }
        }
    }

    /// <summary>Our kernel; --form nn|nt|tn|packed.</summary>
    public static void Ours(CaseOptions options)
    {
        string form = options.Other.GetValueOrDefault("form", "nn");
        bool ta = form == "tn", tb = form == "nt";
        foreach ((int m, int k, int n) in Shapes(options))
        {
            float[] a = Data.Uniform(m * k, 1), b = Data.Uniform(k * n, 2), c = new float[m * n];
            if (form == "packed")
            {
                var packed = new float[Gemm.PackedLength(k, n)];
                Gemm.Pack(false, k, n, b, n, packed);
                Output.Measure(Name(form, m, k, n), () => Gemm.MultiplyPacked(false, m, n, k, a, k, packed, [], c, n, false), options, 2.0 * m * k * n);
            }
            else
            {
                Output.Measure(Name(form, m, k, n), () => Gemm.Multiply(ta, tb, m, n, k, a, ta ? m : k, b, tb ? k : n, c, n, false), options, 2.0 * m * k * n);
            }
        }
    }

    /// <summary>OpenBLAS through its C interface: --library path. Its kernel set is OPENBLAS_CORETYPE's or its own choice.</summary>
    public static void OpenBlas(CaseOptions options)
    {
        nint library = NativeLibrary.Load(options.Other["library"]);
        var core = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_corename");
        var config = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_config");
        var setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        var sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        setThreads(options.Threads);
        Output.Note("core", Marshal.PtrToStringUTF8((nint)core()) ?? "unknown");
        Output.Note("config", (Marshal.PtrToStringUTF8((nint)config()) ?? "unknown").Trim());
        string form = options.Other.GetValueOrDefault("form", "nn");
        bool ta = form == "tn", tb = form == "nt";
        const int RowMajor = 101, Plain = 111, Transposed = 112;
        foreach ((int m, int k, int n) in Shapes(options))
        {
            float[] a = Data.Uniform(m * k, 1), b = Data.Uniform(k * n, 2), c = new float[m * n];
            fixed (float* pa = a, pb = b, pc = c)
            {
                float* x = pa, y = pb, z = pc;
                Output.Measure(
                    Name(form, m, k, n),
                    () => sgemm(RowMajor, ta ? Transposed : Plain, tb ? Transposed : Plain, m, n, k, 1f, x, ta ? m : k, y, tb ? k : n, 0f, z, n),
                    options,
                    2.0 * m * k * n);
            }
        }
    }

    private static string Name(string form, int m, int k, int n) => $"{(form == "packed" ? "nn" : form)} {m}x{k}x{n}";
}
