using System.Text.Json;

namespace Meed.Rewards.Structure;

/// <summary>A call of a tool: its name and its arguments.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A map.</param>
public sealed record ToolCall(string Name, DataValue Arguments)
{
    /// <summary>Calls that are read at most.</summary>
    public const int Most = 128;

    private static readonly string[] s_nameKeys = ["name", "tool", "tool_name"];
    private static readonly string[] s_argumentKeys = ["arguments", "parameters", "args"];

    /// <summary>The calls a response makes; null when it holds something like a call that cannot be read.</summary>
    /// <remarks>
    /// In this order: the calls that the last assistant message of a rollout carries (OpenAI's shape); JSON inside <c>&lt;tool_call&gt;</c> tags, one or more; a whole response that is JSON or a Python
    /// list of calls (<c>[f(a=1), g()]</c>), bare or in one code fence; the last JSON value in prose whose shape is that of calls. Shapes: <c>{"name", "arguments"}</c> (also parameters, args;
    /// arguments may be JSON in a text), <c>{"function": {...}}</c>, <c>{"f": {...}}</c>, and lists of these. A response without anything of the kind makes no call.
    /// </remarks>
    public static IReadOnlyList<ToolCall>? Read(TextSample sample, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var carried = sample.Turns.LastOrDefault(m => m.Role == "assistant")?.ToolCalls ?? default;
        if (carried.ValueKind == JsonValueKind.Array)
        {
            work.Charge(carried.GetRawText().Length);
            return FromData(DataValue.From(carried)!, ref work);
        }

        return Read(sample.Response, ref work);
    }

    /// <summary>The calls in a text.</summary>
    public static IReadOnlyList<ToolCall>? Read(string text, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(text);
        work.Charge(text.Length + 1L);
        if (text.Contains("<tool_call>", StringComparison.Ordinal))
        {
            return Tagged(text, ref work);
        }

        var whole = Unfenced(text);
        if (DataReader.ReadPython(whole, ref work) is { Kind: DataKind.Map or DataKind.List } data)
        {
            return FromData(data, ref work);
        }

        if (PythonCalls.Read(whole, ref work) is { } calls)
        {
            return calls;
        }

        return DataReader.FindLast(text, ref work) is { } last && FromData(last, ref work) is { } found ? found : [];
    }

    /// <summary>Calls out of data in one of the shapes; null when it has none of them.</summary>
    public static IReadOnlyList<ToolCall>? FromData(DataValue data, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(data);
        var items = data.Kind == DataKind.List ? data.Items : [data];
        if (items.Count > Most)
        {
            return null;
        }

        var calls = new List<ToolCall>(items.Count);
        foreach (var item in items)
        {
            if (One(item, ref work) is not { } call)
            {
                return null;
            }

            calls.Add(call);
        }

        return calls;
    }

    private static ToolCall? One(DataValue item, ref Work work)
    {
        var inner = item.Field("function") is { Kind: DataKind.Map } function ? function : item;
        if (s_nameKeys.Select(inner.Field).FirstOrDefault(v => v is { Kind: DataKind.Text }) is { } name)
        {
            var arguments = s_argumentKeys.Select(inner.Field).FirstOrDefault(v => v is not null) ?? DataValue.Of(new Dictionary<string, DataValue>());
            if (arguments.Kind == DataKind.Text)
            {
                arguments = DataReader.Read(arguments.Text, ref work);
            }

            return arguments is { Kind: DataKind.Map } ? new ToolCall(name.Text, arguments) : null;
        }

        return item is { Kind: DataKind.Map, Fields.Count: 1 } && item.Fields.First() is { Value.Kind: DataKind.Map } only ? new ToolCall(only.Key, only.Value) : null;
    }

    private static List<ToolCall>? Tagged(string text, ref Work work)
    {
        const string open = "<tool_call>", close = "</tool_call>";
        var calls = new List<ToolCall>();
        for (int i = text.IndexOf(open, StringComparison.Ordinal); i >= 0; i = text.IndexOf(open, i, StringComparison.Ordinal))
        {
            i += open.Length;
            int end = text.IndexOf(close, i, StringComparison.Ordinal);
            if (end < 0 || calls.Count >= Most)
            {
                return null;
            }

            // One value, or several on lines of their own.
            var inside = text[i..end];
            var parts = DataReader.Read(inside, ref work) is { } one ? [one] : inside.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length is > 1 and <= Most
                ? Lines(inside, ref work) : null;
            foreach (var part in parts ?? [DataValue.Null])
            {
                if (FromData(part, ref work) is not { } read)
                {
                    return null;
                }

                calls.AddRange(read);
            }

            i = end + close.Length;
        }

        return calls.Count <= Most ? calls : null;
    }

    private static List<DataValue> Lines(string text, ref Work work)
    {
        var values = new List<DataValue>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            values.Add(DataReader.Read(line, ref work) ?? DataValue.Null);
        }

        return values;
    }

    private static string Unfenced(string text)
    {
        var trimmed = text.Trim();
        if (!trimmed.StartsWith("```", StringComparison.Ordinal) || !trimmed.EndsWith("```", StringComparison.Ordinal) || trimmed.Length < 6)
        {
            return trimmed;
        }

        int line = trimmed.IndexOf('\n');
        return line < 0 || line > trimmed.Length - 3 ? trimmed : trimmed[(line + 1)..^3].Trim();
    }
}
