using Meed.RewardModels.Data;

namespace Meed.Evaluation.Bench;

/// <summary>One row of a bench with what its labels say.</summary>
/// <param name="Row">Prompt and responses.</param>
/// <param name="Subset">Part of the suite.</param>
/// <param name="Cluster">Key of the prompt: items of one prompt are drawn together.</param>
/// <param name="Pairs">Comparisons that the labels decide.</param>
/// <param name="Shown">Place of each response in the order in which a reader sees them; drawn by seed where the file puts the better one first.</param>
public sealed record BenchItem(PreferenceRow Row, string Subset, ulong Cluster, IReadOnlyList<BenchPair> Pairs, IReadOnlyList<int> Shown)
{
    /// <summary>True when every response can be shown to a reward: it has a text, or shows something.</summary>
    public bool HasTexts => Row.Responses.All(r => r.Text is not null || r.Observation is not null);

    /// <summary>Text of a response.</summary>
    public string Text(int response) => Row.Responses[response].Text ?? "";
}

/// <summary>A comparison that the labels decide.</summary>
/// <param name="Better">Index of the better response.</param>
/// <param name="Worse">Index of the worse one.</param>
public readonly record struct BenchPair(int Better, int Worse);

/// <summary>How one comparison or item of a suite came out.</summary>
/// <param name="Item">Number of the item.</param>
/// <param name="Cluster">Key of its prompt.</param>
/// <param name="Subset">Its subset.</param>
/// <param name="Kind">What was asked, such as <c>accuracy</c>, <c>mrr</c> or <c>hard</c>.</param>
/// <param name="Value">1 right, 0 wrong, between for ties as the suite counts them.</param>
public readonly record struct Outcome(int Item, ulong Cluster, string Subset, string Kind, double Value);
