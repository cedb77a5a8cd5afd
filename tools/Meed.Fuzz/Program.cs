// Seeded fuzz over everything that reads input: each target gets an equal share of the time.
//   dotnet run --project tools/Meed.Fuzz -- [--seconds 120] [--seed 1] [--only part of a target's name]
// Ends with 1 when an input crashes a parser with anything but its own sentence, or takes more than 10 s of processor time; the input is then printed and stored.
using System.Diagnostics;
using Meed.Fuzz;

var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (int i = 0; i + 1 < args.Length; i += 2)
{
    options[args[i]] = args[i + 1];
}

double seconds = double.Parse(options.GetValueOrDefault("--seconds", "120"));
int seed = int.Parse(options.GetValueOrDefault("--seed", "1"));
string only = options.GetValueOrDefault("--only", "");
var targets = Targets.All(Directory.GetCurrentDirectory()).Where(t => t.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
var share = TimeSpan.FromSeconds(seconds / Math.Max(1, targets.Count));
long total = 0;
int failures = 0;
byte[] current = [];
string name = "";
long ordinal = 0, watched = -1;
var (usedThen, then) = (TimeSpan.Zero, 0L);
using var watchdog = new Timer(_ =>
{
    // Processor time, so that a machine which gives this process no turn is no failure; the clock only for what waits forever.
    long now = Interlocked.Read(ref ordinal);
    if (now != watched)
    {
        (watched, usedThen, then) = (now, Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
    }
    else if (current.Length > 0 && (Environment.CpuUsage.TotalTime - usedThen > TimeSpan.FromSeconds(10) || Stopwatch.GetElapsedTime(then) > TimeSpan.FromMinutes(5)))
    {
        Console.WriteLine($"{name}: no end after 10 s of processor time or 5 minutes on {Convert.ToBase64String(current)}");
        Environment.Exit(1);
    }
}, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

foreach (var target in targets)
{
    var mutator = new Mutator(seed);
    var watch = Stopwatch.StartNew();
    long runs = 0, refused = 0;
    name = target.Name;
    while (watch.Elapsed < share)
    {
        current = target.Next(mutator);
        Interlocked.Increment(ref ordinal);
        try
        {
            target.Run(current);
        }
        catch (Exception e) when (target.Allowed(e))
        {
            refused += target.Joined;
            if (e.Message.Contains("   at ", StringComparison.Ordinal) || string.IsNullOrWhiteSpace(e.Message))
            {
                Fail(target.Name, current, e);
                break;
            }
        }
        catch (Exception e)
        {
            Fail(target.Name, current, e);
            break;
        }

        runs += target.Joined;
    }

    total += runs;
    Console.WriteLine($"{target.Name,-22} {runs,9} inputs, {refused,9} refused");
}

current = [];
Console.WriteLine($"{total} inputs over {targets.Count} targets with seed {seed}, {failures} failures");
return failures == 0 ? 0 : 1;

void Fail(string target, byte[] input, Exception e)
{
    failures++;
    Console.WriteLine($"{target}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}\ninput (base64): {Convert.ToBase64String(input)}");
}
