namespace Meed.Rewards.Verifiers;

/// <summary>What a countdown answer did.</summary>
public enum CountdownVerdict : byte
{
    /// <summary>Uses every number once, only allowed operators, and reaches the target.</summary>
    Solved,

    /// <summary>Uses every number once, but its value is not the target.</summary>
    WrongValue,

    /// <summary>Leaves a number out, repeats one or uses a foreign one.</summary>
    WrongNumbers,

    /// <summary>Is no expression with a value in the allowed operators.</summary>
    Unparsed,
}

/// <summary>Checks an answer to a countdown puzzle: reach the target from the numbers, each used exactly once.</summary>
/// <remarks>A sign in front of a number is not an operator of the puzzle unless <see cref="ExpressionOperators.Negate"/> is allowed. Values are exact fractions.</remarks>
public static class CountdownCheck
{
    /// <summary>The operators of the usual puzzle: + − × ÷, no leading sign.</summary>
    public const ExpressionOperators UsualOperators = ExpressionOperators.Add | ExpressionOperators.Subtract | ExpressionOperators.Multiply | ExpressionOperators.Divide;

    /// <summary>Judges one expression, without <c>= target</c> behind it.</summary>
    /// <param name="expression">The answer.</param>
    /// <param name="numbers">The puzzle's numbers, in any order; at most 64.</param>
    /// <param name="target">The value to reach.</param>
    /// <param name="work">Charged one unit a character.</param>
    /// <param name="allowed">Operators the puzzle allows.</param>
    public static CountdownVerdict Judge(ReadOnlySpan<char> expression, ReadOnlySpan<int> numbers, long target, ref Work work, ExpressionOperators allowed = UsualOperators)
    {
        if (numbers.Length > 64)
        {
            throw new ArgumentException($"CountdownCheck.Judge: {numbers.Length} numbers; a puzzle has at most 64.", nameof(numbers));
        }

        Span<Rational> used = stackalloc Rational[numbers.Length + 1];
        var result = Expression.Evaluate(expression, used, ref work, allowed);
        if (result.Problem == ExpressionProblem.TooManyNumbers)
        {
            return CountdownVerdict.WrongNumbers;
        }

        if (result.Problem != ExpressionProblem.None)
        {
            return CountdownVerdict.Unparsed;
        }

        if (result.Numbers != numbers.Length)
        {
            return CountdownVerdict.WrongNumbers;
        }

        ulong taken = 0;
        for (int i = 0; i < result.Numbers; i++)
        {
            bool found = false;
            for (int j = 0; j < numbers.Length && !found; j++)
            {
                if ((taken >> j & 1) == 0 && used[i] == new Rational(numbers[j]))
                {
                    taken |= 1UL << j;
                    found = true;
                }
            }

            if (!found)
            {
                return CountdownVerdict.WrongNumbers;
            }
        }

        return result.Value == new Rational(target) ? CountdownVerdict.Solved : CountdownVerdict.WrongValue;
    }
}
