namespace Meed.Rewards.MathAnswers;

/// <summary>Splits an answer in LaTeX or plain text into tokens. Linear time; one unit a character.</summary>
/// <remarks>Separators of thousands are joined here: <c>10,\!080</c>, <c>14{,}916</c>, <c>1 000</c>, and outside brackets <c>7,425,000</c>.</remarks>
internal sealed partial class Lexer
{
    /// <summary>Answers longer than this are not parsed.</summary>
    public const int MaxLength = 20_000;

    private readonly string _s;
    private readonly bool _joinCommas;
    private readonly bool _hasBegin;
    private readonly List<Token> _tokens = [];
    private readonly Stack<int> _textBraces = new();
    private int _i;
    private int _braces;
    private int _brackets;
    private bool _space;
    private string? _joined;

    private Lexer(string s, bool joinCommas)
    {
        _s = s;
        _joinCommas = joinCommas;
        _hasBegin = s.Contains("\\begin", StringComparison.Ordinal);
    }

    /// <summary>True when a bare comma between digits was read as a separator of thousands.</summary>
    public bool JoinedBareComma { get; private set; }

    /// <summary>Tokens of <paramref name="text"/>, ending with <see cref="TokenKind.End"/>.</summary>
    public static List<Token> Run(string text, bool joinCommas, Meter meter, out bool joinedBareComma)
    {
        meter.Charge(text.Length + 8);
        var lexer = new Lexer(text, joinCommas);
        lexer.Scan();
        joinedBareComma = lexer.JoinedBareComma;
        return lexer._tokens;
    }

    private bool InText => _textBraces.Count > 0;

    private char Peek(int offset = 0) => _i + offset < _s.Length ? _s[_i + offset] : '\0';

    private void Add(TokenKind kind, string text)
    {
        _tokens.Add(new Token(kind, text, InText, _space));
        _space = false;
    }

    private void Scan()
    {
        while (_i < _s.Length)
        {
            char c = _s[_i];
            if (char.IsWhiteSpace(c) || c == '~')
            {
                _space = true;
                _i++;
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
            {
                ScanNumber();
            }
            else if (c == '\\')
            {
                ScanCommand();
            }
            else if (char.IsLetter(c) && !LexicalTables.UnicodeCommands.ContainsKey(c) && c != 'º')
            {
                ScanLetters();
            }
            else
            {
                _i++;
                ScanSymbol(c);
            }
        }

        Add(TokenKind.End, "");
    }

    private void ScanNumber()
    {
        int start = _i;
        while (char.IsAsciiDigit(Peek()))
        {
            _i++;
        }

        if (_i - start is >= 1 and <= 3)
        {
            start = ScanGroups(start);
        }

        string digits = _joined ?? _s[start.._i];
        _joined = null;
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            int point = _i++;
            while (char.IsAsciiDigit(Peek()))
            {
                _i++;
            }

            digits += _s[point.._i];
        }

        if (Peek() is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            int at = _i++;
            _i++;
            while (char.IsAsciiDigit(Peek()))
            {
                _i++;
            }

            digits += _s[at.._i];
        }

        Add(TokenKind.Number, digits);
    }

    /// <summary>Joins groups of three digits behind the first group at <paramref name="start"/>.</summary>
    private int ScanGroups(int start)
    {
        bool leadingZero = _s[start] == '0';
        while (true)
        {
            int j = _i;
            bool bare = false;
            if (Peek() == ',')
            {
                j++;
                int k = SkipSeparatorTail(j);
                bare = k == j;
                j = k;
            }
            else if (Match(j, "{,"))
            {
                j += 2;
                while (j < _s.Length && _s[j] == ' ')
                {
                    j++;
                }

                if (j >= _s.Length || _s[j] != '}')
                {
                    return start;
                }

                j++;
            }
            else if (Match(j, " {") && j + 2 < _s.Length && _s[j + 2] == ',')
            {
                j += 3;
                while (j < _s.Length && _s[j] == ' ')
                {
                    j++;
                }

                if (j >= _s.Length || _s[j] != '}')
                {
                    return start;
                }

                j++;
            }
            else if (Peek() is ' ' or '\u00a0' or '\u202f' or '~')
            {
                j++;
            }
            else if (Match(j, "\\,") || Match(j, "\\ "))
            {
                j += 2;
            }
            else
            {
                return start;
            }

            if (j == _i || leadingZero || j + 3 > _s.Length || !char.IsAsciiDigit(_s[j]) || !char.IsAsciiDigit(_s[j + 1]) || !char.IsAsciiDigit(_s[j + 2])
                || (j + 3 < _s.Length && char.IsAsciiDigit(_s[j + 3])))
            {
                return start;
            }

            if (bare && (!_joinCommas || _brackets > 0))
            {
                return start;
            }

            JoinedBareComma |= bare;
            _joined = string.Concat(_joined ?? _s.AsSpan(start, _i - start), _s.AsSpan(j, 3));
            _i = j + 3;
        }
    }

    /// <summary>Past "\!" and the spaces around it; <paramref name="j"/> itself when there is none.</summary>
    private int SkipSeparatorTail(int j)
    {
        int k = j;
        while (k < _s.Length && _s[k] == ' ')
        {
            k++;
        }

        if (!Match(k, "\\!"))
        {
            return j;
        }

        while (Match(k, "\\!"))
        {
            k += 2;
        }

        while (k < _s.Length && _s[k] == ' ')
        {
            k++;
        }

        return k;
    }

    private bool Match(int at, string text) => string.CompareOrdinal(_s, at, text, 0, text.Length) == 0;

    private void ScanLetters()
    {
        int start = _i;
        if (InText)
        {
            // Words of text keep digits ("A5") and the points and apostrophes inside them ("p.m.", "o'clock").
            while (char.IsLetterOrDigit(Peek()) || (Peek() is '\'' or '’' or '-' && char.IsLetter(Peek(1))) || (Peek() == '.' && char.IsLetter(Peek(1)) && char.IsLetter(Peek(-1))))
            {
                _i++;
            }

            Add(TokenKind.Word, _s[start.._i]);
            return;
        }

        while (char.IsLetter(Peek()) && !LexicalTables.UnicodeCommands.ContainsKey(Peek()))
        {
            _i++;
        }

        string run = _s[start.._i];
        if (run.Length == 1 && Peek() == '.' && Peek(1) is 'm' or 'M' && run is "a" or "p" or "A" or "P" && (Peek(2) == '.' || !char.IsLetter(Peek(2))))
        {
            _i += Peek(2) == '.' ? 3 : 2;
            Add(TokenKind.Word, run + ".m.");
        }
        else if (run is "th" or "st" or "nd" or "rd" && !_space && _tokens.Count > 0 && _tokens[^1].Kind == TokenKind.Number)
        {
            return;   // 12th
        }
        else if (run.Length >= 4 && Split(run))
        {
            return;
        }
        else if (run.Length >= 4 || (run.Length >= 2 && (LexicalTables.ShortWords.Contains(run) || Functions.IsUnary(run) || Functions.IsMany(run))))
        {
            Add(TokenKind.Word, run);
        }
        else
        {
            foreach (char c in run)
            {
                Add(TokenKind.Letter, c.ToString());
            }
        }
    }

    /// <summary>Reads "sinx" as sin x and "sqrtx" as sqrt x.</summary>
    private bool Split(string run)
    {
        foreach (string name in (ReadOnlySpan<string>)["sin", "cos", "tan", "log", "sqrt"])
        {
            if (run.Length == name.Length + 1 && run.StartsWith(name, StringComparison.Ordinal) && run[^1] is not ('e' or 's' or 'g' or 'h' or 'k' or 'o'))
            {
                Add(TokenKind.Word, name);
                Add(TokenKind.Letter, run[^1].ToString());
                return true;
            }
        }

        return false;
    }
}
