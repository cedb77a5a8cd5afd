namespace Meed.Alignment;

/// <summary>A run that cannot go on: a NaN, or too many rewards that failed. The message names step and row.</summary>
public sealed class TrainerException(string message) : Exception(message);
