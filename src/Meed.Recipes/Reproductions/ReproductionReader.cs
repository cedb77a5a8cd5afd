using Meed.Recipes.Atlas;
using Meed.Recipes.Documents;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Reproductions;

/// <summary>Reads and checks reproduction files.</summary>
public static class ReproductionReader
{
    /// <summary>Parts of a recipe that both arms share, because they decide seeds, data, updates or samples.</summary>
    public static IReadOnlyList<string> Shared { get; } = ["kind", "name", "seed", "task", "data", "warmStart", "evaluate", "report"];

    /// <summary>The last part of a key that sets how much an arm may see, train or sample, whatever trainer or study calls it by.</summary>
    public static IReadOnlyList<string> Effort { get; } =
    [
        "steps", "epochs", "updates", "episodes", "batchSize", "promptsPerStep", "groupSize", "updatesPerRollout", "rowsPerUpdate", "rowsPerStep", "pretrainSteps", "pretrainRows", "maxTokens", "maxNewTokens", "samples",
        "candidates", "items", "pairs", "fewPairs", "prompts", "labels", "clips", "frames", "users", "demonstrations", "rollouts", "test",
    ];

    private sealed record Document
    {
        public int Row { get; init; } = -1;

        public string Name { get; init; } = "";

        public string Claim { get; init; } = "";

        public DocumentNode? Recipe { get; init; }

        public DocumentNode? Arms { get; init; }

        public IReadOnlyList<string> Switches { get; init; } = [];

        public Measure Measure { get; init; } = new();

        public Direction Direction { get; init; }

        public double Margin { get; init; } = double.NaN;

        public string? MarginReason { get; init; }

        public IReadOnlyList<ulong> Seeds { get; init; } = [];

        public TimeSpan Budget { get; init; }

        public string? Tuning { get; init; }
    }

    /// <summary>The reproduction files of a folder, by row and name.</summary>
    public static IReadOnlyList<string> Files(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="DocumentException">Everything that is wrong with it.</exception>
    public static Reproduction ReadFile(string path) => Read(YamlReader.ReadFile(path), path);

    /// <summary>Reads a document.</summary>
    public static Reproduction Read(DocumentNode root, string file)
    {
        ArgumentNullException.ThrowIfNull(root);
        var problems = new ProblemList();
        var document = new Binder(file, problems).Record<Document>(root, "");
        void Need(bool ok, string key, string message)
        {
            if (!ok)
            {
                problems.Add(file, root[key]?.Line ?? root.Line, message);
            }
        }

        Need(document.Row >= 0 && document.Row < AtlasTable.Rows.Count, "row", $"row is {document.Row}; name a row of the atlas, 0 to {AtlasTable.Rows.Count - 1}.");
        Need(document.Name.Length > 0, "name", "name is missing.");
        Need(document.Claim.Length > 0, "claim", "claim is missing: one sentence, stated before it is measured.");
        Need(document.Measure.Name.Length > 0, "measure", "measure needs a name, as in measure: { name: pass@8, unit: share }.");
        Need(document.Margin >= 0, "margin", "margin is missing: how far the mechanism must move the measure, 0 or more.");
        Need(document.Margin != 0 || document.MarginReason is { Length: > 0 }, "margin", "margin is 0, which needs marginReason: why any difference is enough.");
        Need(document.Seeds.Count >= 5, "seeds", $"seeds has {document.Seeds.Count}; at least 5 are needed for an interval.");
        Need(document.Seeds.Distinct().Count() == document.Seeds.Count, "seeds", "seeds names one twice.");
        Need(document.Seeds.All(s => s < 100), "seeds", "seeds from 100 on are for tuning; report on seeds below 100.");
        Need(document.Budget > TimeSpan.Zero, "budget", "budget is missing: the time for both arms and all seeds, such as 5m.");
        Need(document.Switches.Count > 0, "switches", "switches is missing: the keys of the recipe that switch the mechanism on.");
        foreach (string key in document.Switches.Where(k => k is not null))   // an entry that is no text is a problem already
        {
            Need(!Shared.Contains(key.Split('.')[0]), "switches", $"'{key}' cannot be a switch: both arms get the same seeds, data, updates and samples.");
            Need(!Effort.Contains(key.Split('.')[^1]), "switches", $"'{key}' cannot be a switch: both arms train and sample equally much.");
        }

        var recipe = Base(document.Recipe, file, problems);
        var arms = recipe is null ? [] : Arms(document.Arms, recipe, file, problems, root.Line);
        var differences = arms.Count == 2 ? DocumentDifference.Between(arms[0].Recipe, arms[1].Recipe) : [];
        if (arms.Count == 2)
        {
            Need(differences.Count > 0, "arms", "the arms do not differ.");
            foreach (var difference in differences.Where(d => !document.Switches.Any(s => s is not null && (d.Path == s || d.Path.StartsWith(s + ".", StringComparison.Ordinal)))))
            {
                Need(false, "arms", $"the arms also differ in '{difference.Path}' ({difference.First ?? "absent"} against {difference.Second ?? "absent"}), which is not one of the switches {string.Join(", ", document.Switches)}.");
            }

            foreach (var difference in differences.Where(d => Effort.Contains(d.Path.Split('.')[^1]) && !document.Switches.Contains(d.Path)))
            {
                Need(false, "arms", $"the arms differ in '{difference.Path}': both arms train and sample equally much.");
            }
        }

        problems.ThrowIfAny();
        return new Reproduction
        {
            Row = document.Row, Name = document.Name, Claim = document.Claim, Control = arms[0], Mechanism = arms[1], Switches = document.Switches, Differences = differences,
            Measure = document.Measure, Direction = document.Direction, Margin = document.Margin, MarginReason = document.MarginReason, Seeds = document.Seeds,
            Budget = document.Budget, Tuning = document.Tuning, File = file,
        };
    }

    // The recipe stands in the file or is named by a path beside it.
    private static DocumentNode? Base(DocumentNode? node, string file, ProblemList problems)
    {
        if (node is { Kind: NodeKind.Map })
        {
            return node;
        }

        if (node is not { Kind: NodeKind.Scalar, Text.Length: > 0 })
        {
            problems.Add(file, node?.Line ?? 0, "recipe is missing: a recipe, or the path of one from this file.");
            return null;
        }

        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, node.Text);
        try
        {
            return YamlReader.ReadFile(path);
        }
        catch (DocumentException e)
        {
            problems.Add(file, node.Line, $"recipe: {e.Message}");
            return null;
        }
    }

    private static List<Arm> Arms(DocumentNode? node, DocumentNode recipe, string file, ProblemList problems, int line)
    {
        if (node is not { Kind: NodeKind.Map, Entries.Count: 2 })
        {
            problems.Add(file, node?.Line ?? line, "arms names two: first the one without the mechanism, then the one with it; each is a map of keys and values such as trainer.grpo.advantage: mean-only.");
            return [];
        }

        var arms = new List<Arm>();
        foreach (var entry in node.Entries)
        {
            var arm = recipe;
            foreach (var setting in entry.Value.Entries)
            {
                try
                {
                    arm = Overrides.Apply(arm, setting.Key, setting.Value, $"{file}:{setting.Line}");
                }
                catch (DocumentException e)
                {
                    problems.Add(file, setting.Line, e.Problems[0].Message);
                }
            }

            arms.Add(new Arm(entry.Key, arm));
        }

        return arms;
    }
}
