// Turns the .trx files of ./long-tests into one JSON file: every test of the long tier, its outcome and seconds.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
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
File.WriteAllText(args[1], root.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
Console.WriteLine($"{args[1]}: {root["passed"]} passed, {root["failed"]} failed, {root["skipped"]} skipped");
return (int)root["failed"]! == 0 ? 0 : 1;
