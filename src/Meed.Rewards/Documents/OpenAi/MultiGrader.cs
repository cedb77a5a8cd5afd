using Meed.Rewards.Combinators;

namespace Meed.Rewards.Documents.OpenAi;

/// <summary>OpenAI's <c>multi</c>: a formula over the values of named graders.</summary>
/// <remarks>
/// A row fails where one of its graders failed, and does not apply where one does not. Where the formula has no finite value (0/0, log of 0) the row scores the least the formula can give,
/// with reason <c>not_finite</c>; where that is not finite either, the row is a failure of the formula. The range follows from the graders' ranges.
/// <para>Source: OpenAI's guide to graders, multigraders.</para>
/// </remarks>
public sealed class MultiGrader : Combinator<TextSample>
{
    private readonly Formula _formula;

    /// <summary>A formula over rewards whose names are those of the formula, in its order.</summary>
    public MultiGrader(string name, IReadOnlyList<IReward<TextSample>> graders, Formula formula)
        : base(name, [.. (graders ?? throw new ArgumentNullException(nameof(graders))).Select(g => ($".graders.{g.Schema.Name}", (IReward<TextSample>)g))], Range(graders, formula).Low, Range(graders, formula).High)
        => _formula = formula;

    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TextSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        ArgumentNullException.ThrowIfNull(children);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(cause);
        Span<double> values = new double[children.Length];
        for (int row = 0; row < result.Count; row++)
        {
            int failed = -1;
            for (int c = 0; c < children.Length; c++)
            {
                values[c] = children[c].Values[row];
                bool worse = children[c].Status[row] != ScoreStatus.Ok && (failed < 0 || children[failed].Status[row] == ScoreStatus.NotApplicable);
                failed = worse ? c : failed;
            }

            if (failed >= 0)
            {
                result.Status[row] = children[failed].Status[row];
                cause[row] = failed;
                continue;
            }

            double value = _formula.Evaluate(values);
            result.Status[row] = ScoreStatus.Ok;
            if (double.IsFinite(value))
            {
                result.Values[row] = Math.Clamp(value, Schema.Minimum, Schema.Maximum);
            }
            else if (double.IsFinite(Schema.Minimum))
            {
                result.Values[row] = Schema.Minimum;
                result.Reasons[row] = "not_finite";
            }
            else
            {
                result.Status[row] = ScoreStatus.VerifierError;
                result.Reasons[row] = "the formula has no finite value";
            }
        }
    }

    private static (double Low, double High) Range(IReadOnlyList<IReward<TextSample>> graders, Formula formula)
    {
        ArgumentNullException.ThrowIfNull(formula);
        return formula.Range([.. graders.Select(g => (g.Schema.Minimum, g.Schema.Maximum))]);
    }
}
