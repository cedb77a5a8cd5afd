using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Rewards;
using Meed.Tasks;

namespace Meed.Alignment.Prompts;

/// <summary>Prompts of a task's training items; held-out items never occur.</summary>
public sealed class TaskPrompts(ITask<TextSample> task, ITokenizer tokenizer, ChatTemplate template, Difficulty difficulty = default) : IPromptSource
{
    /// <inheritdoc/>
    public PromptBatch Draw(int count, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var samples = new TextSample[count];
        for (int i = 0; i < count; i++)
        {
            samples[i] = TaskItems.Training(task, random.NextUInt64(), difficulty).Sample;
        }

        return PromptBatch.Of(samples, tokenizer, template);
    }
}
