using System.Security.Cryptography;
using Meed.Numerics;
using Meed.RewardModels.Data;

namespace Meed.Evaluation.Bench;

/// <summary>The rows of a bench.</summary>
public sealed class BenchData
{
    private BenchData(BenchSuite suite, IReadOnlyList<BenchItem> items) => (Suite, Items) = (suite, items);

    /// <summary>The suite.</summary>
    public BenchSuite Suite { get; }

    /// <summary>The items.</summary>
    public IReadOnlyList<BenchItem> Items { get; }

    /// <summary>The files by name, with their layout.</summary>
    public IReadOnlyList<string> Files { get; private init; } = [];

    /// <summary>SHA-256 over the files, the start of it.</summary>
    public string Hash { get; private init; } = "";

    /// <summary>Comparisons that the labels leave undecided; they are not part of any accuracy.</summary>
    public int Ties { get; private init; }

    /// <summary>Rows that could not be read, with the first problems.</summary>
    public IReadOnlyList<string> Bad { get; private init; } = [];

    /// <summary>True when a layout was written from its documentation alone.</summary>
    public bool ByDocumentation { get; private init; }

    /// <summary>True when every response has a text, so that rulers and rewards can read it.</summary>
    public bool HasTexts => Items.All(i => i.HasTexts);

    /// <summary>Models whose scores the rows carry, such as those of RewardMATH.</summary>
    public IReadOnlyList<string> StoredModels => Items.Count == 0 ? [] : [.. Items[0].Row.Responses[0].Scores.Keys.Where(k => Items.All(i => i.Row.Responses.All(r => r.Scores.ContainsKey(k))))];

    /// <summary>Reads files for a suite.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="paths">Files in a layout that the suite knows; <c>name=path</c> gives the rows of a file that source.</param>
    /// <param name="layout">Name of the layout; found from the first row when null.</param>
    /// <param name="part">Keep only rows whose prompt falls into this part of the split; null for all.</param>
    /// <exception cref="PreferenceException">A file cannot be read or has another layout.</exception>
    public static BenchData Load(BenchSuite suite, IReadOnlyList<string> paths, string? layout = null, SplitPart? part = null)
    {
        ArgumentNullException.ThrowIfNull(suite);
        ArgumentNullException.ThrowIfNull(paths);
        var items = new List<BenchItem>();
        var bad = new List<string>();
        var files = new List<string>();
        int ties = 0;
        bool documentation = false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string given in paths)
        {
            int equals = given.IndexOf('=', StringComparison.Ordinal);
            bool named = equals > 0 && !File.Exists(given);
            string path = named ? given[(equals + 1)..] : given;
            var file = PreferenceFile.Open(path, named ? given[..equals] : null, layout);
            if (suite.Layouts.Count > 0 && !suite.Layouts.Contains(file.Layout.Name))
            {
                throw new PreferenceException($"{path} has the layout {file.Layout.Name}; {suite.Name} reads {string.Join(" or ", suite.Layouts)}. For any file of preferences use the suite 'preferences'.");
            }

            files.Add($"{Path.GetFileName(path)} ({file.Layout.Name})");
            documentation |= file.Layout.ByDocumentation;
            using (var stream = File.OpenRead(path))
            {
                hash.AppendData(SHA256.HashData(stream));
            }

            foreach (var row in file.Rows(bad.Add))
            {
                if (part is { } wanted && PromptSplit.PartOf(row) != wanted)
                {
                    continue;
                }

                var pairs = Consensus(row, out int undecided);
                ties += undecided;
                if (pairs.Count > 0)
                {
                    ulong cluster = PromptSplit.KeyOf(row).High;
                    string subset = row.Subset ?? (paths.Count > 1 ? row.Source : "all");
                    items.Add(new BenchItem(row, subset, cluster, pairs, Order(row, cluster, file.Layout.BetterFirst)));
                }
            }
        }

        if (items.Count == 0)
        {
            throw new PreferenceException($"{string.Join(", ", paths)}: no row compares two responses{(bad.Count > 0 ? $"; the first that cannot be read: {bad[0]}" : "")}{(part is null ? "" : $" in the {part} part")}.");
        }

        return new BenchData(suite, items) { Files = files, Hash = Convert.ToHexStringLower(hash.GetHashAndReset())[..16], Ties = ties, Bad = bad, ByDocumentation = documentation };
    }

    // Several annotators of one comparison vote; what stays even is a tie.
    private static List<BenchPair> Consensus(PreferenceRow row, out int ties)
    {
        ties = 0;
        var pairs = new List<BenchPair>();
        foreach (var votes in row.Pairs.GroupBy(p => (Math.Min(p.First, p.Second), Math.Max(p.First, p.Second))))
        {
            double low = votes.Average(p => p.First < p.Second ? p.Probability : 1 - p.Probability);
            if (Math.Abs(low - 0.5) < 1e-9)
            {
                ties++;
                continue;
            }

            pairs.Add(low > 0.5 ? new BenchPair(votes.Key.Item1, votes.Key.Item2) : new BenchPair(votes.Key.Item2, votes.Key.Item1));
        }

        return pairs;
    }

    private static int[] Order(PreferenceRow row, ulong cluster, bool betterFirst)
    {
        var order = Enumerable.Range(0, row.Responses.Count).ToArray();
        if (betterFirst)
        {
            new RandomStream(cluster ^ (ulong)row.Line).Split("shown").Shuffle(order);
        }

        return order;
    }
}
