using System.Globalization;
using System.Text.Json;
using Meed.Rewards.Text;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Structure;

/// <summary>Answers with several named parts, each with its own credit.</summary>
public static class StructuredAnswer
{
    private const int MostParts = 256;

    /// <summary>
    /// The parts of an answer: the fields of its JSON object, or lines such as <c>(a) 12</c>, <c>b: Paris</c>, <c>2) x</c>. A name given twice with different values counts as not given.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Parts(string response, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(response);
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (DataAnswer.Find(response, whole: false, ref work) is { Kind: DataKind.Map } map)
        {
            foreach (var (name, value) in map.Fields.Take(MostParts)) { parts[name] = value.Kind == DataKind.Text ? value.Text : value.ToString(); }
            return parts;
        }

        var twice = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in response.Split('\n'))
        {
            if (Line(line.Trim()) is not var (name, value) || parts.Count >= MostParts)
            {
                continue;
            }

            if (parts.TryGetValue(name, out var before) && !Same(before, value, 0))
            {
                twice.Add(name);
            }

            parts[name] = value;
        }

        foreach (var name in twice) { parts.Remove(name); }
        return parts;
    }

    /// <summary>Two answers are the same: equal numbers (within the relative tolerance), or equal texts without case, outer white space and a final full stop.</summary>
    public static bool Same(string actual, string expected, double tolerance)
    {
        string a = Plain(actual), b = Plain(expected);
        if (Number(a) is { } x && Number(b) is { } y)
        {
            return x == y || Math.Abs(x - y) <= tolerance * Math.Max(Math.Abs(x), Math.Abs(y));
        }

        return a.Length > 0 && a.Equals(b, StringComparison.OrdinalIgnoreCase);
    }

    private static string Plain(string text)
    {
        var plain = Words.TrimSpace(text).Trim('$', '*', '`', '"', ' ');
        return plain.EndsWith('.') ? plain[..^1].TrimEnd() : plain;
    }

    private static double? Number(string text)
    {
        var digits = text.Replace(",", "", StringComparison.Ordinal);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
    }

    private static (string Name, string Value)? Line(string line)
    {
        int start = line.StartsWith('(') ? 1 : 0;
        int end = start;
        while (end < line.Length && end - start <= 40 && (char.IsLetterOrDigit(line[end]) || line[end] is '_' or ' ' or '-')) { end++; }
        bool mark = end > start && end < line.Length && (line[end] is ')' || (start == 0 && line[end] is ':' or '='));
        if (!mark)
        {
            return null;
        }

        var value = line[(end + 1)..].TrimStart(':', '=', ' ');
        return value.Length == 0 ? null : (line[start..end].Trim(), value);
    }
}

/// <summary>Share of the parts of an answer that are right.</summary>
/// <remarks>
/// value = Σ w_p·right_p / Σ w_p over the parts of the reference (an object; weights 1 unless the item's <c>weights</c> say otherwise); parts the reference does not name cost nothing but earn nothing.
/// With <see cref="StructuredAnswerOptions.All"/> 1 only when all are right. Components: <c>right</c> and <c>given</c>, shares of parts that are right and that are there.
/// </remarks>
public sealed class StructuredAnswerReward(StructuredAnswerOptions options) : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("structured-answer", "1", ["right", "given"], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        if (DataValue.From(sample.Reference) is not { Kind: DataKind.Map, Fields.Count: > 0 } expected)
        {
            row.Fail(ScoreStatus.InvalidReference, "the reference is no object of parts and their answers");
            return;
        }

        var weights = sample.Item.ValueKind == JsonValueKind.Object && sample.Item.TryGetProperty("weights", out var w) ? DataValue.From(w) : null;
        var parts = StructuredAnswer.Parts(sample.Response, ref work);
        double sum = 0, total = 0;
        int right = 0, given = 0;
        foreach (var (name, value) in expected.Fields)
        {
            double weight = weights?.Field(name)?.Number ?? 1;
            var own = parts.GetValueOrDefault(name);
            work.Charge((own?.Length ?? 0) + 1L);
            bool same = own is not null && StructuredAnswer.Same(own, value.Kind == DataKind.Text ? value.Text : value.ToString(), options.Tolerance);
            total += weight;
            sum += same ? weight : 0;
            right += same ? 1 : 0;
            given += own is null ? 0 : 1;
        }

        if (!(total > 0) || !double.IsFinite(total))
        {
            row.Fail(ScoreStatus.InvalidReference, "the weights of the parts have no positive sum");
            return;
        }

        row.Component(0, (double)right / expected.Fields.Count);
        row.Component(1, (double)given / expected.Fields.Count);
        row.Set(options.All ? (right == expected.Fields.Count ? 1 : 0) : Math.Clamp(sum / total, 0, 1), parts.Count == 0 ? "unparsed" : null);
    }
}

/// <summary>Options of <see cref="StructuredAnswerReward"/>.</summary>
public sealed record StructuredAnswerOptions
{
    /// <summary>Relative difference up to which numbers count as equal.</summary>
    public double Tolerance { get; init; }

    /// <summary>Pay 1 only when every part is right.</summary>
    public bool All { get; init; }
}
