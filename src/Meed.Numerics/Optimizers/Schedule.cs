namespace Meed.Numerics;

/// <summary>How a learning rate moves.</summary>
public enum ScheduleKind
{
    /// <summary>Stays at the peak.</summary>
    Constant,

    /// <summary>Falls to the end value in a straight line.</summary>
    Linear,

    /// <summary>Falls to the end value along half a cosine. Loshchilov and Hutter 2016, arXiv:1608.03983.</summary>
    Cosine,
}

/// <summary>A value, such as a learning rate, for every step: a rise over the warm-up, then constant, linear or cosine.</summary>
/// <param name="Kind">Form after the warm-up.</param>
/// <param name="Peak">Value at the end of the warm-up.</param>
/// <param name="End">Value from step <paramref name="Steps"/> on; not used by constant.</param>
/// <param name="Steps">Steps in all, the warm-up included; not used by constant.</param>
/// <param name="WarmUp">Steps of the warm-up: step t of it has Peak · (t + 1) / WarmUp.</param>
public sealed record Schedule(ScheduleKind Kind, float Peak, float End = 0f, long Steps = 0, long WarmUp = 0)
{
    /// <summary>The same value for every step.</summary>
    public static Schedule Constant(float value, long warmUp = 0) => new(ScheduleKind.Constant, value, value, 0, warmUp);

    /// <summary>A straight line from the peak to the end value.</summary>
    public static Schedule Linear(float peak, float end, long steps, long warmUp = 0) => new(ScheduleKind.Linear, peak, end, steps, warmUp);

    /// <summary>Half a cosine from the peak to the end value.</summary>
    public static Schedule Cosine(float peak, float end, long steps, long warmUp = 0) => new(ScheduleKind.Cosine, peak, end, steps, warmUp);

    /// <summary>The value at a step, counted from 0.</summary>
    public float At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step < WarmUp)
        {
            return (float)(Peak * ((step + 1.0) / WarmUp));
        }

        if (Kind == ScheduleKind.Constant)
        {
            return Peak;
        }

        if (step >= Steps)
        {
            return End;
        }

        double part = (double)(step - WarmUp) / (Steps - WarmUp);
        double remaining = Kind == ScheduleKind.Linear ? 1.0 - part : 0.5 * (1.0 + Math.Cos(Math.PI * part));
        return (float)(End + ((Peak - End) * remaining));
    }
}
