namespace Meed.Rewards.Structure;

/// <summary>When two values count as equal.</summary>
public sealed record DataComparison
{
    /// <summary>Numbers count as equal up to this relative difference (of the larger one). 0 compares exactly.</summary>
    public double Tolerance { get; init; }

    /// <summary>Texts are compared without case and with white space at the ends removed.</summary>
    public bool LooseText { get; init; }

    /// <summary>The order of lists does not matter. Elements are then assigned one to one.</summary>
    public bool AnyOrder { get; init; }

    /// <summary>Fields that the reference does not have are accepted.</summary>
    public bool ExtraFields { get; init; }
}

/// <summary>Where two values differ.</summary>
/// <param name="Path">The place, such as <c>$.items[2].name</c>.</param>
/// <param name="Problem">What differs: <c>missing</c>, <c>extra</c>, <c>kind</c>, <c>value</c> or <c>length</c>.</param>
public readonly record struct DataDifference(string Path, string Problem);

/// <summary>Equality of plain data, with the typed path of each difference, and the share of leaves that are right.</summary>
/// <remarks>
/// Kinds are never converted: "1" is not 1, 1 is not true, null is not missing. 1, 1.0 and 1e0 are the same number. In lists of any order, elements are
/// assigned one to one so that most are equal (<see cref="Assignment"/>).
/// </remarks>
public static class DataEquality
{
    private const int MostReported = 100;

    /// <summary>True when nothing differs.</summary>
    public static bool AreEqual(DataValue actual, DataValue expected, DataComparison comparison, ref Work work)
    {
        var differences = new List<DataDifference>();
        Compare(actual, expected, "$", comparison, differences, 1, ref work);
        return differences.Count == 0;
    }

    /// <summary>Up to 100 differences, in the order of the reference.</summary>
    public static IReadOnlyList<DataDifference> Differences(DataValue actual, DataValue expected, DataComparison comparison, ref Work work)
    {
        var differences = new List<DataDifference>();
        Compare(actual, expected, "$", comparison, differences, MostReported, ref work);
        return differences;
    }

    /// <summary>Share of the reference's leaves (values that are no list or map; empty ones count as one) that the answer has in their place with an equal value.</summary>
    /// <remarks>Extra leaves of the answer count into the denominator unless <see cref="DataComparison.ExtraFields"/> is set, so listing everything does not pay.</remarks>
    public static double LeafShare(DataValue actual, DataValue expected, DataComparison comparison, ref Work work)
    {
        var (right, all) = Leaves(actual, expected, comparison, ref work);
        return (double)right / Math.Max(1, all);
    }

    private static void Compare(DataValue actual, DataValue expected, string path, DataComparison c, List<DataDifference> found, int most, ref Work work)
    {
        work.Charge(1);
        if (found.Count >= most)
        {
            return;
        }

        if (actual.Kind != expected.Kind)
        {
            found.Add(new DataDifference(path, "kind"));
        }
        else if (expected.Kind == DataKind.List)
        {
            Lists(actual, expected, path, c, found, most, ref work);
        }
        else if (expected.Kind == DataKind.Map)
        {
            foreach (var (name, value) in expected.Fields)
            {
                if (actual.Field(name) is { } own)
                {
                    Compare(own, value, $"{path}.{name}", c, found, most, ref work);
                }
                else if (found.Count < most)
                {
                    found.Add(new DataDifference($"{path}.{name}", "missing"));
                }
            }

            foreach (var name in c.ExtraFields ? [] : actual.Fields.Keys)
            {
                if (!expected.Fields.ContainsKey(name) && found.Count < most)
                {
                    found.Add(new DataDifference($"{path}.{name}", "extra"));
                }
            }
        }
        else if (!SameLeaf(actual, expected, c, ref work))
        {
            found.Add(new DataDifference(path, "value"));
        }
    }

    private static void Lists(DataValue actual, DataValue expected, string path, DataComparison c, List<DataDifference> found, int most, ref Work work)
    {
        if (actual.Items.Count != expected.Items.Count)
        {
            found.Add(new DataDifference(path, "length"));
            return;
        }

        var order = c.AnyOrder ? Pairing(actual, expected, c, ref work) : null;
        for (int i = 0; i < expected.Items.Count; i++)
        {
            Compare(actual.Items[order?[i] ?? i], expected.Items[i], $"{path}[{i}]", c, found, most, ref work);
        }
    }

    /// <summary>For each element of the reference the answer's element, so that as many leaves as possible agree.</summary>
    private static int[] Pairing(DataValue actual, DataValue expected, DataComparison c, ref Work work)
    {
        int rows = expected.Items.Count, columns = actual.Items.Count;
        Assignment.Charge(rows, columns, ref work);
        var gain = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                var (right, all) = Leaves(actual.Items[j], expected.Items[i], c, ref work);
                gain[i, j] = (double)right / Math.Max(1, all);
            }
        }

        return Assignment.Maximum(gain, ref work);
    }

    private static bool SameLeaf(DataValue actual, DataValue expected, DataComparison c, ref Work work)
    {
        work.Charge(expected.Text.Length);
        return expected.Kind switch
        {
            DataKind.Number => SameNumber(actual, expected, c.Tolerance),
            DataKind.Text => c.LooseText
                ? Meed.Rewards.Text.Words.TrimSpace(actual.Text).Equals(Meed.Rewards.Text.Words.TrimSpace(expected.Text), StringComparison.OrdinalIgnoreCase)
                : string.Equals(actual.Text, expected.Text, StringComparison.Ordinal),
            DataKind.Boolean => actual.Boolean == expected.Boolean,
            _ => true,
        };
    }

    internal static bool SameNumber(DataValue actual, DataValue expected, double tolerance)
    {
        if (actual.IsInteger && expected.IsInteger && tolerance == 0 && (actual.Text.Length > 15 || expected.Text.Length > 15))
        {
            return actual.Text.TrimStart('+') == expected.Text.TrimStart('+');
        }

        double a = actual.Number, b = expected.Number;
        return a == b || (double.IsFinite(a) && double.IsFinite(b) && Math.Abs(a - b) <= tolerance * Math.Max(Math.Abs(a), Math.Abs(b)));
    }

    private static (int Right, int All) Leaves(DataValue? actual, DataValue expected, DataComparison c, ref Work work)
    {
        work.Charge(1);
        if (actual is null || actual.Kind != expected.Kind)
        {
            return (0, Math.Max(Count(expected, ref work), actual is null || c.ExtraFields ? 1 : Count(actual, ref work)));
        }

        if (expected.Kind == DataKind.Map && expected.Fields.Count + actual.Fields.Count > 0)
        {
            int right = 0, all = 0;
            foreach (var (name, value) in expected.Fields)
            {
                var (r, a) = Leaves(actual.Field(name), value, c, ref work);
                right += r;
                all += a;
            }

            foreach (var (name, value) in actual.Fields)
            {
                all += c.ExtraFields || expected.Fields.ContainsKey(name) ? 0 : Count(value, ref work);
            }

            return (right, Math.Max(1, all));
        }

        if (expected.Kind == DataKind.List && expected.Items.Count + actual.Items.Count > 0)
        {
            var order = c.AnyOrder ? Pairing(actual, expected, c, ref work) : null;
            int right = 0, all = 0;
            for (int i = 0; i < expected.Items.Count; i++)
            {
                int j = order?[i] ?? i;
                var (r, a) = Leaves(j >= 0 && j < actual.Items.Count ? actual.Items[j] : null, expected.Items[i], c, ref work);
                right += r;
                all += a;
            }

            for (int j = 0; j < actual.Items.Count; j++)
            {
                bool used = order is null ? j < expected.Items.Count : order.Contains(j);
                all += used ? 0 : Count(actual.Items[j], ref work);
            }

            return (right, Math.Max(1, all));
        }

        return (SameLeaf(actual, expected, c, ref work) ? 1 : 0, 1);
    }

    private static int Count(DataValue value, ref Work work)
    {
        work.Charge(1);
        int count = 0;
        foreach (var item in value.Items) { count += Count(item, ref work); }
        foreach (var field in value.Fields.Values) { count += Count(field, ref work); }
        return Math.Max(1, count);
    }
}
