namespace Meed.Recipes.Training;

/// <summary>One file of preferences of a recipe.</summary>
public sealed record RewardDataFile
{
    /// <summary>The file; <c>${NAME}</c> stands for an environment variable.</summary>
    public string Path { get; init; } = "";

    /// <summary>Name of the source that tables are split by; the file's own name when left out.</summary>
    public string? Source { get; init; }

    /// <summary>The layout; found from the first row when left out.</summary>
    public string? Layout { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Path.Length == 0)
        {
            yield return "Path is empty; name a file of preferences.";
        }
    }
}

/// <summary>The data of a reward-model recipe.</summary>
public sealed record RewardDataOptions
{
    /// <summary>The files.</summary>
    public IReadOnlyList<RewardDataFile> Files { get; init; } = [];

    /// <summary>
    /// Rows held in memory at a time; 0 holds them all. With a window the files are read once an epoch and shuffled within it, and validation and test part are even samples of at most
    /// so many rows each: memory then does not grow with the files.
    /// </summary>
    public int Window { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Files.Count == 0)
        {
            yield return "Files is empty; name one or more, as in files: [ { path: preferences.jsonl } ].";
        }

        if (Window is < 0 or > 0 and < 100)
        {
            yield return $"Window is {Window}; it is 100 rows or more, or 0 to hold them all.";
        }
    }
}

/// <summary>How a reward model is measured on the test part.</summary>
public sealed record RewardEvaluateOptions
{
    /// <summary>Draws of the bootstrap over prompts.</summary>
    public int Bootstrap { get; init; } = 2000;

    /// <summary>True when a model of single words is trained beside it, as a ruler.</summary>
    public bool Unigrams { get; init; } = true;

    /// <summary>Candidates a prompt, of which the model picks the best in a generated world; their gold reward and length are measured. 0 for none.</summary>
    public int BestOf { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Bootstrap < 100)
        {
            yield return $"Bootstrap is {Bootstrap}; it is 100 or more.";
        }

        if (BestOf is < 0 or 1 or > 4096)
        {
            yield return $"BestOf is {BestOf}; it is 2 to 4096, or 0 for no choice among candidates.";
        }
    }
}
