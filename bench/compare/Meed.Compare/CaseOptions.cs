using Meed.Numerics.Kernels;

namespace Meed.Compare;

/// <summary>What the command line says about one run.</summary>
public sealed record CaseOptions
{
    /// <summary>Threads of our kernels, or of the peer's library.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>A forced instruction set, or none.</summary>
    public Isa? Isa { get; init; }

    /// <summary>Time spent on one item after warming up.</summary>
    public double Seconds { get; init; } = 0.15;

    /// <summary>Everything else, by name.</summary>
    public Dictionary<string, string> Other { get; init; } = [];

    public static CaseOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new CaseOptions();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                throw new ArgumentException($"Option '{args[i]}' needs the form --name value.");
            }

            string value = args[i + 1];
            switch (args[i])
            {
                case "--threads": options = options with { Threads = int.Parse(value) }; break;
                case "--isa": options = options with { Isa = Enum.Parse<Isa>(value, ignoreCase: true) }; break;
                case "--seconds": options = options with { Seconds = double.Parse(value) }; break;
                default: options.Other[args[i][2..]] = value; break;
            }
        }

        return options;
    }
}
