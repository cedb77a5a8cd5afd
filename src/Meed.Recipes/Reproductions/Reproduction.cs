using System.Security.Cryptography;
using System.Text;
using Meed.Recipes.Documents;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Reproductions;

/// <summary>Which way the mechanism must move the measure.</summary>
public enum Direction : byte
{
    /// <summary>The mechanism's arm is larger.</summary>
    Higher,

    /// <summary>The mechanism's arm is smaller.</summary>
    Lower,
}

/// <summary>What the numbers of a measure are.</summary>
public enum MeasureUnit : byte
{
    /// <summary>A share between 0 and 1. Both arms at most 2 % or both at least 98 % show nothing.</summary>
    Share,

    /// <summary>Any other number.</summary>
    Value,
}

/// <summary>The number that a claim is about, taken on held-out data at the end of a run.</summary>
public sealed record Measure
{
    /// <summary>Its name among the run's results, such as <c>pass@8</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>What its numbers are.</summary>
    public MeasureUnit Unit { get; init; }
}

/// <summary>One side of a comparison: a name and the whole recipe it runs.</summary>
/// <param name="Name">Its name, such as <c>grpo</c>.</param>
/// <param name="Recipe">The recipe with the arm's settings in place.</param>
public sealed record Arm(string Name, DocumentNode Recipe);

/// <summary>A pre-stated claim about a row of the atlas, read from <c>reproductions/&lt;row&gt;-&lt;name&gt;.yaml</c>.</summary>
public sealed record Reproduction
{
    /// <summary>Row of the atlas.</summary>
    public required int Row { get; init; }

    /// <summary>Short name.</summary>
    public required string Name { get; init; }

    /// <summary>The claim in a sentence.</summary>
    public required string Claim { get; init; }

    /// <summary>The arm without the mechanism.</summary>
    public required Arm Control { get; init; }

    /// <summary>The arm with the mechanism.</summary>
    public required Arm Mechanism { get; init; }

    /// <summary>The keys that switch the mechanism on.</summary>
    public required IReadOnlyList<string> Switches { get; init; }

    /// <summary>Where the arms differ, within <see cref="Switches"/>.</summary>
    public required IReadOnlyList<DocumentDifference> Differences { get; init; }

    /// <summary>What is measured.</summary>
    public required Measure Measure { get; init; }

    /// <summary>Which way the mechanism must move it.</summary>
    public required Direction Direction { get; init; }

    /// <summary>How far it must move at least, in the measure's own unit.</summary>
    public required double Margin { get; init; }

    /// <summary>Why a margin of 0 is enough; required with it.</summary>
    public string? MarginReason { get; init; }

    /// <summary>Seeds, each run with both arms; at least five.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Time for both arms and all seeds on two cores.</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>How both arms were tuned, and with how many tries each, on seeds from 100 on.</summary>
    public string? Tuning { get; init; }

    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of everything that decides the numbers: arms, measure, direction, margin, seeds.</summary>
    public string Hash
    {
        get
        {
            string text = string.Join('\n', DocumentJson.Canonical(Control.Recipe), DocumentJson.Canonical(Mechanism.Recipe), Measure.Name, Measure.Unit, Direction, Margin.ToString("R"), string.Join(',', Seeds));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }
    }
}
