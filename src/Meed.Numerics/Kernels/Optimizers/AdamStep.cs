namespace Meed.Numerics.Kernels;

/// <summary>The numbers of one Adam or AdamW update.</summary>
public readonly record struct AdamStep
{
    /// <summary>Learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Decay of the first moment.</summary>
    public required double Beta1 { get; init; }

    /// <summary>Decay of the second moment.</summary>
    public required double Beta2 { get; init; }

    /// <summary>Added to the root of the second moment.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Weight decay: on the weights (AdamW) or on the gradient (Adam).</summary>
    public double WeightDecay { get; init; }

    /// <summary>True for AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101), false for Adam with the decay inside the gradient.</summary>
    public bool Decoupled { get; init; }

    /// <summary>Factor on the gradient before all else; clipping by norm uses it.</summary>
    public float GradientScale { get; init; } = 1f;

    /// <summary>Number of this step, from 1; corrects the bias of the moments.</summary>
    public required long Step { get; init; }

    /// <summary>A step of defaults; required members are set by the caller.</summary>
    public AdamStep()
    {
    }
}
