using System.Reflection;
using System.Text.Json.Nodes;

namespace Meed.Rewards.Documents;

/// <summary>Writes the JSON Schema (draft 2020-12) of options records, with defaults and summaries.</summary>
public static class SchemaWriter
{
    /// <summary>The schema of a record: its keys, types, defaults and what they mean.</summary>
    /// <param name="type">The record; it has a parameterless constructor.</param>
    public static JsonObject Record(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        object defaults = Activator.CreateInstance(type)!;
        var properties = new JsonObject();
        foreach (var property in Names.Settable(type))
        {
            var schema = Value(property.PropertyType, property);
            if (DocComments.Of(property) is { } summary)
            {
                schema["description"] = summary;
            }

            if (Default(property.PropertyType, property.GetValue(defaults)) is { } value)
            {
                schema["default"] = value;
            }

            properties[Names.Key(property)] = schema;
        }

        var result = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (DocComments.Of(type) is { } about)
        {
            result["description"] = about;
        }

        return result;
    }

    /// <summary>A map with exactly one of the named keys, or the bare name: <c>{ grpo: {...} }</c> or <c>grpo</c>.</summary>
    public static JsonObject Choice(IEnumerable<(string Name, JsonObject Schema)> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var properties = new JsonObject();
        var names = new JsonArray();
        foreach (var (name, schema) in choices)
        {
            properties[name] = schema;
            names.Add(name);
        }

        return new JsonObject
        {
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["maxProperties"] = 1, ["additionalProperties"] = false, ["properties"] = properties },
                new JsonObject { ["type"] = "string", ["enum"] = names }),
        };
    }

    private static JsonObject Value(Type type, PropertyInfo? property)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        bool nullable = inner != type || (property is not null && !type.IsValueType && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable);
        var schema = Plain(inner);
        if (nullable && schema["type"] is JsonValue single)
        {
            schema["type"] = new JsonArray(single.GetValue<string>(), "null");
        }

        return schema;
    }

    private static JsonObject Plain(Type type)
    {
        if (type == typeof(DocumentNode))
        {
            return [];
        }

        if (Names.ElementOf(type) is { } element)
        {
            return new JsonObject { ["type"] = "array", ["items"] = Plain(element) };
        }

        if (type.IsEnum)
        {
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(n => JsonValue.Create(Names.Kebab(n)))]) };
        }

        if (type == typeof(string))
        {
            return new JsonObject { ["type"] = "string" };
        }

        if (type == typeof(bool))
        {
            return new JsonObject { ["type"] = "boolean" };
        }

        if (type == typeof(TimeSpan))
        {
            return new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+(\\.[0-9]+)?(ms|s|m|min|h|d)$" };
        }

        if (type == typeof(float) || type == typeof(double))
        {
            return new JsonObject { ["type"] = "number" };
        }

        if (type == typeof(ulong))
        {
            return new JsonObject { ["type"] = "integer", ["minimum"] = 0 };
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return new JsonObject { ["type"] = "integer" };
        }

        return type.IsGenericType ? new JsonObject { ["type"] = "object" } : Record(type);
    }

    private static JsonNode? Default(Type type, object? value) => value switch
    {
        null => null,
        bool b => JsonValue.Create(b),
        int i => JsonValue.Create(i),
        long l => JsonValue.Create(l),
        ulong u => JsonValue.Create(u),
        float f => JsonValue.Create(f),
        double d => JsonValue.Create(d),
        string s => JsonValue.Create(s),
        TimeSpan t => JsonValue.Create(t.TotalSeconds % 1 == 0 ? $"{t.TotalSeconds:0}s" : $"{t.TotalMilliseconds:0}ms"),
        Enum e => JsonValue.Create(Names.Kebab(e.ToString())),
        System.Collections.IEnumerable list when Names.ElementOf(type) is { } element => new JsonArray([.. list.Cast<object?>().Select(x => Default(element, x))]),
        _ => null,
    };
}
