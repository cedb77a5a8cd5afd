using System.Text.Json.Nodes;
using Meed.Recipes.Documents;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>Reads the <c>variants</c> of a reward-model recipe.</summary>
internal static class RewardVariantReader
{
    private static readonly string[] s_keys = ["encoder", "objective", "trainer", "perSource", "ensemble"];

    /// <summary>Binds the variants: encoder and objective in place of the recipe's own, single keys of the trainer over the recipe's own.</summary>
    public static IReadOnlyList<RewardVariant> Read(DocumentNode node, DocumentNode root, RewardModelRecipe recipe, Binder binder)
    {
        void Problem(DocumentNode at, string text) => binder.Problems.Add(binder.File, at.Line, text);
        if (node.Kind != NodeKind.Map || node.Entries.Count == 0)
        {
            Problem(node, "variants must be a map of names, as in variants: { words: { encoder: { ngrams: { words: 1 } } } }.");
            return [];
        }

        if (recipe.Data is { Window: > 0 } || recipe.CurationName != "none" || recipe.Evaluate.BestOf > 0)
        {
            Problem(node, "variants are measured on rows that are held and not curated: leave out data.window, curation and evaluate.bestOf.");
        }

        var variants = new List<RewardVariant>();
        foreach (var entry in node.Entries)
        {
            string path = $"variants.{entry.Key}";
            if (entry.Value.Kind != NodeKind.Map)
            {
                Problem(entry.Value, $"{path} must be a map with what differs from the recipe: {string.Join(", ", s_keys)}.");
                continue;
            }

            binder.Keys(entry.Value, path, s_keys);
            if (entry.Value["ensemble"] is { } members)
            {
                var ensemble = binder.Record<VariantEnsemble>(members, $"{path}.ensemble");
                foreach (string member in ensemble.Of.Where(m => !variants.Exists(v => v.Name == m)))
                {
                    Problem(members, $"{path}.ensemble.of names '{member}', which is no variant above it. {Nearest.Hint(member, [.. variants.Select(v => v.Name)])}");
                }

                variants.Add(new RewardVariant(entry.Key, recipe, false, ensemble));
                continue;
            }

            var own = recipe.With(Merge(root, entry.Value), binder);
            bool perSource = entry.Value["perSource"] is { } flag && binder.Value(typeof(bool), flag, $"{path}.perSource") is true;
            if (perSource && !SourceObjective.Takes(own.NewObjective()))
            {
                Problem(entry.Value, $"{path}.perSource is true and the objective {own.ObjectiveName} learns from more than one source at a time. Use one on comparisons or on single responses.");
            }

            if (own.Encoder is not (NGramOptions or TransformerOptions or FeatureOptions))
            {
                Problem(entry.Value, $"{path} has the encoder {own.EncoderName}; variants compare encoders of text and features: ngrams, transformer, features. Train a recipe for each of the others.");
            }

            variants.Add(new RewardVariant(entry.Key, own, perSource, null));
        }

        return variants;
    }

    /// <summary>The variants as a document with every default filled in.</summary>
    public static DocumentNode Resolve(IReadOnlyList<RewardVariant> variants) => Map([.. variants.Select(v => Entry(v.Name, v.Ensemble is { } ensemble
        ? Map([Entry("ensemble", OptionsWriter.ToNode(ensemble))])
        : Map(
        [
            Entry("encoder", OptionsWriter.Named(v.Recipe.EncoderName, OptionsWriter.ToNode(v.Recipe.Encoder))), Entry("objective", OptionsWriter.Named(v.Recipe.ObjectiveName, OptionsWriter.ToNode(v.Recipe.ObjectiveOptions))),
            Entry("trainer", OptionsWriter.ToNode(v.Recipe.Trainer)), Entry("perSource", OptionsWriter.ToNode(v.PerSource)),
        ])))]);

    /// <summary>The JSON Schema of the variants.</summary>
    public static JsonObject Schema(JsonObject encoder, JsonObject objective) => new()
    {
        ["type"] = "object",
        ["description"] = "Models that are trained and measured side by side: each names what differs from the recipe, or an ensemble of others.",
        ["additionalProperties"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["encoder"] = encoder,
                ["objective"] = objective,
                ["trainer"] = SchemaWriter.Record(typeof(RewardTrainerOptions)),
                ["perSource"] = new JsonObject { ["type"] = "boolean", ["default"] = false, ["description"] = "True when every source gets a model of its own, trained on it alone." },
                ["ensemble"] = SchemaWriter.Record(typeof(VariantEnsemble)),
            },
        },
    };

    private static DocumentNode Merge(DocumentNode root, DocumentNode variant)
    {
        var entries = new List<DocumentEntry>();
        foreach (string key in (string[])["encoder", "objective", "trainer"])
        {
            var (below, above) = (root.Entries.FirstOrDefault(e => e.Key == key), variant.Entries.FirstOrDefault(e => e.Key == key));
            if (key == "trainer" && below is { Value.Kind: NodeKind.Map } && above is { Value.Kind: NodeKind.Map })
            {
                above = above with { Value = Map([.. below.Value.Entries.Where(e => above.Value[e.Key] is null), .. above.Value.Entries], above.Value.Line) };
            }

            if ((above ?? below) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return Map(entries, variant.Line);
    }

    private static DocumentNode Map(IReadOnlyList<DocumentEntry> entries, int line = 0) => new() { Kind = NodeKind.Map, Entries = entries, Line = line };

    private static DocumentEntry Entry(string key, DocumentNode value) => new(key, value, 0, 0);
}
