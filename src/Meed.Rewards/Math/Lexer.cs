namespace Meed.Rewards.MathAnswers;

/// <summary>Splits an answer in LaTeX or plain text into tokens. Linear time; one unit a character.</summary>
/// <remarks>Separators of thousands are joined here: <c>10,\!080</c>, <c>14{,}916</c>, <c>1 000</c>, and outside brackets <c>7,425,000</c>.</remarks>
internal sealed class Lexer
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

    private void ScanCommand()
    {
        char next = Peek(1);
        if (next == '\\')
        {
            // "\\le" in text that was escaped twice is a command; a row end stays a row end.
            if (!_hasBegin && (char.IsAsciiLetter(Peek(2)) || Peek(2) is '{' or '}' or '(' or ')' or '[' or ']' or '%' or '$' or ','))
            {
                _i++;
                return;
            }

            _i += 2;
            Add(TokenKind.Symbol, "\\\\");
            return;
        }

        if (!char.IsAsciiLetter(next))
        {
            _i += 2;
            switch (next)
            {
                case '{' or '}':
                    _brackets += next == '{' ? 1 : -1;
                    Add(TokenKind.Symbol, "\\" + next);
                    break;
                case '%':
                    Add(TokenKind.Symbol, "%");
                    break;
                case '$':
                    Add(TokenKind.Symbol, "money");
                    break;
                case '|':
                    Add(TokenKind.Symbol, "‖");
                    break;
                case '#' or '&' or '_':
                    Add(TokenKind.Symbol, next.ToString());
                    break;
                default:
                    _space = true;   // \, \; \! \: "\ " \( \) \[ \]
                    break;
            }

            return;
        }

        int start = ++_i;
        while (char.IsAsciiLetter(Peek()))
        {
            _i++;
        }

        string name = _s[start.._i];
        if (LexicalTables.Spaces.Contains(name))
        {
            _space = true;
        }
        else if (LexicalTables.Ignored.Contains(name))
        {
            if (name is "left" or "right" && Peek() == '.')
            {
                _i++;
            }
            else if (name is "hspace" or "vspace" or "color")
            {
                ReadGroup();
            }
        }
        else if (LexicalTables.Texts.Contains(name))
        {
            OpenText();
        }
        else if (name is "begin" or "end")
        {
            string environment = ReadGroup().TrimEnd('*');
            if (environment is "array" or "tabular")
            {
                SkipSpaces();
                if (name == "begin" && Peek() == '{')
                {
                    ReadGroup();
                }
            }

            Add(name == "begin" ? TokenKind.Begin : TokenKind.Finish, environment);
        }
        else if (name is "phantom" or "hphantom" or "vphantom" or "label" or "tag")
        {
            SkipSpaces();
            if (Peek() == '{')
            {
                ReadGroup();
            }
            else if (_i < _s.Length)
            {
                _i++;
            }
        }
        else if (LexicalTables.Symbols.TryGetValue(name, out string? symbol))
        {
            _brackets += symbol is "\\{" or "(" or "[" ? 1 : symbol is "\\}" or ")" or "]" ? -1 : 0;
            Add(TokenKind.Symbol, symbol);
        }
        else if (LexicalTables.Relations.TryGetValue(name, out string? relation))
        {
            Add(TokenKind.Relation, relation);
        }
        else
        {
            Add(TokenKind.Command, name switch { "dfrac" or "tfrac" or "cfrac" or "frac" => "frac", "dbinom" or "tbinom" or "binom" => "binom", "varnothing" => "emptyset", "widehat" or "overrightarrow" => "overline", _ => name });
        }
    }

    private void SkipSpaces()
    {
        while (Peek() == ' ')
        {
            _i++;
        }
    }

    /// <summary>Opens a group of text; a lone character counts as one.</summary>
    private void OpenText()
    {
        while (Peek() is ' ' or '*')
        {
            _i++;
        }

        if (Peek() == '{')
        {
            _i++;
            _space = true;
            _textBraces.Push(_braces);
        }
    }

    /// <summary>The raw text of a group without nesting, or nothing.</summary>
    private string ReadGroup()
    {
        SkipSpaces();
        if (Peek() != '{')
        {
            return "";
        }

        int end = _s.IndexOf('}', _i);
        if (end < 0)
        {
            _i = _s.Length;
            return "";
        }

        string inner = _s[(_i + 1)..end];
        _i = end + 1;
        return inner;
    }

    private void ScanSymbol(char c)
    {
        switch (c)
        {
            case '{':
                _braces++;
                Add(TokenKind.Symbol, "{");
                break;
            case '}':
                if (InText && _textBraces.Peek() == _braces)
                {
                    _textBraces.Pop();
                    _space = true;
                    break;
                }

                _braces--;
                Add(TokenKind.Symbol, "}");
                break;
            case '(' or '[':
                _brackets++;
                Add(TokenKind.Symbol, c.ToString());
                break;
            case ')' or ']':
                _brackets--;
                Add(TokenKind.Symbol, c.ToString());
                break;
            case '^' when SkipOrdinal():
                break;
            case '^' when IsDegree(out int past):
                _i = past;
                Add(TokenKind.Symbol, "°");
                break;
            case '°' or 'º' or '˚':
                Add(TokenKind.Symbol, "°");
                break;
            case '<' or '>' or '=' or '!' or ':':
                ScanRelation(c);
                break;
            case '≤' or '≦' or '⩽':
                Add(TokenKind.Relation, "<=");
                break;
            case '≥' or '≧' or '⩾':
                Add(TokenKind.Relation, ">=");
                break;
            case '≠':
                Add(TokenKind.Relation, "!=");
                break;
            case '≈' or '≃':
                Add(TokenKind.Relation, "~");
                break;
            case '∈':
                Add(TokenKind.Relation, "in");
                break;
            case '×' or '·' or '⋅' or '∗' or '∙':
                Add(TokenKind.Symbol, "*");
                break;
            case '*' when Peek() == '*' && !InText:
                _i++;
                Add(TokenKind.Symbol, "^");
                break;
            case '÷' or '⁄' or '∕':
                Add(TokenKind.Symbol, "/");
                break;
            case '−' or '–' or '—' or '‐' or '‑':
                Add(TokenKind.Symbol, "-");
                break;
            case '∪':
                Add(TokenKind.Symbol, "cup");
                break;
            case '∩':
                Add(TokenKind.Symbol, "cap");
                break;
            case '∖':
                Add(TokenKind.Symbol, "setminus");
                break;
            case '¢' or '£' or '€' or '¥':
                Add(TokenKind.Symbol, "money");
                break;
            case '…':
                Add(TokenKind.Symbol, "...");
                break;
            case '.' when Peek() == '.':
                while (Peek() == '.')
                {
                    _i++;
                }

                Add(TokenKind.Symbol, "...");
                break;
            case '’' or '′':
                Add(TokenKind.Symbol, "'");
                break;
            default:
                ScanRest(c);
                break;
        }
    }

    private void ScanRest(char c)
    {
        int digit = LexicalTables.Superscripts.IndexOf(c);
        if (digit >= 0)
        {
            ScanScript("^", LexicalTables.Superscripts, digit);
        }
        else if ((digit = LexicalTables.Subscripts.IndexOf(c)) >= 0)
        {
            ScanScript("_", LexicalTables.Subscripts, digit);
        }
        else if (LexicalTables.UnicodeCommands.TryGetValue(c, out string? command))
        {
            Add(TokenKind.Command, command);
        }
        else if (LexicalTables.Fractions.TryGetValue(c, out var f))
        {
            // Read like \frac{1}{2}, so that 1½ is a mixed number.
            Add(TokenKind.Command, "frac");
            foreach (string t in (ReadOnlySpan<string>)["{", f.Num.ToString(), "}", "{", f.Den.ToString(), "}"])
            {
                Add(char.IsAsciiDigit(t[0]) ? TokenKind.Number : TokenKind.Symbol, t);
            }
        }
        else if (c != '\u200b' && c != '\ufeff' && c != '"' && c != '“' && c != '”' && c != '`')
        {
            Add(TokenKind.Symbol, c.ToString());
        }
    }

    private void ScanScript(string op, string alphabet, int digit)
    {
        string number = digit.ToString();
        while ((digit = alphabet.IndexOf(Peek())) >= 0)
        {
            number += digit.ToString();
            _i++;
        }

        Add(TokenKind.Symbol, op);
        Add(TokenKind.Symbol, "{");
        Add(TokenKind.Number, number);
        Add(TokenKind.Symbol, "}");
    }

    private void ScanRelation(char c)
    {
        if (c is '<' or '>' or '!' or ':' && Peek() == '=')
        {
            _i++;
            Add(TokenKind.Relation, c == ':' ? "=" : c + "=");
        }
        else if (c == '=' && Peek() == '=')
        {
            _i++;
            Add(TokenKind.Relation, "=");
        }
        else if (c is '!' or ':')
        {
            Add(TokenKind.Symbol, c.ToString());
        }
        else
        {
            Add(TokenKind.Relation, c.ToString());
        }
    }

    /// <summary>Just behind a caret: is this ^\circ, ^{\circ} or ^°?</summary>
    private bool IsDegree(out int past)
    {
        int j = _i;
        while (j < _s.Length && _s[j] is ' ' or '{' or '\\')
        {
            j++;
        }

        past = j;
        if (Match(j, "circ") || Match(j, "degree"))
        {
            j += _s[j] == 'c' ? 4 : 6;
        }
        else if (j < _s.Length && _s[j] is '°' or 'º' or '∘')
        {
            j++;
        }
        else
        {
            return false;
        }

        bool group = _s.AsSpan(_i, j - _i).Contains('{');
        while (group && j < _s.Length && _s[j] == ' ')
        {
            j++;
        }

        past = group && j < _s.Length && _s[j] == '}' ? j + 1 : j;
        return true;
    }

    /// <summary>Skips the ending of an ordinal number: ^{\mathrm{th}}, ^\text{st}, ^{nd}.</summary>
    private bool SkipOrdinal()
    {
        int j = _i, open = 0;
        while (j < _s.Length && j < _i + 24 && _s[j] is ' ' or '{' or '\\')
        {
            open += _s[j] == '{' ? 1 : 0;
            j++;
            if (_s[j - 1] == '\\')
            {
                while (j < _s.Length && char.IsAsciiLetter(_s[j]) && j < _i + 24)
                {
                    j++;
                }
            }
        }

        if (open == 0 || !(Match(j, "th") || Match(j, "st") || Match(j, "nd") || Match(j, "rd")) || _tokens.Count == 0 || _tokens[^1].Kind != TokenKind.Number)
        {
            return false;
        }

        j += 2;
        while (open > 0 && j < _s.Length && _s[j] is ' ' or '}')
        {
            open -= _s[j] == '}' ? 1 : 0;
            j++;
        }

        if (open > 0)
        {
            return false;
        }

        _i = j;
        return true;
    }
}
