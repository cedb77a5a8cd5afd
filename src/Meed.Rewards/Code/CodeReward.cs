using System.Globalization;
using Meed.Rewards.Structure;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Code;

/// <summary>Pays for a program that passes the tests of its task: 1 when all pass, or the share that passes.</summary>
/// <remarks>
/// The program runs in <see cref="CodeSandbox"/>, in a process of its own. Expected values and tests never enter that process: calls give plain values back that are
/// compared here, tests that are code run in a second process where the candidate's functions are references. Reasons: <c>no_program</c>, <c>syntax_error</c>,
/// <c>missing_function</c>, <c>raised</c>, <c>wrong</c>, <c>not_plain</c>, <c>exited</c>, <c>crashed</c>, <c>over_cpu</c>, <c>idle</c>, <c>over_memory</c>, <c>too_much_output</c>,
/// <c>compile_error</c>, <c>forged_answer</c>, and <c>test_…</c> where a value of the candidate made the test itself run over its bounds. Tests that are missing or do not load are an
/// <see cref="ScoreStatus.InvalidReference"/>. Work units: characters of the program and values compared.
/// <para>Not deterministic: programs may look at clocks and random numbers. Python's hashes are fixed.</para>
/// </remarks>
public sealed class CodeReward : IReward<TextSample>
{
    private readonly Runner _runner;
    private readonly CodeSandbox _sandbox;

    /// <summary>A reward with these options.</summary>
    public CodeReward(CodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _sandbox = new CodeSandbox(new CodeSandboxOptions
        {
            Packages = options.Packages,
            UnsafeLocal = options.UnsafeLocal,
            Python = options is { Language: "python", Interpreter: [var python, ..] } ? python : "",
        });
        _runner = new Runner(options, _sandbox);
    }

    /// <inheritdoc/>
    public RewardSchema Schema => _runner.Schema;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no sandbox; the message says what to install.</exception>
    public ValueTask<Scores> ScoreAsync(IReadOnlyList<TextSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count > 0)
        {
            _sandbox.Require();
        }

        return _runner.ScoreAsync(samples, context, cancellationToken);
    }

    private sealed class Runner(CodeOptions options, CodeSandbox sandbox) : TextVerifier
    {
        private readonly DataComparison _comparison = new() { Tolerance = options.Tolerance };

        public override RewardSchema Schema { get; } = new("code", "1", [], 0, 1, RewardScope.Sample, false);

        protected override int RowsPerThread => 1;

        protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
        {
            if (CodeTests.Read(sample.Reference, sample.Item, out string problem) is not { } tests)
            {
                row.Fail(ScoreStatus.InvalidReference, problem);
                return;
            }

            if (tests is not StreamTests && options.Language != "python")
            {
                row.Fail(ScoreStatus.InvalidReference, "calls_need_python");
                return;
            }

            if (ProgramText.Find(sample.Response, options.Program, tests is AssertTests { Context: var prompt } ? prompt : "") is not { } source)
            {
                row.Fault("no_program");
                return;
            }

            work.Charge(source.Length);
            var limits = options.Limits(work.Wall);
            try
            {
                var (passed, reason, ours) = tests switch
                {
                    CallTests calls => Calls(calls, source, limits, ref work),
                    AssertTests asserts => Asserts(asserts, source, limits, work.Cancellation),
                    _ => Streams((StreamTests)tests, source, limits, ref work),
                };
                if (ours is not null)
                {
                    row.Fail(ScoreStatus.InvalidReference, "tests_do_not_load: " + ours);
                }
                else
                {
                    row.Set(options.Credit == CodeCredit.Share ? (double)passed / tests.Count : passed == tests.Count ? 1 : 0, reason);
                }
            }
            catch (SandboxException e) when (e.Status == ScoreStatus.Timeout)
            {
                throw new WallExceededException(limits.Wall);
            }
        }

        private (int Passed, string? Reason, string? Ours) Calls(CallTests tests, string source, CodeLimits limits, ref Work work)
        {
            using var session = sandbox.Start(limits, work.Cancellation);
            if (session.Load(source) is { Fault: { } fault })
            {
                return (0, fault, null);
            }

            int passed = 0;
            string? reason = null;
            foreach (var test in tests.Cases)
            {
                var answer = session.Call(tests.Function, test.Arguments, test.Named);
                bool right = answer.Value is { } value && DataEquality.AreEqual(value, DataValue.From(test.Expected)!, _comparison, ref work);
                passed += right ? 1 : 0;
                reason ??= right ? null : answer.Fault ?? "wrong";
                if (session.Ended is not null || (!right && options.Credit == CodeCredit.All))
                {
                    break;
                }
            }

            return (passed, reason, null);
        }

        private (int Passed, string? Reason, string? Ours) Asserts(AssertTests tests, string source, CodeLimits limits, CancellationToken cancellationToken)
        {
            using var session = sandbox.Start(limits, cancellationToken);
            if (session.Load(source) is { Fault: { } fault })
            {
                return (0, fault, null);
            }

            var outcome = sandbox.Tests.Run(tests, session, options.Credit == CodeCredit.All, limits, cancellationToken);
            return outcome.Fault is not null || outcome.Invalid is not null
                ? (0, outcome.Fault, outcome.Invalid)
                : (outcome.Results.Count(r => r.Length == 0), outcome.Results.FirstOrDefault(r => r.Length > 0), null);
        }

        private (int Passed, string? Reason, string? Ours) Streams(StreamTests tests, string source, CodeLimits limits, ref Work work)
        {
            using var program = Program(source, work.Cancellation);
            int passed = 0;
            string? reason = null;
            foreach (var (input, output) in tests.Cases)
            {
                var result = sandbox.Run(program, input, limits, work.Cancellation);
                work.Charge(result.Output.Length + output.Length);
                bool right = result.Succeeded && OutputText.AreEqual(result.Output, output, options.Compare, options.Tolerance);
                passed += right ? 1 : 0;
                reason ??= right ? null : result.Fault ?? (result.ExitCode != 0 ? "crashed" : "wrong");
                if (!right && options.Credit == CodeCredit.All)
                {
                    break;
                }
            }

            return (passed, reason, null);
        }

        private CodeProgram Program(string source, CancellationToken cancellationToken) => options.Language switch
        {
            "python" => CodeProgram.Python(sandbox, source),
            "csharp" => CodeProgram.CSharp(sandbox, source, cancellationToken),
            _ => CodeProgram.Interpreted(options.Interpreter, options.File, source, addressSpace: false),
        };
    }
}

/// <summary>Equality of what programs print.</summary>
internal static class OutputText
{
    public static bool AreEqual(string actual, string expected, OutputComparison comparison, double tolerance) => comparison switch
    {
        OutputComparison.Exact => actual.TrimEnd('\r', '\n') == expected.TrimEnd('\r', '\n'),
        OutputComparison.Lines => Lines(actual).SequenceEqual(Lines(expected)),
        _ => Tokens(actual) is var a && Tokens(expected) is var b && a.Length == b.Length && a.Zip(b).All(p => SameToken(p.First, p.Second, tolerance)),
    };

    private static IEnumerable<string> Lines(string text) => text.TrimEnd().Split('\n').Select(l => l.TrimEnd());

    private static string[] Tokens(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static bool SameToken(string actual, string expected, double tolerance) => actual == expected
        || (double.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out double a) && double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out double b)
            && (a == b || (double.IsFinite(a) && double.IsFinite(b) && Math.Abs(a - b) <= tolerance * Math.Max(Math.Abs(a), Math.Abs(b)))));
}
