using System.Security.Cryptography;
using System.Text;

namespace Meed.Rewards.Documents;

/// <summary>A reward that was written down: its nodes, its content hash and the reward they make.</summary>
/// <typeparam name="TSample">What the reward judges.</typeparam>
public sealed class RewardDocument<TSample>
{
    internal RewardDocument(DocumentNode root, IReward<TSample> reward, bool runsPrograms)
    {
        Root = root;
        Reward = reward;
        RunsPrograms = runsPrograms;
        Hash = RewardDocuments.HashOf(root);
    }

    /// <summary>The document.</summary>
    public DocumentNode Root { get; }

    /// <summary>The reward it makes.</summary>
    public IReward<TSample> Reward { get; }

    /// <summary>True when it runs programs which samples bring along.</summary>
    public bool RunsPrograms { get; }

    /// <summary>The content hash, which stored scores name.</summary>
    public string Hash { get; }
}

/// <summary>Reads reward documents; their hash and difference.</summary>
public static class RewardDocuments
{
    /// <summary>Keys that stand beside a reward's own key.</summary>
    public static IReadOnlyList<string> CommonKeys { get; } = ["name", "weight", "budget"];

    /// <summary>Builds the reward of a node.</summary>
    /// <param name="root">The reward's node.</param>
    /// <param name="registry">The rewards it may name.</param>
    /// <param name="file">The name that problems carry.</param>
    /// <param name="path">Where the node stands in its file, such as <c>reward</c>.</param>
    /// <exception cref="DocumentException">Lists every problem at once.</exception>
    public static RewardDocument<TSample> Bind<TSample>(DocumentNode root, RewardRegistry<TSample> registry, string file, string path = "reward")
    {
        var problems = new ProblemList();
        var reward = TryBind(root, registry, file, path, problems);
        problems.ThrowIfAny();
        return reward!;
    }

    /// <summary>Builds the reward of a node and adds its problems to a list that the caller shows together with others.</summary>
    /// <returns>Null when there were problems.</returns>
    public static RewardDocument<TSample>? TryBind<TSample>(DocumentNode root, RewardRegistry<TSample> registry, string file, string path, ProblemList problems)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(problems);
        var builder = new RewardBuilder<TSample>(registry, new Binder(file, problems));
        var reward = builder.Build(root, path);
        return reward is null ? null : new RewardDocument<TSample>(root, reward, builder.RunsPrograms);
    }

    /// <summary>Reads a JSON text and builds its reward.</summary>
    public static RewardDocument<TSample> Parse<TSample>(string json, RewardRegistry<TSample> registry, string file = "reward") => Bind(DocumentJson.Read(json, file), registry, file);

    /// <summary>SHA-256 of the canonical form, as <c>sha256:</c> and 64 hexadecimal digits.</summary>
    /// <remarks>Key order, white space, quoting style of names, the spelling of a number and <c>name</c> against <c>{ name: {} }</c> do not matter.</remarks>
    public static string HashOf(DocumentNode root) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DocumentJson.Canonical(root))));

    /// <summary>The nodes that differ between two documents, by path.</summary>
    /// <remarks>In lists, what two versions have in common at the beginning and at the end is matched first; the rest is compared in order.</remarks>
    public static IReadOnlyList<DocumentChange> Diff(DocumentNode before, DocumentNode after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = new List<DocumentChange>();
        Compare("", before, after, changes);
        return changes;
    }

    private static void Compare(string path, DocumentNode before, DocumentNode after, List<DocumentChange> changes)
    {
        if (DocumentJson.Canonical(before) == DocumentJson.Canonical(after))
        {
            return;
        }

        before = Named(before, after);
        after = Named(after, before);
        if (before.Kind == NodeKind.Map && after.Kind == NodeKind.Map)
        {
            foreach (string key in before.Entries.Select(e => e.Key).Union(after.Entries.Select(e => e.Key)))
            {
                Entry(path.Length == 0 ? key : $"{path}.{key}", before[key], after[key], changes);
            }
        }
        else if (before.Kind == NodeKind.List && after.Kind == NodeKind.List)
        {
            Lists(path, before.Items, after.Items, changes);
        }
        else
        {
            changes.Add(new DocumentChange(path, DocumentJson.Canonical(before), DocumentJson.Canonical(after)));
        }
    }

    private static void Lists(string path, IReadOnlyList<DocumentNode> before, IReadOnlyList<DocumentNode> after, List<DocumentChange> changes)
    {
        var a = before.Select(DocumentJson.Canonical).ToArray();
        var b = after.Select(DocumentJson.Canonical).ToArray();
        int head = 0, tail = 0, shorter = Math.Min(a.Length, b.Length);
        while (head < shorter && a[head] == b[head])
        {
            head++;
        }

        while (tail < shorter - head && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        for (int i = head; i < Math.Max(a.Length, b.Length) - tail; i++)
        {
            Entry($"{path}[{i}]", i < a.Length - tail ? before[i] : null, i < b.Length - tail ? after[i] : null, changes);
        }
    }

    private static void Entry(string path, DocumentNode? before, DocumentNode? after, List<DocumentChange> changes)
    {
        if (before is not null && after is not null)
        {
            Compare(path, before, after, changes);
        }
        else
        {
            changes.Add(new DocumentChange(path, before is null ? null : DocumentJson.Canonical(before), after is null ? null : DocumentJson.Canonical(after)));
        }
    }

    // A bare name beside a map is the same as the name with default options.
    private static DocumentNode Named(DocumentNode node, DocumentNode other) => node.Kind == NodeKind.Scalar && other.Kind == NodeKind.Map
        ? new DocumentNode { Kind = NodeKind.Map, Line = node.Line, Column = node.Column, Entries = [new DocumentEntry(node.Text, new DocumentNode { Kind = NodeKind.Map }, node.Line, node.Column)] }
        : node;
}

/// <summary>One difference between two documents.</summary>
/// <param name="Path">The node, such as <c>sum[1].length.max</c>.</param>
/// <param name="Before">Its old value as canonical JSON; null when it was added.</param>
/// <param name="After">Its new value as canonical JSON; null when it was removed.</param>
public sealed record DocumentChange(string Path, string? Before, string? After)
{
    /// <summary>One line: <c>sum[1].length.max: 64 -> 128</c>.</summary>
    public override string ToString() => Before is null ? $"{Path}: added {After}" : After is null ? $"{Path}: removed {Before}" : $"{Path}: {Before} -> {After}";
}
