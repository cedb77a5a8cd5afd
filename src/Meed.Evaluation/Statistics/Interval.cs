namespace Meed.Evaluation.Statistics;

/// <summary>An estimate with the interval that covers its true value with a stated probability.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Value, double Low, double High)
{
    /// <summary>No value.</summary>
    public static Interval None => new(double.NaN, double.NaN, double.NaN);

    /// <summary>True when the interval lies on one side of a value.</summary>
    public bool Excludes(double value) => Low > value || High < value;
}
