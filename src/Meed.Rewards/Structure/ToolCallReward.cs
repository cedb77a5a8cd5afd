using System.Text.Json;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Structure;

/// <summary>Whether a response calls the right tools with the right arguments.</summary>
/// <remarks>
/// value = 1 when the calls made and the reference calls can be paired one to one, all right, none left over; otherwise 0, or with <see cref="ToolCallOptions.Part"/> the credit over the larger number of calls.
/// See <see cref="ToolCallMatch"/> for what right means and <see cref="ToolCall.Read(TextSample, ref Work)"/> for how calls are found. The reference is a list of calls (empty when none must be made), or the item's <c>ground_truth</c>.
/// <para>Components: <c>names</c>, 1 when the multiset of tool names is right; <c>credit</c>, the share; <c>calls</c>, how many were made.</para>
/// </remarks>
public sealed class ToolCallReward(ToolCallOptions options) : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("tool-call", "1", ["names", "credit", "calls"], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        var given = sample.Reference.ValueKind != JsonValueKind.Undefined ? sample.Reference
            : sample.Item.ValueKind == JsonValueKind.Object && sample.Item.TryGetProperty("ground_truth", out var truth) ? truth : default;
        var unlimited = new Work(long.MaxValue);
        var expected = DataValue.From(given) is { Kind: DataKind.List or DataKind.Map } data ? ToolCall.FromData(data, ref unlimited) : null;
        if (expected is null)
        {
            row.Fail(ScoreStatus.InvalidReference, "the reference is no list of calls: give name and arguments of each, or an empty list");
            return;
        }

        if (ToolCall.Read(sample, ref work) is not { } made)
        {
            row.Component(0, 0);
            row.Component(1, 0);
            row.Component(2, 0);
            row.Fault("unparsed");
            return;
        }

        var result = ToolCallMatch.Compare(made, expected, options.Values, options.ExtraArguments, ref work);
        bool names = made.Select(c => c.Name).Order(StringComparer.Ordinal).SequenceEqual(expected.Select(c => c.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        row.Component(0, names ? 1 : 0);
        row.Component(1, result.Share);
        row.Component(2, made.Count);
        row.Set(result.All ? 1 : options.Part ? result.Share : 0);
    }
}

/// <summary>How tool calls are compared.</summary>
public sealed record ToolCallOptions
{
    /// <summary>What the reference states for each argument: <c>exact</c> values, or lists of <c>allowed</c> ones as in BFCL.</summary>
    public ToolValues Values { get; init; } = ToolValues.Exact;

    /// <summary>Accept arguments that the reference does not name. Off: one unwanted argument makes a call wrong.</summary>
    public bool ExtraArguments { get; init; }

    /// <summary>Pay the share of right calls and arguments instead of all or nothing.</summary>
    public bool Part { get; init; }
}
