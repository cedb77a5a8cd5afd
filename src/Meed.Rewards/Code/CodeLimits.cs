namespace Meed.Rewards.Code;

/// <summary>What one run of a candidate program may use. All calls into a program share one set of limits; a program that reads stdin has one set for each case.</summary>
/// <remarks>
/// Time that decides about a score is counted, not read from a clock: <see cref="Cpu"/> is the processor time of all processes together, <see cref="Idle"/> the time in which
/// the program was asked for something, used no processor and did not wait for one. A busy machine moves neither. <see cref="Wall"/> is for infrastructure only:
/// where it fires on a program that was starved, the row is a <see cref="ScoreStatus.Timeout"/>.
/// </remarks>
public sealed record CodeLimits
{
    /// <summary>Processor time of all its processes together.</summary>
    public TimeSpan Cpu { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time it may sleep while it is waited for.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Back-stop in wall-clock time, for a machine that gives it no processor.</summary>
    public TimeSpan Wall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Memory in bytes: address space of each process, resident memory of all together.</summary>
    public long Memory { get; init; } = 512L << 20;

    /// <summary>Processes and threads at once.</summary>
    public int Processes { get; init; } = 16;

    /// <summary>Bytes it may write to stdout and stderr, and into one answer.</summary>
    public int Output { get; init; } = 4 << 20;

    /// <summary>Bytes it may write to its temporary folder, the only one it can write to; it lies in memory.</summary>
    public long Disk { get; init; } = 16L << 20;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Cpu <= TimeSpan.Zero || Idle <= TimeSpan.Zero || Wall <= TimeSpan.Zero)
        {
            yield return $"Cpu is {Cpu.TotalSeconds:R} s, idle {Idle.TotalSeconds:R} s, wall {Wall.TotalSeconds:R} s; each is more than 0.";
        }

        if (Memory < 32 << 20)
        {
            yield return $"Memory is {Memory} bytes; an interpreter needs at least {32 << 20}.";
        }

        if (Processes is < 1 or > 4096)
        {
            yield return $"Processes is {Processes}; use 1 to 4096.";
        }

        if (Output < 1024 || Disk < 0)
        {
            yield return $"Output is {Output} and disk {Disk} bytes; output is at least 1024, disk at least 0.";
        }
    }
}
