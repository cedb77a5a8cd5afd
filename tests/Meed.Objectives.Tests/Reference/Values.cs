using System.Text.Json;

namespace Meed.Objectives.Tests.Reference;

/// <summary>The values that tests/reference/objectives.py computed with PyTorch in float64.</summary>
internal static class Values
{
    public static JsonElement Root { get; } = Load();

    public static double[] Doubles(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetDouble())];

    public static float[] Floats(this JsonElement element) => [.. element.EnumerateArray().Select(e => (float)e.GetDouble())];

    public static bool[] Bools(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetBoolean())];

    public static int[] Ints(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetInt32())];

    /// <summary>Equal to 1e-6, relative above 1.</summary>
    public static void Near(IReadOnlyList<double> expected, IReadOnlyList<float> actual) => Near(expected, [.. actual.Select(a => (double)a)]);

    public static void Near(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected[i])), $"Value {i} is {actual[i]:R}; the reference is {expected[i]:R}.");
        }
    }

    private static JsonElement Load()
    {
        using var stream = typeof(Values).Assembly.GetManifestResourceStream("objectives.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
