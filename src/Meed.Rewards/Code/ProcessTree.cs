using System.Globalization;

namespace Meed.Rewards.Code;

/// <summary>What a process and all its descendants have used so far, read from /proc.</summary>
/// <param name="Cpu">Processor time in nanoseconds: of those that live, and in ticks of 10 ms of those that ended and were waited for.</param>
/// <param name="Wanted">Nanoseconds they ran or stood in line for a processor.</param>
/// <param name="Resident">Resident bytes, shared pages counted once for each process.</param>
/// <param name="Busy">True when one was running, or in a wait that cannot be interrupted (a disk).</param>
internal readonly record struct ProcessUse(long Cpu, long Wanted, long Resident, bool Busy)
{
    private const int Most = 512;
    private const long NanosecondsPerTick = 10_000_000;   // USER_HZ is 100 on every Linux that .NET runs on

    /// <summary>Reads the tree below a process, itself included. Processes that vanish meanwhile are left out.</summary>
    public static ProcessUse Of(int root)
    {
        long cpu = 0, wanted = 0, resident = 0;
        bool busy = false;
        var open = new Stack<int>();
        open.Push(root);
        for (int seen = 0; open.Count > 0 && seen < Most; seen++)
        {
            int process = open.Pop();
            try
            {
                string stat = File.ReadAllText($"/proc/{process}/stat");
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                busy |= fields[0] is "R" or "D";
                long ticks = Number(fields[11]) + Number(fields[12]), ended = Number(fields[13]) + Number(fields[14]);
                resident += Number(fields[21]) * Environment.SystemPageSize;
                long ran = 0;
                foreach (string thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
                {
                    string[] schedule = Text(thread + "/schedstat").Split(' ');
                    if (schedule.Length >= 2)
                    {
                        ran += Number(schedule[0]);
                        wanted += Number(schedule[1]);
                    }

                    foreach (string child in Text(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        open.Push((int)Number(child));
                    }
                }

                // Threads that ended count in the ticks of their process only.
                ran = Math.Max(ran, (ticks - 2) * NanosecondsPerTick) + ended * NanosecondsPerTick;
                cpu += ran;
                wanted += ran;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended between two looks.
            }
        }

        return new ProcessUse(cpu, wanted, resident, busy);
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
}
