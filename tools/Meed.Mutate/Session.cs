using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Meed.Mutate;

/// <summary>One test case of a project: its number in the worker, what it reaches and what it takes without any mutant.</summary>
internal sealed record Case(int Index, string Name, double Milliseconds, long Calls, HashSet<int> Reached);

/// <summary>A sampled mutant: its number in the built program, the project's number the site and its place in the sample.</summary>
internal sealed record Mutant(int Id, int Project, Site Site, int Rank);

/// <summary>Builds one program with every mutant in it, samples, and lets workers run the cases that reach each mutant.</summary>
internal sealed class Session
{
    /// <summary>A case may make this many choices beyond twenty times what it makes without a mutant; then it counts as endless.</summary>
    private const long CallsMore = 2_000_000;

    /// <summary>Numbers that each project's mutants may take.</summary>
    private const int MostSites = 40_000;

    /// <summary>How much time of cases a quick look at a mutant takes; long cases are fuzz tests, which seldom see a wrong value.</summary>
    private const double QuickMilliseconds = 400;

    private readonly Options _options;
    private readonly string _root;
    private readonly string _copy;
    private readonly List<List<Case>> _cases = [];
    private readonly List<HashSet<int>> _initialisers = [];
    private readonly Dictionary<int, string> _fileOf = [];
    private readonly ConcurrentBag<WorkerProcess>[] _idle;

    private Session(Options options, string root)
    {
        _options = options;
        _root = root;
        _copy = Path.Combine(root, "artifacts", "mutation");
        _idle = [.. options.Projects.Select(_ => new ConcurrentBag<WorkerProcess>())];
    }

    /// <returns>The exit code: 0 when the share is reached and every survivor has a reason.</returns>
    public static int Run(Options options, string root) => new Session(options, root).Run();

    private bool Wanted(Site site) => _options.Only.Count == 0 || _options.Only.Any(o => o.Split(':') is [var file, var line]
        ? site.File.EndsWith(file, StringComparison.Ordinal) && site.Line == int.Parse(line, CultureInfo.InvariantCulture)
        : site.File.Contains(o, StringComparison.Ordinal));

    private int Run()
    {
        if (_options.Count == 0)
        {
            return Report.Write(_options, _root);
        }

        if (Directory.Exists(_copy))
        {
            Directory.Delete(_copy, recursive: true);
        }

        // The sample is drawn over all projects together, in proportion to their sites; a quarter more than wanted, because some sites cannot be a choice at run time.
        var schemata = _options.Projects.Select(p => new Schemata(_root, p)).ToList();
        var order = schemata.SelectMany((s, p) => s.Sites(_root).Select(site => (Project: p, Site: site))).OrderBy(m => m.Site.Rank(_options.Seed)).ToArray();
        int sites = order.Length;
        var drawn = order.Where(m => Wanted(m.Site)).Take(_options.Count + (_options.Count / 4)).ToList();
        var alive = new List<Mutant>();
        for (int p = 0; p < schemata.Count; p++)
        {
            CopyTests(_options.Projects[p]);
            int[] own = [.. Enumerable.Range(0, drawn.Count).Where(i => drawn[i].Project == p)];
            var written = schemata[p].Emit([.. own.Select(i => drawn[i].Site)], p * MostSites, Path.Combine(_copy, _options.Projects[p] + ".Tests", _options.Projects[p] + ".dll"));
            foreach (var (site, i) in written.Select((site, i) => (site, i)).Where(static w => w.site is not null))
            {
                alive.Add(new Mutant((p * MostSites) + i, p, site!, own[i]));
                _fileOf[(p * MostSites) + i] = site!.File;
            }
        }

        for (int p = 0; p < _options.Projects.Count; p++)
        {
            if (!Map(p))
            {
                return 1;
            }
        }

        var mutants = alive.OrderBy(static m => m.Rank).Take(_options.Count).ToList();
        Console.WriteLine($"{sites} sites, {mutants.Count} mutants sampled with seed {_options.Seed}");
        var results = new ConcurrentBag<(Site Site, string Outcome)>();
        var started = Stopwatch.StartNew();
        int done = 0;
        Parallel.ForEach(Partitioner.Create(mutants, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = _options.Parallel }, mutant =>
        {
            if (started.Elapsed.TotalMinutes > _options.Minutes)
            {
                return;
            }

            string outcome = Outcome(mutant);
            results.Add((mutant.Site, outcome));
            int n = Interlocked.Increment(ref done);
            if (Sample.IsSurvivor(outcome) || n % 100 == 0)
            {
                Console.WriteLine($"{n}/{mutants.Count} {started.Elapsed.TotalSeconds:F0} s {outcome}: {mutant.Site.Kind} {mutant.Site.File}:{mutant.Site.Line} {mutant.Site.Change} in {mutant.Site.Around}");
            }
        });
        foreach (var worker in _idle.SelectMany(w => w))
        {
            worker.Dispose();
        }

        var sample = new Sample(_options.Seed, _options.Projects, sites, _options.Count, _options.Quick, _options.Later,
            [.. results.OrderBy(static r => r.Site.File, StringComparer.Ordinal).ThenBy(static r => r.Site.Line).Select(static r => Verdict.Of(r.Site, r.Outcome))]);
        Console.WriteLine(Report.Summary(sample, Report.Reasons(_root)));
        if (_options.Report is not null && _options.Only.Count == 0)
        {
            sample.Save(_root);
            return Report.Write(_options, _root);
        }

        return 0;
    }

    /// <summary>Runs every case without a mutant: only cases that reach a mutant can catch it.</summary>
    private bool Map(int project)
    {
        string name = _options.Projects[project];
        using var worker = WorkerProcess.Start(_copy, name) ?? throw new InvalidOperationException($"{name}: no worker starts.");
        var cases = new List<Case>();
        for (int i = 0; i < worker.Cases; i++)
        {
            string[] parts = (worker.Ask($"map {i}", TimeSpan.FromMinutes(2)) ?? throw new InvalidOperationException($"{name}: case {i} does not end without a mutant.")).Split('\t');
            if (parts[3].Length > 0)
            {
                Console.Error.WriteLine($"{parts[0]} fails without a mutant: {parts[3]}");
                return false;
            }

            var ids = parts[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture));
            cases.Add(new Case(i, parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture), [.. ids]));
        }

        _cases.Add(cases);
        _initialisers.Add(worker.Initialisers);
        Console.WriteLine($"{name}: {cases.Count} cases pass without a mutant in {cases.Sum(c => c.Milliseconds) / 1000:F1} s; {worker.Initialisers.Count} mutants stand in initialisers");
        return true;
    }

    private string Outcome(Mutant mutant)
    {
        bool initialiser = _initialisers[mutant.Project].Contains(mutant.Id);
        var cases = _cases[mutant.Project];
        var near = cases.Where(c => c.Reached.Contains(mutant.Id)).OrderBy(c => c.Milliseconds).ToList();
        if (initialiser)
        {
            if (_options.Quick)
            {
                return "skipped";
            }

            // Any case may read what an initialiser wrote. First those that run most of the same file.
            var beside = cases.ToDictionary(c => c, c => c.Reached.Count(id => _fileOf[id] == mutant.Site.File));
            near = [.. cases.OrderByDescending(c => beside[c] > 0).ThenBy(c => c.Milliseconds)];
            return Alone(mutant, near);
        }

        if (near.Count == 0)
        {
            return "not reached";
        }

        if (_options.Quick)
        {
            double spent = 0;
            near = [.. near.TakeWhile(c => (spent += c.Milliseconds) < QuickMilliseconds || c == near[0])];
        }

        if (!_idle[mutant.Project].TryTake(out var worker))
        {
            worker = WorkerProcess.Start(_copy, _options.Projects[mutant.Project]) ?? throw new InvalidOperationException("No worker starts.");
        }

        string? answer = worker.Ask(Question(mutant, near), Limit(near));
        if (answer is null)
        {
            string ended = worker.IsAlive ? "caught (no end)" : "caught (crash)";
            worker.Dispose();
            return ended;
        }

        if (answer.Contains(" dirty ", StringComparison.Ordinal))
        {
            // The mutant spoiled the process, so what was seen may be its own doing or not: once more in a process of its own.
            worker.Dispose();
            return Alone(mutant, near);
        }

        _idle[mutant.Project].Add(worker);
        return answer == "none" && !_options.Quick ? Alone(mutant, near) : Name(answer);
    }

    /// <summary>The mutant in a fresh process, on from the first instruction.</summary>
    private string Alone(Mutant mutant, List<Case> near)
    {
        using var worker = WorkerProcess.Start(_copy, _options.Projects[mutant.Project], mutant.Id);
        string? answer = worker?.Ask(Question(mutant, near), Limit(near));
        return answer is null ? worker is { IsAlive: true } ? "caught (no end)" : "caught (crash)" : Name(answer);
    }

    private static string Question(Mutant mutant, List<Case> near) => $"run {mutant.Id} {CallsMore} {string.Join(' ', near.Select(c => $"{c.Index}:{c.Calls}"))}";

    /// <summary>The counted limit ends nearly every endless case; this one is for waits that count nothing.</summary>
    private static TimeSpan Limit(List<Case> near) => TimeSpan.FromSeconds(60) + TimeSpan.FromMilliseconds(10 * near.Sum(c => c.Milliseconds));

    private static string Name(string answer) => answer switch
    {
        "none" => "survived",
        _ when answer.StartsWith("endless", StringComparison.Ordinal) => "caught (no end)",
        _ => "caught",
    };

    /// <summary>The built tests of a project, whose assembly under test is then replaced.</summary>
    private void CopyTests(string project)
    {
        string from = Path.Combine(_root, "tests", project + ".Tests", "bin", "Release", "net10.0"), to = Path.Combine(_copy, project + ".Tests");
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
