namespace Meed.Rewards;

/// <summary>One method of a package: what it is called, what it does, where it comes from, how it is made.</summary>
/// <remarks>Each package lists its methods in its own <c>Catalog.cs</c>; the command line, the server and the docs read them.</remarks>
/// <param name="Name">Its name in documents and recipes, kebab-case.</param>
/// <param name="Kind">What it is: <c>verifier</c>, <c>combinator</c>, <c>loss</c>, <c>advantage</c>, <c>trainer</c>, <c>task</c> and so on.</param>
/// <param name="Rows">Rows of the atlas whose mechanism it is part of.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Source">Paper or origin; empty when it is common knowledge.</param>
/// <param name="Options">The options record that documents fill in; null when it takes none.</param>
/// <param name="Factory">Makes it; what kind of delegate depends on <paramref name="Kind"/>. Null for plain functions, which are called directly.</param>
public sealed record CatalogEntry(string Name, string Kind, IReadOnlyList<int> Rows, string Summary, string Source = "", Type? Options = null, Delegate? Factory = null)
{
    /// <summary>True when it runs programs that samples bring along; a server asks for leave by name before it does.</summary>
    public bool RunsPrograms { get; init; }
}
