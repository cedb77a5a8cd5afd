using System.Globalization;
using System.Text;

namespace Meed.Recipes.Atlas;

/// <summary>Writes <c>docs/methods.md</c>: every method of every package.</summary>
public static class MethodsDocument
{
    /// <summary>The page for these methods.</summary>
    public static string Write(IReadOnlyList<Method> methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        var text = new StringBuilder();
        text.Append("<!-- Written by `meed docs` from the catalogs. Do not edit. -->\n# Methods\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{methods.Count} methods by package, from each package's `Catalog.cs`.\n");
        foreach (var package in methods.GroupBy(m => m.Package))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {package.Key}\n\n| name | kind | what it is | source | rows |\n| --- | --- | --- | --- | --- |\n");
            foreach (var method in package.OrderBy(m => m.Entry.Kind, StringComparer.Ordinal).ThenBy(m => m.Entry.Name, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{method.Entry.Name}` | {method.Entry.Kind} | {Cell(method.Entry.Summary)} | {Cell(method.Entry.Source)} | {string.Join(", ", method.Entry.Rows)} |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
