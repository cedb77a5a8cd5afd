using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Meed.Rewards.Documents;

/// <summary>How options are spelled in documents: properties in camelCase, enum values in kebab-case.</summary>
public static class Names
{
    /// <summary>The key of a property: <c>GroupSize</c> is <c>groupSize</c>.</summary>
    public static string Key(PropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return JsonNamingPolicy.CamelCase.ConvertName(property.Name);
    }

    /// <summary>The spelling of an enum value: <c>LeaveOneOut</c> is <c>leave-one-out</c>.</summary>
    public static string Kebab(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1]))
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>The properties of an options record that a document may set.</summary>
    public static IReadOnlyList<PropertyInfo> Settable(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0 && p.SetMethod!.IsPublic)];
    }

    /// <summary>The element type of a list-like type; null when it is none.</summary>
    public static Type? ElementOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.IsArray)
        {
            return type.GetElementType();
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() is var g && (g == typeof(IReadOnlyList<>) || g == typeof(List<>) || g == typeof(IEnumerable<>) || g == typeof(IReadOnlyCollection<>))
            ? type.GetGenericArguments()[0]
            : null;
    }
}
