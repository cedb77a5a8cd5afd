using System.Text.Json;
using Meed.Rewards;
using Meed.Rewards.Verifiers;

namespace Meed.Tasks.Countdown;

/// <summary>Settings of <see cref="CountdownVerifier"/>: it has none.</summary>
public sealed record CountdownVerifierOptions;

/// <summary>1 for an expression that uses every number of the puzzle once, only + − × and parentheses, and equals the target; 0 otherwise.</summary>
/// <remarks>
/// <para>Reference: <c>{"numbers": [3, 7, 9], "target": 30}</c>. The whole response is one expression; white space around it is skipped. Anything else in it, such as a second answer or <c>= 30</c>, leaves it unparsed. <c>03</c> and <c>3.0</c> are 3.</para>
/// <para>Components: <c>parsed</c> (it is an expression), <c>numbers</c> (it uses each number once), <c>correct</c>. Only <c>correct</c> pays: partial credit would pay for expressions that miss the target.</para>
/// <para>Reasons: <c>unparsed</c>, <c>wrong_numbers</c>, <c>wrong_value</c>.</para>
/// </remarks>
public sealed class CountdownVerifier : TextVerifier
{
    private const int MostNumbers = 16;

    private const ExpressionOperators Allowed = ExpressionOperators.Add | ExpressionOperators.Subtract | ExpressionOperators.Multiply;

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("countdown", "1", ["parsed", "numbers", "correct"], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        ArgumentNullException.ThrowIfNull(sample);
        Span<int> numbers = stackalloc int[MostNumbers];
        if (!TryRead(sample.Reference, numbers, out int count, out long target))
        {
            row.Fail(ScoreStatus.InvalidReference, "The reference of a countdown puzzle is {\"numbers\": [2 to 16 whole numbers], \"target\": whole number}.");
            return;
        }

        var verdict = CountdownCheck.Judge(sample.Response, numbers[..count], target, ref work, Allowed);
        row.Component(0, verdict == CountdownVerdict.Unparsed ? 0 : 1);
        row.Component(1, verdict is CountdownVerdict.Solved or CountdownVerdict.WrongValue ? 1 : 0);
        row.Component(2, verdict == CountdownVerdict.Solved ? 1 : 0);
        switch (verdict)
        {
            case CountdownVerdict.Solved:
                row.Set(1);
                break;
            case CountdownVerdict.WrongValue:
                row.Fault("wrong_value");
                break;
            case CountdownVerdict.WrongNumbers:
                row.Fault("wrong_numbers");
                break;
            default:
                row.Fault("unparsed");
                break;
        }
    }

    private static bool TryRead(JsonElement reference, Span<int> numbers, out int count, out long target)
    {
        count = 0;
        target = 0;
        if (reference.ValueKind != JsonValueKind.Object
            || !reference.TryGetProperty("target", out var goal) || goal.ValueKind != JsonValueKind.Number || !goal.TryGetInt64(out target)
            || !reference.TryGetProperty("numbers", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is < 2 or > MostNumbers)
        {
            return false;
        }

        foreach (var number in list.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out numbers[count++]))
            {
                return false;
            }
        }

        return true;
    }
}
