using Meed.Objectives.Shaping;

namespace Meed.Objectives.Tests.Shaping;

public class ThinkGateTests
{
    [Fact]
    public void Rewards_ThoughtThatHelps_PaysItsHelpLessItsPrice() =>
        Assert.Equal([1 + 0.5 - 0.1, 1 + 0.5 - 0.1, 1, 0], ThinkGate.Rewards([1, 1, 1, 0], [true, true, false, false], 1, 0.1).Select(r => Math.Round(r, 12)));

    [Fact]
    public void Rewards_ThoughtThatHurts_Costs() => Assert.Equal([-0.55, 1], ThinkGate.Rewards([0, 1], [true, false], 0.5, 0.1).Select(r => Math.Round(r, 12)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rewards_OneKindAlone_ComparesNothing(bool thought) => Assert.Equal([1 - (thought ? 0.1 : 0), thought ? -0.1 : 0], ThinkGate.Rewards([1, 0], [thought, thought], 1, 0.1).Select(r => Math.Round(r, 12)));

    [Fact]
    public void Rewards_LengthsThatDiffer_AreNamed() => Assert.Contains("2 answers and 1 marks", Assert.Throws<ArgumentException>(() => ThinkGate.Rewards([1, 0], [true])).Message, StringComparison.Ordinal);
}
