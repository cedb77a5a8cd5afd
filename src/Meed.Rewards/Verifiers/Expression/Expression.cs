namespace Meed.Rewards.Verifiers;

/// <summary>Operators of an arithmetic expression.</summary>
[Flags]
public enum ExpressionOperators : byte
{
    /// <summary>None: a bare number.</summary>
    None = 0,

    /// <summary><c>a + b</c>.</summary>
    Add = 1,

    /// <summary><c>a - b</c>, also written with the minus sign U+2212.</summary>
    Subtract = 2,

    /// <summary><c>a * b</c>, also <c>×</c> and <c>·</c>.</summary>
    Multiply = 4,

    /// <summary><c>a / b</c>, also <c>÷</c>; the quotient is an exact fraction.</summary>
    Divide = 8,

    /// <summary>A sign in front of a number or parenthesis.</summary>
    Negate = 16,
}

/// <summary>What became of an expression.</summary>
public enum ExpressionProblem : byte
{
    /// <summary>It has a value.</summary>
    None,

    /// <summary>Nothing but white space.</summary>
    Empty,

    /// <summary>It does not follow the grammar.</summary>
    Syntax,

    /// <summary>It uses an operator that is not allowed.</summary>
    Operator,

    /// <summary>Parentheses or signs nest deeper than <see cref="Expression.DeepestNesting"/>.</summary>
    TooDeep,

    /// <summary>It has more numbers than the caller made room for.</summary>
    TooManyNumbers,

    /// <summary>It divides by zero.</summary>
    DivisionByZero,

    /// <summary>A number or result needs more than 128 bits.</summary>
    Overflow,
}

/// <summary>The outcome of evaluating an expression.</summary>
/// <param name="Problem">None when there is a value.</param>
/// <param name="Value">The exact value.</param>
/// <param name="Numbers">How many numbers it uses; they were written to the caller's span in the order of the text.</param>
/// <param name="Operators">The operators it uses.</param>
/// <param name="Position">Where reading stopped: the length of the text, or the index of the problem.</param>
public readonly record struct ExpressionResult(ExpressionProblem Problem, Rational Value, int Numbers, ExpressionOperators Operators, int Position);

/// <summary>Reads and evaluates arithmetic such as <c>(3 + 4) × 2 - 1/5</c>, exactly and without running any code.</summary>
/// <remarks>
/// expression = term { (+|-) term };  term = factor { (*|/) factor };  factor = number | ( expression ) | - factor.
/// Numbers are digits with an optional decimal point. Nothing is implied: <c>2(3)</c> is a syntax error. Time is linear in the text.
/// </remarks>
public static class Expression
{
    /// <summary>How deep parentheses and signs may nest.</summary>
    public const int DeepestNesting = 64;

    /// <summary>Every operator.</summary>
    public const ExpressionOperators AllOperators = ExpressionOperators.Add | ExpressionOperators.Subtract | ExpressionOperators.Multiply | ExpressionOperators.Divide | ExpressionOperators.Negate;

    /// <summary>Evaluates the whole text.</summary>
    /// <param name="text">The expression; white space between its parts is skipped.</param>
    /// <param name="numbers">Receives the numbers it uses, in order; its length bounds how many there may be.</param>
    /// <param name="work">Charged one unit a character.</param>
    /// <param name="allowed">Operators it may use.</param>
    public static ExpressionResult Evaluate(ReadOnlySpan<char> text, Span<Rational> numbers, ref Work work, ExpressionOperators allowed = AllOperators)
    {
        work.Charge(text.Length);
        var reader = new Reader(text, numbers, allowed);
        return reader.Read();
    }

    /// <summary>Evaluates the whole text without a work limit; the caller has bounded its length.</summary>
    public static ExpressionResult Evaluate(ReadOnlySpan<char> text, Span<Rational> numbers, ExpressionOperators allowed = AllOperators)
    {
        var work = new Work(long.MaxValue - 1);
        return Evaluate(text, numbers, ref work, allowed);
    }

    private ref struct Reader(ReadOnlySpan<char> text, Span<Rational> numbers, ExpressionOperators allowed)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private readonly Span<Rational> _numbers = numbers;
        private ExpressionOperators _used;
        private ExpressionProblem _problem;
        private int _position;
        private int _count;
        private int _depth;

        public ExpressionResult Read()
        {
            Skip();
            if (_position == _text.Length)
            {
                return new(ExpressionProblem.Empty, default, 0, default, 0);
            }

            Rational value = default;
            try
            {
                value = Sum();
                if (_problem == ExpressionProblem.None && _position < _text.Length)
                {
                    _problem = ExpressionProblem.Syntax;
                }
            }
            catch (OverflowException)
            {
                _problem = ExpressionProblem.Overflow;
            }

            return new(_problem, _problem == ExpressionProblem.None ? value : default, _count, _used, _position);
        }

        private Rational Sum()
        {
            var value = Product();
            while (_problem == ExpressionProblem.None && _position < _text.Length)
            {
                char c = _text[_position];
                if (c == '+' && Take(ExpressionOperators.Add))
                {
                    value += Product();
                }
                else if (c is '-' or '−' && Take(ExpressionOperators.Subtract))
                {
                    value -= Product();
                }
                else
                {
                    break;
                }
            }

            return value;
        }

        private Rational Product()
        {
            var value = Factor();
            while (_problem == ExpressionProblem.None && _position < _text.Length)
            {
                char c = _text[_position];
                if (c is '*' or '×' or '·' && Take(ExpressionOperators.Multiply))
                {
                    value *= Factor();
                }
                else if (c is '/' or '÷' && Take(ExpressionOperators.Divide))
                {
                    int at = _position;
                    var divisor = Factor();
                    if (_problem != ExpressionProblem.None)
                    {
                        break;
                    }

                    if (divisor.Numerator == 0)
                    {
                        _problem = ExpressionProblem.DivisionByZero;
                        _position = at;
                        break;
                    }

                    value /= divisor;
                }
                else
                {
                    break;
                }
            }

            return value;
        }

        private Rational Factor()
        {
            if (_problem != ExpressionProblem.None)
            {
                return default;
            }

            if (_position == _text.Length)
            {
                return Fail(ExpressionProblem.Syntax);
            }

            char c = _text[_position];
            if (char.IsAsciiDigit(c))
            {
                return Number();
            }

            if (c is not ('(' or '-' or '−'))
            {
                return Fail(ExpressionProblem.Syntax);
            }

            if (++_depth > DeepestNesting)
            {
                return Fail(ExpressionProblem.TooDeep);
            }

            Rational value = default;
            if (c != '(')
            {
                value = Take(ExpressionOperators.Negate) ? -Factor() : default;
            }
            else
            {
                _position++;
                Skip();
                value = Sum();
                if (_problem == ExpressionProblem.None)
                {
                    if (_position == _text.Length || _text[_position] != ')')
                    {
                        return Fail(ExpressionProblem.Syntax);
                    }

                    _position++;
                    Skip();
                }
            }

            _depth--;
            return value;
        }

        private Rational Number()
        {
            int start = _position;
            while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
            {
                _position++;
            }

            if (_position + 1 < _text.Length && _text[_position] == '.' && char.IsAsciiDigit(_text[_position + 1]))
            {
                _position++;
                while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
                {
                    _position++;
                }
            }

            if (!Rational.TryParse(_text[start.._position], out var value))
            {
                return Fail(ExpressionProblem.Overflow);
            }

            if (_count == _numbers.Length)
            {
                return Fail(ExpressionProblem.TooManyNumbers);
            }

            _numbers[_count++] = value;
            Skip();
            return value;
        }

        private bool Take(ExpressionOperators op)
        {
            if ((allowed & op) == 0)
            {
                _problem = ExpressionProblem.Operator;
                return false;
            }

            _used |= op;
            _position++;
            Skip();
            return true;
        }

        private Rational Fail(ExpressionProblem problem)
        {
            _problem = problem;
            return default;
        }

        private void Skip()
        {
            while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
            {
                _position++;
            }
        }
    }
}
