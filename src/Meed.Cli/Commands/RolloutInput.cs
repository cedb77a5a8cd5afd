using System.CommandLine;
using System.Globalization;
using Meed.Rewards.Documents;
using Meed.Rewards.Files;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Cli.Commands;

/// <summary>The arguments and options by which commands name rollouts.</summary>
internal sealed class RolloutInput
{
    private const int MostShown = 20;

    public Argument<string[]> Files { get; } = new("files") { Description = "Files of rollouts, JSON Lines, plain or .gz; - or none is standard input.", Arity = ArgumentArity.ZeroOrMore };

    public Option<string> Format { get; } = new("--format") { Description = "verl, trl, openrlhf, slime, scores, or auto: told from the first row.", HelpName = "name", DefaultValueFactory = _ => "auto" };

    public Option<string[]> Map { get; } = new("--map") { Description = "Where response, prompt, reference, reward or group stands: --map reference=extra.gold.", HelpName = "field=path", DefaultValueFactory = _ => [] };

    public Option<string?> RewardKey { get; } = new("--reward-key") { Description = "The number to take where rewards are objects (slime).", HelpName = "key" };

    public Option<string[]> Weight { get; } = new("--weight") { Description = "Weight of a reward column where no total is stored (TRL): --weight accuracy=1.", HelpName = "name=number", DefaultValueFactory = _ => [] };

    public Option<bool> Strict { get; } = new("--strict") { Description = "Exit 1 when any line is no row." };

    public Option<string?> MaxFailed { get; } = new("--max-failed") { Description = "Exit 1 when more lines fail, such as 5%.", HelpName = "share" };

    public void AddTo(Command command)
    {
        command.Add(Files);
        foreach (Option option in new Option[] { Format, Map, RewardKey, Weight, Strict, MaxFailed })
        {
            command.Add(option);
        }
    }

    public RolloutOptions Options(Terminal terminal, ParseResult parsed)
    {
        string format = parsed.GetValue(Format)!;
        var formats = Enum.GetValues<RolloutFormat>().ToDictionary(f => f.ToString().ToLowerInvariant());
        if (!formats.TryGetValue(format, out var chosen))
        {
            throw new UsageException($"Unknown format '{format}'. {Nearest.Hint(format, [.. formats.Keys])}");
        }

        string[] files = parsed.GetValue(Files)!;
        return new RolloutOptions
        {
            Inputs = files.Length == 0 ? ["-"] : [.. files.Select(f => f == "-" ? f : terminal.Full(f))],
            Format = chosen,
            Map = ScoreCommand.Pairs(parsed.GetValue(Map)!),
            RewardKey = parsed.GetValue(RewardKey),
            Weights = parsed.GetValue(Weight)!.Select(Number).ToDictionary(w => w.Name, w => w.Value),
        };
    }

    /// <summary>A reader that shows the first bad lines.</summary>
    public static RolloutReader Reader(Terminal terminal, RolloutOptions options)
    {
        long shown = 0;
        try
        {
            return new RolloutReader(options)
            {
                OnBadLine = bad =>
                {
                    if (shown++ < MostShown)
                    {
                        terminal.Error.WriteLine(new BadLine(bad.File == "-" ? "stdin" : terminal.Short(bad.File), bad.Line, bad.Problem));
                    }
                },
            };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>The layouts that were read, in brackets; nothing where no row could be read.</summary>
    public static string Layouts(RolloutReader reader) => reader.Formats.Count == 0 ? "" : $" ({string.Join(", ", reader.Formats.Select(f => f.ToString().ToLowerInvariant()))})";

    /// <summary>Says how many bad lines were not shown, and the exit code that bad lines and failed rows come to.</summary>
    public int Finish(Terminal terminal, ParseResult parsed, RolloutReader reader, long failedRows)
    {
        if (reader.BadLines > MostShown)
        {
            terminal.Error.WriteLine($"... and {reader.BadLines - MostShown:#,0} more bad lines.");
        }

        double share = Share(parsed);
        double failed = (double)(reader.BadLines + failedRows) / Math.Max(1, reader.BadLines + reader.RowsRead);
        if (parsed.GetValue(Strict) && reader.BadLines > 0)
        {
            terminal.Error.WriteLine($"{reader.BadLines} lines are no rows, and --strict allows none.");
            return ExitCode.Failed;
        }

        if (failed > share)
        {
            terminal.Error.WriteLine($"{100 * failed:0.##} % of the lines failed, and --max-failed allows {100 * share:0.##} %.");
            return ExitCode.Failed;
        }

        return ExitCode.Ok;
    }

    /// <summary>The share of --max-failed, 1 without it.</summary>
    public double Share(ParseResult parsed)
    {
        double share = 1;
        return parsed.GetValue(MaxFailed) is not { } text || FileScorerOptions.TryShare(text, out share) ? share : throw new UsageException($"--max-failed is '{text}'; write a share such as 5% or 0.05.");
    }

    private static (string Name, double Value) Number(string setting)
    {
        int equals = setting.LastIndexOf('=');
        return equals > 0 && double.TryParse(setting[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? (setting[..equals], value)
            : throw new UsageException($"--weight is '{setting}'; write name=number, such as accuracy_reward=1.");
    }
}
