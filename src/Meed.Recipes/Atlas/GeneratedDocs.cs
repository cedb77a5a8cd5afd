namespace Meed.Recipes.Atlas;

/// <summary>The pages of <c>docs/</c> that the program writes.</summary>
public static class GeneratedDocs
{
    /// <summary>File and text of each page, for a checkout.</summary>
    public static IReadOnlyList<(string File, string Text)> All(string checkout)
    {
        var results = AtlasEntry.Results(Path.Combine(checkout, "reproductions", "results"));
        return
        [
            ("docs/atlas.md", AtlasDocument.Write(AtlasEntry.All(MethodCatalog.All, results))),
            ("docs/methods.md", MethodsDocument.Write(MethodCatalog.All)),
            ("docs/measured.md", RecipesDocument.Write(checkout)),
            ("docs/reward-models-measured.md", RewardModelsDocument.Write(checkout)),
            ("docs/benching-measured.md", BenchesDocument.Write(checkout)),
            ("README.md", ReadmeTable.Write(checkout)),
        ];
    }
}
