using Meed.Recipes.Runs;

namespace Meed.Recipes.Training;

/// <summary>Hears and says nothing.</summary>
public sealed class SilentProgress : IRunProgress
{
    /// <inheritdoc/>
    public void Phase(string phase, long steps, TimeSpan? budget)
    {
    }

    /// <inheritdoc/>
    public void Step(long step, IReadOnlyList<(string Name, double Value)> values)
    {
    }

    /// <inheritdoc/>
    public void Sample(RunSample sample)
    {
    }

    /// <inheritdoc/>
    public void Measured(long step, IReadOnlyDictionary<string, double> values)
    {
    }

    /// <inheritdoc/>
    public void Note(string text)
    {
    }
}
