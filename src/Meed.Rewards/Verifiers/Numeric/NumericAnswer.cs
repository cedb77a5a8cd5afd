namespace Meed.Rewards.Verifiers;

/// <summary>Where a numeric answer may stand. The first rule of the list whose mark is there decides.</summary>
public enum NumericRule : byte
{
    /// <summary>The last <c>\boxed{...}</c>; its content is one number, perhaps with a unit.</summary>
    Boxed,

    /// <summary>The line behind the last <c>####</c>; one number, perhaps with a unit.</summary>
    Hash,

    /// <summary>The line behind the last "answer is", "answer:" or line "A:"; one number, or the first number of the line, or the last behind an equals sign.</summary>
    Answer,

    /// <summary>The last number of the text.</summary>
    LastNumber,
}

/// <summary>What a percent sign means when only one side has it.</summary>
public enum PercentRule : byte
{
    /// <summary>50 % equals 50 and equals 0.5.</summary>
    Either,

    /// <summary>50 % equals 50.</summary>
    Ignore,

    /// <summary>50 % equals 0.5.</summary>
    Hundredth,
}

/// <summary>Options of <c>numeric-answer</c>.</summary>
public sealed record NumericAnswerOptions
{
    /// <summary>Where the answer may stand, first rule first.</summary>
    public IReadOnlyList<NumericRule> Rules { get; init; } = [NumericRule.Boxed, NumericRule.Hash, NumericRule.Answer, NumericRule.LastNumber];

    /// <summary>Largest difference from the reference; 0 asks for equality, which is exact.</summary>
    public double Absolute { get; init; }

    /// <summary>Largest difference as a share of the reference.</summary>
    public double Relative { get; init; }

    /// <summary>What a percent sign means when only one side has it.</summary>
    public PercentRule Percent { get; init; } = PercentRule.Either;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Rules.Count == 0 || Rules.Distinct().Count() != Rules.Count)
        {
            yield return $"Rules is [{string.Join(", ", Rules)}]; name each rule at most once, and at least one.";
        }

        if (!(Absolute >= 0) || !double.IsFinite(Absolute))
        {
            yield return $"Absolute is {Absolute}; write 0 or more.";
        }

        if (!(Relative >= 0) || !double.IsFinite(Relative))
        {
            yield return $"Relative is {Relative}; write 0 or more.";
        }
    }
}

/// <summary>1 when the number that the response states equals the reference, else 0. Compared as exact fractions.</summary>
/// <remarks>
/// The reference is a number, or a solution that marks its answer by a box, <c>####</c> or "answer is" (a GSM8K solution works as it is).
/// The reason is the rule that decided (<c>boxed</c>, <c>hash</c>, <c>answer</c>, <c>last_number</c>), <c>unparsed</c>, or <c>truncated</c> when
/// there was no number because generation hit its limit. A box or hash without a single number is unparsed: no later rule is asked,
/// so a response cannot hedge. Only plain numbers are compared: <c>4t</c>, <c>7\pi</c> and <c>(3, 4)</c> are unparsed. One work unit a character.
/// </remarks>
public sealed class NumericAnswer(NumericAnswerOptions options) : TextVerifier
{
    private static readonly Rational s_hundred = new(100);
    private static readonly NumericRule[] s_marked = [NumericRule.Boxed, NumericRule.Hash, NumericRule.Answer];
    private readonly NumericRule[] _rules = [.. options.Rules];

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("numeric-answer", "1", [], 0, 1, RewardScope.Sample, true);

    /// <summary>Finds the number that a text states.</summary>
    /// <param name="text">The text.</param>
    /// <param name="rules">Where it may stand, first rule first.</param>
    /// <param name="value">The number; a percent sign is not divided out.</param>
    /// <param name="percent">True when it has a percent sign.</param>
    /// <param name="rule">The rule that decided.</param>
    public static bool TryExtract(ReadOnlySpan<char> text, ReadOnlySpan<NumericRule> rules, out Rational value, out bool percent, out NumericRule rule)
    {
        foreach (var candidate in rules)
        {
            rule = candidate;
            switch (candidate)
            {
                case NumericRule.Boxed when AnswerText.TryBoxed(text, out var boxed):
                    return NumberText.TryReadWhole(boxed, out value, out percent);
                case NumericRule.Hash when AnswerText.TryHash(text, out var hash):
                    return NumberText.TryReadWhole(hash, out value, out percent);
                case NumericRule.Answer when AnswerText.TryPhrase(text, out var line) && TryLine(line, out value, out percent):
                    return true;
                case NumericRule.LastNumber when NumberText.TryReadLast(text, out value, out percent):
                    return true;
            }
        }

        rule = default;
        value = default;
        percent = false;
        return false;
    }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        work.Charge(sample.Response.Length);
        if (sample.ReferenceText is not { } reference)
        {
            row.Fail(ScoreStatus.InvalidReference, "no_reference");
            return;
        }

        work.Charge(reference.Length);
        if (!NumberText.TryReadWhole(reference, out var gold, out bool goldPercent) && !TryExtract(reference, s_marked, out gold, out goldPercent, out _))
        {
            row.Fail(ScoreStatus.InvalidReference, "reference_not_a_number");
            return;
        }

        if (!TryExtract(sample.Response, _rules, out var value, out bool percent, out var rule))
        {
            row.Fault(sample.Truncated ? "truncated" : "unparsed");
            return;
        }

        row.Set(Equal(value, percent, gold, goldPercent) ? 1 : 0, rule switch
        {
            NumericRule.Boxed => "boxed",
            NumericRule.Hash => "hash",
            NumericRule.Answer => "answer",
            _ => "last_number",
        });
    }

    private bool Equal(Rational value, bool percent, Rational gold, bool goldPercent)
    {
        if (percent == goldPercent)
        {
            return Close(value, gold);
        }

        bool plain = options.Percent != PercentRule.Hundredth && Close(value, gold);
        return plain || (options.Percent != PercentRule.Ignore && Hundredth(value, percent, gold));
    }

    private bool Hundredth(Rational value, bool percent, Rational gold)
    {
        try
        {
            return percent ? Close(value / s_hundred, gold) : Close(value, gold / s_hundred);
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private bool Close(Rational value, Rational gold)
    {
        if (value == gold)
        {
            return true;
        }

        if (options.Absolute == 0 && options.Relative == 0)
        {
            return false;
        }

        double g = gold.ToDouble();
        return Math.Abs(value.ToDouble() - g) <= Math.Max(options.Absolute, options.Relative * Math.Abs(g));
    }

    // "the answer is 5 + 3 = 8 apples": behind the last equals sign; "the answer is 18 dollars a day": the first number.
    private static bool TryLine(ReadOnlySpan<char> line, out Rational value, out bool percent)
    {
        if (NumberText.TryReadWhole(line, out value, out percent))
        {
            return true;
        }

        int equals = line.LastIndexOf('=');
        line = equals >= 0 ? line[(equals + 1)..] : line;
        for (int i = line.IndexOfAnyInRange('0', '9'); i >= 0 && i < line.Length;)
        {
            int start = i > 0 && line[i - 1] is '-' or '−' or '.' ? i - 1 : i;
            if (NumberText.TryRead(line, start, out _, out value, out percent))
            {
                return true;
            }

            i = NumberText.SkipDigits(line, i);
        }

        return false;
    }
}
