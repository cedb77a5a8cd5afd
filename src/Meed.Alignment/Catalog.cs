using Meed.Rewards;

namespace Meed.Alignment;

/// <summary>The trainers of this package.</summary>
public static class Catalog
{
    /// <summary>One entry a trainer; recipes construct them, because they need a policy and a run.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("sft", "trainer", [], "Supervised fine-tuning: makes shown answers likely.", "", typeof(SftOptions)),
        new("grpo", "trainer", [44, 155, 261], "Group-relative policy optimisation: several answers a prompt, judged against each other.", "DeepSeekMath, arXiv:2402.03300", typeof(GrpoOptions)),
    ];
}
