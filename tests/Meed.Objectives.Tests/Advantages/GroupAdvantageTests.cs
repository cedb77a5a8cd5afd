using Meed.Objectives.Advantages;
using Meed.Objectives.Shaping;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests.Advantages;

public class GroupAdvantageTests
{
    private static readonly System.Text.Json.JsonElement s_reference = Values.Root.GetProperty("advantages");

    private static readonly double[] s_rewards = s_reference.GetProperty("rewards").Doubles();
    private static readonly bool[] s_valid = s_reference.GetProperty("valid").Bools();
    private static readonly int[] s_offsets = s_reference.GetProperty("offsets").Ints();

    public static TheoryData<AdvantageKind> Kinds() => [.. Enum.GetValues<AdvantageKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compute_ReferenceBatch_EqualsPyTorch(AdvantageKind kind)
    {
        // The last rows: one that failed inside a group, a group of one, a group that failed as a whole.
        var advantages = GroupAdvantage.Compute(s_rewards, s_valid, s_offsets, kind, s_reference.GetProperty("alpha").GetDouble());

        Values.Near(s_reference.GetProperty(kind.ToString()).Doubles(), advantages);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compute_NaNInARowThatFailed_ChangesNothing(AdvantageKind kind)
    {
        var poisoned = s_rewards.Select((r, i) => s_valid[i] ? r : double.NaN).ToArray();

        Assert.Equal(GroupAdvantage.Compute(s_rewards, s_valid, s_offsets, kind), GroupAdvantage.Compute(poisoned, s_valid, s_offsets, kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compute_RowsOfAGroupInAnotherOrder_KeepTheirAdvantage(AdvantageKind kind)
    {
        double[] rewards = [1, 0, 0.5, 0, 1];
        bool[] all = [true, true, true, true, true];
        var forward = GroupAdvantage.Compute(rewards, all, [0, 5], kind);

        var backward = GroupAdvantage.Compute([.. rewards.Reverse()], all, [0, 5], kind);

        Assert.Equal(forward, backward.Reverse());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compute_EqualRewards_GiveNoSignal(AdvantageKind kind)
    {
        Assert.All(GroupAdvantage.Compute([1, 1, 1, 0, 0], [true, true, true, true, true], [0, 3, 5], kind), a => Assert.Equal(0, a));
    }

    [Fact]
    public void Compute_NaNInAValidRow_NamesTheRow()
    {
        var error = Assert.Throws<ArgumentException>(() => StandardisedAdvantage.Compute([0, double.NaN], [true, true], [0, 2]));

        Assert.Contains("row 1 is NaN", error.Message);
    }

    [Fact]
    public void Compute_OffsetsThatDoNotEndAtTheRows_IsAnError()
    {
        Assert.Throws<ArgumentException>(() => MeanAdvantage.Compute([0, 1], [true, true], [0, 1]));
        Assert.Throws<ArgumentException>(() => MeanAdvantage.Compute([0, 1], [true, true], [0, 2, 1, 2]));
        Assert.Throws<ArgumentException>(() => MeanAdvantage.Compute([0, 1], [true], [0, 2]));
    }

    [Fact]
    public void Asymmetric_WhileTheBatchSeldomSucceeds_FavoursEasyGroupsAndMutesCorrectAnswers()
    {
        // One group of 8 with 6 right among ten with none: m is small.
        double[] rewards = [.. Enumerable.Range(0, 88).Select(i => i < 6 ? 1.0 : 0.0)];
        int[] offsets = [.. Enumerable.Range(0, 12).Select(i => i * 8)];
        var valid = Enumerable.Repeat(true, 88).ToArray();

        var plain = StandardisedAdvantage.Compute(rewards, valid, offsets);
        var asymmetric = AsymmetricAdvantage.Compute(rewards, valid, offsets, alpha: 0.5);

        double m = 6 / 88.0, root = Math.Sqrt(0.75);
        double weight = ((1 - m) / (2 * (1 - root))) + (m / (2 * root));
        Assert.Equal(plain[7] * weight, asymmetric[7], 1e-4);
        Assert.Equal(plain[0] * weight * (m / 0.5), asymmetric[0], 1e-4);
    }

    [Fact]
    public void Asymmetric_RewardOutsideZeroToOne_NamesIt()
    {
        Assert.Contains("reward of row 0 is 2", Assert.Throws<ArgumentException>(() => AsymmetricAdvantage.Compute([2, 0], [true, true], [0, 2])).Message);
    }

    [Fact]
    public void ShareWithoutSignal_FlatAndFailedGroups_Count()
    {
        Assert.Equal(0.75, GroupAdvantage.ShareWithoutSignal([1, 1, 0, 1, 0, 1, 5, 0], [true, true, true, true, true, false, false, false], [0, 2, 4, 6, 8]));
    }

    [Fact]
    public void PreferenceAsReward_ReferenceBatch_EqualsPyTorch()
    {
        var reference = Values.Root.GetProperty("par");

        var (rewards, valid) = PreferenceAsReward.Compute(reference.GetProperty("raw").Doubles(), [true, true, true, true, true], reference.GetProperty("references").Doubles(), reference.GetProperty("referenceValid").Bools(), reference.GetProperty("offsets").Ints());

        Values.Near(reference.GetProperty("value").Doubles(), rewards);
        Assert.All(valid, Assert.True);
    }

    [Fact]
    public void PreferenceAsReward_NoReferenceLeft_FailsTheRow()
    {
        var (rewards, valid) = PreferenceAsReward.Compute([1, 2, 3], [true, true, false], [0.5, double.NaN], [true, false], [0, 1, 3]);

        Assert.Equal([true, false, false], valid);
        Assert.Equal(1 / (1 + Math.Exp(-0.5)), rewards[0], 1e-12);
    }

    [Fact]
    public void PreferenceAsReward_ShiftOfAnswersAndReferencesTogether_ChangesNothing()
    {
        var plain = PreferenceAsReward.Compute([1, 2], [true, true], [0.5, 4], [true, true], [0, 2]).Rewards;

        Assert.Equal(plain, PreferenceAsReward.Compute([65, 66], [true, true], [64.5, 68], [true, true], [0, 2]).Rewards);
    }
}
