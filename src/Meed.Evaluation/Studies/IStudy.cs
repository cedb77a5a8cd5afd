namespace Meed.Evaluation.Studies;

/// <summary>A small experiment that gives measures: what a reproduction compares where the mechanism is no language-policy training run.</summary>
/// <remarks>
/// A study owns its world, its training and its measurement on held-out data. It is built from an options record, whose switch (an enum such as <c>method</c>) turns the mechanism on; everything else, the seed
/// included, is the same for both arms. The same options and seed give the same numbers. Long loops look at the token.
/// </remarks>
public interface IStudy
{
    /// <summary>Runs it once.</summary>
    /// <param name="seed">Seed of everything drawn.</param>
    /// <param name="stop">Asks for a stop.</param>
    /// <returns>Measures on held-out data by name, lower case with underscores; all finite.</returns>
    IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop);
}
