using System.Globalization;

namespace Meed.Rewards.Documents;

/// <summary>Numbers as people write them in documents: <c>0.5</c>, <c>1_000</c>, <c>5M</c>, <c>2k</c>.</summary>
public static class Numbers
{
    /// <summary>Reads a finite number; k, M and G stand for thousands, millions and thousand millions, underscores between digits are skipped.</summary>
    public static bool TryParse(string text, out double number)
    {
        ArgumentNullException.ThrowIfNull(text);
        number = 0;
        string digits = Plain(text, out double factor);
        if (digits.Length == 0 || !(char.IsAsciiDigit(digits[^1]) || digits[^1] == '.')
            || !double.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value))
        {
            return false;
        }

        number = value * factor;
        return double.IsFinite(number);
    }

    /// <summary>Reads a whole number, exactly; with a suffix the part before it may have decimals (<c>1.5M</c>).</summary>
    public static bool TryParse(string text, out Int128 number)
    {
        ArgumentNullException.ThrowIfNull(text);
        string digits = Plain(text, out double factor);
        if (Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            bool fits = number < Int128.MaxValue / 1_000_000_000 && number > Int128.MinValue / 1_000_000_000;
            number = fits ? number * (Int128)factor : number;
            return fits || factor == 1;
        }

        if (factor > 1 && decimal.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal part)
            && Math.Abs(part) < 1_000_000_000_000m && part * (decimal)factor is var whole && whole == Math.Truncate(whole))
        {
            number = (Int128)whole;
            return true;
        }

        return false;
    }

    private static string Plain(string text, out double factor)
    {
        factor = text.Length > 1 ? text[^1] switch { 'k' => 1e3, 'M' => 1e6, 'G' => 1e9, _ => 1 } : 1;
        string digits = factor > 1 ? text[..^1] : text;
        return digits.StartsWith('_') || digits.EndsWith('_') ? "" : digits.Replace("_", "", StringComparison.Ordinal);
    }
}
