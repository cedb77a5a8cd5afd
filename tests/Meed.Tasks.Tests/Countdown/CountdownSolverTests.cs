using Meed.Tasks.Countdown;

namespace Meed.Tasks.Tests.Countdown;

public class CountdownSolverTests
{
    [Fact]
    public void Solve_TwoNumbers_ListsEveryExpression()
    {
        var solutions = CountdownSolver.Solve([2, 5]);

        Assert.Equal(["2*5", "5*2"], solutions[10]);
        Assert.Equal(["2+5", "5+2"], solutions[7]);
        Assert.Equal(["2-5"], solutions[-3]);
        Assert.Equal(["5-2"], solutions[3]);
        Assert.Equal(4, solutions.Count);
    }

    [Fact]
    public void Solve_ThreeDifferentNumbers_ListsAllOrdersShapesAndOperators()
    {
        // 6 orders, 3 x 3 operators, 2 shapes.
        Assert.Equal(108, CountdownSolver.Solve([2, 5, 7]).Sum(s => s.Value.Count));
    }

    [Fact]
    public void Solve_EqualNumbers_ListsNothingTwice()
    {
        var all = CountdownSolver.Solve([4, 4, 4]).SelectMany(s => s.Value).ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(18, all.Count);
    }

    [Fact]
    public void Solve_PlusAndMinusOnly_UsesNoProduct()
    {
        Assert.DoesNotContain(CountdownSolver.Solve([2, 5, 7], "+-").SelectMany(s => s.Value), s => s.Contains('*'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Solve_CountOutsideTwoToFive_SaysSo(int count)
    {
        var error = Assert.Throws<ArgumentException>(() => CountdownSolver.Solve(new int[count]));
        Assert.Contains($"{count} numbers", error.Message);
    }
}
