// Mutation testing: changes signs, constants, comparisons, arithmetic and masks of a project, one at a time, and sees whether its tests notice.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Meed.Mutate;

var options = Options.Parse(args);
if (options is null)
{
    return 2;
}

const double SecondsFirst = 6;
string root = Directory.GetCurrentDirectory();
string copy = Path.Combine(root, "artifacts", "mutation");
CopyTracked(root, copy);

// Sample over all projects together, in proportion to their sites.
var schemata = options.Projects.Select(p => new Schemata(root, p)).ToList();
var all = schemata.SelectMany((s, i) => s.Sites(root).Select(site => (Project: i, Site: site))).ToArray();
new Random(options.Seed).Shuffle(all);
var mutants = new List<(int Id, int Project, Site Site)>();
int taken = 0;
for (int p = 0; p < schemata.Count; p++)
{
    // A tenth more than wanted: some sites cannot be written as a choice.
    var sample = all.Take(options.Count + (options.Count / 4)).Where(m => m.Project == p).Select(m => m.Site).ToList();
    var alive = schemata[p].Write(sample, taken, copy, root);
    for (int i = 0; i < alive.Length; i++)
    {
        if (alive[i] is { } site)
        {
            mutants.Add((taken + i, p, site));
        }
    }

    taken += alive.Length;
}

var rank = new Dictionary<Site, int>(ReferenceEqualityComparer.Instance);
for (int i = 0; i < all.Length; i++)
{
    rank[all[i].Site] = i;
}

mutants = [.. mutants.OrderBy(m => rank[m.Site]).Take(options.Count)];
Console.WriteLine($"{all.Length} sites, {mutants.Count} mutants sampled with seed {options.Seed}");

// What each test class reaches, and how long it takes: only classes that reach a mutant can catch it.
var classes = new List<TestClass>();
for (int p = 0; p < options.Projects.Count; p++)
{
    string tests = Path.Combine(copy, "tests", options.Projects[p] + ".Tests");
    var build = Run("dotnet", ["build", tests, "-v", "q", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false", "-p:NoWarn=CS0162"], copy, [], TimeSpan.FromMinutes(10));
    if (build.Code != 0)
    {
        Console.Error.WriteLine($"{options.Projects[p]}: the program with all mutants in it does not build:\n{build.Output}");
        return 1;
    }

    var found = new ConcurrentBag<TestClass>();
    var failed = new ConcurrentBag<string>();
    string[] names = Test(p, [], TimeSpan.FromMinutes(1), "-list", "classes").Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    int project = p;
    Parallel.ForEach(names.Where(n => n.StartsWith("Meed.", StringComparison.Ordinal)), new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, name =>
    {
        string reached = Path.Combine(copy, "reached-" + name + "-");
        var watch = Stopwatch.StartNew();
        var clean = Test(project, [("MEED_MUTANT_REACHED", reached)], TimeSpan.FromMinutes(10), "-class", name);
        if (clean.Code != 0)
        {
            failed.Add($"{name}: tests fail without any mutant:\n{clean.Output}");
        }

        string file = reached + options.Projects[project];
        int[] ids = File.Exists(file) ? [.. File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))] : [];
        found.Add(new TestClass(project, name, ids.ToHashSet(), watch.Elapsed));
    });
    if (!failed.IsEmpty)
    {
        Console.Error.WriteLine(string.Join('\n', failed));
        return 1;
    }

    classes.AddRange(found);
    Console.WriteLine($"{options.Projects[p]}: {found.Count} test classes pass without a mutant in {found.Sum(c => c.Time.TotalSeconds):F1} s");
}

// What a test caught stays caught while the mutated file is the same: slices of a long run add up.
string caughtPath = Path.Combine(root, "artifacts", "mutation-caught.txt");
var known = File.Exists(caughtPath) ? File.ReadAllLines(caughtPath).ToHashSet() : [];
var results = new ConcurrentBag<(Site Site, string Outcome)>();
var started = Stopwatch.StartNew();
int done = 0;
Parallel.ForEach(Partitioner.Create(mutants, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, mutant =>
{
    if (started.Elapsed.TotalMinutes > options.Minutes)
    {
        return;
    }

    string print = Fingerprint(mutant.Site);
    if (known.Contains(print))
    {
        results.Add((mutant.Site, "caught"));
        Interlocked.Increment(ref done);
        return;
    }

    // The most special classes come first, up to a few seconds: they catch most mutants.
    var near = classes.Where(c => c.Project == mutant.Project && c.Reached.Contains(mutant.Id)).OrderBy(c => c.Reached.Count).ToList();
    double spent = 0;
    var quick = near.TakeWhile(c => spent == 0 | (spent += c.Time.TotalSeconds) < SecondsFirst).ToList();
    string outcome = near.Count == 0 ? "not reached" : Outcome(mutant.Project, mutant.Id, quick);
    outcome = outcome == "survived" ? Outcome(mutant.Project, mutant.Id, [.. near.Except(quick)]) : outcome;
    results.Add((mutant.Site, outcome));
    if (outcome is not ("survived" or "not reached"))
    {
        lock (known)
        {
            File.AppendAllLines(caughtPath, [print]);
        }
    }

    int n = Interlocked.Increment(ref done);
    if (outcome is "survived" or "not reached" || n % 25 == 0)
    {
        Console.WriteLine($"{n}/{mutants.Count} {outcome}: {mutant.Site.File}:{mutant.Site.Line} {mutant.Site.Key}");
    }
});

return Report.Write(options, all.Length, [.. results.OrderBy(r => r.Site.File, StringComparer.Ordinal).ThenBy(r => r.Site.Line)], root) ? 0 : 1;

string Fingerprint(Site site)
{
    string text = $"{site.Key} at {site.Original.SpanStart} in {File.ReadAllText(Path.Combine(root, site.File))}";
    return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

string Outcome(int project, int id, List<TestClass> selected)
{
    if (selected.Count == 0)
    {
        return "survived";
    }

    // A mutant that loops for ever is caught as well: ten times the clean time and a start.
    var limit = TimeSpan.FromSeconds(30) + (10 * selected.Max(c => c.Time));
    var run = Test(project, [("MEED_MUTANT", id.ToString(CultureInfo.InvariantCulture))], limit, [.. selected.SelectMany(c => new[] { "-class", c.Name })]);
    return run.Code switch { 0 => "survived", null => "caught (no end)", _ => "caught" };
}

(int? Code, string Output) Test(int project, (string Name, string Value)[] variables, TimeSpan limit, params string[] filter)
{
    string name = options.Projects[project] + ".Tests";
    string exe = Path.Combine(copy, "tests", name, "bin", "Release", "net10.0", name + ".dll");
    return Run("dotnet", [exe, "-trait-", "Tier=long", "-stopOnFail", "-noLogo", "-noColor", .. filter], copy, variables, limit);
}

static (int? Code, string Output) Run(string program, string[] arguments, string folder, (string Name, string Value)[] variables, TimeSpan limit)
{
    var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
    start.Environment.Remove("MEED_DATA");
    foreach (var (name, value) in variables)
    {
        start.Environment[name] = value;
    }

    using var process = Process.Start(start)!;
    var output = new StringBuilder();
    process.OutputDataReceived += (_, e) => Append(e.Data);
    process.ErrorDataReceived += (_, e) => Append(e.Data);
    process.BeginOutputReadLine();
    process.BeginErrorReadLine();
    if (!process.WaitForExit(limit))
    {
        process.Kill(entireProcessTree: true);
        return (null, output.ToString());
    }

    process.WaitForExit();
    return (process.ExitCode, output.ToString());

    void Append(string? line)
    {
        lock (output)
        {
            if (output.Length < 20_000)
            {
                output.AppendLine(line);
            }
        }
    }
}

static void CopyTracked(string root, string copy)
{
    if (Directory.Exists(copy))
    {
        Directory.Delete(copy, recursive: true);
    }

    foreach (var file in AllFiles(root))
    {
        string target = Path.Combine(copy, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(root, file), target);
    }
}

static IEnumerable<string> AllFiles(string root)
{
    string[] skip = ["bin", "obj", "artifacts", ".git", "runs", "TestResults", "node_modules"];
    var pending = new Stack<string>([root]);
    while (pending.TryPop(out var folder))
    {
        foreach (var sub in Directory.EnumerateDirectories(folder).Where(d => !skip.Contains(Path.GetFileName(d))))
        {
            pending.Push(sub);
        }

        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(root, file);
        }
    }
}

/// <summary>One test class: the mutants it reaches and its time without any mutant.</summary>
internal sealed record TestClass(int Project, string Name, HashSet<int> Reached, TimeSpan Time);
