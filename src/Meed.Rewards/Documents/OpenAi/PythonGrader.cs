using System.Text;
using Meed.Rewards.Code;
using Meed.Rewards.Structure;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Documents.OpenAi;

/// <summary>Whether graders may bring programs. A server forbids it to documents that it is sent until a profile allows it.</summary>
/// <param name="Allowed">True when they may; also when a registry supplies no rule.</param>
public sealed record ProgramRule(bool Allowed);

/// <summary>OpenAI's <c>python</c>: a program with <c>grade(sample, item)</c> that gives a number.</summary>
/// <remarks>
/// The program runs in <see cref="CodeSandbox"/>, in a process of its own for each sample, with the service's bounds: two minutes of processor time, 2 GB of memory, no network. <c>sample</c> and
/// <c>item</c> are what templates see (<see cref="TemplateScope"/>). A number outside the range (0 to 1, or the document's own <c>range</c>) is cut to it.
/// <para>A program that raises or runs over its bounds on a sample scores the minimum, because otherwise an answer that breaks it would pay; one that does not load, has no <c>grade</c> or gives no number
/// is the task's fault. Reasons begin with <c>python_runtime</c>, those of a sandbox that failed with <c>python_server</c>. Source: OpenAI's guide to graders.</para>
/// </remarks>
public sealed class PythonGrader(string name, string source, double low, double high, CodeSandbox sandbox) : TextVerifier
{
    /// <summary>Longest program in bytes of UTF-8.</summary>
    public const int LongestSource = 256 * 1024;

    /// <summary>The service's bounds; the wall clock and the disk are Meed's own.</summary>
    internal static readonly CodeLimits Limits = new() { Cpu = TimeSpan.FromMinutes(2), Wall = TimeSpan.FromMinutes(4), Memory = 2L << 30, Disk = 64L << 20 };

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new(name, "1", [], low, high, RewardScope.Sample, false);

    /// <inheritdoc/>
    protected override int RowsPerThread => 1;

    /// <summary>Bytes of a program as it is sent.</summary>
    public static int SizeOf(string source) => Encoding.UTF8.GetByteCount(source);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        var scope = new TemplateScope(sample);
        var (given, item) = (scope.SampleObject(ref work), scope.Item());
        try
        {
            using var session = sandbox.Start(Limits, work.Cancellation);
            if (session.Load(source) is { Fault: { } wrong } load)
            {
                row.Fail(ScoreStatus.InvalidReference, $"python_runtime: {Said(wrong, load.Detail)}");
                return;
            }

            var answer = session.Call("grade", [given, item]);
            switch (answer)
            {
                case { Fault: "missing_function" }:
                    row.Fail(ScoreStatus.InvalidReference, "python_runtime: the program has no grade(sample, item)");
                    break;
                case { Fault: { } fault }:
                    row.Fault($"python_runtime: {Said(fault, answer.Detail)}");
                    break;
                case { Value: { Kind: DataKind.Number } number } when double.IsFinite(number.Number):
                    row.Set(Math.Clamp(number.Number, low, high));
                    break;
                case { Value: { Kind: DataKind.Boolean } verdict }:
                    row.Set(Math.Clamp(verdict.Boolean ? 1 : 0, low, high));
                    break;
                default:
                    row.Fail(ScoreStatus.InvalidReference, "python_runtime: grade gave no finite number");
                    break;
            }
        }
        catch (SandboxException e)
        {
            row.Fail(e.Status, $"python_server: {e.Message}");
        }
    }

    // The kind of exception, without its message: reasons are counted.
    private static string Said(string fault, string detail) => fault is "raised" or "syntax_error" && detail.Length > 0 ? $"{fault} {detail.Split(':')[0]}" : fault;
}
