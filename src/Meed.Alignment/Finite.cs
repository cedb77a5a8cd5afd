using Meed.Numerics;

namespace Meed.Alignment;

/// <summary>Stops a run at the first number that is none.</summary>
internal static class Finite
{
    /// <summary>Throws unless every counted value is finite.</summary>
    /// <param name="what">What the values are.</param>
    /// <param name="values">[B·T] row-major.</param>
    /// <param name="mask">[B·T], which count.</param>
    /// <param name="rows">Numbers of the rows in the rollout, [B].</param>
    /// <param name="step">The step being done.</param>
    public static void Require(string what, ReadOnlySpan<float> values, ReadOnlySpan<bool> mask, ReadOnlySpan<int> rows, long step)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (mask[i] && !float.IsFinite(values[i]))
            {
                int tokens = values.Length / rows.Length;
                throw new TrainerException($"Step {step}, row {rows[i / tokens]}, token {i % tokens}: the {what} is {values[i]}. Lower the learning rate or the gradient norm, and look at the row's reward.");
            }
        }
    }

    /// <summary>Changes the parameters along the gradient of a loss; a loss or gradient that is no number stops the run.</summary>
    /// <returns>The gradient's norm before it was cut.</returns>
    public static float Step(Optimizer optimizer, Tensor loss, double maxGradNorm, long step)
    {
        try
        {
            optimizer.Step(loss, (float)maxGradNorm, out float gradNorm);
            return gradNorm;
        }
        catch (ArithmeticException e)
        {
            throw new TrainerException($"Step {step}: {e.Message} Lower the learning rate or the gradient norm.");
        }
    }

    /// <summary>As above for gradients that earlier backward passes collected.</summary>
    public static float Step(Optimizer optimizer, double maxGradNorm, long step)
    {
        try
        {
            optimizer.Step((float)maxGradNorm, out float gradNorm);
            return gradNorm;
        }
        catch (ArithmeticException e)
        {
            throw new TrainerException($"Step {step}: {e.Message} Lower the learning rate or the gradient norm.");
        }
    }
}
