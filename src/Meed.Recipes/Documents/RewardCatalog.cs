using System.Text.Json.Nodes;
using Meed.Recipes.Atlas;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Documents;

/// <summary>The rewards that recipes, the command line and the server may name: those of every package.</summary>
public static class RewardCatalog
{
    /// <summary>All of them.</summary>
    public static RewardRegistry<TextSample> All { get; } = new RewardRegistry<TextSample>().Add(MethodCatalog.All.Select(m => m.Entry));

    /// <summary>The JSON Schema of reward documents.</summary>
    public static JsonObject Schema()
    {
        var names = new JsonArray([.. All.Names.Select(n => JsonValue.Create(n))]);
        var properties = new JsonObject
        {
            ["name"] = new JsonObject { ["type"] = "string", ["description"] = "A label for columns and reasons." },
            ["weight"] = new JsonObject { ["type"] = "number", ["description"] = "Weight in a list that weighs its children." },
            ["budget"] = SchemaWriter.Record(typeof(BudgetOptions)),
        };
        foreach (var entry in All.Entries)
        {
            var schema = entry.Options is { } options ? SchemaWriter.Record(options) : new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["$ref"] = "#/$defs/reward" } };
            schema["description"] = entry.Summary;
            properties[entry.Name] = schema;
        }

        return new JsonObject
        {
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "string", ["enum"] = names },
                new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["minProperties"] = 1, ["properties"] = properties },
                new JsonObject
                {
                    ["type"] = "object", ["required"] = new JsonArray("type", "name"), ["description"] = "A grader in OpenAI's spelling.",
                    ["properties"] = new JsonObject { ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. All.Graders.Select(g => JsonValue.Create(g))]) }, ["name"] = new JsonObject { ["type"] = "string" } },
                }),
        };
    }
}
