namespace Meed.Rewards;

/// <summary>Options of a reward that takes none: <c>citations: {}</c>.</summary>
public sealed record NoOptions;
