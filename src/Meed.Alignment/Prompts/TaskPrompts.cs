using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Rewards;
using Meed.Tasks;

namespace Meed.Alignment.Prompts;

/// <summary>Prompts of a task's training items; held-out items never occur.</summary>
/// <param name="task">The task.</param>
/// <param name="tokenizer">The policy's tokenizer.</param>
/// <param name="template">How messages become tokens.</param>
/// <param name="difficulty">How hard items are.</param>
/// <param name="undemonstrated">Share of the prompts, 0..1, that are drawn among items without a demonstration: what imitation could not teach. The others are drawn as the task draws them.</param>
public sealed class TaskPrompts(ITask<TextSample> task, ITokenizer tokenizer, ChatTemplate template, Difficulty difficulty = default, double undemonstrated = 0) : IPromptSource
{
    private const int MaximumDraws = 100_000;

    /// <inheritdoc/>
    public PromptBatch Draw(int count, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var samples = new TextSample[count];
        for (int i = 0; i < count; i++)
        {
            samples[i] = undemonstrated > 0 && random.NextDouble() < undemonstrated ? DrawUndemonstrated(random) : TaskItems.Training(task, random.NextUInt64(), difficulty).Sample;
        }

        return PromptBatch.Of(samples, tokenizer, template);
    }

    private TextSample DrawUndemonstrated(RandomStream random)
    {
        for (int draw = 0; draw < MaximumDraws; draw++)
        {
            var item = TaskItems.Training(task, random.NextUInt64(), difficulty);
            if (task.Demonstrate(item, 0) is null)
            {
                return item.Sample;
            }
        }

        throw new InvalidOperationException($"Task '{task.Name}' demonstrates {MaximumDraws} training items in a row. Set the share of undemonstrated prompts to 0.");
    }
}
