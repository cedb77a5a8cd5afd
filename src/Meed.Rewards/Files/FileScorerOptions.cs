using System.Globalization;

namespace Meed.Rewards.Files;

/// <summary>What to score and how.</summary>
public sealed record FileScorerOptions
{
    /// <summary>Files with one JSON object a line, plain or gzip; <c>-</c> is standard input.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The file that receives one JSON object a row, gzip when it ends in <c>.gz</c>; <c>-</c> is standard output, null writes none.</summary>
    public string? Output { get; init; }

    /// <summary>Where a sample's fields stand in a row: <c>response</c>, <c>prompt</c>, <c>reference</c>, <c>item</c>, <c>tokens</c>, <c>truncated</c>, each a dotted path. Fields not named are looked for under their usual names.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>Paths of the row that are copied into the output, under the path as their name.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>A single bad line makes the run a failure.</summary>
    public bool Strict { get; init; }

    /// <summary>Largest share of bad lines and failed rows, 0 to 1, beyond which the run is a failure.</summary>
    public double MaxFailed { get; init; } = 1;

    /// <summary>Threads; 0 takes every core. The output is the same for any number.</summary>
    public int Threads { get; init; }

    /// <summary>Work units one row may cost.</summary>
    public long WorkLimit { get; init; } = RewardContext.Default.WorkLimit;

    /// <summary>Seed for rewards that draw random numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Step, for schedules.</summary>
    public long Step { get; init; }

    /// <summary>Content hash of the reward document; every row names its first 12 digits.</summary>
    public string? DocumentHash { get; init; }

    /// <summary>Keeps scores by content, so that rows that were scored before are not scored again; null scores every row. Needs <see cref="DocumentHash"/>.</summary>
    public Caching.ScoreStore? Cache { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Inputs.Count == 0)
        {
            yield return "There is no input; name at least one JSONL file.";
        }

        foreach (string input in Inputs.Where(i => i != "-"))
        {
            if (Directory.Exists(input))
            {
                yield return $"Input '{input}' is a folder; name a JSONL file.";
            }
            else if (!File.Exists(input))
            {
                yield return $"Input '{input}' does not exist.";
            }
            else if (Output is not null && Output != "-" && Path.GetFullPath(input) == Path.GetFullPath(Output))
            {
                yield return $"Output '{Output}' is also an input; write to another file.";
            }
        }

        foreach (var problem in FieldMap.Problems(Map))
        {
            yield return problem;
        }

        if (!(MaxFailed >= 0 && MaxFailed <= 1))
        {
            yield return $"MaxFailed is {MaxFailed}; write a share from 0 to 1.";
        }

        if (Cache is not null && DocumentHash is null)
        {
            yield return "Cache is given without DocumentHash; scores are kept by the hash of their document.";
        }

        if (Threads < 0)
        {
            yield return $"Threads is {Threads}; write 0 (every core) or more.";
        }
    }

    /// <summary>What is wrong with a map of fields.</summary>
    public static IEnumerable<string> MapProblems(IReadOnlyDictionary<string, string> map) => FieldMap.Problems(map);

    /// <summary>Reads a share as people write it: <c>5%</c> or <c>0.05</c>.</summary>
    public static bool TryShare(string text, out double share)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool percent = text.EndsWith('%');
        bool ok = double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share);
        share = percent ? share / 100 : share;
        return ok && share >= 0 && share <= 1;
    }
}

/// <summary>A run could not go on: input unreadable, output not writable. The message is one sentence.</summary>
public sealed class FileScoringException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A line that is not a sample.</summary>
/// <param name="File">The input.</param>
/// <param name="Line">Line from 1.</param>
/// <param name="Problem">What is wrong with it.</param>
public readonly record struct BadLine(string File, long Line, string Problem)
{
    /// <summary><c>file:line: problem</c>.</summary>
    public override string ToString() => $"{File}:{Line}: {Problem}";
}

/// <summary>How far a run is.</summary>
/// <param name="Rows">Rows written.</param>
/// <param name="BytesRead">Bytes of the inputs read, as they lie on disk.</param>
/// <param name="BytesTotal">Bytes of all inputs; 0 when one is standard input.</param>
/// <param name="Elapsed">Time so far.</param>
public readonly record struct FileProgress(long Rows, long BytesRead, long BytesTotal, TimeSpan Elapsed);
