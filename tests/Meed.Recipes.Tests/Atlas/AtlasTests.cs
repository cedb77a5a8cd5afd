using Meed.Recipes.Atlas;
using Meed.Recipes.Reproductions;
using Meed.Recipes.Tests.Reproductions;
using Meed.Rewards;

namespace Meed.Recipes.Tests.Atlas;

public class AtlasTests
{
    [Fact]
    public void Rows_OfTheAtlas_Are262AndComplete()
    {
        Assert.Equal(Enumerable.Range(0, 262), AtlasTable.Rows.Select(r => r.Index));
        Assert.Equal(17, AtlasTable.Rows.Count(r => r.Scope == "none"));
        Assert.All(AtlasTable.Rows, r => Assert.Contains(AtlasTable.Families, f => f.Key == r.Family));
        Assert.All(AtlasTable.Rows.Where(r => r.Scope != "none"), r => Assert.True(r.Title.Length > 0 && r.Mechanism.Length > 0 && r.Shows.Length > 0));
    }

    [Fact]
    public void All_CatalogsTogether_HaveNoClash() => Assert.NotEmpty(MethodCatalog.All);

    [Fact]
    public void Join_TwoOfAKindWithOneName_NamesBothPackages()
    {
        var entry = new CatalogEntry("dpo", "loss", [], "");
        var error = Assert.Throws<InvalidOperationException>(() => MethodCatalog.Join([new Method("Meed.A", entry), new Method("Meed.B", entry)]));
        Assert.Equal("The loss 'dpo' is listed by Meed.A and by Meed.B. Rename one in its Catalog.cs.", error.Message);
        Assert.Throws<InvalidOperationException>(() => MethodCatalog.Join([new Method("Meed.A", entry with { Rows = [262] })]));
    }

    [Fact]
    public void State_OfARow_FollowsFromMethodsAndResults()
    {
        var core = AtlasTable.Rows.First(r => r.Scope == "core");
        var none = AtlasTable.Rows.First(r => r.Scope == "none");
        var method = new Method("Meed.A", new CatalogEntry("x", "loss", [core.Index], ""));
        Assert.Equal(RowState.Listed, new AtlasEntry(none, [], null).State);
        Assert.Equal(RowState.Missing, new AtlasEntry(core, [], null).State);
        Assert.Equal(RowState.Mechanism, new AtlasEntry(core, [method], null).State);
        Assert.Equal(RowState.Held, new AtlasEntry(core, [method], new ReproductionResult { Outcome = Outcome.Held }).State);
        Assert.Equal(RowState.NotHeld, new AtlasEntry(core, [method], new ReproductionResult { Outcome = Outcome.NotHeld }).State);
        Assert.Equal(RowState.Uninformative, new AtlasEntry(core, [method], new ReproductionResult { Outcome = Outcome.Uninformative }).State);
    }

    [Fact]
    public void GeneratedDocs_InTheRepository_AreWhatTheProgramWrites()
    {
        foreach (var (file, text) in GeneratedDocs.All(Repository.Root))
        {
            string path = Path.Combine(Repository.Root, file);
            Assert.True(File.Exists(path) && File.ReadAllText(path) == text, $"{file} is stale. Run: dotnet run --project src/Meed.Cli -- docs");
        }
    }
}
