namespace Meed.Rewards.Documents;

/// <summary>Finds the known name that a mistyped one was meant to be.</summary>
public static class Nearest
{
    /// <summary>The nearest name by edit distance; null when none is close enough to be meant.</summary>
    /// <remarks>Close enough: a distance of at most a third of the longer name, and at least one.</remarks>
    public static string? Of(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in known)
        {
            int near = Math.Max(1, Math.Max(name.Length, candidate.Length) / 3);
            if (Math.Abs(name.Length - candidate.Length) > near)
            {
                continue;   // every missing letter is an edit; a name of a megabyte costs nothing
            }

            int distance = Distance(name, candidate);
            if (distance < bestDistance && distance <= near)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    /// <summary>The sentence's end: <c>Did you mean 'length'? Known: exact-match, format, length.</c></summary>
    public static string Hint(string name, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        string mean = Of(name, known) is { } near ? $"Did you mean '{near}'? " : "";
        return $"{mean}Known: {string.Join(", ", known)}.";
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours; case does not count) that turn one name into the other.</summary>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var rows = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int same = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                int best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = best;
            }
        }

        return rows[a.Length, b.Length];
    }

    private static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
}
