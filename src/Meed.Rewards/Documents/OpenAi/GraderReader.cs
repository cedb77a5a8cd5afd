namespace Meed.Rewards.Documents.OpenAi;

/// <summary>Reads the fields of one grader in OpenAI's spelling and reports what is wrong with them.</summary>
/// <typeparam name="TSample">What the reward judges.</typeparam>
public sealed class GraderReader<TSample>
{
    private static readonly string[] s_common = ["type", "name", "weight", "budget", "judge"];
    private readonly DocumentNode _node;
    private readonly string _path;
    private readonly RewardBuilder<TSample> _builder;
    private readonly int _before;

    /// <summary>A reader of a grader's map; keys that the grader does not have are reported.</summary>
    public GraderReader(DocumentNode node, string path, RewardBuilder<TSample> builder, params string[] keys)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(builder);
        (_node, _path, _builder, _before) = (node, path, builder, builder.Binder.Problems.Items.Count);
        builder.Binder.Keys(node, path, [.. s_common, .. keys]);
        Name = GraderNames.Label(Text("name") ?? "");
    }

    /// <summary>The grader's name with everything but letters, digits, - and _ written as -; it names columns.</summary>
    public string Name { get; }

    /// <summary>True when nothing was wrong so far.</summary>
    public bool Ok => _builder.Binder.Problems.Items.Count == _before;

    /// <summary>The value of a key; null when it is missing.</summary>
    public DocumentNode? this[string key] => _node[key] is { IsNull: false } value ? value : null;

    /// <summary>Reports a problem at a key, or at the grader where the key is missing. The sentence begins with the key.</summary>
    public void Problem(string key, string rest) => _builder.Binder.Problems.Add(_builder.Binder.File, _node[key]?.Line ?? _node.Line, $"{Join(key)}{(rest[0] is '[' or '.' ? "" : " ")}{rest}");

    /// <summary>The place of a key in the document.</summary>
    public string Join(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    /// <summary>A text that must be there; null with the problem reported when it is not.</summary>
    public string? Text(string key)
    {
        if (this[key] is not { } value)
        {
            Problem(key, "is missing.");
            return null;
        }

        if (value.Kind != NodeKind.Scalar)
        {
            Problem(key, "must be a text.");
            return null;
        }

        if (value.Text.Length == 0 && key is "name" or "model")
        {
            Problem(key, "is empty.");
        }

        return value.Text;
    }

    /// <summary>One of some words; null with the problem reported when it is none of them.</summary>
    public string? Choice(string key, IReadOnlyCollection<string> known)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (known.Contains(text))
        {
            return text;
        }

        Problem(key, $"is '{text}'. {Nearest.Hint(text, known)}");
        return null;
    }

    /// <summary>A template that must be there; null with the problem reported when it is not or does not read.</summary>
    public Template? Template(string key) => Text(key) is { } text ? Template(key, text) : null;

    /// <summary>A template from a text that stands at or below a key.</summary>
    public Template? Template(string key, string text)
    {
        var template = OpenAi.Template.Parse(text, out string? problem);
        if (template is null)
        {
            Problem(key, problem!);
        }

        return template;
    }

    /// <summary>A number; null when it is missing, or with the problem reported when it is none.</summary>
    public double? Number(string key) => this[key] is { } value ? _builder.Binder.Value(typeof(double), value, Join(key)) as double? : null;

    /// <summary>The <c>range</c> of a grader's values; 0 to 1 when it is missing, or with the problem reported when it is no range.</summary>
    public (double Low, double High) Range()
    {
        if (this["range"] is not { } range)
        {
            return (0, 1);
        }

        var numbers = range.Items.Select(i => i.Kind == NodeKind.Scalar && Numbers.TryParse(i.Text, out double n) ? n : double.NaN).ToList();
        if (numbers is [var low, var high] && low < high)
        {
            return (low, high);
        }

        Problem("range", "must be two rising numbers, such as [0, 1].");
        return (0, 1);
    }

    /// <summary>Texts of a list; null with the problem reported when it is no list of at least one text.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (this[key] is not { Kind: NodeKind.List, Items.Count: > 0 } list || list.Items.Any(i => i.Kind != NodeKind.Scalar))
        {
            Problem(key, this[key] is null ? "is missing." : "must be a list of at least one text.");
            return null;
        }

        return [.. list.Items.Select(i => i.Text)];
    }
}

/// <summary>Names of graders, which may be any text, as names of columns.</summary>
public static class GraderNames
{
    /// <summary>The name with everything but letters, digits, - and _ written as -, at most 64 characters.</summary>
    public static string Label(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string label = string.Concat(name.Take(64).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        return label.Length == 0 ? "grader" : label;
    }
}
