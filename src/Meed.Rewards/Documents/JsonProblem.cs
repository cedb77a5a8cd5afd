namespace Meed.Rewards.Documents;

/// <summary>What is wrong with JSON, as one line of text.</summary>
internal static class JsonProblem
{
    /// <summary>The reader's sentence without its position, which a caller says in the words of its file, and without line ends.</summary>
    public static string Of(Exception problem)
    {
        string text = problem.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
        return text.ReplaceLineEndings("\\n");
    }
}
