using Meed.Models.Generation;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Models;

/// <summary>A policy made of a transformer and its tokenizer.</summary>
public sealed class TransformerPolicy : IPolicy
{
    private readonly Generator _generator;

    /// <summary>A policy that draws with the given options.</summary>
    public TransformerPolicy(Transformer model, ITokenizer tokenizer, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _generator = new Generator(model, tokenizer);
        Model = model;
        Tokenizer = tokenizer;
        Options = options;
    }

    /// <summary>The transformer.</summary>
    public Transformer Model { get; }

    /// <summary>Its tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>How completions are drawn; the recorded log-probabilities are those of temperature 1 without top-k and top-p, whatever stands here.</summary>
    public SamplingOptions Options { get; set; }

    /// <inheritdoc/>
    public IEnumerable<Parameter> Parameters => Model.Parameters;

    /// <inheritdoc/>
    public Rollout Sample(PromptBatch prompts, int perPrompt, RandomStream random) => Sample(prompts, perPrompt, random, Options);

    /// <summary>As <see cref="Sample(PromptBatch, int, RandomStream)"/> with other options, for example greedy for an evaluation.</summary>
    public Rollout Sample(PromptBatch prompts, int perPrompt, RandomStream random, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        var completions = _generator.Generate(prompts.Tokens, options, random, perPrompt, cancellationToken);
        int[][] given = [.. completions.Select((_, row) => prompts.Tokens[row / perPrompt])];
        var tokens = TokenBatch.From(given, [.. completions.Select(c => c.Tokens)], Tokenizer.PadToken ?? 0);
        var logProbs = new float[tokens.Tokens.Length];
        for (int row = 0; row < completions.Length; row++)
        {
            completions[row].LogProbs.CopyTo(logProbs.AsSpan((row * tokens.Length) + tokens.PromptLengths[row]));
        }

        var samples = completions.Select((c, row) => prompts.Samples[row / perPrompt] with { Response = c.Text, ResponseTokens = c.Tokens.Length, Truncated = c.Truncated });
        return new Rollout(tokens, logProbs, [.. samples], [.. Enumerable.Range(0, prompts.Count + 1).Select(p => p * perPrompt)]);
    }

    /// <inheritdoc/>
    public Tensor LogProbs(TokenBatch tokens) => Model.LogProbs(tokens);

    /// <inheritdoc/>
    public Tensor Logits(TokenBatch tokens) => Model.CountedLogits(tokens);
}
