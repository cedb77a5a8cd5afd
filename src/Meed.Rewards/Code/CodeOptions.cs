namespace Meed.Rewards.Code;

/// <summary>What several tests are worth together.</summary>
public enum CodeCredit : byte
{
    /// <summary>1 when all pass, else 0; the first that fails ends the run.</summary>
    All,

    /// <summary>The share of tests that pass.</summary>
    Share,
}

/// <summary>How stdout is compared.</summary>
public enum OutputComparison : byte
{
    /// <summary>Line by line, without white space at line ends and without empty lines at the end.</summary>
    Lines,

    /// <summary>Character by character, without line ends at the end.</summary>
    Exact,

    /// <summary>Word by word; numbers up to the tolerance.</summary>
    Tokens,
}

/// <summary>Options of <c>code</c>.</summary>
public sealed record CodeOptions
{
    /// <summary>Language of the programs: python or csharp; any other together with an interpreter.</summary>
    public string Language { get; init; } = "python";

    /// <summary>Command for programs that read stdin, <c>{file}</c> for the program, such as [node, "{file}"]; empty takes the language's own. A Python path for language python.</summary>
    public IReadOnlyList<string> Interpreter { get; init; } = [];

    /// <summary>The program's file name for an interpreter that looks at it, such as main.js.</summary>
    public string File { get; init; } = "main";

    /// <summary>Where the program stands in the response.</summary>
    public ProgramPlace Program { get; init; } = ProgramPlace.Auto;

    /// <summary>What several tests are worth together.</summary>
    public CodeCredit Credit { get; init; } = CodeCredit.All;

    /// <summary>How stdout is compared.</summary>
    public OutputComparison Compare { get; init; } = OutputComparison.Lines;

    /// <summary>Relative difference up to which numbers are equal, in values that calls give and with compare: tokens. 0 compares exactly.</summary>
    public double Tolerance { get; init; }

    /// <summary>True lets programs import the packages installed beside the interpreter.</summary>
    public bool Packages { get; init; }

    /// <summary>Processor time of one program over all its calls, or of one run on stdin.</summary>
    public TimeSpan Cpu { get; init; } = new CodeLimits().Cpu;

    /// <summary>Time it may sleep while it is waited for.</summary>
    public TimeSpan Idle { get; init; } = new CodeLimits().Idle;

    /// <summary>Memory in bytes.</summary>
    public long Memory { get; init; } = new CodeLimits().Memory;

    /// <summary>Processes and threads at once; C# programs get at least 64.</summary>
    public int Processes { get; init; } = new CodeLimits().Processes;

    /// <summary>True runs programs without a sandbox: only for programs that you wrote.</summary>
    public bool UnsafeLocal { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Interpreter.Count == 0 && Language is not ("python" or "csharp"))
        {
            yield return $"Language is '{Language}'; write python or csharp, or give an interpreter, as in interpreter: [node, \"{{file}}\"].";
        }

        if (Interpreter.Count > 0 && Language == "csharp")
        {
            yield return "Interpreter is given for csharp, which is compiled; leave it out.";
        }

        if (File.Length == 0 || File.Contains('/', StringComparison.Ordinal))
        {
            yield return $"File is '{File}'; write a name without folders.";
        }

        if (!(Tolerance >= 0 && Tolerance < 1))
        {
            yield return $"Tolerance is {Tolerance}; write 0 up to below 1.";
        }

        foreach (string problem in Limits(default).Problems())
        {
            yield return problem;
        }
    }

    /// <summary>The limits of one run.</summary>
    internal CodeLimits Limits(TimeSpan wall) => new()
    {
        Cpu = Cpu,
        Idle = Idle,
        Memory = Memory,
        Processes = Language == "csharp" ? Math.Max(64, Processes) : Processes,
        Wall = wall > TimeSpan.Zero ? wall : new CodeLimits().Wall,
    };
}
