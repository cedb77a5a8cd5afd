namespace Meed.Rewards.Code;

/// <summary>Why a sandboxed process was stopped from outside; <see cref="None"/> when it ended by itself.</summary>
internal enum SandboxEnd : byte
{
    None,

    /// <summary>It used up its processor time.</summary>
    OverCpu,

    /// <summary>It slept while it was waited for.</summary>
    Idle,

    /// <summary>Its processes together held too much memory.</summary>
    OverMemory,

    /// <summary>It wrote too much.</summary>
    OverOutput,

    /// <summary>The machine gave it no processor: ours, not its.</summary>
    Starved,

    /// <summary>The caller gave up.</summary>
    Cancelled,
}

/// <summary>The sandbox itself failed or is not there: never the candidate's fault.</summary>
/// <param name="status">What a row becomes: <see cref="ScoreStatus.VerifierError"/> or <see cref="ScoreStatus.Timeout"/>.</param>
/// <param name="message">One sentence.</param>
public sealed class SandboxException(ScoreStatus status, string message) : Exception(message)
{
    /// <summary>What a row becomes.</summary>
    public ScoreStatus Status { get; } = status;
}
