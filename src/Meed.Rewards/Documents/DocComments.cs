using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Meed.Rewards.Documents;

/// <summary>Reads the summaries that the compiler wrote beside each assembly, so that schemas and tables say what the code says.</summary>
public static partial class DocComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, string>> s_files = new();

    /// <summary>The summary of a property; null when the documentation file is not there.</summary>
    public static string? Of(PropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return Find(property.DeclaringType!.Assembly, $"P:{property.DeclaringType.FullName!.Replace('+', '.')}.{property.Name}");
    }

    /// <summary>The summary of a type; null when the documentation file is not there.</summary>
    public static string? Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Find(type.Assembly, $"T:{type.FullName!.Replace('+', '.')}");
    }

    private static string? Find(Assembly assembly, string member) => s_files.GetOrAdd(assembly, Load).GetValueOrDefault(member);

    private static Dictionary<string, string> Load(Assembly assembly)
    {
        string path = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        if (!File.Exists(path))
        {
            return [];
        }

        var result = new Dictionary<string, string>();
        foreach (var member in XDocument.Load(path).Descendants("member"))
        {
            if (member.Attribute("name")?.Value is { } name && member.Element("summary") is { } summary)
            {
                result[name] = Text(summary);
            }
        }

        return result;
    }

    private static string Text(XElement summary)
    {
        foreach (var see in summary.Descendants("see").ToList())
        {
            string target = see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? "";
            see.ReplaceWith(new XText(see.Value.Length > 0 ? see.Value : target[(target.LastIndexOf('.') + 1)..]));
        }

        foreach (var reference in summary.Descendants("paramref").ToList())
        {
            reference.ReplaceWith(new XText(reference.Attribute("name")?.Value ?? ""));
        }

        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
