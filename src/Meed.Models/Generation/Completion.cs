namespace Meed.Models.Generation;

/// <summary>What was written after one prompt.</summary>
/// <param name="Tokens">The tokens drawn, a stop token included.</param>
/// <param name="LogProbs">Natural log-probability of each token under the model's own distribution: temperature 1, no top-k, no top-p.</param>
/// <param name="Text">The text: without stop token, and cut before a stop string.</param>
/// <param name="Truncated">True when it ended at a length limit rather than at a stop.</param>
public sealed record Completion(int[] Tokens, float[] LogProbs, string Text, bool Truncated);
