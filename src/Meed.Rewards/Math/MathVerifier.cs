using System.Text.Json;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.MathAnswers;

/// <summary>1 when the final answer of the response equals the reference by <see cref="MathEquivalence"/>, otherwise 0.</summary>
/// <remarks>
/// The reference is a string or a number; a reference that holds a whole solution (a box, or <c>####</c>) gives its final answer. The reason of a row is the rule that decided.
/// A response without a readable answer scores 0 with reason <c>unparsed</c>, one that needs too much work 0 with <c>over_budget</c>.
/// </remarks>
public sealed class MathVerifier : TextVerifier
{
    private static readonly RewardSchema s_schema = new("math", "1", [], 0, 1, RewardScope.Sample, true);

    private readonly MathOptions _options;

    /// <summary>A verifier with default options.</summary>
    public MathVerifier()
        : this(MathOptions.Default)
    {
    }

    /// <summary>A verifier with the given options.</summary>
    public MathVerifier(MathOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string problems = string.Join(" ", options.Problems());
        _options = problems.Length == 0 ? options : throw new ArgumentException(problems, nameof(options));
    }

    /// <inheritdoc/>
    public override RewardSchema Schema => s_schema;

    /// <summary>Judges the final answer of a response against a gold answer.</summary>
    /// <param name="gold">The right answer, or a solution that ends with it.</param>
    /// <param name="response">The response, as long as it is.</param>
    /// <param name="options">Tolerances and readings.</param>
    /// <param name="work">Charged for extraction and comparison, at most five million units together.</param>
    public static MathVerdict Judge(string gold, string response, MathOptions options, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Choices)
        {
            var (right, chosen) = (ChoiceAnswer.Find(gold, ref work), ChoiceAnswer.Find(response, ref work));
            return right is null ? new MathVerdict(MathOutcome.InvalidReference, "no-choice")
                : chosen is null ? new MathVerdict(MathOutcome.Unparsed, "unparsed")
                : new MathVerdict(right == chosen ? MathOutcome.Equal : MathOutcome.Different, "choice");
        }

        string reference = gold.Length < 64 && !gold.Contains('\\') ? gold : AnswerExtraction.FindGold(gold, ref work);
        return AnswerExtraction.Find(response, ref work) is { } answer
            ? MathEquivalence.Compare(reference, answer, options, ref work)
            : new MathVerdict(string.IsNullOrWhiteSpace(reference) ? MathOutcome.InvalidReference : MathOutcome.Unparsed, "unparsed");
    }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        string? gold = sample.Reference.ValueKind switch
        {
            JsonValueKind.String => sample.Reference.GetString(),
            JsonValueKind.Number => sample.Reference.GetRawText(),
            _ => null,
        };
        if (string.IsNullOrWhiteSpace(gold))
        {
            row.Fail(ScoreStatus.InvalidReference, "no-reference");
            return;
        }

        var verdict = Judge(gold, sample.Response, _options, ref work);
        switch (verdict.Outcome)
        {
            case MathOutcome.InvalidReference:
                row.Fail(ScoreStatus.InvalidReference, verdict.Rule);
                break;
            case MathOutcome.Unparsed or MathOutcome.OverBudget:
                row.Fault(verdict.Rule);
                break;
            default:
                row.Set(verdict.IsEqual ? 1 : 0, verdict.Rule);
                break;
        }
    }
}
