namespace Meed.Rewards.MathAnswers;

/// <summary>Names the lexer and parser know.</summary>
internal static class Functions
{
    private static readonly HashSet<string> s_unary = new(StringComparer.Ordinal)
    {
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "arccot", "asin", "acos", "atan", "sinh", "cosh", "tanh",
        "ln", "log", "lg", "exp", "sqrt", "cbrt", "abs", "floor", "ceil",
    };

    private static readonly HashSet<string> s_many = new(StringComparer.Ordinal) { "max", "min", "gcd", "lcm", "binom", "mod" };

    private static readonly HashSet<string> s_known = new(s_unary.Concat(s_many).Concat(["log_b", "fact", "sum", "prod", "dfact"]), StringComparer.Ordinal);

    public static bool IsUnary(string name) => s_unary.Contains(name);

    public static bool IsMany(string name) => s_many.Contains(name);

    /// <summary>True for functions with a meaning of their own, false for f, g and other free names.</summary>
    public static bool IsKnown(string name) => s_known.Contains(name);
}
