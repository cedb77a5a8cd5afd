namespace Meed.Rewards.Verifiers;

/// <summary>A verifier of text responses: responses over the context's length limit are a fault of the policy.</summary>
public abstract class TextVerifier : Verifier<TextSample>
{
    /// <inheritdoc/>
    protected sealed override int LengthOf(TextSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample.Response.Length;
    }
}
