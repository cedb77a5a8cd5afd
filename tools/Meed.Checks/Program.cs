// Turns what ./long-tests left into one JSON file: every test of the long tier with its outcome and seconds, and what the fuzz read.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

if (args.Length != 2 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("Usage: Meed.Checks <folder of .trx files> <output.json>");
    return 2;
}

var tests = new List<(string Name, string Outcome, double Seconds)>();
foreach (var path in Directory.EnumerateFiles(args[0], "*.trx"))
{
    foreach (var result in XDocument.Load(path).Descendants().Where(e => e.Name.LocalName == "UnitTestResult"))
    {
        string outcome = result.Attribute("outcome")!.Value;
        var duration = TimeSpan.Parse(result.Attribute("duration")?.Value ?? "0:0:0", CultureInfo.InvariantCulture);
        tests.Add((result.Attribute("testName")!.Value, outcome == "NotExecuted" ? "skipped" : outcome.ToLowerInvariant(), Math.Round(duration.TotalSeconds, 1)));
    }
}

tests.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
var root = new JsonObject
{
    ["command"] = "./long-tests",
    ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    ["cores"] = Environment.ProcessorCount,
    ["passed"] = tests.Count(t => t.Outcome == "passed"),
    ["failed"] = tests.Count(t => t.Outcome == "failed"),
    ["skipped"] = tests.Count(t => t.Outcome == "skipped"),
    ["tests"] = new JsonArray([.. tests.Select(t => new JsonObject { ["name"] = t.Name, ["outcome"] = t.Outcome, ["seconds"] = t.Seconds })]),
};
string fuzz = Path.Combine(args[0], "fuzz.log");
bool crashed = false;
if (File.Exists(fuzz))
{
    string log = File.ReadAllText(fuzz);
    var targets = Regex.Matches(log, @"^(?<name>\S.*?) +(?<inputs>\d+) inputs, +(?<refused>\d+) refused", RegexOptions.Multiline);
    var end = Regex.Match(log, @"^(?<inputs>\d+) inputs over \d+ targets with seed (?<seed>\d+), (?<failures>\d+) failures", RegexOptions.Multiline);
    crashed = !end.Success || end.Groups["failures"].Value != "0";
    root["fuzz"] = new JsonObject
    {
        ["seed"] = Number(end, "seed"),
        ["inputs"] = Number(end, "inputs"),
        ["failures"] = Number(end, "failures"),
        ["targets"] = new JsonArray([.. targets.Select(t => new JsonObject { ["name"] = t.Groups["name"].Value, ["inputs"] = Number(t, "inputs"), ["refused"] = Number(t, "refused") })]),
    };
}

File.WriteAllText(args[1], root.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
Console.WriteLine($"{args[1]}: {root["passed"]} passed, {root["failed"]} failed, {root["skipped"]} skipped");
return (int)root["failed"]! == 0 && !crashed ? 0 : 1;

static long? Number(Match match, string group) => long.TryParse(match.Groups[group].Value, CultureInfo.InvariantCulture, out long value) ? value : null;
