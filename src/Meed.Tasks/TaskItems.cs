namespace Meed.Tasks;

/// <summary>Draws items of a task that may be trained on, or that are kept for measuring.</summary>
public static class TaskItems
{
    private const int MaximumDraws = 4_000_000;

    /// <summary>The item of a seed among those that are not held out.</summary>
    /// <remarks>Seeds are mixed from <paramref name="seed"/> until an item may be used; the result depends on the seed alone.</remarks>
    public static TaskItem<TSample> Training<TSample>(ITask<TSample> task, ulong seed, Difficulty difficulty = default)
        where TSample : class
    {
        ArgumentNullException.ThrowIfNull(task);
        for (int draw = 0; draw < MaximumDraws; draw++)
        {
            var item = task.Generate(Hashing.Mix(seed, (ulong)draw), difficulty);
            if (!task.IsHeldOut(item))
            {
                return item;
            }
        }

        throw new InvalidOperationException($"Task '{task.Name}' gave {MaximumDraws} held-out items in a row: nothing is left to train on.");
    }

    /// <summary>Demonstrations of training items, for imitation.</summary>
    /// <remarks>Items for which the task shows nothing are passed over. Items repeat in a small world; wording and answer vary with the draw.</remarks>
    public static IReadOnlyList<TSample> Demonstrations<TSample>(ITask<TSample> task, int count, ulong seed, Difficulty difficulty = default)
        where TSample : class
    {
        ArgumentNullException.ThrowIfNull(task);
        var samples = new List<TSample>(count);
        for (int draw = 0; samples.Count < count; draw++)
        {
            if (draw == MaximumDraws)
            {
                throw new InvalidOperationException($"Task '{task.Name}' demonstrated {samples.Count} of {MaximumDraws} training items; {count} were asked for.");
            }

            ulong itemSeed = Hashing.Mix(seed, (ulong)draw);
            if (task.Demonstrate(Training(task, itemSeed, difficulty), itemSeed) is { } sample)
            {
                samples.Add(sample);
            }
        }

        return samples;
    }

    /// <summary>Held-out items with distinct keys, in the order in which seeds 0, 1, 2, ... draw them.</summary>
    /// <exception cref="InvalidOperationException">The task has fewer held-out items.</exception>
    public static IReadOnlyList<TaskItem<TSample>> HeldOut<TSample>(ITask<TSample> task, int count, Difficulty difficulty = default)
        where TSample : class
    {
        ArgumentNullException.ThrowIfNull(task);
        var items = new List<TaskItem<TSample>>(count);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (int seed = 0; items.Count < count; seed++)
        {
            if (seed == MaximumDraws)
            {
                throw new InvalidOperationException($"Task '{task.Name}' has {items.Count} held-out items among {MaximumDraws} draws; {count} were asked for.");
            }

            var item = task.Generate((ulong)seed, difficulty);
            if (task.IsHeldOut(item) && keys.Add(item.Key))
            {
                items.Add(item);
            }
        }

        return items;
    }
}
