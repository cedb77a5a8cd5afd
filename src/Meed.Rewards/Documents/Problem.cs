namespace Meed.Rewards.Documents;

/// <summary>One thing that is wrong with a document, and where.</summary>
/// <param name="File">The file, or <c>--set</c> for an override.</param>
/// <param name="Line">Line from 1; 0 when the problem has no line.</param>
/// <param name="Message">A sentence: what is wrong with which value, and what to do.</param>
public sealed record Problem(string File, int Line, string Message)
{
    /// <summary><c>file:line: message</c>.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

/// <summary>A document that cannot be used. The message lists every problem, one a line.</summary>
public sealed class DocumentException(IReadOnlyList<Problem> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>A document with a single problem.</summary>
    public DocumentException(string file, int line, string message)
        : this([new Problem(file, line, message)])
    {
    }

    /// <summary>Every problem, in the order of the file.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}

/// <summary>Gathers problems, so that a document shows all of them at once.</summary>
public sealed class ProblemList
{
    private readonly List<Problem> _problems = [];

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<Problem> Items => _problems;

    /// <summary>Adds a problem; the same one twice counts once.</summary>
    public void Add(string file, int line, string message)
    {
        var problem = new Problem(file, line, message);
        if (!_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>Throws when there is any problem.</summary>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new DocumentException([.. _problems.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line)]);
        }
    }
}
