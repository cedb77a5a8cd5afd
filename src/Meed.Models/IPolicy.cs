using Meed.Numerics;

namespace Meed.Models;

/// <summary>A policy that writes completions and tells how probable they are.</summary>
public interface IPolicy
{
    /// <summary>Writes completions. Row p·perPrompt + g depends on its prompt, the weights and the g-th and p-th child of <paramref name="random"/> alone, never on the other rows.</summary>
    /// <param name="prompts">P prompts.</param>
    /// <param name="perPrompt">Completions of each prompt, G.</param>
    /// <param name="random">Source of the draws; only its children are drawn from.</param>
    Rollout Sample(PromptBatch prompts, int perPrompt, RandomStream random);

    /// <summary>Log-probabilities of given tokens, differentiable.</summary>
    /// <returns>[B, T] in nats under the untempered distribution; 0 where the batch's mask is false.</returns>
    Tensor LogProbs(TokenBatch tokens);

    /// <summary>Logits that the counted tokens are drawn from, differentiable: for entropy, smoothing and distillation.</summary>
    /// <returns>[N, V] for the N tokens where the batch's mask is true, row after row.</returns>
    Tensor Logits(TokenBatch tokens);

    /// <summary>What a trainer may change.</summary>
    IEnumerable<Parameter> Parameters { get; }
}
