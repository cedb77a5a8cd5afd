using System.Text.RegularExpressions;

namespace Meed.Rewards.Structure;

/// <summary>Validates data against a JSON Schema; a stated part of draft 2020-12, bounded by counted work.</summary>
/// <remarks>
/// Supported: boolean schemas; <c>type enum const</c>; <c>multipleOf minimum maximum exclusiveMinimum exclusiveMaximum</c>; <c>minLength maxLength pattern</c>;
/// <c>properties patternProperties additionalProperties propertyNames required minProperties maxProperties dependentRequired dependentSchemas</c>;
/// <c>prefixItems items contains minContains maxContains minItems maxItems uniqueItems</c>; <c>allOf anyOf oneOf not if then else</c>; <c>$defs</c> and <c>$ref</c> to a place
/// in the same document (<c>#</c>, <c>#/$defs/name</c>). <c>format</c> and the describing keywords are annotations. Any other keyword, such as <c>unevaluatedProperties</c> or a
/// <c>$ref</c> to another document, is refused when the schema is read: a constraint is never passed over in silence.
/// <para>Lengths count code points. Patterns are searched with a linear-time engine, so back-references and look-around are refused.</para>
/// </remarks>
public sealed class JsonSchemaCheck
{
    private const int MostDepth = 128;

    private static readonly HashSet<string> s_checked = [.. (
        "type enum const multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern properties patternProperties additionalProperties propertyNames required " +
        "minProperties maxProperties dependentRequired dependentSchemas prefixItems items contains minContains maxContains minItems maxItems uniqueItems allOf anyOf oneOf not if then else $ref").Split(' ')];

    private static readonly HashSet<string> s_annotations = [.. "$schema $id $comment $defs definitions title description default examples format deprecated readOnly writeOnly contentEncoding contentMediaType $anchor".Split(' ')];
    private static readonly HashSet<string> s_single = [.. "additionalProperties propertyNames items contains not if then else".Split(' ')];
    private static readonly HashSet<string> s_named = [.. "properties patternProperties dependentSchemas $defs definitions".Split(' ')];
    private static readonly HashSet<string> s_listed = [.. "prefixItems allOf anyOf oneOf".Split(' ')];
    private static readonly HashSet<string> s_numbers = [.. "multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minProperties maxProperties minContains maxContains minItems maxItems".Split(' ')];
    private static readonly HashSet<string> s_types = [.. "null boolean object array number string integer".Split(' ')];
    private static readonly DataComparison s_exact = new();

    private readonly DataValue _root;
    private readonly Dictionary<string, Regex> _patterns = [];

    private JsonSchemaCheck(DataValue root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">The schema document.</param>
    /// <param name="problem">One sentence when it cannot be used, otherwise null.</param>
    public static JsonSchemaCheck? Read(DataValue schema, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var check = new JsonSchemaCheck(schema);
        problem = check.Problem(schema, "#", 0);
        return problem is null ? check : null;
    }

    /// <summary>The first place where the value breaks the schema, or null when it is valid.</summary>
    /// <returns>Path and keyword, such as <c>$.age</c> and <c>minimum</c>.</returns>
    public DataDifference? FirstError(DataValue value, ref Work work) => Check(value, _root, "$", 0, ref work);

    private string? Problem(DataValue schema, string place, int depth)
    {
        if (depth > MostDepth)
        {
            return $"{place}: the schema is nested deeper than {MostDepth}";
        }

        if (schema.Kind == DataKind.Boolean)
        {
            return null;
        }

        if (schema.Kind != DataKind.Map)
        {
            return $"{place}: a schema is an object or a boolean";
        }

        foreach (var (key, value) in schema.Fields)
        {
            if (!s_checked.Contains(key) && !s_annotations.Contains(key))
            {
                return $"{place}: the keyword '{key}' is not supported";
            }

            if (Shape(key, value) is { } wrong)
            {
                return $"{place}/{key}: {wrong}";
            }

            var parts = s_single.Contains(key) ? [(key, value)]
                : s_named.Contains(key) ? value.Fields.Select(f => ($"{key}/{f.Key}", f.Value))
                : s_listed.Contains(key) ? value.Items.Select((v, i) => ($"{key}/{i}", v))
                : [];
            foreach (var (name, part) in parts)
            {
                if (Problem(part, $"{place}/{name}", depth + 1) is { } problem)
                {
                    return problem;
                }
            }
        }

        return null;
    }

    private string? Shape(string key, DataValue value)
    {
        if (s_numbers.Contains(key))
        {
            return value.Kind != DataKind.Number ? "a number is needed" : key == "multipleOf" && !(value.Number > 0) ? "a number above 0 is needed" : null;
        }

        if (s_named.Contains(key) && value.Kind != DataKind.Map)
        {
            return "an object is needed";
        }

        if (s_listed.Contains(key) && (value.Kind != DataKind.List || value.Items.Count == 0))
        {
            return "a list of schemas is needed";
        }

        switch (key)
        {
            case "type":
                var types = value.Kind == DataKind.List ? value.Items : [value];
                return types.FirstOrDefault(t => t.Kind != DataKind.Text || !s_types.Contains(t.Text)) is { } bad ? $"'{bad.Text}' is no type" : null;
            case "enum" when value.Kind != DataKind.List:
                return "a list is needed";
            case "required" when value.Kind != DataKind.List || value.Items.Any(i => i.Kind != DataKind.Text):
                return "a list of names is needed";
            case "dependentRequired" when value.Fields.Values.Any(v => v.Kind != DataKind.List):
                return "lists of names are needed";
            case "pattern":
                return Pattern(value.Text);
            case "patternProperties":
                return value.Fields.Keys.Select(Pattern).FirstOrDefault(p => p is not null);
            case "$ref":
                return Resolve(value.Text) is null ? $"'{value.Text}' points to nothing in this document" : null;
            default:
                return null;
        }
    }

    private string? Pattern(string pattern)
    {
        try
        {
            _patterns[pattern] = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return $"the pattern '{pattern}' cannot be used in linear time";
        }
    }

    private DataValue? Resolve(string reference)
    {
        if (!reference.StartsWith('#'))
        {
            return null;
        }

        DataValue? at = _root;
        foreach (var part in reference[1..].Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at?.Kind == DataKind.List && int.TryParse(name, out int index) && index >= 0 && index < at.Items.Count ? at.Items[index] : at?.Field(name);
        }

        return reference.Length > 1 && reference[1] != '/' ? null : at;
    }

    private DataDifference? Check(DataValue value, DataValue schema, string path, int depth, ref Work work)
    {
        work.Charge(2);
        if (schema.Kind == DataKind.Boolean)
        {
            return schema.Boolean ? null : new DataDifference(path, "false");
        }

        if (depth > MostDepth)
        {
            return new DataDifference(path, "depth");
        }

        foreach (var (key, rule) in schema.Fields)
        {
            work.Charge(1);
            var error = key switch
            {
                "type" => Is(value, rule) ? null : new DataDifference(path, key),
                "enum" => OneOf(value, rule.Items, ref work) ? null : new DataDifference(path, key),
                "const" => DataEquality.AreEqual(value, rule, s_exact, ref work) ? null : new DataDifference(path, key),
                "$ref" => Check(value, Resolve(rule.Text)!, path, depth + 1, ref work),
                "allOf" or "anyOf" or "oneOf" or "not" or "if" => Combined(value, key, rule, schema, path, depth, ref work),
                _ => value.Kind switch
                {
                    DataKind.Number => Number(value.Number, key, rule) ? null : new DataDifference(path, key),
                    DataKind.Text => Text(value.Text, key, rule, ref work) ? null : new DataDifference(path, key),
                    DataKind.List => List(value, key, rule, schema, path, depth, ref work),
                    DataKind.Map => Map(value, key, rule, schema, path, depth, ref work),
                    _ => null,
                },
            };
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static bool Is(DataValue value, DataValue rule)
    {
        foreach (var type in rule.Kind == DataKind.List ? rule.Items : [rule])
        {
            bool match = type.Text switch
            {
                "null" => value.Kind == DataKind.Null,
                "boolean" => value.Kind == DataKind.Boolean,
                "object" => value.Kind == DataKind.Map,
                "array" => value.Kind == DataKind.List,
                "string" => value.Kind == DataKind.Text,
                "number" => value.Kind == DataKind.Number,
                _ => value.Kind == DataKind.Number && value.Number == Math.Floor(value.Number) && double.IsFinite(value.Number),
            };
            if (match)
            {
                return true;
            }
        }

        return false;
    }

    private static bool OneOf(DataValue value, IReadOnlyList<DataValue> options, ref Work work)
    {
        foreach (var option in options)
        {
            if (DataEquality.AreEqual(value, option, s_exact, ref work))
            {
                return true;
            }
        }

        return false;
    }

    private DataDifference? Combined(DataValue value, string key, DataValue rule, DataValue schema, string path, int depth, ref Work work)
    {
        switch (key)
        {
            case "not":
                return Check(value, rule, path, depth + 1, ref work) is null ? new DataDifference(path, key) : null;
            case "if":
                var branch = schema.Field(Check(value, rule, path, depth + 1, ref work) is null ? "then" : "else");
                return branch is null ? null : Check(value, branch, path, depth + 1, ref work);
            default:
                int valid = 0;
                foreach (var part in rule.Items)
                {
                    var error = Check(value, part, path, depth + 1, ref work);
                    if (error is not null && key == "allOf")
                    {
                        return error;
                    }

                    valid += error is null ? 1 : 0;
                }

                return key == "allOf" || (key == "anyOf" ? valid > 0 : valid == 1) ? null : new DataDifference(path, key);
        }
    }

    private static bool Number(double value, string key, DataValue rule) => key switch
    {
        "minimum" => value >= rule.Number,
        "maximum" => value <= rule.Number,
        "exclusiveMinimum" => value > rule.Number,
        "exclusiveMaximum" => value < rule.Number,
        "multipleOf" => Math.Abs((value / rule.Number) - Math.Round(value / rule.Number)) <= 1e-9 * Math.Max(1, Math.Abs(value / rule.Number)),
        _ => true,
    };

    private bool Text(string value, string key, DataValue rule, ref Work work)
    {
        work.Charge(value.Length);
        return key switch
        {
            "minLength" => CodePoints(value) >= rule.Number,
            "maxLength" => CodePoints(value) <= rule.Number,
            "pattern" => _patterns[rule.Text].IsMatch(value),
            _ => true,
        };
    }

    private static int CodePoints(string text)
    {
        int count = 0;
        foreach (var _ in text.EnumerateRunes()) { count++; }
        return count;
    }

    private DataDifference? List(DataValue value, string key, DataValue rule, DataValue schema, string path, int depth, ref Work work)
    {
        int prefix = schema.Field("prefixItems")?.Items.Count ?? 0;
        switch (key)
        {
            case "minItems": return value.Items.Count >= rule.Number ? null : new DataDifference(path, key);
            case "maxItems": return value.Items.Count <= rule.Number ? null : new DataDifference(path, key);
            case "uniqueItems":
                for (int i = 0; rule.Boolean && i < value.Items.Count; i++)
                {
                    if (OneOf(value.Items[i], [.. value.Items.Take(i)], ref work))
                    {
                        return new DataDifference($"{path}[{i}]", key);
                    }
                }

                return null;
            case "prefixItems" or "items":
                for (int i = key == "items" ? prefix : 0; i < value.Items.Count && (key == "items" || i < prefix); i++)
                {
                    if (Check(value.Items[i], key == "items" ? rule : rule.Items[i], $"{path}[{i}]", depth + 1, ref work) is { } error)
                    {
                        return error;
                    }
                }

                return null;
            case "contains":
                int found = 0;
                foreach (var item in value.Items) { found += Check(item, rule, path, depth + 1, ref work) is null ? 1 : 0; }
                return found >= (schema.Field("minContains")?.Number ?? 1) && found <= (schema.Field("maxContains")?.Number ?? double.MaxValue) ? null : new DataDifference(path, key);
            default: return null;
        }
    }

    private DataDifference? Map(DataValue value, string key, DataValue rule, DataValue schema, string path, int depth, ref Work work)
    {
        work.Charge(value.Fields.Count + rule.Fields.Count);
        switch (key)
        {
            case "minProperties": return value.Fields.Count >= rule.Number ? null : new DataDifference(path, key);
            case "maxProperties": return value.Fields.Count <= rule.Number ? null : new DataDifference(path, key);
            case "required": return rule.Items.FirstOrDefault(n => !value.Fields.ContainsKey(n.Text)) is { } missing ? new DataDifference($"{path}.{missing.Text}", key) : null;
            case "dependentRequired":
                return rule.Fields.Where(f => value.Fields.ContainsKey(f.Key)).SelectMany(f => f.Value.Items).FirstOrDefault(n => !value.Fields.ContainsKey(n.Text)) is { } needed ? new DataDifference($"{path}.{needed.Text}", key) : null;
        }

        foreach (var (name, part, subject) in Parts(value, key, rule, schema))
        {
            if (Check(subject, part, key is "dependentSchemas" ? path : $"{path}.{name}", depth + 1, ref work) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>The pairs of part schema and subject that a keyword of objects asks to be checked.</summary>
    private IEnumerable<(string Name, DataValue Part, DataValue Subject)> Parts(DataValue value, string key, DataValue rule, DataValue schema) => key switch
    {
        "properties" => rule.Fields.Where(f => value.Fields.ContainsKey(f.Key)).Select(f => (f.Key, f.Value, value.Fields[f.Key])),
        "patternProperties" => value.Fields.SelectMany(f => rule.Fields.Where(r => _patterns[r.Key].IsMatch(f.Key)).Select(r => (f.Key, r.Value, f.Value))),
        "additionalProperties" => value.Fields.Where(f => !Named(f.Key, schema)).Select(f => (f.Key, rule, f.Value)),
        "propertyNames" => value.Fields.Keys.Select(n => (n, rule, DataValue.Of(n))),
        "dependentSchemas" => rule.Fields.Where(f => value.Fields.ContainsKey(f.Key)).Select(f => (f.Key, f.Value, value)),
        _ => [],
    };

    private bool Named(string name, DataValue schema)
        => schema.Field("properties")?.Fields.ContainsKey(name) == true || schema.Field("patternProperties")?.Fields.Keys.Any(p => _patterns[p].IsMatch(name)) == true;
}
