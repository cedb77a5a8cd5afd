using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>A state of a preferred answer is drawn to a later state of it and away from states of worse answers.</summary>
/// <remarks>
/// ℓ_i = −log( exp(cos(h_i, g_i)/τ) / (exp(cos(h_i, g_i)/τ) + Σ_j exp(cos(h_i, n_j)/τ)) )
/// <para>
/// "Learning Goal-Conditioned Representations for Language Reward Models" (atlas row 114), added to Bradley-Terry. Afterwards the cosine of a partial answer's state with the mean
/// goal state serves as its value (<see cref="Value"/>).
/// </para>
/// </remarks>
public static class GoalContrastive
{
    /// <summary>Loss of each state.</summary>
    /// <param name="states">h, a hidden state inside a preferred answer, [B, D].</param>
    /// <param name="goals">g, a later state of the same answer, [B, D].</param>
    /// <param name="negatives">n, states of dispreferred answers, [M, D].</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor states, Tensor goals, Tensor negatives, float temperature = 0.1f)
    {
        Shapes.Require(states, [-1, -1]);
        Shapes.RequireSame(states, goals);
        Shapes.Require(negatives, [-1, states.Shape[1]]);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        int rows = states.Shape[0];
        var own = Cosines.Rows(states, goals).Reshape(rows, 1);                                        // [B, 1]
        var all = Tensor.Concat(1, own, Cosines.All(states, negatives)) / temperature;                 // [B, 1 + M]
        return Ops.CrossEntropy(all, new int[rows]);                                                   // [B]
    }

    /// <summary>Value of partial answers: the cosine of their last state with a goal state.</summary>
    /// <param name="states">[B, D].</param>
    /// <param name="goal">The mean state of good answers, [D].</param>
    /// <returns>[B], −1..1.</returns>
    public static Tensor Value(Tensor states, Tensor goal)
    {
        Shapes.Require(states, [-1, -1]);
        Shapes.Require(goal, [states.Shape[1]]);
        return Cosines.All(states, goal.Reshape(1, goal.Length)).Reshape(states.Shape[0]);
    }
}
