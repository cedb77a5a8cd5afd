using Meed.Models.Tokenizers;
using Meed.Rewards;

namespace Meed.Models;

/// <summary>Prompts to be answered: their tokens and what the reward needs to judge the answers. P prompts.</summary>
public sealed class PromptBatch
{
    /// <summary>Prompts with their samples.</summary>
    /// <param name="tokens">[P] token rows of different lengths, none empty.</param>
    /// <param name="samples">[P] samples without a response.</param>
    public PromptBatch(IReadOnlyList<int[]> tokens, IReadOnlyList<TextSample> samples)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(samples);
        if (tokens.Count != samples.Count)
        {
            throw new ArgumentException($"PromptBatch: {tokens.Count} token rows and {samples.Count} samples; each prompt needs one of both.", nameof(samples));
        }

        for (int p = 0; p < tokens.Count; p++)
        {
            if (tokens[p].Length == 0)
            {
                throw new ArgumentException($"PromptBatch: prompt {p} has no tokens. Begin it with a begin token or some text.", nameof(tokens));
            }
        }

        Tokens = tokens;
        Samples = samples;
    }

    /// <summary>Prompts, P.</summary>
    public int Count => Tokens.Count;

    /// <summary>[P] token rows of different lengths.</summary>
    public IReadOnlyList<int[]> Tokens { get; }

    /// <summary>[P] samples without a response: messages, reference, item.</summary>
    public IReadOnlyList<TextSample> Samples { get; }

    /// <summary>The prompts of samples under a chat template.</summary>
    public static PromptBatch Of(IReadOnlyList<TextSample> samples, ITokenizer tokenizer, ChatTemplate template)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(template);
        return new PromptBatch([.. samples.Select(s => template.Encode(s.Prompt, tokenizer))], samples);
    }
}
