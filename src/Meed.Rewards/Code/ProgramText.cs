namespace Meed.Rewards.Code;

/// <summary>Where the program stands in a response.</summary>
public enum ProgramPlace : byte
{
    /// <summary>The last code block; without one, a completion where the task has a prompt of code and the response does not begin a program of its own, else the whole response.</summary>
    Auto,

    /// <summary>The last code block.</summary>
    Block,

    /// <summary>The whole response.</summary>
    Whole,

    /// <summary>The response continues the task's prompt.</summary>
    Completion,
}

/// <summary>Finds the program in a response.</summary>
internal static class ProgramText
{
    private const string Fence = "```";

    /// <summary>The program's text; null when there is none.</summary>
    /// <param name="response">What the policy wrote.</param>
    /// <param name="place">Where the program stands.</param>
    /// <param name="prompt">The task's prompt where it is code; empty otherwise.</param>
    public static string? Find(string response, ProgramPlace place, string prompt)
    {
        string? block = place is ProgramPlace.Auto or ProgramPlace.Block ? LastBlock(response) : null;
        if (block is not null || place == ProgramPlace.Block)
        {
            return block is null ? null : Join(prompt, block);
        }

        if (place == ProgramPlace.Whole)
        {
            return response;
        }

        return prompt.Length > 0 && (place == ProgramPlace.Completion || response.Length == 0 || char.IsWhiteSpace(response[0])) ? prompt + response : Join(prompt, response);
    }

    // The prompt holds imports and helpers; what it defines itself is defined again by the program after it.
    private static string Join(string prompt, string program) => prompt.Length == 0 ? program : prompt + "\n\n" + program;

    /// <summary>The text between the last pair of fences that stand at line starts; an opening without an end runs to the end.</summary>
    private static string? LastBlock(string response)
    {
        int start = -1;
        string? last = null;
        for (int line = 0; line <= response.Length;)
        {
            int end = response.IndexOf('\n', line);
            end = end < 0 ? response.Length : end;
            if (response.AsSpan(line, end - line).TrimStart().StartsWith(Fence, StringComparison.Ordinal))
            {
                if (start < 0)
                {
                    start = Math.Min(end + 1, response.Length);
                }
                else
                {
                    last = response[start..line];
                    start = -1;
                }
            }

            line = end + 1;
        }

        return start >= 0 ? response[start..] : last;
    }
}
