using System.Globalization;
using System.Text;

namespace Meed.Rewards.Structure;

/// <summary>Reads plain data from text: JSON as in RFC 8259, or the literals of Python; finds data inside prose.</summary>
/// <remarks>Linear in the text, at most <see cref="MaximumDepth"/> levels deep, never throws on bad input: the result is null.</remarks>
public static class DataReader
{
    /// <summary>Levels of lists and maps that are read.</summary>
    public const int MaximumDepth = 64;

    /// <summary>The whole text as one JSON value; null when it is not one.</summary>
    public static DataValue? Read(string text, ref Work work) => ReadWhole(text, python: false, ref work);

    /// <summary>The whole text as one Python literal (True, None, single quotes, tuples, trailing commas; JSON's words too); null when it is not one.</summary>
    public static DataValue? ReadPython(string text, ref Work work) => ReadWhole(text, python: true, ref work);

    /// <summary>
    /// The last map or list of a text that stands on its own, in prose or in a code fence.
    /// </summary>
    /// <remarks>Data inside other data is not found by itself. Openings that lead to nothing cost their work; the depth limit keeps them from adding up.</remarks>
    public static DataValue? FindLast(string text, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(text);
        DataValue? last = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('{' or '['))
            {
                continue;
            }

            var cursor = new Cursor(text, i, python: false);
            if (cursor.Value(0) is { } found)
            {
                last = found;
                work.Charge(cursor.At - i + 1L);
                i = cursor.At - 1;
            }
            else
            {
                work.Charge(cursor.At - i + 1L);
            }
        }

        return last;
    }

    /// <summary>A value that starts at a place of a text.</summary>
    /// <returns>The place after it; -1 when none starts there.</returns>
    internal static int ReadAt(string text, int start, bool python, ref Work work, out DataValue? value)
    {
        var cursor = new Cursor(text, start, python);
        value = cursor.Value(0);
        work.Charge(Math.Max(1, cursor.At - start));
        return value is null ? -1 : cursor.At;
    }

    private static DataValue? ReadWhole(string text, bool python, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(text);
        work.Charge(text.Length + 1L);
        var cursor = new Cursor(text, 0, python);
        var value = cursor.Value(0);
        cursor.Space();
        return value is not null && cursor.At == text.Length ? value : null;
    }

    private ref struct Cursor(string text, int at, bool python)
    {
        private readonly string _text = text;
        private readonly bool _python = python;

        public int At { get; private set; } = at;

        private readonly char Here => At < _text.Length ? _text[At] : '\0';

        public void Space()
        {
            while (At < _text.Length && _text[At] is ' ' or '\t' or '\n' or '\r') { At++; }
        }

        public DataValue? Value(int depth)
        {
            Space();
            if (depth > MaximumDepth)
            {
                return null;
            }

            return Here switch
            {
                '{' => Map(depth),
                '[' => List(depth, ']'),
                '(' when _python => List(depth, ')'),
                '"' => Quoted('"') is { } t ? DataValue.Of(t) : null,
                '\'' when _python => Quoted('\'') is { } t ? DataValue.Of(t) : null,
                '-' or '+' or '.' or (>= '0' and <= '9') => Number(),
                _ => Word(),
            };
        }

        private DataValue? Word()
        {
            return Take("true") || (_python && Take("True")) ? DataValue.Of(true)
                : Take("false") || (_python && Take("False")) ? DataValue.Of(false)
                : Take("null") || (_python && Take("None")) ? DataValue.Null
                : null;
        }

        private bool Take(string word)
        {
            if (string.CompareOrdinal(_text, At, word, 0, word.Length) != 0 || (At + word.Length < _text.Length && char.IsLetterOrDigit(_text[At + word.Length])))
            {
                return false;
            }

            At += word.Length;
            return true;
        }

        private DataValue? Number()
        {
            int start = At;
            At += Here == '-' || (_python && Here == '+') ? 1 : 0;
            int digits = Digits();
            bool leadingZero = digits > 1 && _text[At - digits] == '0';
            int fraction = 0;
            if (Here == '.')
            {
                At++;
                fraction = Digits();
                if (fraction == 0 && !_python)
                {
                    return null;
                }
            }

            if (digits + fraction == 0 || (digits == 0 && !_python) || leadingZero)
            {
                return null;
            }

            if (Here is 'e' or 'E')
            {
                At++;
                At += Here is '+' or '-' ? 1 : 0;
                if (Digits() == 0)
                {
                    return null;
                }
            }

            return char.IsLetter(Here) || Here is '_' or '.' ? null : DataValue.WrittenNumber(_text[start..At]);
        }

        private int Digits()
        {
            int start = At;
            while (char.IsAsciiDigit(Here)) { At++; }
            return At - start;
        }

        private DataValue? List(int depth, char close)
        {
            At++;
            var items = new List<DataValue>();
            while (true)
            {
                Space();
                if (Here == close && At < _text.Length && (items.Count == 0 || _python))
                {
                    At++;
                    return DataValue.Of(items);
                }

                if (Value(depth + 1) is not { } item)
                {
                    return null;
                }

                items.Add(item);
                Space();
                if (At < _text.Length && Here == close)
                {
                    At++;
                    return DataValue.Of(items);
                }

                if (Here != ',')
                {
                    return null;
                }

                At++;
            }
        }

        private DataValue? Map(int depth)
        {
            At++;
            var fields = new Dictionary<string, DataValue>(StringComparer.Ordinal);
            while (true)
            {
                Space();
                if (Here == '}' && (fields.Count == 0 || _python))
                {
                    At++;
                    return DataValue.Of(fields);
                }

                if (Here != '"' && !(_python && Here == '\''))
                {
                    return null;
                }

                var name = Quoted(Here);
                Space();
                if (name is null || Here != ':')
                {
                    return null;
                }

                At++;
                if (Value(depth + 1) is not { } value)
                {
                    return null;
                }

                fields[name] = value;
                Space();
                if (Here == '}')
                {
                    At++;
                    return DataValue.Of(fields);
                }

                if (Here != ',')
                {
                    return null;
                }

                At++;
            }
        }

        private string? Quoted(char quote)
        {
            At++;
            int end = _text.AsSpan(At).IndexOfAny(quote, '\\');
            if (end >= 0 && _text[At + end] == quote && (_python || _text.AsSpan(At, end).IndexOfAnyInRange('\0', '\x1f') < 0))
            {
                var plain = _text.Substring(At, end);
                At += end + 1;
                return plain;
            }

            var result = new StringBuilder();
            while (At < _text.Length)
            {
                char c = _text[At++];
                if (c == quote)
                {
                    return result.ToString();
                }

                if (c < ' ' && !_python)
                {
                    return null;
                }

                if (c != '\\')
                {
                    result.Append(c);
                }
                else if (!Escape(result))
                {
                    return null;
                }
            }

            return null;
        }

        private bool Escape(StringBuilder result)
        {
            if (At >= _text.Length)
            {
                return false;
            }

            char c = _text[At++];
            switch (c)
            {
                case '"' or '\\' or '/': result.Append(c); return true;
                case '\'' when _python: result.Append(c); return true;
                case 'b': result.Append('\b'); return true;
                case 'f': result.Append('\f'); return true;
                case 'n': result.Append('\n'); return true;
                case 'r': result.Append('\r'); return true;
                case 't': result.Append('\t'); return true;
                case 'u' when At + 4 <= _text.Length && ushort.TryParse(_text.AsSpan(At, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit):
                    result.Append((char)unit);
                    At += 4;
                    return true;
                default:
                    return false;
            }
        }
    }
}
