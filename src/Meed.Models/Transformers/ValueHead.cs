using Meed.Numerics;

namespace Meed.Models.Transformers;

/// <summary>One number for each token from what the transformer's last norm gives: values, scores, rewards.</summary>
/// <remarks>Parameters <c>score.weight</c> [1, D] and <c>score.bias</c> [1]. It starts at zero, so that the first estimates are 0 and not noise.</remarks>
public sealed class ValueHead
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <summary>A head of zeros for D features.</summary>
    public ValueHead(int hiddenSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenSize, 1);
        _weight = new Parameter("score.weight", Tensor.Zeros(1, hiddenSize));
        _bias = new Parameter("score.bias", Tensor.Zeros(1));
    }

    /// <summary>Both parameters.</summary>
    public IEnumerable<Parameter> Parameters => [_weight, _bias];

    /// <summary>Values of all tokens.</summary>
    /// <param name="hidden">[B, T, D].</param>
    /// <returns>[B, T].</returns>
    public Tensor Forward(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return hidden.Rank == 3
            ? Ops.Linear(hidden, _weight.Value, _bias.Value).Reshape(hidden.Shape[0], hidden.Shape[1])
            : throw new ArgumentException($"ValueHead: hidden has {hidden.Rank} axes; [B, T, D] is needed.", nameof(hidden));
    }
}
