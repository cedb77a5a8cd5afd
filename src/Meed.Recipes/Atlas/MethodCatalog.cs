using System.Reflection;
using Meed.Rewards;

namespace Meed.Recipes.Atlas;

/// <summary>A method and the package that has it.</summary>
/// <param name="Package">The package, such as <c>Meed.Rewards</c>.</param>
/// <param name="Entry">What its catalog says.</param>
public sealed record Method(string Package, CatalogEntry Entry);

/// <summary>The catalogs of all packages in one list.</summary>
public static class MethodCatalog
{
    /// <summary>Packages with a <c>Catalog</c> class, in the order of the house.</summary>
    public static IReadOnlyList<string> Packages { get; } = ["Meed.Numerics", "Meed.Rewards", "Meed.Objectives", "Meed.Models", "Meed.Judges", "Meed.Tasks", "Meed.RewardModels", "Meed.Alignment", "Meed.Evaluation"];

    /// <summary>Every method of every package.</summary>
    /// <exception cref="InvalidOperationException">Two packages give the same name to methods of the same kind, or a row is not in the atlas.</exception>
    public static IReadOnlyList<Method> All { get; } = Join(Packages.SelectMany(p => Entries(Assembly.Load(p)).Select(e => new Method(p, e))));

    /// <summary>Checks that no two methods of a kind share a name and that every row exists.</summary>
    public static IReadOnlyList<Method> Join(IEnumerable<Method> methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        var result = methods.ToList();
        foreach (var group in result.GroupBy(m => (m.Entry.Kind, m.Entry.Name)).Where(g => g.Count() > 1))
        {
            throw new InvalidOperationException($"The {group.Key.Kind} '{group.Key.Name}' is listed by {string.Join(" and by ", group.Select(m => m.Package))}. Rename one in its Catalog.cs.");
        }

        foreach (var method in result)
        {
            foreach (int row in method.Entry.Rows.Where(r => r < 0 || r >= AtlasTable.Rows.Count))
            {
                throw new InvalidOperationException($"{method.Package}: the {method.Entry.Kind} '{method.Entry.Name}' names row {row}; the atlas has rows 0 to {AtlasTable.Rows.Count - 1}.");
            }
        }

        return result;
    }

    // A package lists its methods in Catalog.Entries.
    private static IEnumerable<CatalogEntry> Entries(Assembly package) => package.GetExportedTypes()
        .Where(t => t.IsAbstract && t.IsSealed && t.Name == "Catalog")
        .Select(t => t.GetProperty("Entries", BindingFlags.Public | BindingFlags.Static))
        .OfType<PropertyInfo>()
        .SelectMany(p => (IEnumerable<CatalogEntry>)p.GetValue(null)!);
}
