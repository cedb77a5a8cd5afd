using System.CommandLine;
using System.Globalization;
using Meed.Numerics.Kernels;
using Meed.Recipes.Runs;

namespace Meed.Cli.Commands;

/// <summary><c>meed check</c>: runs a recipe and compares its first steps with stored ones, bit for bit.</summary>
internal static class CheckCommand
{
    // Which values of which phase are compared.
    private static readonly (string Phase, string Name)[] s_compared = [("warm-start", "loss"), ("train", "reward/mean"), ("train", "loss"), ("evaluate", "pass@1")];

    /// <summary>The stored file: how the recipe was run and what came out for each instruction set.</summary>
    private sealed record Expected
    {
        public string Recipe { get; init; } = "";

        public ulong Seed { get; init; }

        public IReadOnlyList<string> Set { get; init; } = [];

        // Instruction set, then series, then values in their shortest exact form.
        public Dictionary<string, Dictionary<string, string[]>> Values { get; init; } = [];
    }

    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var file = new Argument<string>("expected") { Description = "The file of expected values, which names recipe, seed and settings." };
        var update = new Option<bool>("--update") { Description = "Store this machine's values for its instruction set instead of comparing." };
        var command = new Command("check", "Compare a recipe's first steps with stored bits.") { file, update };
        command.SetAction(async (parsed, _) => await RunAsync(terminal, terminal.Full(parsed.GetValue(file)!), parsed.GetValue(update), stop).ConfigureAwait(false));
        return (command, ["meed check recipes/expected/countdown.json", "MEED_ISA=avx2 meed check recipes/expected/countdown.json --update"]);
    }

    private static async Task<int> RunAsync(Terminal terminal, string path, bool update, CancellationToken stop)
    {
        Expected expected;
        try
        {
            expected = ResultFile.Read<Expected>(path);
        }
        catch (IOException e)
        {
            throw new UsageException($"{terminal.Short(path)} is not readable: {(e.InnerException ?? e).Message} Name a file of expected values, such as recipes/expected/countdown.json.");
        }

        string isa = Cpu.Active.ToString().ToLowerInvariant();
        if (!update && !expected.Values.ContainsKey(isa))
        {
            throw new UsageException($"{terminal.Short(path)} has no values for {isa}. Store them with --update on a machine that is trusted.");
        }

        string recipe = Path.Combine(Path.GetDirectoryName(path)!, expected.Recipe);
        var bound = TrainCommand.Read(terminal, recipe, expected.Set, expected.Seed.ToString(CultureInfo.InvariantCulture), null);
        string runs = Directory.CreateTempSubdirectory("meed-check-").FullName;
        try
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var result = await bound.StartAsync(runs, new PlainProgress(TextWriter.Null, clock), stop).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            var metrics = MetricTable.Read(result.Folder);
            var values = s_compared.ToDictionary(s => $"{s.Phase} {s.Name}", s => metrics[s.Phase, s.Name].Select(p => p.Value.ToString("R", CultureInfo.InvariantCulture)).ToArray());
            if (update)
            {
                expected.Values[isa] = values;
                ResultFile.Write(path, expected, narrow: true);
                terminal.Out.WriteLine($"stored {values.Values.Sum(v => v.Length)} values for {isa} in {terminal.Short(path)}");
                return ExitCode.Ok;
            }

            return Compare(terminal, expected.Values[isa], values, isa, clock.Elapsed);
        }
        finally
        {
            Directory.Delete(runs, recursive: true);
        }
    }

    private static int Compare(Terminal terminal, Dictionary<string, string[]> expected, Dictionary<string, string[]> got, string isa, TimeSpan took)
    {
        int compared = 0;
        foreach (var (series, values) in got)
        {
            string[] stored = expected.GetValueOrDefault(series) ?? [];
            for (int i = 0; i < Math.Max(values.Length, stored.Length); i++, compared++)
            {
                string have = i < values.Length ? values[i] : "nothing", want = i < stored.Length ? stored[i] : "nothing";
                if (have != want)
                {
                    terminal.Error.WriteLine($"{series}, value {i + 1}: {have}, stored for {isa} is {want}.");
                    return ExitCode.Failed;
                }
            }
        }

        terminal.Out.WriteLine($"{compared} values are the stored ones for {isa}, bit for bit ({took.TotalSeconds:0} s)");
        return ExitCode.Ok;
    }
}
