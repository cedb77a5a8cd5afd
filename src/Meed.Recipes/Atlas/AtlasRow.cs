namespace Meed.Recipes.Atlas;

/// <summary>One published piece of work on learning from rewards.</summary>
/// <param name="Index">Its number, stable: <c>meed reproduce 145</c>.</param>
/// <param name="Title">The work.</param>
/// <param name="Family">VR, RM, GJ, EV, PO, IT, DF, RL, SY or NS; see <see cref="AtlasTable.Families"/>.</param>
/// <param name="Scope">core, data, scale or none (no reward mechanism, listed only).</param>
/// <param name="Mechanism">What it computes, in our words.</param>
/// <param name="Build">The component that makes the row work.</param>
/// <param name="Shows">The smallest honest experiment.</param>
public sealed record AtlasRow(int Index, string Title, string Family, string Scope, string Mechanism, string Build, string Shows);

/// <summary>The atlas: 262 rows, embedded.</summary>
public static class AtlasTable
{
    /// <summary>What the families stand for, in the order of the tables.</summary>
    public static IReadOnlyList<(string Key, string Name)> Families { get; } =
    [
        ("VR", "verifiable rewards"),
        ("RM", "learned reward models"),
        ("GJ", "generative models and judges as rewards"),
        ("EV", "evaluation of rewards"),
        ("PO", "policy optimisation of language models"),
        ("IT", "rewards at inference time"),
        ("DF", "diffusion and flow alignment"),
        ("RL", "environments, exploration, shaping, reward design"),
        ("SY", "surveys and theory"),
        ("NS", "neuroscience or perception without a reward of its own"),
    ];

    /// <summary>Every row, by number.</summary>
    public static IReadOnlyList<AtlasRow> Rows { get; } = Read();

    private static List<AtlasRow> Read()
    {
        using var stream = typeof(AtlasTable).Assembly.GetManifestResourceStream("Meed.Recipes.Atlas.atlas.tsv")
            ?? throw new InvalidOperationException("The resource atlas.tsv is missing from Meed.Recipes.");
        using var reader = new StreamReader(stream);
        reader.ReadLine();   // the header
        var rows = new List<AtlasRow>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            rows.Add(new AtlasRow(int.Parse(cells[0]), cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]));
        }

        return rows;
    }
}
