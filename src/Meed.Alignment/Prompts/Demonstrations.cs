using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Rewards;

namespace Meed.Alignment.Prompts;

/// <summary>Prompts with the answers to imitate, as tokens.</summary>
public sealed class Demonstrations
{
    private readonly int[][] _prompts;
    private readonly int[][] _answers;

    /// <summary>Demonstrations from samples whose response is the answer; each answer ends with the end token where the tokenizer has one.</summary>
    public Demonstrations(IReadOnlyList<TextSample> samples, ITokenizer tokenizer, ChatTemplate template)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(template);
        if (samples.Count == 0)
        {
            throw new ArgumentException("Demonstrations: there is none; imitation needs at least one.", nameof(samples));
        }

        _prompts = [.. samples.Select(s => template.Encode(s.Prompt, tokenizer))];
        _answers = [.. samples.Select(s => tokenizer.EndToken is { } end ? [.. tokenizer.Encode(s.Response), end] : tokenizer.Encode(s.Response))];
    }

    /// <summary>How many there are.</summary>
    public int Count => _prompts.Length;

    /// <summary>Some of them as rows.</summary>
    public TokenBatch Rows(ReadOnlySpan<int> indices)
    {
        var prompts = new int[indices.Length][];
        var answers = new int[indices.Length][];
        for (int i = 0; i < indices.Length; i++)
        {
            prompts[i] = _prompts[indices[i]];
            answers[i] = _answers[indices[i]];
        }

        return TokenBatch.From(prompts, answers);
    }
}
