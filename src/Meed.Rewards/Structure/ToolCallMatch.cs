using System.Text;

namespace Meed.Rewards.Structure;

/// <summary>How the reference states the arguments of a call.</summary>
public enum ToolValues : byte
{
    /// <summary>One value for each argument.</summary>
    Exact,

    /// <summary>A list of allowed values for each argument, as in the Berkeley leaderboard; an empty text among them, or an empty list, makes the argument optional.</summary>
    Allowed,
}

/// <summary>Compares calls with reference calls.</summary>
/// <remarks>
/// A call is right when the names are equal, every argument that the reference needs is there with a right value, and there is no further argument unless extra ones are
/// accepted by name. Missing is never a match. With <see cref="ToolValues.Allowed"/>, texts are compared as the leaderboard does: small letters, without spaces and , . / - _ * ^,
/// and ' for "; with <see cref="ToolValues.Exact"/> they are compared exactly. Numbers are compared by value (3 is 3.0); kinds are never converted.
/// <para>Patil et al. 2025, "The Berkeley Function Calling Leaderboard", ICML (checks on syntax trees). Unlike there, an integer may be written 3.0, and calls are assigned
/// one to one by the best total instead of first come, first served.</para>
/// </remarks>
public static class ToolCallMatch
{
    private static readonly DataComparison s_exact = new();

    /// <summary>Result of comparing two lists of calls.</summary>
    /// <param name="Right">Calls that are wholly right.</param>
    /// <param name="Credit">Sum over assigned pairs of the share of their arguments that are right; a pair with different names has none.</param>
    /// <param name="Expected">Reference calls.</param>
    /// <param name="Made">Calls made.</param>
    public readonly record struct Result(int Right, double Credit, int Expected, int Made)
    {
        /// <summary>True when every reference call was made, rightly, and no other.</summary>
        public bool All => Right == Expected && Made == Expected;

        /// <summary>Credit over the larger number of calls, so that neither leaving out nor adding calls pays; 1 when none was expected and none made.</summary>
        public double Share => Math.Max(Expected, Made) == 0 ? 1 : Credit / Math.Max(Expected, Made);
    }

    /// <summary>Assigns calls to reference calls one to one, most right ones first, then most credit.</summary>
    public static Result Compare(IReadOnlyList<ToolCall> made, IReadOnlyList<ToolCall> expected, ToolValues values, bool extraArguments, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(made);
        ArgumentNullException.ThrowIfNull(expected);
        Assignment.Charge(expected.Count, made.Count, ref work);
        var credit = new double[expected.Count, made.Count];
        var gain = new double[expected.Count, made.Count];
        for (int i = 0; i < expected.Count; i++)
        {
            for (int j = 0; j < made.Count; j++)
            {
                credit[i, j] = Credit(made[j], expected[i], values, extraArguments, ref work);
                gain[i, j] = credit[i, j] + (credit[i, j] == 1 ? Math.Min(expected.Count, made.Count) : 0);
            }
        }

        var pairs = Assignment.Maximum(gain, ref work);
        int right = 0;
        for (int i = 0; i < pairs.Length; i++) { right += pairs[i] >= 0 && credit[i, pairs[i]] == 1 ? 1 : 0; }
        return new Result(right, Assignment.Total(credit, pairs), expected.Count, made.Count);
    }

    /// <summary>0 when the names differ; otherwise the share of arguments that are right: (1 + right) / (1 + all), all counting missing and unwanted ones. 1 exactly when the call is right.</summary>
    public static double Credit(ToolCall made, ToolCall expected, ToolValues values, bool extraArguments, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(made);
        ArgumentNullException.ThrowIfNull(expected);
        work.Charge(made.Arguments.Fields.Count + expected.Arguments.Fields.Count + 1L);
        if (!string.Equals(made.Name, expected.Name, StringComparison.Ordinal))
        {
            return 0;
        }

        int right = 0, all = 0;
        foreach (var (name, wanted) in expected.Arguments.Fields)
        {
            var value = made.Arguments.Field(name);
            if (value is null && values == ToolValues.Allowed && IsOptional(wanted))
            {
                continue;
            }

            all++;
            right += value is not null && (values == ToolValues.Exact ? DataEquality.AreEqual(value, wanted, s_exact, ref work) : IsAllowed(value, wanted, ref work)) ? 1 : 0;
        }

        foreach (var name in made.Arguments.Fields.Keys)
        {
            all += extraArguments || expected.Arguments.Fields.ContainsKey(name) ? 0 : 1;
        }

        return right == all ? 1 : (1.0 + right) / (1 + all);
    }

    private static bool IsOptional(DataValue allowed) => allowed.Kind == DataKind.List && (allowed.Items.Count == 0 || allowed.Items.Any(v => v is { Kind: DataKind.Text, Text: "" }));

    private static bool IsAllowed(DataValue value, DataValue allowed, ref Work work)
    {
        if (allowed.Kind != DataKind.List)
        {
            return Same(value, allowed, ref work);
        }

        if (allowed.Items.Count == 0)
        {
            return value is { Kind: DataKind.List, Items.Count: 0 };
        }

        foreach (var option in allowed.Items)
        {
            if (Same(value, option, ref work))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Maps of an option state allowed values for each field; lists are compared in order.</summary>
    private static bool Same(DataValue value, DataValue option, ref Work work)
    {
        work.Charge(1 + value.Text.Length);
        if (value.Kind != option.Kind)
        {
            return false;
        }

        switch (option.Kind)
        {
            case DataKind.Text:
                return Plain(value.Text) == Plain(option.Text);
            case DataKind.Number:
                return DataEquality.SameNumber(value, option, 0);
            case DataKind.Boolean:
                return value.Boolean == option.Boolean;
            case DataKind.List:
                bool same = value.Items.Count == option.Items.Count;
                for (int i = 0; same && i < option.Items.Count; i++) { same = Same(value.Items[i], option.Items[i], ref work); }
                return same;
            case DataKind.Map:
                foreach (var (name, allowed) in option.Fields)
                {
                    if (value.Field(name) is { } own ? !IsAllowed(own, allowed, ref work) : !IsOptional(allowed))
                    {
                        return false;
                    }
                }

                return value.Fields.Keys.All(option.Fields.ContainsKey);
            default:
                return true;
        }
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is not (' ' or ',' or '.' or '/' or '-' or '_' or '*' or '^'))
            {
                plain.Append(c == '\'' ? '"' : char.ToLowerInvariant(c));
            }
        }

        return plain.ToString();
    }
}
