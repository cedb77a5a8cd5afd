namespace Meed.Rewards.MathAnswers;

/// <summary>Decides whether two mathematical answers are the same, and by which rule.</summary>
/// <remarks>
/// Both answers are read from LaTeX or plain text into typed trees (expression, quantity, list, set, tuple, interval, matrix, equation, inequality, ratio, text, ...), which are compared
/// kind by kind: exact rationals, normal forms over radicals, pi, e, i, names and functions, and only last values at seeded points. The roles differ: the gold answer is trusted,
/// the prediction is not, so that a prediction which does not read as an answer is <see cref="MathOutcome.Unparsed"/> while such a gold answer is compared as text.
/// <para>Kinds are equal across each other only so: name = value and value; f(x) = e and e; interval and inequality in one variable; bare comma list and set (against a tuple, in order);
/// plus-minus list and list; degrees and a number where the gold answer has no other unit; percent and fraction by option. An equation never equals its right side, a part never the whole.</para>
/// <para>At most 5,000,000 work units for any two strings.</para>
/// </remarks>
public static class MathEquivalence
{
    /// <summary>Units one comparison may use, whatever its limit; with extraction on both sides a verdict stays below five million.</summary>
    public const long MaxWork = 2_500_000;

    /// <summary>Compares two answers, without extraction from longer texts.</summary>
    /// <param name="gold">The right answer.</param>
    /// <param name="prediction">The answer to judge.</param>
    /// <param name="options">Tolerances and readings.</param>
    /// <param name="work">Charged for what is done.</param>
    public static MathVerdict Compare(string gold, string prediction, MathOptions options, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(options);
        var g = gold.AsSpan().Trim();
        var p = prediction.AsSpan().Trim();
        g = Strip(g);
        p = Strip(p);
        work.Charge(8);
        if (g.Length == 0)
        {
            return new MathVerdict(MathOutcome.InvalidReference, "no-reference");
        }

        if (Numbers.TryPlain(g, out var gv, out _) && Numbers.TryPlain(p, out var pv, out _))
        {
            work.Charge(g.Length + p.Length);
            if (gv == pv)
            {
                return new MathVerdict(MathOutcome.Equal, "exact");
            }

            if (options.RelativeTolerance <= 0 && options.AbsoluteTolerance <= 0 && options.Decimals < 0)
            {
                return new MathVerdict(MathOutcome.Different, "exact");
            }
        }

        if (p.Length == 0 || p.Length > Lexer.MaxLength)
        {
            return new MathVerdict(MathOutcome.Unparsed, "unparsed");
        }

        var meter = new Meter(Math.Max(1, Math.Min(MaxWork, work.Limit - work.Used)));
        MathVerdict verdict;
        try
        {
            verdict = Compare(g.ToString(), p.ToString(), options, meter);
        }
        catch (WorkExceededException)
        {
            verdict = new MathVerdict(MathOutcome.OverBudget, "over_budget");
        }

        work.Charge(meter.Used);
        return verdict;
    }

    /// <summary>Takes off one pair of dollar signs and a final full stop.</summary>
    private static ReadOnlySpan<char> Strip(ReadOnlySpan<char> s)
    {
        if (s.Length > 2 && s[0] == '$' && s[^1] == '$' && s[1] != '$' && s[1..^1].IndexOf('$') < 0)
        {
            s = s[1..^1].Trim();
        }

        return s.Length > 1 && s[^1] == '.' && s[^2] != '.' ? s[..^1].TrimEnd() : s;
    }

    private static MathVerdict Compare(string gold, string prediction, MathOptions options, Meter meter)
    {
        meter.Charge(gold.Length + prediction.Length);
        if (gold == prediction || (gold.Length <= Lexer.MaxLength && TextForm.Tight(gold) == TextForm.Tight(prediction)))
        {
            return new MathVerdict(MathOutcome.Equal, "same-text");
        }

        (gold, prediction) = (Undollar(gold), Undollar(prediction));
        var g = AnswerParser.Parse(gold, true, meter, out bool goldComma);
        if (g is null)
        {
            return Texts(gold, prediction, meter);
        }

        var p = AnswerParser.Parse(prediction, true, meter, out bool predictionComma);
        if (p is null)
        {
            return g.Kind == NodeKind.Text ? Texts(gold, prediction, meter) : new MathVerdict(MathOutcome.Unparsed, "unparsed");
        }

        var comparer = new Comparer(options, meter);
        if (comparer.Run(g, p))
        {
            return new MathVerdict(MathOutcome.Equal, comparer.Rule);
        }

        string rule = comparer.Rule;
        if (g.Kind == NodeKind.Text)
        {
            return Texts(gold, prediction, meter);
        }

        // "100,200" may be a list: both readings of a bare comma are tried.
        if ((goldComma || predictionComma) && Readings(gold, prediction, g, p, goldComma, predictionComma, options, meter) is { } other)
        {
            return new MathVerdict(MathOutcome.Equal, other);
        }

        return Numbers.DecimalComma(gold.AsSpan().Trim(), prediction.AsSpan().Trim())
            ? new MathVerdict(MathOutcome.Equal, "decimal-comma")
            : new MathVerdict(MathOutcome.Different, rule);
    }

    private static string? Readings(string gold, string prediction, Node g, Node p, bool goldComma, bool predictionComma, MathOptions options, Meter meter)
    {
        var g2 = goldComma ? AnswerParser.Parse(gold, false, meter, out _) : null;
        var p2 = predictionComma ? AnswerParser.Parse(prediction, false, meter, out _) : null;
        foreach (var (a, b) in (ReadOnlySpan<(Node?, Node?)>)[(g2, p), (g, p2), (g2, p2)])
        {
            if (a is not null && b is not null)
            {
                var comparer = new Comparer(options, meter);
                if (comparer.Run(a, b))
                {
                    return comparer.Rule;
                }
            }
        }

        return null;
    }

    private static string Undollar(string s)
    {
        if (!s.Contains('$'))
        {
            return s;
        }

        var b = new System.Text.StringBuilder(s.Length);
        for (int i = 0; i < s.Length; i++)
        {
            b.Append(s[i] == '$' && (i == 0 || s[i - 1] != '\\') ? ' ' : s[i]);
        }

        return b.ToString();
    }

    /// <summary>Answers that are words, or a gold answer that does not parse.</summary>
    private static MathVerdict Texts(string gold, string prediction, Meter meter)
    {
        if (gold.Length > Lexer.MaxLength)
        {
            return new MathVerdict(MathOutcome.Different, "text");
        }

        meter.Charge(2 * (gold.Length + prediction.Length));
        string a = TextForm.Loose(gold), b = TextForm.Loose(prediction);
        return a.Length == 0 ? new MathVerdict(MathOutcome.InvalidReference, "no-reference")
            : new MathVerdict(a == b ? MathOutcome.Equal : MathOutcome.Different, "text");
    }
}
