using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Meed.Cli;

/// <summary>The usual help with an example below it.</summary>
internal sealed class Help(HelpAction inner, IReadOnlyDictionary<Command, string[]> examples) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        inner.MaxWidth = 100;
        int result = inner.Invoke(parseResult);
        var lines = Of(parseResult.CommandResult.Command);
        if (lines.Length > 0)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(lines.Length > 1 ? "Examples:" : "Example:");
            foreach (string line in lines)
            {
                output.WriteLine($"  {line}");
            }
        }

        return result;
    }

    // A part of a command shows those of the whole that name it.
    private string[] Of(Command command) => examples.TryGetValue(command, out string[]? own) ? own
        : command.Parents.OfType<Command>().FirstOrDefault() is { } whole ? [.. Of(whole).Where(l => l.StartsWith(CommandLine.Path(command) + " ", StringComparison.Ordinal))] : [];
}
