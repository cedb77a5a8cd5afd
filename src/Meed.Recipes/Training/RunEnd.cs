namespace Meed.Recipes.Training;

/// <summary>How a run of any kind ended.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Measures">Results on held-out data by name; empty when it did not get there.</param>
/// <param name="Seconds">Seconds of work, over all parts of a resumed run.</param>
public record RunEnd(string Folder, IReadOnlyDictionary<string, double> Measures, double Seconds)
{
    /// <summary>True when it was stopped with a checkpoint, from which it can go on.</summary>
    public bool Interrupted { get; init; }
}
