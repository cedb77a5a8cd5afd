namespace Meed.Judges;

/// <summary>The endpoint that graders ask when their document names none; a registry supplies it (<c>--judge-url</c>, a server's profile).</summary>
/// <param name="Client">The client, shared by all graders.</param>
public sealed record JudgeEndpoint(JudgeClient Client);

/// <summary>Whether a document may name an endpoint of its own. A server forbids it to documents that it is sent, or it could be made to call any address.</summary>
/// <param name="FromDocuments">True when it may; also when a registry supplies no rule.</param>
public sealed record JudgeRule(bool FromDocuments);
