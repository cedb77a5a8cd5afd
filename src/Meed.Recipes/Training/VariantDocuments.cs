using Meed.Recipes.Documents;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>Variants as reward documents over the models that a run keeps, so that an ensemble or a model a source is a reward wherever one is named.</summary>
internal static class VariantDocuments
{
    /// <summary>One trained model.</summary>
    /// <param name="folder">Its folder.</param>
    public static DocumentNode Model(string folder) => Named("model", Map(("path", OptionsWriter.ToNode(folder))));

    /// <summary>A reward for each source, which a sample names in its row as <c>source</c>.</summary>
    public static DocumentNode BySource(IEnumerable<(string Source, DocumentNode Reward)> cases) =>
        Named("route", Map(("by", OptionsWriter.ToNode("item.source")), ("cases", Map([.. cases.Select(c => (c.Source, c.Reward))]))));

    /// <summary>A reward centred and scaled: factor · (reward − centre).</summary>
    public static DocumentNode Scaled(DocumentNode reward, double factor, double centre) =>
        Named("scale", Map(("of", reward), ("by", OptionsWriter.ToNode(factor)), ("add", OptionsWriter.ToNode(-factor * centre))));

    /// <summary>Rewards mixed response by response.</summary>
    public static DocumentNode Mixed(VariantEnsemble ensemble, IEnumerable<DocumentNode> members)
    {
        var entries = new List<(string, DocumentNode)>
        {
            ("of", new DocumentNode { Kind = NodeKind.List, Items = [.. members] }),
            ("by", OptionsWriter.ToNode(ensemble.By == VariantMix.MeanMinusDeviation ? EnsembleRule.MeanMinusDeviation : EnsembleRule.Mean)),
        };
        if (ensemble.By == VariantMix.MeanMinusDeviation)
        {
            entries.Add(("k", OptionsWriter.ToNode(ensemble.K)));
        }

        return Named("ensemble", Map([.. entries]));
    }

    private static DocumentNode Named(string name, DocumentNode value) => OptionsWriter.Named(name, value);

    private static DocumentNode Map(params (string Key, DocumentNode Value)[] entries) => new() { Kind = NodeKind.Map, Entries = [.. entries.Select(e => new DocumentEntry(e.Key, e.Value, 0, 0))] };
}
