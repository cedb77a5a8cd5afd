namespace Meed.Rewards.MathAnswers;

/// <content>Commands of LaTeX and groups of text.</content>
internal sealed partial class Lexer
{
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
}
