using Meed.Rewards.Structure;

namespace Meed.Rewards.Tests.Structure;

public class AssignmentTests
{
    [Fact]
    public void Maximum_RandomMatrices_EqualTheBestOfAllPermutations()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 400; trial++)
        {
            int rows = random.Next(1, 6), columns = random.Next(1, 7);
            var gain = new double[rows, columns];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++) { gain[i, j] = random.Next(3) == 0 ? random.Next(3) : random.NextDouble() - 0.3; }
            }

            var work = new Work(1_000_000);
            var found = Assignment.Maximum(gain, ref work);

            Assert.Equal(Math.Min(rows, columns), found.Count(c => c >= 0));
            Assert.Equal(found.Where(c => c >= 0).Distinct().Count(), found.Count(c => c >= 0));
            Assert.Equal(Best(gain, 0, 0, Math.Max(0, rows - columns)), Assignment.Total(gain, found), 1e-9);
        }
    }

    [Fact]
    public void Maximum_GreedyIsWrong_TakesTheBestTotal()
    {
        var work = new Work(1000);

        Assert.Equal([1, 0], Assignment.Maximum(new double[,] { { 0.9, 0.8 }, { 0.7, 0.1 } }, ref work));
    }

    [Fact]
    public void Charge_MoreThanTheMost_IsOverAnyBudget()
    {
        Assert.Throws<WorkExceededException>(() =>
        {
            var work = new Work(1_000_000_000_000);
            Assignment.Charge(Assignment.Most + 1, 1, ref work);
        });
    }

    /// <summary>Every way of giving each row a column of its own, leaving out exactly the rows that are too many.</summary>
    private static double Best(double[,] gain, int row, int used, int spare)
    {
        if (row == gain.GetLength(0))
        {
            return 0;
        }

        double best = spare > 0 ? Best(gain, row + 1, used, spare - 1) : double.NegativeInfinity;
        for (int j = 0; j < gain.GetLength(1); j++)
        {
            if ((used & (1 << j)) == 0)
            {
                best = Math.Max(best, gain[row, j] + Best(gain, row + 1, used | (1 << j), spare));
            }
        }

        return best;
    }
}
