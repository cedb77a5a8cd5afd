namespace Meed.Alignment;

/// <summary>Means of what counts; NaN where nothing does.</summary>
internal static class Means
{
    public static double Where(ReadOnlySpan<double> values, ReadOnlySpan<bool> mask)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (mask[i])
            {
                sum += values[i];
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }

    public static double Where(ReadOnlySpan<float> values, ReadOnlySpan<bool> mask)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (mask[i])
            {
                sum += values[i];
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }

    public static double OfNumbers(ReadOnlySpan<double> values)
    {
        double sum = 0;
        int count = 0;
        foreach (double value in values)
        {
            if (!double.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
