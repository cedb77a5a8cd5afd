using System.Reflection;

namespace Meed.Rewards.Documents;

/// <summary>Fills options records from a document and gathers everything that is wrong on the way.</summary>
/// <remarks>
/// Unknown keys are problems, with the nearest known one. A bound record's own <c>IEnumerable&lt;string&gt; Problems()</c> is asked
/// afterwards. A value that cannot be read leaves the default in place, so that the rest is still checked.
/// </remarks>
public sealed class Binder(string file, ProblemList problems)
{
    /// <summary>The file that problems name.</summary>
    public string File { get; } = file;

    /// <summary>Where problems go.</summary>
    public ProblemList Problems { get; } = problems;

    /// <summary>A record from a map; the defaults when the node is null.</summary>
    /// <param name="node">The map, or null.</param>
    /// <param name="path">Its place in the document, such as <c>trainer.grpo</c>.</param>
    public T Record<T>(DocumentNode? node, string path)
        where T : class, new() => (T)Record(typeof(T), node, path);

    /// <summary>A record of a type from a map; the defaults when the node is null.</summary>
    public object Record(Type type, DocumentNode? node, string path)
    {
        ArgumentNullException.ThrowIfNull(type);
        object result = Activator.CreateInstance(type) ?? throw new ArgumentException($"{type} has no default.", nameof(type));
        if (node is null || node.IsNull)
        {
            return result;
        }

        if (node.Kind != NodeKind.Map)
        {
            Problems.Add(File, node.Line, $"{Dot(path)}must be a map of keys, not {Words(node)}.");
            return result;
        }

        int before = Problems.Items.Count;
        var properties = Names.Settable(type);
        Keys(node, path, [.. properties.Select(Names.Key)]);
        foreach (var property in properties)
        {
            string key = Names.Key(property);
            if (node[key] is { } child && Value(property.PropertyType, child, Join(path, key), property) is { } value)
            {
                property.SetValue(result, value);
            }
        }

        if (Problems.Items.Count == before && type.GetMethod("Problems", Type.EmptyTypes)?.Invoke(result, null) is IEnumerable<string> own)
        {
            foreach (string problem in own)
            {
                Problems.Add(File, LineOf(node, properties, problem), $"{Dot(path)}{problem}");
            }
        }

        return result;
    }

    /// <summary>Reports keys of a map that are not known.</summary>
    public void Keys(DocumentNode node, string path, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(node);
        foreach (var entry in node.Entries)
        {
            if (!known.Contains(entry.Key))
            {
                Problems.Add(File, entry.Line, $"unknown key '{Join(path, entry.Key)}'. {Nearest.Hint(entry.Key, known)}");
            }
        }
    }

    /// <summary>The one key of a map that names a choice, such as <c>{ countdown: {...} }</c>; a bare name stands for the name with defaults.</summary>
    /// <returns>The entry, or null with a problem reported.</returns>
    public DocumentEntry? Choice(DocumentNode node, string path, string what, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Kind == NodeKind.Scalar && node.Text.Length > 0)
        {
            node = new DocumentNode { Kind = NodeKind.Map, Line = node.Line, Column = node.Column, Entries = [new DocumentEntry(node.Text, new DocumentNode { Kind = NodeKind.Map, Line = node.Line }, node.Line, node.Column)] };
        }

        if (node.Kind != NodeKind.Map || node.Entries.Count != 1)
        {
            Problems.Add(File, node.Line, $"{path} must name one {what}, as in {path}: {{ {known.FirstOrDefault() ?? "name"}: {{}} }}. Known: {string.Join(", ", known)}.");
            return null;
        }

        var entry = node.Entries[0];
        if (!known.Contains(entry.Key))
        {
            Problems.Add(File, entry.Line, $"unknown {what} '{entry.Key}'. {Nearest.Hint(entry.Key, known)}");
            return null;
        }

        return entry;
    }

    /// <summary>A value of a type from a node; null with a problem reported when it cannot be read.</summary>
    public object? Value(Type type, DocumentNode node, string path, PropertyInfo? property = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(node);
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner == typeof(DocumentNode))
        {
            return node;
        }

        if (node.IsNull)
        {
            bool optional = Nullable.GetUnderlyingType(type) is not null || (property is not null && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable);
            return optional ? null : Bad(node, path, "has no value; leave the key out to get the default");
        }

        if (Names.ElementOf(inner) is { } element)
        {
            if (node.Kind != NodeKind.List)
            {
                return Bad(node, path, $"must be a list, not {Words(node)}");
            }

            var items = node.Items.Select((item, i) => Value(element, item, $"{path}[{i}]")).ToList();
            if (Nullable.GetUnderlyingType(element) is null)
            {
                items.RemoveAll(i => i is null);   // its problem is reported; who looks at the others must not stumble over it
            }

            var array = Array.CreateInstance(element, items.Count);
            for (int i = 0; i < items.Count; i++)
            {
                array.SetValue(items[i], i);
            }

            return inner.IsArray || inner.IsInterface ? array : Activator.CreateInstance(inner, array);
        }

        if (inner.IsGenericType && inner.GetGenericTypeDefinition() is var g && (g == typeof(IReadOnlyDictionary<,>) || g == typeof(Dictionary<,>)))
        {
            if (node.Kind != NodeKind.Map)
            {
                return Bad(node, path, $"must be a map, not {Words(node)}");
            }

            var types = inner.GetGenericArguments();
            var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(types))!;
            foreach (var entry in node.Entries)
            {
                if (Value(types[1], entry.Value, Join(path, entry.Key)) is { } v)
                {
                    map[entry.Key] = v;
                }
            }

            return map;
        }

        if (inner.IsClass && inner != typeof(string))
        {
            return Record(inner, node, path);
        }

        return node.Kind == NodeKind.Scalar ? Scalar(inner, node, path) : Bad(node, path, $"must be {Words(inner)}, not {Words(node)}");
    }

    private object? Scalar(Type type, DocumentNode node, string path)
    {
        string text = node.Text;
        if (type == typeof(string))
        {
            return text;
        }

        if (type == typeof(bool))
        {
            return text is "true" or "false" ? text == "true" : Bad(node, path, $"is '{text}'; write true or false");
        }

        if (type == typeof(TimeSpan))
        {
            return Durations.TryParse(text, out var duration) ? duration : Bad(node, path, $"is '{text}'; write a duration such as 250ms, 60s or 5m");
        }

        if (type.IsEnum)
        {
            var names = Enum.GetNames(type);
            string? hit = names.FirstOrDefault(n => string.Equals(Names.Kebab(n), text, StringComparison.OrdinalIgnoreCase) || string.Equals(n, text, StringComparison.OrdinalIgnoreCase));
            return hit is not null ? Enum.Parse(type, hit) : Bad(node, path, $"is '{text}'. {Nearest.Hint(text, [.. names.Select(Names.Kebab)])}", stop: "");
        }

        if (type == typeof(float) || type == typeof(double))
        {
            bool ok = Numbers.TryParse(text, out double number) && (type == typeof(double) || float.IsFinite((float)number));
            return !ok ? Bad(node, path, $"is '{text}'; write {Words(type)}") : type == typeof(float) ? (object)(float)number : number;
        }

        if (type == typeof(int) || type == typeof(long) || type == typeof(ulong))
        {
            object? value = !Numbers.TryParse(text, out Int128 whole) ? null
                : type == typeof(int) ? whole >= int.MinValue && whole <= int.MaxValue ? (int)whole : null
                : type == typeof(long) ? whole >= long.MinValue && whole <= long.MaxValue ? (long)whole : null
                : whole >= 0 && whole <= ulong.MaxValue ? (ulong)whole : null;
            return value ?? Bad(node, path, $"is '{text}'; write {Words(type)}");
        }

        throw new NotSupportedException($"{path}: options of type {type} cannot be written in a document.");
    }

    private object? Bad(DocumentNode node, string path, string what, string stop = ".")
    {
        Problems.Add(File, node.Line, $"{path} {what}{stop}");
        return null;
    }

    // Own problems begin with the property they are about; its line is the better place.
    private static int LineOf(DocumentNode node, IReadOnlyList<PropertyInfo> properties, string problem)
    {
        var about = properties.FirstOrDefault(p => problem.StartsWith(p.Name + " ", StringComparison.Ordinal) || problem.StartsWith(p.Name + ":", StringComparison.Ordinal));
        return about is not null && node[Names.Key(about)] is { Line: > 0 } child ? child.Line : node.Line;
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Dot(string path) => path.Length == 0 ? "" : $"{path}: ";

    private static string Words(DocumentNode node) => node.Kind switch
    {
        NodeKind.List => "a list",
        NodeKind.Map => "a map",
        _ => $"'{node.Text}'",
    };

    private static string Words(Type type) => type == typeof(string) ? "a text" : type == typeof(bool) ? "true or false"
        : type == typeof(ulong) ? "a whole number, 0 or more" : type == typeof(int) || type == typeof(long) ? "a whole number" : type.IsEnum ? "a name" : "a number";
}
