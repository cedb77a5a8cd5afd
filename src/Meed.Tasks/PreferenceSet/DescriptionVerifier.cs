using Meed.Rewards;
using Meed.Rewards.Verifiers;

namespace Meed.Tasks.PreferenceSet;

/// <summary>The gold reward of the preference set: right facts about the thing that was asked for, minus wrong ones.</summary>
/// <remarks>
/// A fact is a value right before a thing, as in "the red lamp"; a fact about another thing is wrong, one that is said twice counts once. Between −6 and 6.
/// <para>Components: <c>right</c>, <c>wrong</c>. Reason: <c>no_facts</c>, at the minimum.</para>
/// </remarks>
public sealed class DescriptionVerifier : TextVerifier
{
    private readonly DescribedThings _world;

    internal DescriptionVerifier(DescribedThings world) => _world = world;

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("preference-set", "1", ["right", "wrong"], -DescribedThings.Slots, DescribedThings.Slots, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        ArgumentNullException.ThrowIfNull(sample);
        int thing = _world.AskedFor(sample.Prompt.Count > 0 ? sample.Prompt[^1].Content : "");
        if (thing < 0)
        {
            row.Fail(ScoreStatus.InvalidReference, "The prompt is none of this world's, such as 'Describe the lamp in the kitchen to Ann.'");
            return;
        }

        work.Charge(sample.Response.Length);
        var (right, wrong) = _world.Facts(sample.Response, thing);
        row.Component(0, right);
        row.Component(1, wrong);
        if (right + wrong == 0)
        {
            row.Fault("no_facts");
        }
        else
        {
            row.Set(Math.Max(right - wrong, -DescribedThings.Slots));
        }
    }
}
