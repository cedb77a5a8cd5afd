using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Meed.Recipes.Documents;
using Meed.Recipes.Training;

namespace Meed.Cli.Commands;

/// <summary><c>meed schema</c>: prints the JSON Schema of a kind of document.</summary>
internal static class SchemaCommand
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static (Command Command, string[] Examples) Make(Terminal terminal)
    {
        string[] names = ["recipe", .. RecipeKinds.All.Skip(1).Select(k => k.Name), "reward"];
        var what = new Argument<string>("kind") { Description = $"{string.Join(", ", names[..^1])} or {names[^1]}.", HelpName = "kind", DefaultValueFactory = _ => "recipe" };
        what.AcceptOnlyFromAmong(names);
        var command = new Command("schema", "Print the JSON Schema of recipes or rewards.") { what };
        command.SetAction(parsed =>
        {
            terminal.Out.WriteLine(Write(parsed.GetValue(what)!));
            return ExitCode.Ok;
        });
        return (command, ["meed schema > recipe.schema.json"]);
    }

    private static string Write(string what)
    {
        if (what != "reward")
        {
            var kind = RecipeKinds.All.FirstOrDefault(k => k.Name == what) ?? RecipeKinds.All[0];
            return kind.Schema().ToJsonString(s_json);
        }

        var reward = RewardCatalog.Schema();
        var root = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "Meed reward", ["$ref"] = "#/$defs/reward", ["$defs"] = new JsonObject { ["reward"] = reward } };
        return root.ToJsonString(s_json);
    }
}
