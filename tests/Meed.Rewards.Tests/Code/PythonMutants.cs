namespace Meed.Rewards.Tests.Code;

/// <summary>Small wrong changes of Python programs: another operator, another constant, another comparison, a lost return value.</summary>
internal static class PythonMutants
{
    private static readonly (string From, string To)[] s_operators =
    [
        ("==", "!="), ("!=", "=="), ("<=", "<"), (">=", ">"), ("//", "*"), ("**", "*"), ("->", "->"), ("<<", "<<"), (">>", ">>"),
        ("<", "<="), (">", ">="), ("+", "-"), ("-", "+"), ("*", "+"), ("%", "+"), ("/", "*"),
    ];

    private static readonly (string From, string To)[] s_words =
    [
        ("return ", "return None if True else "), ("and ", "or "), ("or ", "and "), ("not ", ""), ("True", "False"), ("False", "True"), ("min(", "max("), ("max(", "min("),
    ];

    /// <summary>Every mutant of a program, one change each, in the order of the text. Strings and comments stay.</summary>
    public static List<(string Text, string Change)> Of(string source)
    {
        var mutants = new List<(string, string)>();
        for (int i = 0; i < source.Length;)
        {
            char c = source[i];
            if (c == '#')
            {
                int end = source.IndexOf('\n', i);
                i = end < 0 ? source.Length : end;
            }
            else if (c is '"' or '\'')
            {
                i = AfterString(source, i);
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                int end = i;
                while (end < source.Length && (char.IsAsciiLetterOrDigit(source[end]) || source[end] == '_')) { end++; }
                foreach (var (from, to) in s_words)
                {
                    if (string.CompareOrdinal(source, i, from, 0, from.Length) == 0 && from.TrimEnd(' ', '(').Length == end - i)
                    {
                        Add(i, from.Length, to);
                    }
                }

                i = end;
            }
            else if (char.IsAsciiDigit(c))
            {
                int end = i;
                while (end < source.Length && (char.IsAsciiLetterOrDigit(source[end]) || source[end] is '.' or '_')) { end++; }
                if (long.TryParse(source.AsSpan(i, end - i), out long number)) { Add(i, end - i, (number + 1).ToString()); }
                i = end;
            }
            else
            {
                var (from, to) = s_operators.FirstOrDefault(o => string.CompareOrdinal(source, i, o.From, 0, o.From.Length) == 0);
                if (from is not null && from != to) { Add(i, from.Length, to); }
                i += from?.Length ?? 1;
            }
        }

        return mutants;

        void Add(int at, int length, string to) => mutants.Add((source[..at] + to + source[(at + length)..], $"{source.Substring(at, length).Trim()} -> {to.Trim()}"));
    }

    private static int AfterString(string source, int start)
    {
        char quote = source[start];
        bool triple = string.CompareOrdinal(source, start, new string(quote, 3), 0, 3) == 0;
        string close = new(quote, triple ? 3 : 1);
        for (int i = start + close.Length; i < source.Length; i++)
        {
            if (source[i] == '\\') { i++; }
            else if (string.CompareOrdinal(source, i, close, 0, close.Length) == 0) { return i + close.Length; }
            else if (!triple && source[i] == '\n') { return i; }
        }

        return source.Length;
    }
}
