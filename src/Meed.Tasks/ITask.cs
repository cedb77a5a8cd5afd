using Meed.Rewards;

namespace Meed.Tasks;

/// <summary>A seeded world: items without end, a right answer for each, a gold reward, and a rule that keeps some items for measuring.</summary>
/// <typeparam name="TSample">What the task's rewards judge.</typeparam>
public interface ITask<TSample>
    where TSample : class
{
    /// <summary>Its name in recipes, kebab-case.</summary>
    string Name { get; }

    /// <summary>The characters that prompts and answers are written with, each once; a character tokenizer over them reads every item.</summary>
    string Alphabet { get; }

    /// <summary>The item of a seed. The same seed and difficulty always give the same item, held out or not.</summary>
    TaskItem<TSample> Generate(ulong seed, Difficulty difficulty);

    /// <summary>What the task really wants. Trainers may use another reward; results are measured with this one.</summary>
    IReward<TSample> Gold { get; }

    /// <summary>The item's sample with a right answer filled in, always the same one.</summary>
    TSample Oracle(TaskItem<TSample> item);

    /// <summary>The item's sample with an answer to imitate, chosen by the seed; null when the task shows none for this item.</summary>
    TSample? Demonstrate(TaskItem<TSample> item, ulong seed) => Oracle(item);

    /// <summary>True when the item is kept for measuring. Depends on the item's key alone, never on the seed that drew it.</summary>
    bool IsHeldOut(TaskItem<TSample> item);
}

/// <summary>One item of a task.</summary>
/// <param name="Key">What makes two items the same one, whatever their wording.</param>
/// <param name="Sample">Prompt and reference, without a response.</param>
public sealed record TaskItem<TSample>(string Key, TSample Sample);

/// <summary>How hard items are: 0 is the task's standard, above is harder, below easier. Each task says what a level changes.</summary>
/// <param name="Level">Steps away from the standard.</param>
public readonly record struct Difficulty(int Level)
{
    /// <summary>The task's standard.</summary>
    public static Difficulty Standard => new(0);
}
