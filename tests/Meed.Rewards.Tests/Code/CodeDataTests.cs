using System.Collections.Concurrent;
using Meed.Rewards.Code;

namespace Meed.Rewards.Tests.Code;

/// <summary>HumanEval and MBPP: canonical solutions pass; mutants of them fail, or give the same answer to every call of the tests.</summary>
public class CodeDataTests
{
    private static readonly CodeLimits s_limits = new() { Cpu = TimeSpan.FromSeconds(2), Idle = TimeSpan.FromSeconds(2) };

    [Theory]
    [InlineData("humaneval/HumanEval.jsonl.gz", 20)]
    [InlineData("mbpp/mbpp.jsonl.gz", 20)]
    public Task Canonical_FirstSolutions_Pass(string file, int count) => CanonicalAsync(file, count);

    [Theory]
    [Trait("Tier", "long")]
    [InlineData("humaneval/HumanEval.jsonl.gz", 164)]
    [InlineData("mbpp/mbpp.jsonl.gz", 974)]
    public Task Canonical_EverySolution_Passes(string file, int count) => CanonicalAsync(file, count);

    [Fact]
    [Trait("Tier", "long")]
    public void Mutants_OfEverySolution_FailOrAnswerTheSame()
    {
        CodeFixture.NeedsSandbox();
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        var humaneval = Mutate("humaneval/HumanEval.jsonl.gz", every: 1);
        var mbpp = Mutate("mbpp/mbpp.jsonl.gz", every: 5);
        string table = "| tasks | their canonical solutions that pass | mutants | fail | pass with the same answer to every call | pass with other answers, which the tests allow | pass here, fail in a plain run | fail here, pass in a plain run |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n"
            + Row("HumanEval", 164, humaneval) + Row("MBPP, every fifth", 195, mbpp);
        TestContext.Current.TestOutputHelper!.WriteLine(table + string.Join("\n", humaneval.Concat(mbpp).Where(m => m.Kind is "allowed" or "forged" or "lost").Select(m => $"{m.Kind} {m.Note}").Order(StringComparer.Ordinal)));
        Assert.DoesNotContain(humaneval.Concat(mbpp), m => m.Kind == "forged");
        DataFiles.CheckGenerated("docs/rewards/code.md", "mutants", table);
    }

    private static string Row(string name, int tasks, ConcurrentBag<(string Kind, string Note)> mutants)
        => $"| {name}: {tasks} | {tasks} | {mutants.Count} | {mutants.Count(m => m.Kind is "fails" or "lost")} | {mutants.Count(m => m.Kind == "same")} | {mutants.Count(m => m.Kind == "allowed")} | {mutants.Count(m => m.Kind == "forged")} | {mutants.Count(m => m.Kind == "lost")} |\n";

    // One mutant of every n-th task.
    private static ConcurrentBag<(string Kind, string Note)> Mutate(string file, int every)
    {
        var found = new ConcurrentBag<(string, string)>();
        var work = CodeFixture.Tasks(file).Select((sample, i) => (sample, i)).Where(e => e.i % every == 0).ToArray();
        Parallel.ForEach(work, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken }, entry =>
        {
            var tests = (AssertTests)CodeTests.Read(default, entry.sample.Item, out _)!;
            var (passes, right) = Run(tests, entry.sample.Response);
            Assert.True(passes, $"{entry.i}: the canonical solution fails.");
            var mutants = PythonMutants.Of(entry.sample.Response);
            var random = new Random(20261121 + entry.i);
            if (mutants.Count > 0)
            {
                var (text, change) = mutants[random.Next(mutants.Count)];
                var (passed, transcript) = Run(tests, text);
                bool plain = RunPlain(tests, text);
                string kind = !passed ? plain ? "lost" : "fails" : !plain ? "forged" : transcript.SequenceEqual(right) ? "same" : "allowed";
                found.Add((kind, $"{entry.sample.Item.GetProperty("task_id")}: {change}"));
            }
        });
        return found;
    }

    // Program and tests in one interpreter, as the data sets' own scripts do it: who trusts the program may do so.
    private static bool RunPlain(AssertTests tests, string response)
    {
        string source = ProgramText.Find(response, ProgramPlace.Auto, tests.Context) + "\n" + tests.Setup + "\n" + string.Join('\n', tests.Units) + "\n";
        using var program = CodeProgram.Python(CodeSandbox.Default, source);
        return CodeSandbox.Default.Run(program, "", s_limits, TestContext.Current.CancellationToken).Succeeded;
    }

    private static (bool Passed, List<string> Transcript) Run(AssertTests tests, string response)
    {
        using var session = CodeSandbox.Default.Start(s_limits, TestContext.Current.CancellationToken);
        session.Transcript = [];
        if (session.Load(ProgramText.Find(response, ProgramPlace.Auto, tests.Context)!) is { Fault: not null })
        {
            return (false, []);
        }

        session.Transcript.Clear();
        var outcome = CodeSandbox.Default.Tests.Run(tests, session, true, s_limits, TestContext.Current.CancellationToken);
        Assert.Null(outcome.Invalid);
        return (outcome.Fault is null && outcome.Results.Count == tests.Count && outcome.Results.All(r => r.Length == 0), session.Transcript);
    }

    private static async Task CanonicalAsync(string file, int count)
    {
        CodeFixture.NeedsSandbox();
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        var samples = CodeFixture.Tasks(file).Take(count).ToArray();
        Assert.Equal(count, samples.Length);
        var scores = await CodeFixture.ScoreAsync(new CodeOptions { Cpu = TimeSpan.FromSeconds(20) }, samples);
        var failed = Enumerable.Range(0, count).Where(i => scores.Status[i] != ScoreStatus.Ok || scores.Values[i] != 1).Select(i => $"{samples[i].Item.GetProperty("task_id")}: {scores.Status[i]} {scores.Reasons[i]}").ToList();
        Assert.True(failed.Count == 0, string.Join("\n", failed));
    }
}
