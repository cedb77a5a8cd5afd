using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meed.Mutate;

/// <summary>What became of one mutant; survivors carry their change, and their key in the list of reasons.</summary>
internal sealed record Verdict(string File, int Line, string Kind, string Outcome, string? Change, string? Key)
{
    public static Verdict Of(Site site, string outcome) =>
        Sample.IsSurvivor(outcome) ? new(site.File, site.Line, site.Kind, outcome, site.Change, site.Key) : new(site.File, site.Line, site.Kind, outcome, null, null);
}

/// <summary>A seeded sample with its verdicts, as kept in tools/Meed.Mutate/samples: the page is written from these files alone.</summary>
/// <param name="Seed">Names the sample.</param>
/// <param name="Projects">Where it was drawn.</param>
/// <param name="Sites">How many places these projects have.</param>
/// <param name="Asked">How many mutants were asked for.</param>
/// <param name="Quick">True when long cases and initialisers were left out.</param>
/// <param name="Later">True when no test was written for its survivors.</param>
/// <param name="Verdicts">Each mutant, by file and line.</param>
internal sealed record Sample(int Seed, IReadOnlyList<string> Projects, int Sites, int Asked, bool Quick, bool Later, IReadOnlyList<Verdict> Verdicts)
{
    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Mutants that were run; those in initialisers are not in a quick look.</summary>
    public IReadOnlyList<Verdict> Run => [.. Verdicts.Where(static v => v.Outcome != "skipped")];

    /// <summary>Mutants that no test noticed.</summary>
    public IReadOnlyList<Verdict> Survivors => [.. Verdicts.Where(static v => IsSurvivor(v.Outcome))];

    /// <summary>True when no test noticed the mutant.</summary>
    public static bool IsSurvivor(string outcome) => outcome is "survived" or "not reached";

    /// <summary>All samples kept, by seed.</summary>
    public static IReadOnlyList<Sample> All(string root) =>
        [.. Directory.EnumerateFiles(Folder(root), "*.json").Select(static p => JsonSerializer.Deserialize<Sample>(File.ReadAllText(p))!).OrderBy(static s => s.Seed)];

    /// <summary>Keeps this sample in place of the one of the same seed.</summary>
    public void Save(string root)
    {
        Directory.CreateDirectory(Folder(root));
        File.WriteAllText(Path.Combine(Folder(root), $"seed-{Seed}.json"), JsonSerializer.Serialize(this, s_format) + "\n");
    }

    private static string Folder(string root) => Path.Combine(root, "tools", "Meed.Mutate", "samples");
}
