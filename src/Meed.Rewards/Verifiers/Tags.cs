namespace Meed.Rewards.Verifiers;

/// <summary>Options of <c>tags</c>.</summary>
public sealed record TagsOptions
{
    /// <summary>The tags, in the order they have to come.</summary>
    public IReadOnlyList<string> Names { get; init; } = ["think", "answer"];

    /// <summary>True when text may stand outside the tags.</summary>
    public bool Outside { get; init; }

    /// <summary>True when a tag may hold nothing but white space.</summary>
    public bool Empty { get; init; }

    /// <summary>True when the prompt ends with the first opening tag, so that the response begins inside it.</summary>
    public bool Prefilled { get; init; }

    /// <summary>True pays the share of tags that are there exactly once, instead of all or nothing.</summary>
    public bool Partial { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Names.Count == 0 || Names.Distinct().Count() != Names.Count || Names.Any(n => n.Length is 0 or > 64 || !n.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            yield return $"Names is [{string.Join(", ", Names)}]; write at least one name, each once, of letters, digits, - and _.";
        }
    }
}

/// <summary>1 when the response is <c>&lt;think&gt;...&lt;/think&gt; &lt;answer&gt;...&lt;/answer&gt;</c>: every tag once, in order, with content, and nothing outside; else 0.</summary>
/// <remarks>
/// Components: one for each tag, 1 when it opens once and closes once behind that. Reasons: <c>missing_think</c>, <c>repeated_think</c>,
/// <c>order</c>, <c>empty_think</c>, <c>outside</c>; the first that holds. One work unit for each character and tag.
/// </remarks>
public sealed class Tags : TextVerifier
{
    private readonly TagsOptions _options;
    private readonly (string Open, string Close)[] _tags;
    private readonly (string Missing, string Repeated, string Empty)[] _reasons;

    /// <summary>A verifier.</summary>
    public Tags(TagsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _tags = [.. options.Names.Select(n => ($"<{n}>", $"</{n}>"))];
        _reasons = [.. options.Names.Select(n => ($"missing_{n}", $"repeated_{n}", $"empty_{n}"))];
        Schema = new RewardSchema("tags", "1", [.. options.Names], 0, 1, RewardScope.Sample, true);
    }

    /// <inheritdoc/>
    public override RewardSchema Schema { get; }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        work.Charge((long)sample.Response.Length * _tags.Length);
        var text = sample.Response.AsSpan();
        string? reason = null;
        int right = 0, last = 0;
        bool ordered = true, outside = false, empty = false;
        for (int t = 0; t < _tags.Length; t++)
        {
            var (open, close) = _tags[t];
            bool implied = t == 0 && _options.Prefilled;
            int start = implied ? 0 : text.IndexOf(open), end = text.IndexOf(close);
            int content = implied ? 0 : start + open.Length;
            bool there = start >= 0 && end >= content;
            bool repeated = there && (text[content..].IndexOf(open) >= 0 || text[(end + close.Length)..].IndexOf(close) >= 0);
            row.Component(t, there && !repeated ? 1 : 0);
            right += there && !repeated ? 1 : 0;
            reason ??= !there ? _reasons[t].Missing : repeated ? _reasons[t].Repeated : null;
            if (there && !repeated)
            {
                ordered &= start >= last;
                outside |= start > last && !text[last..start].IsWhiteSpace();
                if (text[content..end].IsWhiteSpace())
                {
                    empty = true;
                    reason ??= _options.Empty ? null : _reasons[t].Empty;
                }

                last = Math.Max(last, end + close.Length);
            }
        }

        outside |= !text[last..].IsWhiteSpace();
        reason ??= !ordered ? "order" : outside && !_options.Outside ? "outside" : null;
        bool all = right == _tags.Length && ordered && (_options.Outside || !outside) && (_options.Empty || !empty);
        row.Set(all ? 1 : _options.Partial && reason is not ("order" or "outside") ? (double)Math.Min(right, _tags.Length - (empty && !_options.Empty ? 1 : 0)) / _tags.Length : 0, reason);
    }
}
