using System.Text.Json;
using System.Text.Json.Serialization;
using Meed.Evaluation.Lab;

namespace Meed.Evaluation.Bench;

/// <summary>Figures kept in a checkout for its generated page: one of the four kinds, with the command that gave it.</summary>
public sealed record StoredBench
{
    /// <summary>Where they stand in a checkout.</summary>
    public const string Folder = "docs/benches";

    private const int Edits = 10;

    /// <summary>The command.</summary>
    public required string Command { get; init; }

    /// <summary>A bench.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BenchReport? Bench { get; init; }

    /// <summary>Judges' verdicts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JudgeResult>? Judges { get; init; }

    /// <summary>The over-optimisation lab.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LabReport? Lab { get; init; }

    /// <summary>Best-of-n on real answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BestOfNCurve>? BestOfN { get; init; }

    /// <summary>Prompts of the best-of-n study.</summary>
    public int Prompts { get; init; }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BenchJson.Options) + "\n";

    /// <summary>Reads a file that <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such file; the message names it.</exception>
    public static StoredBench Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<StoredBench>(File.ReadAllText(path), BenchJson.Options) ?? throw new JsonException("it is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not readable: {e.Message}", e);
        }
    }

    /// <summary>Its tables, without a title.</summary>
    public string Markdown()
    {
        string text = Bench is not null ? BenchMarkdown.Write(Bench, Edits) : Judges is not null ? JudgeResult.Markdown(Judges) : Lab is not null ? LabMarkdown.Write(Lab) : LabMarkdown.Write(BestOfN ?? throw new InvalidDataException("The file holds no figures."), Prompts);
        return text.StartsWith("# ", StringComparison.Ordinal) ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 2)..] : text;
    }
}
