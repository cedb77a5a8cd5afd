namespace Meed.Rewards.Instructions;

/// <summary>Decides whether a response follows one instruction.</summary>
public delegate bool InstructionCheck(string response, InstructionArguments arguments);

/// <summary>One kind of instruction that a program can check, such as a number of words.</summary>
/// <param name="Id">Its name in the benchmarks, such as <c>length_constraints:number_words</c>.</param>
/// <param name="Summary">What it asks for.</param>
/// <param name="Arguments">Names of the arguments it needs.</param>
/// <param name="Check">The decision, for a response that is not blank.</param>
public sealed record InstructionKind(string Id, string Summary, IReadOnlyList<string> Arguments, InstructionCheck Check)
{
    /// <summary>Whether the response as it stands follows the instruction. A blank response follows none.</summary>
    public bool Strict(string response, InstructionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(arguments);
        return !string.IsNullOrWhiteSpace(response) && Check(response, arguments);
    }

    /// <summary>Whether one of the eight loose readings of the response follows it: with and without asterisks, first line, last line.</summary>
    public bool Loose(string response, InstructionArguments arguments)
    {
        foreach (var reading in Readings(response))
        {
            if (Strict(reading, arguments))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The eight loose readings of IFEval: {all lines, without the first, without the last, without both} × {asterisks kept, removed}; equal ones once.</summary>
    public static IReadOnlyList<string> Readings(string response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var lines = response.Split('\n');
        string[] cuts =
        [
            response,
            Text.Words.TrimSpace(string.Join('\n', lines.Skip(1))),
            Text.Words.TrimSpace(string.Join('\n', lines.SkipLast(1))),
            Text.Words.TrimSpace(string.Join('\n', lines.Skip(1).SkipLast(1))),
        ];
        var readings = new List<string>(8);
        foreach (var cut in cuts)
        {
            Add(readings, cut);
            Add(readings, cut.Replace("*", "", StringComparison.Ordinal));
        }

        return readings;
    }

    private static void Add(List<string> readings, string reading)
    {
        if (!readings.Contains(reading))
        {
            readings.Add(reading);
        }
    }
}
