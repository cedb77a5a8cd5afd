using System.Globalization;

namespace Meed.Mutate;

/// <summary>What to mutate and how much.</summary>
internal sealed record Options(IReadOnlyList<string> Projects, int Count, int Seed, int Parallel, int Minutes, string? Report, IReadOnlyList<string> Only, bool Quick, bool Later)
{
    private const string Usage = """
        Usage: dotnet run --project tools/Meed.Mutate -- [--projects Meed.Objectives,Meed.Rewards] [--count 300] [--seed 1] [--parallel 2] [--minutes 60] [--only Math/,Text/Bleu.cs:64] [--quick yes] [--later yes] [--report docs/mutation.md]
        Run it in the repository's root after a build. After so many minutes no further mutant is started, and the report says how many were run. --count 100000 runs all of them.
        --only takes files whose path contains one of the words, with :LINE only that line. --quick yes leaves out long cases, mutants in initialisers and the second run of survivors in a process of their own: a first look, not a figure. Survivors get their reasons from tools/Meed.Mutate/reasons.json.
        --report keeps the sample in tools/Meed.Mutate/samples and writes the page of all samples kept there; --count 0 only writes the page anew. --later yes says that no test was written for survivors of this sample.
        """;

    public static Options? Parse(string[] args)
    {
        var options = new Options(["Meed.Objectives", "Meed.Rewards"], 300, 1, Environment.ProcessorCount, 60, null, [], false, false);
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            Options? next = (args[i], value) switch
            {
                ("--projects", { } v) => options with { Projects = v.Split(',') },
                ("--count", { } v) when Number(v) is { } n => options with { Count = n },
                ("--seed", { } v) when Number(v) is { } n => options with { Seed = n },
                ("--parallel", { } v) when Number(v) is { } n => options with { Parallel = n },
                ("--minutes", { } v) when Number(v) is { } n => options with { Minutes = n },
                ("--only", { } v) => options with { Only = v.Split(',') },
                ("--quick", { } v) => options with { Quick = v == "yes" },
                ("--later", { } v) => options with { Later = v == "yes" },
                ("--report", { } v) => options with { Report = v },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine($"Unknown or incomplete option '{args[i]}'.\n{Usage}");
                return null;
            }

            options = next;
            i++;
        }

        return options;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;
}
