using Meed.Recipes.Documents;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>The kinds of recipes, told apart by the key <c>kind</c>.</summary>
public static class RecipeKinds
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<RecipeKind> All { get; } = [LanguageRecipe.Definition, RewardModelRecipe.Definition, StudyRecipe.Definition];

    /// <summary>The kind that a document names; the first one when it names none that exists, whose reader then says so.</summary>
    public static RecipeKind Of(DocumentNode root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return All.FirstOrDefault(k => root.Kind == NodeKind.Map && root["kind"] is { Kind: NodeKind.Scalar } named && named.Text == k.Name) ?? All[0];
    }

    /// <summary>Reads a recipe of any kind.</summary>
    /// <param name="root">The document, overrides applied.</param>
    /// <param name="file">The name that problems carry.</param>
    /// <exception cref="DocumentException">Everything that is wrong with it.</exception>
    public static Recipe Read(DocumentNode root, string file)
    {
        ArgumentNullException.ThrowIfNull(root);
        return root.Kind == NodeKind.Map ? Of(root).Read(root, file) : throw new DocumentException(file, root.Line, "a recipe is a map of keys such as kind, name, task, reward and trainer.");
    }

    /// <summary>Reads the recipe that a run folder keeps.</summary>
    /// <exception cref="DocumentException">Everything that is wrong with it.</exception>
    public static Recipe OfRun(string folder)
    {
        string file = Path.Combine(folder, "recipe.yaml");
        return Read(YamlReader.ReadFile(file), file);
    }
}
