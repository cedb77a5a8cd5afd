namespace Meed.Judges;

/// <summary>Why a judge gave no usable answer.</summary>
public enum JudgeFailure : byte
{
    /// <summary>It gave one.</summary>
    None,

    /// <summary>The server could not be reached, took too long, or answered with an error or with something that is no chat completion.</summary>
    Server,

    /// <summary>The model refused.</summary>
    Refusal,

    /// <summary>The answer does not hold what was asked for.</summary>
    Parse,
}

/// <summary>What came back from the chat model.</summary>
/// <param name="Text">The answer; empty when there is none.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Problem">The failure in a sentence without the prompt or the key.</param>
public sealed record JudgeAnswer(string Text, JudgeFailure Failure = JudgeFailure.None, string Problem = "")
{
    /// <summary>The word that begins the reason of a row that failed so: <c>judge_server</c>, <c>judge_refusal</c> or <c>judge_parse</c>.</summary>
    public static string Word(JudgeFailure failure) => failure switch { JudgeFailure.Refusal => "judge_refusal", JudgeFailure.Parse => "judge_parse", _ => "judge_server" };
}
