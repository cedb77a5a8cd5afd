using System.Diagnostics;
using Meed.Numerics;

namespace Meed.Alignment;

/// <summary>How far a trainer has come, by steps or by the wall clock, whichever is further.</summary>
/// <remarks>
/// Learning rates follow <see cref="Progress"/>, so that a run under a time budget also ends with a small one. Under a budget the number of steps, and with it the result,
/// depends on the machine; without one the clock is never looked at.
/// </remarks>
internal sealed class Pace(int steps, TimeSpan? budget, TimeSpan spent)
{
    private const long Resolution = 1_000_000;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Time spent, of earlier parts of a resumed run too; zero without a budget.</summary>
    public TimeSpan Spent => budget is null ? TimeSpan.Zero : spent + _watch.Elapsed;

    /// <summary>Share of the way done, 0..1.</summary>
    /// <param name="step">Steps done.</param>
    public double Progress(long step) => Math.Min(1, Math.Max(steps == 0 ? 1 : (double)step / steps, budget is { } limit ? Spent / limit : 0));

    /// <summary>True when the last step is done or the time is up.</summary>
    public bool IsOver(long step) => step >= steps || (budget is { } limit && Spent >= limit);

    /// <summary>Learning rate of the next step: linear warm-up, then a cosine.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="peak">Highest rate.</param>
    /// <param name="warmUp">Share of the way that the warm-up takes.</param>
    /// <param name="final">Factor at which the cosine ends.</param>
    public float Rate(long step, double peak, double warmUp, double final) =>
        Schedule.Cosine((float)peak, (float)(peak * final), Resolution, (long)(warmUp * Resolution)).At((long)(Progress(step + 1) * Resolution));
}
