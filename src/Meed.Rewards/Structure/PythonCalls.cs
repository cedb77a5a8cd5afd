namespace Meed.Rewards.Structure;

/// <summary>Reads calls written as Python: <c>f(a=1, b="x")</c>, or a list of them. Only keyword arguments with literal values.</summary>
internal static class PythonCalls
{
    /// <summary>The calls; null when the text is anything else.</summary>
    public static List<ToolCall>? Read(string text, ref Work work)
    {
        var calls = new List<ToolCall>();
        int at = 0;
        bool list = Skip(text, ref at) == '[';
        at += list ? 1 : 0;
        do
        {
            if (calls.Count >= ToolCall.Most || Call(text, ref at, ref work) is not { } call)
            {
                return null;
            }

            calls.Add(call);
        }
        while (list && Take(text, ref at, ','));

        return (!list || Take(text, ref at, ']')) && Skip(text, ref at) == '\0' && at == text.Length ? calls : null;
    }

    private static ToolCall? Call(string text, ref int at, ref Work work)
    {
        var name = Name(text, ref at, dots: true);
        if (name.Length == 0 || !Take(text, ref at, '('))
        {
            return null;
        }

        var arguments = new Dictionary<string, DataValue>(StringComparer.Ordinal);
        while (!Take(text, ref at, ')'))
        {
            if (arguments.Count > 0 && !Take(text, ref at, ','))
            {
                return null;
            }

            var key = Name(text, ref at, dots: false);
            if (key.Length == 0 || arguments.ContainsKey(key) || !Take(text, ref at, '='))
            {
                return null;
            }

            at = DataReader.ReadAt(text, at, python: true, ref work, out var value);
            if (at < 0)
            {
                at = text.Length;
                return null;
            }

            arguments.Add(key, value!);
        }

        return new ToolCall(name, DataValue.Of(arguments));
    }

    private static string Name(string text, ref int at, bool dots)
    {
        Skip(text, ref at);
        int start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_' || (dots && text[at] == '.' && at > start))) { at++; }
        return at > start && char.IsDigit(text[start]) ? "" : text[start..at];
    }

    private static bool Take(string text, ref int at, char c)
    {
        if (Skip(text, ref at) != c)
        {
            return false;
        }

        at++;
        return true;
    }

    private static char Skip(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r') { at++; }
        return at < text.Length ? text[at] : '\0';
    }
}
