using Meed.Models;
using Meed.Rewards;

namespace Meed.Alignment;

/// <summary>What one step of a trainer did. Everything outside <see cref="Timings"/> is the same on every run of one instruction; timings never are.</summary>
/// <param name="Step">Steps done, this one included: 1 after the first.</param>
/// <param name="Scalars">Measured values by name, such as <c>reward/mean</c>.</param>
/// <param name="Timings">Seconds, shares of the step's wall time and tokens per second, by name.</param>
public sealed record TrainerStep(long Step, IReadOnlyList<KeyValuePair<string, double>> Scalars, IReadOnlyList<KeyValuePair<string, double>> Timings)
{
    /// <summary>The step's rollout; null where the trainer makes none.</summary>
    public Rollout? Rollout { get; init; }

    /// <summary>The rollout's scores as the reward gave them; null where there is no rollout.</summary>
    public Scores? Scores { get; init; }

    /// <summary>Value of a scalar or timing; NaN when the step has none of that name.</summary>
    public double this[string name]
    {
        get
        {
            foreach (var (key, value) in Scalars.Concat(Timings))
            {
                if (key == name)
                {
                    return value;
                }
            }

            return double.NaN;
        }
    }
}
