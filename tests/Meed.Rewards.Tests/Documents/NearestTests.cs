using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Documents;

public class NearestTests
{
    [Theory]
    [InlineData("lenght", "length")]
    [InlineData("Exact_Match", "exact-match")]
    [InlineData("xyz", null)]
    public void Of_Name_IsTheOneMeant(string name, string? expected) => Assert.Equal(expected, Nearest.Of(name, ["length", "exact-match"]));

    [Fact]
    public void Of_NameOfAMegabyte_ComparesNothing()
    {
        string name = new('a', 1 << 20);
        Nearest.Of("warm", ["length"]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Nearest.Of(name, ["length", "exact-match"]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }
}
