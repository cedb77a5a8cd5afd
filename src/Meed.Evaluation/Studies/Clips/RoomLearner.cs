using Meed.Numerics;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>Tabular Q-learning of the way to one cell of a clip room, under a reward of choice.</summary>
/// <remarks>Q(s, a) += ½·(r + γ·max Q(s', ·) − Q(s, a)), γ = 0.95, with a random action every fifth step and equal values drawn from; an episode starts anywhere else and ends at the goal or after twice the longest way.</remarks>
internal static class RoomLearner
{
    /// <summary>γ.</summary>
    public const double Discount = 0.95;

    private const double Rate = 0.5, Explore = 0.2;

    /// <summary>Share of start cells from which the greedy policy arrives within the longest way.</summary>
    /// <param name="world">The room.</param>
    /// <param name="goal">The cell to reach.</param>
    /// <param name="episodes">Episodes to learn from.</param>
    /// <param name="reward">Makes the reward of an episode from its first cell: of a step to a cell, and whether that is the goal.</param>
    /// <param name="random">Draws starts and actions.</param>
    /// <param name="stop">Asks for a stop.</param>
    public static double Success(ClipWorld world, int goal, int episodes, Func<int, Func<int, bool, double>> reward, RandomStream random, CancellationToken stop)
    {
        var values = new double[world.Cells, ClipWorld.Actions];
        int Best(int cell)
        {
            double most = Enumerable.Range(0, ClipWorld.Actions).Max(a => values[cell, a]);
            int[] best = [.. Enumerable.Range(0, ClipWorld.Actions).Where(a => values[cell, a] == most)];
            return best.Length == 1 ? best[0] : best[random.NextInt(best.Length)];
        }

        for (int episode = 0; episode < episodes; episode++)
        {
            stop.ThrowIfCancellationRequested();
            int cell;
            do
            {
                cell = random.NextInt(world.Cells);
            }
            while (cell == goal);

            var step = reward(cell);
            for (int t = 0; t < 2 * world.MostSteps && cell != goal; t++)
            {
                int action = random.NextBool(Explore) ? random.NextInt(ClipWorld.Actions) : Best(cell), next = world.Move(cell, action);
                double target = step(next, next == goal) + (next == goal ? 0 : Discount * Enumerable.Range(0, ClipWorld.Actions).Max(a => values[next, a]));
                values[cell, action] += Rate * (target - values[cell, action]);
                cell = next;
            }
        }

        int arrived = 0;
        for (int start = 0; start < world.Cells; start++)
        {
            int cell = start;
            for (int t = 0; t < world.MostSteps && cell != goal; t++)
            {
                cell = world.Move(cell, Best(cell));
            }

            arrived += start != goal && cell == goal ? 1 : 0;
        }

        return arrived / (world.Cells - 1.0);
    }
}
