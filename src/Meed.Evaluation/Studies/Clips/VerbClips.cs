using Meed.Numerics;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>Clips of eight frames in which the agent approaches, stays near or leaves one of four objects.</summary>
/// <remarks>To leave is to approach backwards, so that the two show the same frames in another order.</remarks>
internal static class VerbClips
{
    /// <summary>Approach, stay near, leave.</summary>
    public const int Verbs = 3;

    /// <summary>Frames of a clip.</summary>
    public const int Frames = 8;

    /// <summary>The agent's cell in each frame.</summary>
    /// <param name="world">The room.</param>
    /// <param name="verb">0 towards the object to a cell beside it, 1 about it, 2 away from it.</param>
    /// <param name="colour">The object's colour.</param>
    /// <param name="random">Draws where it begins and the ways.</param>
    public static List<int> Cells(ClipWorld world, int verb, int colour, RandomStream random)
    {
        int goal = world.Objects[colour];
        var cells = new List<int>();
        int[] near = [.. Enumerable.Range(0, world.Cells).Where(c => world.Steps(c, goal) is 1 or 2 && !world.Objects.Contains(c))];
        if (verb == 1)
        {
            int cell = near[random.NextInt(near.Length)];
            while (cells.Count < Frames)
            {
                cells.Add(cell);
                int next = world.Move(cell, random.NextInt(ClipWorld.Actions));
                cell = near.Contains(next) ? next : cell;
            }
        }
        else
        {
            int[] far = [.. Enumerable.Range(0, world.Cells).Where(c => world.Steps(c, goal) is >= 4 and <= 8 && !world.Objects.Contains(c))];
            int cell = far[random.NextInt(far.Length)];
            while (cells.Count < Frames)
            {
                cells.Add(cell);
                cell = world.Steps(cell, goal) > 1 ? world.Move(cell, world.Towards(cell, goal, random)) : cell;
            }

            if (verb == 2)
            {
                cells.Reverse();
            }
        }

        return cells;
    }

    /// <summary>Its frames, one after the other.</summary>
    public static float[] Draw(ClipWorld world, int verb, int colour, RandomStream random) => [.. Cells(world, verb, colour, random).SelectMany(c => world.Frame(c, 0, random))];
}
