using System.CommandLine;
using Meed.Recipes.Atlas;
using Meed.Recipes.Reproductions;
using Meed.Recipes.Runs;

namespace Meed.Cli.Commands;

/// <summary><c>meed docs</c>: writes the generated pages of <c>docs/</c>.</summary>
internal static class DocsCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal)
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; fail when a page is stale." };
        var command = new Command("docs", "Write the generated tables of docs/.") { check };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(check)));
        return (command, ["meed docs", "meed docs --check"]);
    }

    private static int Run(Terminal terminal, bool check)
    {
        string checkout = CodeHash.Checkout(terminal.Folder) ?? throw new UsageException("meed docs works inside a checkout of Meed: no Meed.slnx here or above.");
        int stale = 0;
        foreach (var (file, text) in GeneratedDocs.All(checkout))
        {
            string path = Path.Combine(checkout, file);
            bool same = File.Exists(path) && File.ReadAllText(path) == text;
            if (!same && check)
            {
                terminal.Error.WriteLine($"{file} is stale. Run meed docs.");
                stale++;
            }
            else if (!same)
            {
                Disk.ReplaceText(path, text);
                terminal.Out.WriteLine($"wrote {file}");
            }
        }

        return stale > 0 ? ExitCode.Failed : ExitCode.Ok;
    }
}
