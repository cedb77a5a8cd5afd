namespace Meed.Rewards.Code;

/// <summary>How one run of a program came out.</summary>
/// <param name="Fault">A counted reason when it was stopped or did not compile: <c>over_cpu</c>, <c>idle</c>, <c>over_memory</c>, <c>too_much_output</c>, <c>compile_error</c>; null when it ended by itself.</param>
/// <param name="ExitCode">Its exit status; 128 + n after signal n.</param>
/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Error">What it, or its compiler, wrote to stderr.</param>
/// <param name="Elapsed">Wall-clock time.</param>
public sealed record ProgramResult(string? Fault, int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    /// <summary>True when it ended by itself with status 0.</summary>
    public bool Succeeded => Fault is null && ExitCode == 0;
}
