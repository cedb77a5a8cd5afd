using Meed.Rewards.Documents;

namespace Meed.Recipes.Documents;

/// <summary>One place where two documents differ.</summary>
/// <param name="Path">The key, such as <c>trainer.grpo.advantage</c>.</param>
/// <param name="First">Its value in the first document as JSON; null where it is not there.</param>
/// <param name="Second">Its value in the second document.</param>
public sealed record DocumentDifference(string Path, string? First, string? Second)
{
    /// <summary>Every leaf in which two documents differ, in the order of the first. The order of keys does not count.</summary>
    public static IReadOnlyList<DocumentDifference> Between(DocumentNode first, DocumentNode second)
    {
        var result = new List<DocumentDifference>();
        Compare("", first, second, result);
        return result;
    }

    private static void Compare(string path, DocumentNode? first, DocumentNode? second, List<DocumentDifference> result)
    {
        if (first is { Kind: NodeKind.Map } a && second is { Kind: NodeKind.Map } b && (a.Entries.Count > 0 || b.Entries.Count > 0))
        {
            foreach (string key in a.Entries.Select(e => e.Key).Concat(b.Entries.Select(e => e.Key)).Distinct())
            {
                Compare(path.Length == 0 ? key : $"{path}.{key}", a[key], b[key], result);
            }

            return;
        }

        if (first is { Kind: NodeKind.List } x && second is { Kind: NodeKind.List } y && x.Items.Count == y.Items.Count)
        {
            for (int i = 0; i < x.Items.Count; i++)
            {
                Compare($"{path}.{i}", x.Items[i], y.Items[i], result);
            }

            return;
        }

        string? one = first is null ? null : DocumentJson.Canonical(first), two = second is null ? null : DocumentJson.Canonical(second);
        if (one != two)
        {
            result.Add(new DocumentDifference(path, one, two));
        }
    }
}
