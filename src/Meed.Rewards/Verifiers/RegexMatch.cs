using System.Text.RegularExpressions;

namespace Meed.Rewards.Verifiers;

/// <summary>Options of <c>regex</c>.</summary>
public sealed record RegexMatchOptions
{
    /// <summary>Longest pattern.</summary>
    public const int LongestPattern = 2000;

    /// <summary>The pattern, in .NET's syntax without look-around, back-references and atomic groups.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>True when capital and small letters are the same.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>True when ^ and $ also match at line ends.</summary>
    public bool Multiline { get; init; }

    /// <summary>True when a point also matches a line end.</summary>
    public bool Singleline { get; init; }

    /// <summary>True pays where the pattern does not match.</summary>
    public bool Invert { get; init; }

    /// <summary>True asks, besides, that the first group of the first match equals the reference, ends trimmed.</summary>
    public bool CompareGroup { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Pattern.Length is 0 or > LongestPattern)
        {
            yield return $"Pattern has {Pattern.Length} characters; write 1 to {LongestPattern}.";
            yield break;
        }

        Regex? regex = null;
        string? problem = null;
        try
        {
            regex = Make();
        }
        catch (NotSupportedException)
        {
            problem = $"Pattern '{Pattern}' cannot be matched in linear time; write it without look-around, back-references, atomic groups and conditions, and with small counts.";
        }
        catch (ArgumentException e)
        {
            problem = $"Pattern '{Pattern}' is not a regular expression: {e.Message}";
        }

        if (problem is not null)
        {
            yield return problem;
        }

        if (CompareGroup && Invert)
        {
            yield return "CompareGroup and invert are both true; a pattern that does not match has no group.";
        }

        if (CompareGroup && regex is not null && regex.GetGroupNumbers().Length < 2)
        {
            yield return $"CompareGroup is true, but the pattern '{Pattern}' has no group; put parentheses around what is compared.";
        }
    }

    internal Regex Make() => new(Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
        | (IgnoreCase ? RegexOptions.IgnoreCase : 0) | (Multiline ? RegexOptions.Multiline : 0) | (Singleline ? RegexOptions.Singleline : 0));
}

/// <summary>1 when a regular expression matches the response, else 0. Linear time in the response, whatever the pattern.</summary>
/// <remarks>Reason <c>no_match</c> when the pattern does not match (<c>match</c> when inverted), <c>other_group</c> when the group differs. One work unit a character.</remarks>
public sealed class RegexMatch(RegexMatchOptions options) : TextVerifier
{
    private readonly Regex _regex = options.Make();

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("regex", "1", [], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        work.Charge(sample.Response.Length);
        if (!options.CompareGroup)
        {
            bool matches = _regex.IsMatch(sample.Response);
            row.Set(matches != options.Invert ? 1 : 0, matches == options.Invert ? matches ? "match" : "no_match" : null);
            return;
        }

        if (sample.ReferenceText is not { } reference)
        {
            row.Fail(ScoreStatus.InvalidReference, "no_reference");
            return;
        }

        var match = _regex.Match(sample.Response);
        if (!match.Success || !match.Groups[1].Success)
        {
            row.Fault("no_match");
            return;
        }

        bool same = match.Groups[1].ValueSpan.Trim().SequenceEqual(reference.AsSpan().Trim());
        row.Set(same ? 1 : 0, same ? null : "other_group");
    }
}
