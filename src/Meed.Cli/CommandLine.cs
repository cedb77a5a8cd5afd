using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Meed.Alignment;
using Meed.Cli.Commands;
using Meed.Recipes.Runs;
using Meed.Rewards.Documents;

namespace Meed.Cli;

/// <summary>The <c>meed</c> command line.</summary>
public static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">Arguments after the program's name.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="stop">Asks for an orderly stop.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(terminal);
        var root = Build(terminal, stop);
        var parsed = root.Parse(args);
        bool help = parsed.Action is Help;
        if (!help && (UnknownOption(parsed) ?? (parsed.Errors.Count > 0 ? Sentence(parsed, root) : null)) is { } mistake)
        {
            terminal.Error.WriteLine(mistake);
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("MEED_TRACE") is not "1")
        {
            var (message, code) = Explain(e, stop);
            terminal.Error.WriteLine(message);
            return code;
        }
    }

    /// <summary>What a failure is called and which exit code it has.</summary>
    internal static (string Message, int Code) Explain(Exception error, CancellationToken stop) => error switch
    {
        OperationCanceledException when stop.IsCancellationRequested => ("Interrupted.", ExitCode.Interrupted),
        TypeInitializationException { InnerException: { } inner } => Explain(inner, stop),
        AggregateException { InnerExceptions.Count: 1 } many => Explain(many.InnerExceptions[0], stop),
        DocumentException => (error.Message, ExitCode.Usage),
        UsageException => (error.Message, ExitCode.Usage),
        FileNotFoundException or DirectoryNotFoundException => (OneLine(error.Message), ExitCode.Usage),
        CheckpointException or TrainerException or InvalidDataException => (OneLine(error.Message), ExitCode.Failed),
        IOException or UnauthorizedAccessException => (OneLine(error.Message), ExitCode.Failed),
        OutOfMemoryException => ("Out of memory. Use a smaller batch or model.", ExitCode.Failed),
        _ => ($"{OneLine(error.Message)} (MEED_TRACE=1 shows where.)", ExitCode.Failed),
    };

    private static RootCommand Build(Terminal terminal, CancellationToken stop)
    {
        var root = new RootCommand("Meed, the reward engine: compute, learn, test and optimise rewards.");
        var examples = new Dictionary<Command, string[]> { [root] = ["meed train recipes/countdown.yaml --budget 60s"] };
        void Add((Command Command, string[] Examples) made)
        {
            root.Add(made.Command);
            examples[made.Command] = made.Examples;
        }

        Add(TrainCommand.Make(terminal, stop));
        Add(ScoreCommand.Make(terminal, stop));
        Add(DiffCommand.Make(terminal));
        Add(RescoreCommand.Make(terminal, stop));
        Add(AuditCommand.Make(terminal, stop));
        Add(GenerateCommand.Make(terminal, stop));
        Add(RunsCommand.Make(terminal));
        Add(MethodsCommand.Make(terminal));
        Add(ReproduceCommand.Make(terminal, stop));
        Add(CheckCommand.Make(terminal, stop));
        Add(SchemaCommand.Make(terminal));
        Add(DocsCommand.Make(terminal));
        Add(ServeCommand.Make(terminal, stop));
        Add(DataCommand.Make(terminal, stop));
        Add(BenchCommand.Make(terminal, stop));
        Add(LabCommand.Make(terminal, stop));
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: HelpAction help } option)
        {
            option.Action = new Help(help, examples);
        }

        return root;
    }

    // What looks like an option but is none would otherwise be taken for an argument.
    private static string? UnknownOption(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        bool plain = parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash);
        string? stray = plain ? null : parsed.Tokens.Where(t => t.Type == TokenType.Argument).Select(t => t.Value).FirstOrDefault(v => v.StartsWith("--", StringComparison.Ordinal) && v.Length > 2);
        return stray is null ? null : $"{Path(command)}: unknown option '{stray}'. {Nearest.Hint(stray, [.. command.Options.Where(o => !o.Hidden).Select(o => o.Name)])}";
    }

    /// <summary>What is typed for a command, such as <c>meed lab best-of-n</c>.</summary>
    internal static string Path(Command command) => command is not RootCommand && command.Parents.OfType<Command>().FirstOrDefault() is { } whole ? $"{Path(whole)} {command.Name}" : "meed";

    private static string Sentence(ParseResult parsed, RootCommand root)
    {
        var command = parsed.CommandResult.Command;
        string path = Path(command);
        string? stray = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (stray is not null && command is RootCommand && !stray.StartsWith('-'))
        {
            return $"Unknown command '{stray}'. {Nearest.Hint(stray, [.. root.Subcommands.Select(c => c.Name)])}";
        }

        string message = parsed.Errors[0].Message;
        return $"{path}: {(message.EndsWith('.') ? message : message + ".")} See {path} --help.";
    }

    private static string OneLine(string message)
    {
        int end = message.IndexOfAny(['\r', '\n']);
        return end < 0 ? message : message[..end];
    }
}
