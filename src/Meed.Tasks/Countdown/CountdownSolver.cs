namespace Meed.Tasks.Countdown;

/// <summary>Lists the ways to join a few numbers with + − × so that each is used once.</summary>
public static class CountdownSolver
{
    /// <summary>Every distinct expression over all the numbers, with its value.</summary>
    /// <param name="numbers">2 to 5 numbers, in any order.</param>
    /// <param name="operators">Which of + - * may be used.</param>
    /// <returns>
    /// Expressions as text, grouped by value and in a fixed order. Every operation but the outermost stands in parentheses,
    /// such as <c>(3+7)*9</c>, so that all solutions share one shape.
    /// </returns>
    public static SortedDictionary<int, List<string>> Solve(ReadOnlySpan<int> numbers, string operators = "+-*")
    {
        if (numbers.Length is < 2 or > 5)
        {
            throw new ArgumentException($"CountdownSolver: {numbers.Length} numbers; it takes 2 to 5.", nameof(numbers));
        }

        var byMask = new Dictionary<string, int>[1 << numbers.Length];
        for (int mask = 1; mask < byMask.Length; mask++)
        {
            byMask[mask] = new Dictionary<string, int>(StringComparer.Ordinal);
            if (int.IsPow2(mask))
            {
                int number = numbers[int.TrailingZeroCount(mask)];
                byMask[mask].Add(number.ToString(), number);
                continue;
            }

            for (int left = (mask - 1) & mask; left > 0; left = (left - 1) & mask)
            {
                Join(byMask[left], byMask[mask ^ left], operators, byMask[mask]);
            }
        }

        var result = new SortedDictionary<int, List<string>>();
        foreach (var (expression, value) in byMask[^1].OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!result.TryGetValue(value, out var list))
            {
                result.Add(value, list = []);
            }

            list.Add(expression);
        }

        return result;
    }

    private static void Join(Dictionary<string, int> lefts, Dictionary<string, int> rights, string operators, Dictionary<string, int> into)
    {
        foreach (var (left, a) in lefts)
        {
            foreach (var (right, b) in rights)
            {
                foreach (char op in operators)
                {
                    into.TryAdd($"{Wrap(left)}{op}{Wrap(right)}", Apply(op, a, b));
                }
            }
        }
    }

    private static string Wrap(string expression) => char.IsAsciiDigit(expression[^1]) && expression.All(char.IsAsciiDigit) ? expression : $"({expression})";

    private static int Apply(char op, int a, int b) => op switch
    {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        _ => throw new ArgumentException($"CountdownSolver: operator '{op}' is not one of + - *."),
    };
}
