using System.Globalization;
using System.Text;

namespace Meed.Rewards.Tests.Records;

/// <summary>Stored results of many inputs, line by line: a changed line is a changed behaviour, to be looked at before it is stored.</summary>
/// <remarks>
/// Records stand beside the tests of single values. They hold the counted work as well, which decides where a budget ends and must be the same everywhere.
/// Lines of edited inputs are kept as one digest for each input. <c>MEED_WRITE_DOCS=1</c> stores the present results.
/// </remarks>
internal static class Record
{
    /// <summary>Parts of a record, so that one case of a theory is short.</summary>
    public const int Parts = 8;

    /// <summary>Compares the lines of part <paramref name="part"/> with the file of that name and part.</summary>
    public static void Check(string name, int part, IEnumerable<string> lines)
    {
        string path = Path.Combine(DataFiles.Repository, "tests/Meed.Rewards.Tests/Records", $"{name}.{part}.txt");
        string[] now = [.. lines.Select(static l => l.ReplaceLineEndings("⏎"))];
        if (Environment.GetEnvironmentVariable("MEED_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, string.Join('\n', now) + "\n");
            return;
        }

        string[] stored = File.ReadAllText(path).TrimEnd('\n').Split('\n');
        Assert.Equal(stored.Length, now.Length);
        for (int i = 0; i < now.Length; i++)
        {
            Assert.Equal(stored[i], now[i]);
        }
    }

    /// <summary>The inputs of one part: every eighth.</summary>
    public static IEnumerable<T> Of<T>(int part, IEnumerable<T> all) => all.Where((_, i) => i % Parts == part);

    /// <summary>Seeded edits of a text: characters left out, doubled, exchanged, digits and pieces put in.</summary>
    public static IEnumerable<string> Edits(string text, int count, params string[] pieces)
    {
        var random = new Random(Seed(text));
        for (int n = 0; n < count; n++)
        {
            var b = new StringBuilder(text);
            for (int k = 1 + random.Next(2); k > 0; k--)
            {
                int at = random.Next(b.Length + 1), what = random.Next(6);
                if (at == b.Length || what == 0)
                {
                    b.Insert(at, pieces[random.Next(pieces.Length)]);
                }
                else if (what == 1)
                {
                    b.Remove(at, 1);
                }
                else if (what == 2)
                {
                    b.Insert(at, b[at]);
                }
                else if (what == 3 && at + 1 < b.Length)
                {
                    (b[at], b[at + 1]) = (b[at + 1], b[at]);
                }
                else if (what == 4)
                {
                    b.Remove(at, Math.Min(b.Length - at, 1 + random.Next(4)));
                }
                else
                {
                    b[at] = char.IsAsciiDigit(b[at]) ? (char)('0' + random.Next(10)) : char.IsAsciiLetter(b[at]) ? char.IsUpper(b[at]) ? char.ToLowerInvariant(b[at]) : char.ToUpperInvariant(b[at]) : b[at];
                }
            }

            yield return b.ToString();
        }
    }

    /// <summary>Sixteen digits that tell texts apart (FNV-1a).</summary>
    public static string Digest(IEnumerable<string> texts)
    {
        ulong h = 14695981039346656037;
        foreach (char c in texts.SelectMany(static t => t + "\n"))
        {
            h = (h ^ c) * 1099511628211;
        }

        return h.ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>A number to ten digits: the last bits of transcendental functions differ between machines.</summary>
    public static string Show(double value) => value == 0 ? "0" : value.ToString("G10", CultureInfo.InvariantCulture);

    private static int Seed(string text)
    {
        uint h = 2166136261;
        foreach (char c in text)
        {
            h = (h ^ c) * 16777619;
        }

        return (int)(h & 0x7fffffff);
    }
}
