using Meed.Rewards.Combinators;
using Meed.Rewards.Documents;

namespace Meed.Rewards;

/// <summary>What a node of a reward document may use at most.</summary>
public sealed record BudgetOptions
{
    /// <summary>Work units of one sample in this node and everything below it; 0 leaves the caller's limit.</summary>
    public long Work { get; init; }

    /// <summary>Wall-clock back-stop of one sample in each verifier; zero leaves the caller's. When it fires, the row fails and the scores are not reproducible.</summary>
    public TimeSpan Wall { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Work < 0)
        {
            yield return $"Work is {Work}; write a positive number of units such as 5M.";
        }
    }
}

/// <summary>Builds rewards from document nodes and gathers every problem on the way.</summary>
/// <remarks>
/// A node is a name (<c>countdown</c>) or a map with one reward's key and, beside it, <c>name</c> (a label for columns and reasons),
/// <c>budget</c> and, in a list that weighs its children, <c>weight</c>. A map with a <c>type</c> is a grader in OpenAI's spelling.
/// </remarks>
/// <typeparam name="TSample">What the rewards judge.</typeparam>
public sealed class RewardBuilder<TSample>(RewardRegistry<TSample> registry, Binder binder)
{
    /// <summary>How deep rewards may nest.</summary>
    public const int DeepestNesting = 32;

    private int _depth;

    /// <summary>The rewards that may be named.</summary>
    public RewardRegistry<TSample> Registry { get; } = registry;

    /// <summary>True when a reward that was built runs programs which samples bring along.</summary>
    public bool RunsPrograms { get; private set; }

    /// <summary>Fills options and gathers problems.</summary>
    public Binder Binder { get; } = binder;

    /// <summary>The <c>judge</c> settings written at the grader being built or at one around it; null when there are none.</summary>
    public DocumentNode? Judge { get; private set; }

    /// <summary>Builds one reward that carries no weight.</summary>
    /// <param name="node">The node; null is a missing one.</param>
    /// <param name="path">Its place, such as <c>reward.gate.if</c>.</param>
    /// <param name="parent">The node it should stand in, for the place of a missing one.</param>
    public IReward<TSample>? Build(DocumentNode? node, string path, DocumentNode? parent = null) => Build(node, path, false, out _, parent);

    /// <summary>Options of a reward from the value of its key; null with the problems reported when they do not bind.</summary>
    public TOptions? Options<TOptions>(DocumentNode value, string path)
        where TOptions : class, new() => Options<TOptions>(value, path, out var options) ? options : null;

    /// <summary>Options of a reward from the value of its key; false with the problems reported when they do not bind, with what could be read.</summary>
    public bool Options<TOptions>(DocumentNode value, string path, out TOptions options)
        where TOptions : class, new()
    {
        int before = Binder.Problems.Items.Count;
        options = Binder.Record<TOptions>(value, path);
        return Binder.Problems.Items.Count == before;
    }

    /// <summary>Builds the children of a list with their weights; null with the problems reported when one does not build.</summary>
    public (IReadOnlyList<IReward<TSample>> Rewards, IReadOnlyList<double> Weights)? List(DocumentNode? value, string path, bool weights)
    {
        if (value is null || value.Kind != NodeKind.List || value.Items.Count == 0)
        {
            Binder.Problems.Add(Binder.File, value?.Line ?? 0, $"{path} must be a list of at least one reward, as in {path[(path.LastIndexOf('.') + 1)..]}: [ {{ {Registry.Names.FirstOrDefault() ?? "name"}: {{}} }} ].");
            return null;
        }

        var rewards = new List<IReward<TSample>>();
        var factors = new List<double>();
        for (int i = 0; i < value.Items.Count; i++)
        {
            if (Build(value.Items[i], $"{path}[{i}]", weights, out double weight, value) is { } child)
            {
                rewards.Add(child);
                factors.Add(weight);
            }
        }

        return rewards.Count == value.Items.Count ? (rewards, factors) : null;
    }

    private IReward<TSample>? Build(DocumentNode? node, string path, bool weighted, out double weight, DocumentNode? parent)
    {
        weight = 1;
        if (node is null || node.IsNull)
        {
            return Problem(node ?? parent, $"{path} is missing; write a reward there.");
        }

        if (node.Kind == NodeKind.Scalar)
        {
            var empty = new DocumentNode { Kind = NodeKind.Map, Line = node.Line, Column = node.Column };
            node = new DocumentNode { Kind = NodeKind.Map, Line = node.Line, Column = node.Column, Entries = [new DocumentEntry(node.Text, empty, node.Line, node.Column)] };
        }

        if (node["type"] is { Kind: NodeKind.Scalar } type && Registry.Graders.Count > 0)
        {
            return Grader(node, type, path, weighted, out weight);
        }

        if (node.Kind != NodeKind.Map)
        {
            return Problem(node, $"{path} is a list; write one reward there, or put the list under sum, min, max or product.");
        }

        var entries = node.Entries.Where(e => !RewardDocuments.CommonKeys.Contains(e.Key)).ToList();
        var known = entries.Where(e => Registry.Find(e.Key) is not null).ToList();
        foreach (var entry in entries.Except(known))
        {
            Binder.Problems.Add(Binder.File, entry.Line, known.Count > 0
                ? $"unknown key '{Join(path, entry.Key)}'. {Nearest.Hint(entry.Key, RewardDocuments.CommonKeys)}"
                : $"{path}: unknown reward '{entry.Key}'. {Nearest.Hint(entry.Key, [.. Registry.Names])}");
        }

        if (known.Count != 1)
        {
            return known.Count == 0 && entries.Count > 0 ? null : Problem(node, known.Count == 0
                ? $"{path} names no reward. Known: {string.Join(", ", Registry.Names)}."
                : $"{path} names {known.Count} rewards ({string.Join(", ", known.Select(e => e.Key))}); put them in a list, as in sum: [ ... ].");
        }

        if (++_depth > DeepestNesting)
        {
            _depth--;
            return Problem(node, $"{path} nests more than {DeepestNesting} rewards deep.");
        }

        int before = Binder.Problems.Items.Count;
        weight = Weight(node, path, weighted);
        string? label = node["name"] is { } nameNode ? Binder.Value(typeof(string), nameNode, Join(path, "name")) as string : null;
        if (label is not null && (label.Length is 0 or > 64 || !label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            Binder.Problems.Add(Binder.File, node["name"]!.Line, $"{path}.name is '{label}'; write letters, digits, - and _, at most 64.");
        }

        var budget = node["budget"] is { } budgetNode ? Options<BudgetOptions>(budgetNode, Join(path, "budget")) : null;
        string key = known[0].Key;
        IReward<TSample>? reward = null;
        RunsPrograms |= Registry.Find(key)!.RunsPrograms;
        try
        {
            reward = Registry.FactoryOf(key)(known[0].Value, Join(path, key), this);
        }
        catch (ArgumentException e)
        {
            Problem(known[0].Value, $"{Join(path, key)}: {e.Message}");
        }

        _depth--;
        if (reward is null || Binder.Problems.Items.Count != before)
        {
            return null;
        }

        if (budget is not null)
        {
            reward = new Budget<TSample>(reward, budget);
        }

        return label is null ? reward : new Named<TSample>(reward, label);
    }

    // { type: string_check, name: ..., ... }: the type chooses the grader, which reads the whole map; the name may be any text.
    private IReward<TSample>? Grader(DocumentNode node, DocumentNode type, string path, bool weighted, out double weight)
    {
        weight = 1;
        if (Registry.GraderOf(type.Text) is not { } factory)
        {
            return Problem(type, $"{path}.type is '{type.Text}', which is no grader. {Nearest.Hint(type.Text, [.. Registry.Graders])}");
        }

        if (_depth >= DeepestNesting)
        {
            return Problem(node, $"{path} nests more than {DeepestNesting} rewards deep.");
        }

        int before = Binder.Problems.Items.Count;
        var outer = Judge;
        Judge = node["judge"] ?? outer;
        _depth++;
        weight = Weight(node, path, weighted);
        var budget = node["budget"] is { } budgetNode ? Options<BudgetOptions>(budgetNode, Join(path, "budget")) : null;
        IReward<TSample>? reward = null;
        try
        {
            reward = factory(node, path, this);
        }
        catch (ArgumentException e)
        {
            Problem(node, $"{path}: {e.Message}");
        }

        _depth--;
        Judge = outer;
        return reward is null || Binder.Problems.Items.Count != before ? null : budget is null ? reward : new Budget<TSample>(reward, budget);
    }

    private double Weight(DocumentNode node, string path, bool weighted)
    {
        if (node["weight"] is not { } weight)
        {
            return 1;
        }

        if (!weighted)
        {
            Problem(weight, $"{path}.weight has no meaning here; only the children of sum carry weights.");
            return 1;
        }

        return Binder.Value(typeof(double), weight, Join(path, "weight")) is double w ? w : 1;
    }

    private IReward<TSample>? Problem(DocumentNode? node, string message)
    {
        Binder.Problems.Add(Binder.File, node?.Line ?? 0, message);
        return null;
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
