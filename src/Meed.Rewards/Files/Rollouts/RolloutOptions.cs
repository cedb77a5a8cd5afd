using Meed.Rewards.Documents;

namespace Meed.Rewards.Files.Rollouts;

/// <summary>What to read and how.</summary>
public sealed record RolloutOptions
{
    private static readonly string[] s_fields = ["response", "prompt", "reference", "reward", "group"];

    /// <summary>Files with one JSON object a line, plain or gzip; <c>-</c> is standard input.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The layout.</summary>
    public RolloutFormat Format { get; init; }

    /// <summary>Where a field stands, in place of the layout's own: <c>response</c>, <c>prompt</c>, <c>reference</c>, <c>reward</c>, <c>group</c>, each a dotted path.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>The number to take where the reward is an object (slime's <c>--reward-key</c>).</summary>
    public string? RewardKey { get; init; }

    /// <summary>Weights of the reward columns where a layout stores no total (TRL's <c>reward_weights</c>); empty weighs each numeric column 1.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Inputs.Count == 0)
        {
            yield return "There is no input; name at least one file of rollouts.";
        }

        foreach (string input in Inputs.Where(i => i != "-"))
        {
            if (Directory.Exists(input))
            {
                yield return $"Input '{input}' is a folder; name its files.";
            }
            else if (!File.Exists(input))
            {
                yield return $"Input '{input}' does not exist.";
            }
            else if (Path.GetExtension(input) is ".parquet" or ".pt")
            {
                yield return Path.GetExtension(input) == ".pt"
                    ? $"Input '{input}' is a torch file, which only torch reads safely; clients/python/export_rollouts.py writes it as JSON Lines."
                    : $"Input '{input}' is a Parquet file, which Meed does not read; clients/python/export_rollouts.py writes it as JSON Lines.";
            }
        }

        foreach (var (field, path) in Map)
        {
            if (!s_fields.Contains(field))
            {
                yield return $"Map names the field '{field}'. {Nearest.Hint(field, s_fields)}";
            }

            if (path.Length == 0 || path.Split('.').Any(p => p.Length == 0))
            {
                yield return $"Map gives {field} the path '{path}'; write keys joined by dots, such as extra_info.answer.";
            }
        }

        foreach (var (name, weight) in Weights)
        {
            if (!double.IsFinite(weight))
            {
                yield return $"The weight of {name} is {weight}; write a finite number.";
            }
        }
    }
}
