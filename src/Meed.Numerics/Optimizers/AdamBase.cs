using Meed.Numerics.Kernels;

namespace Meed.Numerics;

/// <summary>State and arithmetic that Adam and AdamW share.</summary>
public abstract class AdamBase : Optimizer
{
    private readonly Tensor[] _first;
    private readonly Tensor[] _second;
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _epsilon;

    private protected AdamBase(IEnumerable<Parameter> parameters, float learningRate, float beta1, float beta2, float epsilon)
        : base(parameters, learningRate)
    {
        if (!(beta1 >= 0f && beta1 < 1f && beta2 >= 0f && beta2 < 1f && epsilon > 0f))
        {
            throw new ArgumentOutOfRangeException(nameof(beta1), $"Adam: beta1 is {beta1}, beta2 {beta2}, epsilon {epsilon}; the betas must be at least 0 and below 1, epsilon above 0.");
        }

        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        _first = CreateSlots();
        _second = CreateSlots();
    }

    private protected override int SlotCount => 2;

    private protected override void Update(int index, Parameter parameter, Tensor gradient, float scale)
    {
        var step = new AdamStep
        {
            LearningRate = LearningRate,
            Beta1 = _beta1,
            Beta2 = _beta2,
            Epsilon = _epsilon,
            WeightDecay = Decay(index),
            Decoupled = true,
            GradientScale = scale,
            Step = StepCount,
        };
        OptimizerKernels.Adam(parameter.Value.Data, gradient.Data, _first[index].Data, _second[index].Data, step);
    }

    private protected override Tensor Slot(int index, int slot) => slot == 0 ? _first[index] : _second[index];

    /// <summary>Weight decay of a parameter.</summary>
    private protected abstract float Decay(int index);
}
