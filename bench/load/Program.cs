// A bounded load on a reward server from a second process, on loopback only.
//   Meed.Load bare [--port 8601]        a bare Kestrel endpoint that reads the body and answers a constant, as the measure of what is possible
//   Meed.Load run --url http://127.0.0.1:8600/get_reward --mode new|keep|batch [--connections 32] [--seconds 5] [--rate 0] [--hostile 0]
//   Meed.Load suite --meed path/to/meed.dll [--seconds 5] [--output docs/serve/performance.md]    everything, beside the bare endpoint
//   Meed.Load soak --meed path/to/meed.dll [--minutes 30] [--rate 200] [--hostile 0.01] [--output docs/serve/performance.md]    long, with hostile requests
//   Meed.Load page [--output docs/serve/performance.md]    writes the page anew from its figures
// Prints one JSON line: requests, samples, wrong answers, rate and latency percentiles in milliseconds.
using System.Text.Json;
using Meed.Load;

if (args.Length == 0 || args[0] is not ("bare" or "run" or "suite" or "soak" or "page"))
{
    Console.Error.WriteLine("Usage: Meed.Load bare [--port n] | Meed.Load run --url u --mode new|keep|batch [--connections n] [--seconds s] [--rate per second] [--hostile share] | Meed.Load suite --meed p | Meed.Load soak --meed p | Meed.Load page");
    return 2;
}

var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (int i = 1; i + 1 < args.Length; i += 2)
{
    options[args[i]] = args[i + 1];
}

if (args[0] == "bare")
{
    await BareServer.RunAsync(int.Parse(options.GetValueOrDefault("--port", "8601")));
    return 0;
}

if (args[0] == "suite")
{
    return await Suite.RunAsync(options["--meed"], double.Parse(options.GetValueOrDefault("--seconds", "5")), options.GetValueOrDefault("--output", "docs/serve/performance.md"));
}

if (args[0] == "page")
{
    Report.Rewrite(options.GetValueOrDefault("--output", "docs/serve/performance.md"));
    return 0;
}

if (args[0] == "soak")
{
    return await Suite.SoakAsync(options["--meed"], double.Parse(options.GetValueOrDefault("--minutes", "30")), double.Parse(options.GetValueOrDefault("--rate", "200")), double.Parse(options.GetValueOrDefault("--hostile", "0.01")),
        options.GetValueOrDefault("--output", "docs/serve/performance.md"));
}

var url = new Uri(options["--url"]);
if (!url.IsLoopback)
{
    Console.Error.WriteLine($"{url.Host} is not a loopback address: this program loads only servers on its own machine.");
    return 2;
}

var load = new LoadRun(url, options.GetValueOrDefault("--mode", "keep"), int.Parse(options.GetValueOrDefault("--connections", "32")),
    TimeSpan.FromSeconds(double.Parse(options.GetValueOrDefault("--seconds", "5"))), double.Parse(options.GetValueOrDefault("--rate", "0")), double.Parse(options.GetValueOrDefault("--hostile", "0")));
var result = await load.RunAsync();
Console.WriteLine(JsonSerializer.Serialize(result));
return result.Wrong == 0 ? 0 : 1;
