using Meed.Objectives.Advantages;
using Meed.Objectives.Shaping;

namespace Meed.Objectives.Tests.Advantages;

/// <summary>The smallest groups, empty groups, the last group and every wrong argument.</summary>
public class GroupEdgeTests
{
    private static readonly bool[] s_three = [true, true, true];

    // By hand, rewards 1 and 0: mean 0.5, deviation √(0.25 + 0.25) = 0.70710678; leave-one-out is the reward minus the other one.
    [Theory]
    [InlineData(AdvantageKind.Standardised, 0.70710578f)]
    [InlineData(AdvantageKind.Mean, 0.5f)]
    [InlineData(AdvantageKind.LeaveOneOut, 1f)]
    public void Compute_GroupOfTwoAtTheEnd_HasASignal(AdvantageKind kind, float expected)
    {
        var advantages = GroupAdvantage.Compute([7, 1, 0], s_three, [0, 1, 3], kind);

        Assert.Equal(0, advantages[0]);
        Assert.Equal(expected, advantages[1], 1e-6f);
        Assert.Equal(-expected, advantages[2], 1e-6f);
    }

    [Fact]
    public void Asymmetric_GroupOfTwoAtTheEnd_IsWeightedByItsOwnRate()
    {
        // By hand: m = 0.75, so nothing is muted at α = 0.5; the last group has ρ = √0.5:
        // weight = 0.25 / (2·(1 − 0.70710678)) + 0.75 / (2·0.70710678) = 0.4267767 + 0.5303301; times 0.70710578.
        var advantages = AsymmetricAdvantage.Compute([1, 1, 1, 0], [true, true, true, true], [0, 2, 4]);

        Assert.Equal([0f, 0f], advantages[..2]);
        Assert.Equal(0.6767759f, advantages[2], 1e-5f);
        Assert.Equal(-0.6767759f, advantages[3], 1e-5f);
    }

    [Fact]
    public void Asymmetric_EverySuccessRowIsMuted_AlsoWhereItsAdvantageIsBelowOne()
    {
        // Three right of four: standardised 0.5 and -1.5 (deviation 0.5, without ε); m = 0.75 and α = 1 mute by 0.75.
        var advantages = AsymmetricAdvantage.Compute([1, 1, 1, 0], [true, true, true, true], [0, 4], alpha: 1);
        double root = Math.Sqrt(0.75), weight = (0.25 / (2 * (1 - root))) + (0.75 / (2 * root));

        Assert.Equal(0.5 * weight * 0.75, advantages[0], 1e-4);
        Assert.Equal(-1.5 * weight, advantages[3], 1e-4);
    }

    [Fact]
    public void Asymmetric_FailedRowOutsideZeroToOne_DoesNotMatterButAValidOneDoes()
    {
        Assert.Equal([0f, 0f], AsymmetricAdvantage.Compute([5, 1], [false, true], [0, 2]));
        Assert.Contains("row 1 is -0.5", Assert.Throws<ArgumentException>(() => AsymmetricAdvantage.Compute([1, -0.5], [true, true], [0, 2])).Message);
    }

    public static TheoryData<AdvantageKind> Kinds() => [.. Enum.GetValues<AdvantageKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compute_NoRowsEmptyGroupsAndFailedGroups_GiveZeros(AdvantageKind kind)
    {
        Assert.Empty(GroupAdvantage.Compute([], [], [0], kind));
        Assert.Equal([0f, 0f, 0f], GroupAdvantage.Compute([1, 0, 1], [false, false, false], [0, 0, 3, 3], kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compute_OffsetsThatAreNotARisingListFromZero_SayHowTheyAreWrong(AdvantageKind kind)
    {
        Assert.Contains("3 rewards and 2 valid flags", Message(() => GroupAdvantage.Compute([0, 1, 1], [true, true], [0, 3], kind)));
        Assert.Contains("run from 0 to 3", Message(() => GroupAdvantage.Compute([0, 1, 1], s_three, [], kind)));
        Assert.Contains("they are 1, 3", Message(() => GroupAdvantage.Compute([0, 1, 1], s_three, [1, 3], kind)));
        Assert.Contains("they are 0, 2", Message(() => GroupAdvantage.Compute([0, 1, 1], s_three, [0, 2], kind)));
        Assert.Contains("fall from 0 to -1 at index 1", Message(() => GroupAdvantage.Compute([0, 1, 1], s_three, [0, -1, 3], kind)));
        Assert.Contains("fall from 2 to 1 at index 2", Message(() => GroupAdvantage.Compute([0, 1, 1], s_three, [0, 2, 1, 3], kind)));
        Assert.Contains("row 0 is ∞", Message(() => GroupAdvantage.Compute([double.PositiveInfinity, 1, 1], s_three, [0, 3], kind)).Replace("Infinity", "∞", StringComparison.Ordinal));
    }

    [Fact]
    public void Compute_UnknownKind_ListsTheKnownOnes() =>
        Assert.Contains("Known kinds", Assert.Throws<ArgumentOutOfRangeException>(() => GroupAdvantage.Compute([], [], [0], (AdvantageKind)9)).Message);

    [Fact]
    public void ShareWithoutSignal_NoneOneOrTwoGroups_IsAShareOfTheGroups()
    {
        Assert.Equal(0, GroupAdvantage.ShareWithoutSignal([], [], [0]));
        Assert.Equal(1, GroupAdvantage.ShareWithoutSignal([1, 1, 1], s_three, [0, 3]));
        Assert.Equal(0, GroupAdvantage.ShareWithoutSignal([1, 1, 0.5], s_three, [0, 3]));
        Assert.Equal(0.5, GroupAdvantage.ShareWithoutSignal([0, 1, 1], s_three, [0, 2, 3]));
        Assert.Equal(0.5, GroupAdvantage.ShareWithoutSignal([0, 0.5, 1], s_three, [0, 1, 3]));
    }

    [Fact]
    public void PreferenceAsReward_AnswersFarFromTheReference_AreZeroHalfAndOne()
    {
        var (rewards, valid) = PreferenceAsReward.Compute([-1000, 0, 1000], s_three, [0], [true], [0, 3]);

        Assert.Equal([0, 0.5, 1], rewards);
        Assert.All(valid, Assert.True);
    }

    [Fact]
    public void PreferenceAsReward_SizesThatDoNotFit_AreErrors()
    {
        Assert.Contains("2 reference scores and 1 flags for 2 prompts", Message(() => PreferenceAsReward.Compute([0, 1, 1], s_three, [0, 0], [true], [0, 2, 3])));
        Assert.Contains("3 reference scores", Message(() => PreferenceAsReward.Compute([0, 1, 1], s_three, [0, 0, 0], [true, true, true], [0, 2, 3])));
        Assert.Contains("0 reference scores", Message(() => PreferenceAsReward.Compute([0, 1, 1], s_three, [], [], [0, 2, 3])));
        Assert.Contains("for 0 prompts", Message(() => PreferenceAsReward.Compute([], [], [0], [true], [0])));
    }

    private static string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}
