namespace Meed.Benchmarks;

internal static class Inputs
{
    /// <summary>Uniform numbers in [-1, 1).</summary>
    public static float[] Uniform(int length, int seed)
    {
        var random = new Random(seed);
        var x = new float[length];
        for (int i = 0; i < length; i++)
        {
            x[i] = (random.NextSingle() * 2) - 1;
        }

        return x;
    }
}
