namespace Meed.RewardModels.Data;

/// <summary>Preference data that cannot be used; the message names file, line and what to do.</summary>
public sealed class PreferenceException(string message) : IOException(message);
