using System.Globalization;

namespace Meed.Recipes.Report;

/// <summary>How an axis writes its numbers.</summary>
public enum NumberFormat : byte
{
    /// <summary>Plain, with k and M for thousands and millions.</summary>
    Plain,

    /// <summary>A share of one as a percentage.</summary>
    Percent,

    /// <summary>Seconds as a duration.</summary>
    Seconds,
}

/// <summary>A linear axis: a domain with round ends and the ticks in it.</summary>
public sealed record Scale(double Low, double High, IReadOnlyList<double> Ticks, NumberFormat Format)
{
    /// <summary>An axis over values, widened to round ticks at both ends.</summary>
    /// <param name="low">Smallest value shown.</param>
    /// <param name="high">Largest value shown.</param>
    /// <param name="count">About how many ticks.</param>
    /// <param name="format">How numbers are written.</param>
    /// <param name="tight">True to keep the domain as given and only choose ticks inside it (time axes).</param>
    /// <param name="whole">True where only whole numbers mean something, such as steps: no ticks between them.</param>
    public static Scale Of(double low, double high, int count = 5, NumberFormat format = NumberFormat.Plain, bool tight = false, bool whole = false)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            (low, high) = (0, 1);
        }

        if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)) || high == low)
        {
            double room = low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = whole ? (low - 1, high + 1) : tight || low == 0 ? (low, low + room) : (low - room, high + room);
        }

        double step = Round((high - low) / Math.Max(1, count));
        step = whole ? Math.Max(1, Math.Ceiling(step)) : step;
        double first = tight ? Math.Ceiling((low / step) - 1e-9) : Math.Floor((low / step) + 1e-9);
        double last = tight ? Math.Floor((high / step) + 1e-9) : Math.Ceiling((high / step) - 1e-9);
        var ticks = new List<double>();
        for (double i = first; i <= last; i++)
        {
            ticks.Add(i * step == 0 ? 0 : i * step);
        }

        return tight ? new Scale(low, high, ticks, format) : new Scale(first * step, last * step, ticks, format);
    }

    /// <summary>A domain that suits a metric: from 0 where that costs little, up to 100 % for shares that come near it.</summary>
    public static Scale For(IEnumerable<double> values, NumberFormat format, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(values);
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > 0 && low < 0.4 * high)
        {
            low = 0;
        }

        if (format == NumberFormat.Percent && low >= 0 && high <= 1)
        {
            low = low < 0.5 ? 0 : low;
            high = high > 0.75 ? 1 : high;
        }

        return Of(low, high, count, format);
    }

    /// <summary>The place of a value between 0 and 1.</summary>
    public double At(double value) => (value - Low) / (High - Low);

    /// <summary>The label of a tick, as short as its neighbours allow.</summary>
    public string Label(double tick)
    {
        double step = Ticks.Count > 1 ? Ticks[1] - Ticks[0] : Math.Max(Math.Abs(tick), 1e-9);
        switch (Format)
        {
            case NumberFormat.Percent:
                return (tick * 100).ToString(step < 0.00095 ? "0.00#" : step < 0.0095 ? (Math.Abs((step * 1000) - Math.Round(step * 1000)) < 1e-6 ? "0.0" : "0.00") : "0", CultureInfo.InvariantCulture) + " %";
            case NumberFormat.Seconds:
                return tick >= 120 ? $"{tick / 60:0.#} min" : $"{tick:0.#} s";
            default:
                if (tick == 0 && (step >= 1 || step < 1e-3))
                {
                    return "0";
                }

                double size = Ticks.Count > 0 ? Ticks.Max(Math.Abs) : Math.Abs(tick);
                if (size >= 1e6 || (size > 0 && size < 1e-3))
                {
                    return size >= 1e6 && size < 1e10 ? $"{tick / 1e6:0.##}M" : tick == 0 ? "0" : tick.ToString("0.##e0", CultureInfo.InvariantCulture);
                }

                if (size >= 10_000 && step >= 100)
                {
                    return $"{tick / 1e3:0.##}k";
                }

                int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 6);
                decimals += decimals < 6 && Math.Abs((step * Math.Pow(10, decimals)) - Math.Round(step * Math.Pow(10, decimals))) > 1e-6 ? 1 : 0;
                return tick.ToString(decimals == 0 ? "0" : "0." + new string('0', decimals), CultureInfo.InvariantCulture).Replace('-', '−');
        }
    }

    /// <summary>A value with about four figures, for tables and hover texts.</summary>
    public static string Figure(double value, NumberFormat format = NumberFormat.Plain)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }

        double size = Math.Abs(value);
        string text = format switch
        {
            NumberFormat.Percent => (value * 100).ToString(size < 0.1 ? "0.0#" : "0.0", CultureInfo.InvariantCulture) + " %",
            NumberFormat.Seconds => Meed.Rewards.Documents.Durations.Words(TimeSpan.FromSeconds(Math.Max(0, value))),
            _ when value == 0 => "0",
            _ when size >= 1e6 => value.ToString("0.00e0", CultureInfo.InvariantCulture),
            _ when size >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", "\u202f", StringComparison.Ordinal),
            _ when size >= 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
            _ when size >= 1 => value.ToString("0.###", CultureInfo.InvariantCulture),
            _ when size >= 1e-3 => value.ToString("0.####", CultureInfo.InvariantCulture),
            _ => value.ToString("0.00e0", CultureInfo.InvariantCulture),
        };
        return text.Replace('-', '−');
    }

    /// <summary>A difference of two values: that of two shares is in points.</summary>
    public static string Difference(double value, NumberFormat format = NumberFormat.Plain) =>
        format == NumberFormat.Percent && double.IsFinite(value) ? (value * 100).ToString("0.0#", CultureInfo.InvariantCulture).Replace('-', '−') + " points" : Figure(value, format);

    private static double Round(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double lead = rough / power;
        return power * (lead < 1.5 ? 1 : lead < 3.5 ? lead < 2.25 ? 2 : 2.5 : lead < 7.5 ? 5 : 10);
    }
}
