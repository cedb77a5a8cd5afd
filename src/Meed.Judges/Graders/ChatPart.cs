using Meed.Rewards.Documents.OpenAi;

namespace Meed.Judges.Graders;

/// <summary>A part of a message to a chat model: a text, or an image by its address.</summary>
/// <param name="Template">The text, or the address of the image.</param>
/// <param name="Image">True for an image.</param>
/// <param name="Detail">How closely the image is looked at: low, high or auto; null leaves it to the model.</param>
public sealed record ChatPart(Template Template, bool Image = false, string? Detail = null);

/// <summary>A message to a chat model.</summary>
/// <param name="Role">system, developer, user or assistant.</param>
/// <param name="Parts">Its parts, in order.</param>
public sealed record ChatMessage(string Role, IReadOnlyList<ChatPart> Parts);

/// <summary>How the model samples its answer.</summary>
public sealed record ChatSampling
{
    /// <summary>Temperature; null sends 0, or nothing to a model that is told how hard to reason.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus; null sends none.</summary>
    public double? TopP { get; init; }

    /// <summary>Seed; null sends 0.</summary>
    public long? Seed { get; init; }

    /// <summary>How hard a reasoning model thinks; null sends none.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>Most tokens of the answer; null takes the endpoint's number.</summary>
    public int? MaxTokens { get; init; }
}
