using Meed.Models.Transformers;

namespace Meed.Alignment;

/// <summary>Starts tokens that were never trained near related ones, so that a policy tries them where it would use those.</summary>
/// <remarks>
/// e_new = mean over the related tokens of e, in the embedding and, where it is a matrix of its own, in the output
/// <para>The usual way to add tokens to a vocabulary: Hewitt 2021, "Initializing new word embeddings for pretrained language models". A softmax that never saw a token as a target has pushed it down
/// everywhere; without this step a reward that needs the token is never found.</para>
/// </remarks>
public static class NewTokens
{
    /// <summary>Overwrites the rows of the new tokens.</summary>
    /// <param name="model">The model to change.</param>
    /// <param name="tokens">The new tokens.</param>
    /// <param name="like">The tokens they are to resemble, at least one.</param>
    public static void Begin(Transformer model, ReadOnlySpan<int> tokens, ReadOnlySpan<int> like)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (like.IsEmpty)
        {
            throw new ArgumentException("NewTokens: no token is named that the new ones are to resemble.", nameof(like));
        }

        foreach (var parameter in model.Parameters.Where(p => p.Name is "model.embed_tokens.weight" or "lm_head.weight"))
        {
            parameter.Load(WithMeans(parameter.Value.ToArray(), parameter.Shape[1], tokens, like));
        }
    }

    private static float[] WithMeans(float[] table, int width, ReadOnlySpan<int> tokens, ReadOnlySpan<int> like)
    {
        for (int d = 0; d < width; d++)
        {
            double sum = 0;
            foreach (int token in like)
            {
                sum += table[(token * width) + d];
            }

            foreach (int token in tokens)
            {
                table[(token * width) + d] = (float)(sum / like.Length);
            }
        }

        return table;
    }
}
