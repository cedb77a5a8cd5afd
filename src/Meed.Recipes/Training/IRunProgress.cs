using Meed.Recipes.Runs;

namespace Meed.Recipes.Training;

/// <summary>Hears what a run is doing. Called on the run's own thread.</summary>
public interface IRunProgress
{
    /// <summary>A phase begins.</summary>
    /// <param name="phase">warm-start, before, train or after.</param>
    /// <param name="steps">Its steps; 0 when they cannot be counted.</param>
    /// <param name="budget">Its time limit, where it has one.</param>
    void Phase(string phase, long steps, TimeSpan? budget);

    /// <summary>A step is done.</summary>
    void Step(long step, IReadOnlyList<(string Name, double Value)> values);

    /// <summary>A sampled answer with its verdict; the receiver decides how many to show.</summary>
    void Sample(RunSample sample);

    /// <summary>A measurement on held-out items.</summary>
    void Measured(long step, IReadOnlyDictionary<string, double> values);

    /// <summary>A remark.</summary>
    void Note(string text);
}
