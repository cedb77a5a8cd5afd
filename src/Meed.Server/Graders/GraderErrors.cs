using System.Text.Json;
using Meed.Rewards;

namespace Meed.Server.Graders;

/// <summary>The typed errors of a grader's run, as OpenAI's API names them, from a row's status and reason.</summary>
internal sealed record GraderErrors
{
    public bool InvalidVariable { get; private init; }

    public bool SampleParse { get; private init; }

    public bool JudgeParse { get; private init; }

    public bool JudgeRefusal { get; private init; }

    public string? JudgeServer { get; private init; }

    public string? PythonRuntime { get; private init; }

    public string? PythonServer { get; private init; }

    public bool Unresponsive { get; private init; }

    public bool Other { get; private init; }

    /// <summary>The errors of a row; none for one whose reason is only a remark.</summary>
    public static GraderErrors Of(ScoreStatus status, string? reason)
    {
        reason ??= "";
        string? After(string word) => reason.IndexOf(word + ": ", StringComparison.Ordinal) is >= 0 and var at ? reason[(at + word.Length + 2)..] : null;
        bool Has(string word) => reason.Contains(word, StringComparison.Ordinal);
        var errors = new GraderErrors
        {
            InvalidVariable = Has("missing item") || Has("missing sample.") || Has("unreadable item") || Has("unreadable sample"),
            SampleParse = status == ScoreStatus.Ok && Has("unparsed"),
            JudgeParse = status == ScoreStatus.JudgeError && Has("judge_parse"), JudgeRefusal = status == ScoreStatus.JudgeError && Has("judge_refusal"),
            JudgeServer = status == ScoreStatus.JudgeError ? After("judge_server") : null,
            PythonRuntime = After("python_runtime"), PythonServer = status is ScoreStatus.VerifierError or ScoreStatus.Timeout ? After("python_server") : null,
            Unresponsive = status == ScoreStatus.Timeout,
        };
        bool named = errors != new GraderErrors();
        bool wrong = status != ScoreStatus.Ok || Has("not_finite") || Has("over_budget") || Has("too_long") || Has("empty reference");
        return errors with { Other = wrong && !named };
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("formula_parse_error", false);   // a formula that does not parse is refused before it runs
        writer.WriteBoolean("sample_parse_error", SampleParse);
        writer.WriteBoolean("truncated_observation_error", false);
        writer.WriteBoolean("unresponsive_reward_error", Unresponsive);
        writer.WriteBoolean("invalid_variable_error", InvalidVariable);
        writer.WriteBoolean("other_error", Other);
        writer.WriteBoolean("python_grader_server_error", PythonServer is not null);
        writer.WriteString("python_grader_server_error_type", PythonServer);
        writer.WriteBoolean("python_grader_runtime_error", PythonRuntime is not null);
        writer.WriteString("python_grader_runtime_error_details", PythonRuntime);
        writer.WriteBoolean("model_grader_server_error", JudgeServer is not null);
        writer.WriteBoolean("model_grader_refusal_error", JudgeRefusal);
        writer.WriteBoolean("model_grader_parse_error", JudgeParse);
        writer.WriteString("model_grader_server_error_details", JudgeServer);
    }
}
