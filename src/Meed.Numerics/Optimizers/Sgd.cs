using Meed.Numerics.Kernels;

namespace Meed.Numerics;

/// <summary>Gradient descent with momentum: m ← μ·m + g, θ ← θ − η·m.</summary>
public sealed class Sgd : Optimizer
{
    private readonly Tensor[] _momenta;
    private readonly float _momentum;

    /// <summary>An optimiser with zero momentum state.</summary>
    /// <param name="parameters">The parameters to train.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ in [0, 1).</param>
    public Sgd(IEnumerable<Parameter> parameters, float learningRate, float momentum = 0f)
        : base(parameters, learningRate)
    {
        if (!(momentum >= 0f && momentum < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), $"Sgd: the momentum is {momentum}; it must be at least 0 and below 1.");
        }

        _momentum = momentum;
        _momenta = momentum > 0f ? CreateSlots() : [];
    }

    private protected override int SlotCount => _momentum > 0f ? 1 : 0;

    private protected override void Update(int index, Parameter parameter, Tensor gradient, float scale) =>
        OptimizerKernels.Sgd(parameter.Value.Data, gradient.Data, _momentum > 0f ? _momenta[index].Data : default, LearningRate, _momentum, 0f, scale);

    private protected override Tensor Slot(int index, int slot) => _momenta[index];
}
