using System.Globalization;

namespace Meed.Rewards.Documents;

/// <summary>Durations as people write them: 250ms, 60s, 5m, 2h.</summary>
public static class Durations
{
    /// <summary>Reads a duration; a number alone is not one.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        string trimmed = text.Trim();
        foreach (var (suffix, seconds) in new[] { ("ms", 0.001), ("min", 60d), ("s", 1d), ("m", 60d), ("h", 3600d), ("d", 86400d) })
        {
            if (trimmed.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(trimmed[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                && value * seconds < 1e9)
            {
                duration = TimeSpan.FromSeconds(value * seconds);
                return true;
            }
        }

        return false;
    }

    /// <summary>A duration in the fewest words: 850 ms, 41 s, 3 min 5 s, 2 h 10 min.</summary>
    public static string Words(TimeSpan duration)
    {
        double s = duration.TotalSeconds;
        return s switch
        {
            < 1 => $"{s * 1000:0} ms",
            < 10 => $"{s:0.0} s",
            < 99.5 => $"{s:0} s",
            < 3600 => $"{Math.Floor(s / 60):0} min {s % 60:00} s",
            _ => $"{Math.Floor(s / 3600):0} h {Math.Floor(s % 3600 / 60):00} min",
        };
    }
}
