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
        if (examples.TryGetValue(parseResult.CommandResult.Command, out var lines))
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
}
