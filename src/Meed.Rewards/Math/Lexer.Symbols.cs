namespace Meed.Rewards.MathAnswers;

/// <content>Single characters: operators, brackets, relations, degrees and scripts.</content>
internal sealed partial class Lexer
{
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
