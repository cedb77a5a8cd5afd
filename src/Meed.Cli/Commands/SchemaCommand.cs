using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Meed.Recipes.Training;

namespace Meed.Cli.Commands;

/// <summary><c>meed schema</c>: prints the JSON Schema of a kind of document.</summary>
internal static class SchemaCommand
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static (Command Command, string[] Examples) Make(Terminal terminal)
    {
        var what = new Argument<string>("kind") { Description = "recipe, reward-model, study or reward.", HelpName = "kind", DefaultValueFactory = _ => "recipe" };
        what.AcceptOnlyFromAmong("recipe", "reward-model", "study", "reward");
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
        if (what == "recipe")
        {
            return RecipeReader.Schema().ToJsonString(s_json);
        }

        if (what == "reward-model")
        {
            return RewardModelReader.Schema().ToJsonString(s_json);
        }

        if (what == "study")
        {
            return StudyReader.Schema().ToJsonString(s_json);
        }

        var reward = RecipeReader.RewardSchema();
        var root = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "Meed reward", ["$ref"] = "#/$defs/reward", ["$defs"] = new JsonObject { ["reward"] = reward } };
        return root.ToJsonString(s_json);
    }
}
