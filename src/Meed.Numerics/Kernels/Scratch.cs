using System.Runtime.InteropServices;

namespace Meed.Numerics.Kernels;

/// <summary>Aligned memory of one thread that a kernel may use until it returns.</summary>
internal sealed unsafe class Scratch
{
    [ThreadStatic]
    private static Scratch? matrix;

    [ThreadStatic]
    private static Scratch? attention;

    private float* memory;
    private nuint capacity;

    private Scratch()
    {
    }

    ~Scratch() => NativeMemory.AlignedFree(memory);

    /// <summary>Memory for packed matrices; contents are undefined, valid until the next call on this thread.</summary>
    public static float* Matrix(long floats) => (matrix ??= new Scratch()).AtLeast(floats);

    /// <summary>Memory for attention; distinct from the other.</summary>
    public static float* Attention(long floats) => (attention ??= new Scratch()).AtLeast(floats);

    private float* AtLeast(long floats)
    {
        if ((nuint)floats > capacity)
        {
            nuint grown = Math.Max((nuint)floats, capacity * 3 / 2);
            NativeMemory.AlignedFree(memory);
            memory = null;
            capacity = 0;
            memory = (float*)NativeMemory.AlignedAlloc(grown * sizeof(float), 64);
            capacity = grown;
        }

        return memory;
    }
}
