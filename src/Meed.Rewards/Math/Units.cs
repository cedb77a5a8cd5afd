using System.Collections.Frozen;

namespace Meed.Rewards.MathAnswers;

/// <summary>Units of measure: dimension and factor to a base unit. Words that are no known unit are dimensions of their own.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, (string Base, Rational Factor)> s_units = Build();

    /// <summary>True for a name or sign of a unit.</summary>
    public static bool IsKnown(string word) => s_units.ContainsKey(word) || s_units.ContainsKey(word.ToLowerInvariant());

    /// <summary>The dimension of a unit such as "km / h", "square inches" or "cm^2", its factor, and whether all words were known.</summary>
    public static (string Dimension, Rational Factor, bool Known) Read(string unit)
    {
        var exponents = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var factor = Rational.One;
        bool known = true;
        int sign = 1, next = 1;
        foreach (string part in unit.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string word = part;
            if (word is "/" || word.Equals("per", StringComparison.OrdinalIgnoreCase) || word.Equals("an", StringComparison.OrdinalIgnoreCase))
            {
                sign = -1;
                continue;
            }

            if (word.ToLowerInvariant() is "of" or "the" or "in" or "a" or "each")
            {
                continue;
            }

            int power = 1;
            int caret = word.IndexOf('^');
            if (caret > 0 && int.TryParse(word.AsSpan(caret + 1), out int p) && Math.Abs(p) <= 6)
            {
                power = p;
                word = word[..caret];
            }

            if (word.ToLowerInvariant() is "square" or "sq" or "sq." or "squared")
            {
                next = 2;
                continue;
            }

            if (word.ToLowerInvariant() is "cubic" or "cu" or "cu.")
            {
                next = 3;
                continue;
            }

            power *= next * sign;
            next = 1;
            if (!s_units.TryGetValue(word, out var u) && !s_units.TryGetValue(word.ToLowerInvariant(), out u))
            {
                known = false;
                u = (Singular(word.ToLowerInvariant()), Rational.One);
            }

            foreach (string piece in u.Base.Split('*'))
            {
                bool inverse = piece.StartsWith('/');
                string name = inverse ? piece[1..] : piece;
                exponents[name] = exponents.GetValueOrDefault(name) + (inverse ? -power : power);
            }

            factor *= Rational.Pow(u.Factor, power);
        }

        return (string.Join(' ', exponents.Where(static e => e.Value != 0).Select(static e => e.Value == 1 ? e.Key : $"{e.Key}^{e.Value}")), factor, known);
    }

    private static string Singular(string word) => word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4 ? word[..^3] + "y"
        : word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) && word.Length > 3 ? word[..^1] : word;

    private static FrozenDictionary<string, (string, Rational)> Build()
    {
        var units = new Dictionary<string, (string, Rational)>();
        void Add(string names, string dimension, long num = 1, long den = 1)
        {
            foreach (string n in names.Split(' '))
            {
                units[n] = (dimension, Rational.Of(num, den));
            }
        }

        Add("m meter meters metre metres", "m");
        Add("cm centimeter centimeters centimetre centimetres", "m", 1, 100);
        Add("mm millimeter millimeters", "m", 1, 1000);
        Add("km kilometer kilometers kilometre kilometres kms", "m", 1000);
        Add("in inch inches", "m", 254, 10_000);
        Add("ft foot feet", "m", 3048, 10_000);
        Add("yd yard yards", "m", 9144, 10_000);
        Add("mi mile miles", "m", 1_609_344, 1000);
        Add("g gram grams", "g");
        Add("kg kilogram kilograms kgs", "g", 1000);
        Add("mg milligram milligrams", "g", 1, 1000);
        Add("lb lbs pound pounds", "lb");
        Add("oz ounce ounces", "lb", 1, 16);
        Add("ton tons", "ton");
        Add("s sec secs second seconds", "s");
        Add("min mins minute minutes", "s", 60);
        Add("h hr hrs hour hours", "s", 3600);
        Add("day days", "s", 86_400);
        Add("week weeks", "s", 604_800);
        Add("month months", "month");
        Add("year years yr yrs", "month", 12);
        Add("l L liter liters litre litres", "l");
        Add("ml mL milliliter milliliters", "l", 1, 1000);
        Add("gal gallon gallons", "gal");
        Add("$ dollar dollars usd USD bucks", "$");
        Add("cent cents ¢", "$", 1, 100);
        Add("° degree degrees deg", "°");
        Add("rad radian radians", "rad");
        Add("% percent pct percentage", "%");
        Add("mph", "m*/s", 1_609_344, 3_600_000);
        Add("kph kmh", "m*/s", 10, 36);
        Add("unit units", "unit");
        return units.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
