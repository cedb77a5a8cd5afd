using Meed.Rewards.Text;

namespace Meed.Rewards.Instructions;

/// <summary>The 58 instruction kinds of IFBench's test set.</summary>
/// <remarks>
/// Pyatkin et al. 2025, "Generalizing Verifiable Instruction Following", arXiv:2507.02833. Decisions follow the first published checker (June 2025), whose verdicts are
/// public; where that checker would stop with an error, the instruction is not followed. Sentences are <see cref="Sentences.Rules"/>. Outside parts that are replaced:
/// part-of-speech tagging by a verb list, syllables by <see cref="Syllables"/>, words by <see cref="TreebankWords"/>.
/// </remarks>
public static class IfBench
{
    /// <summary>The kinds by their id.</summary>
    public static IReadOnlyDictionary<string, InstructionKind> Kinds { get; } =
        BenchCounts.All.Concat(BenchWords.All).Concat(BenchSentences.All).Concat(BenchFormats.All).Concat(BenchTasks.All).ToDictionary(k => k.Id, StringComparer.Ordinal);

    /// <summary>Words without punctuation, in small letters when asked.</summary>
    internal static List<string> PlainWords(string text, bool lower) => Words.Split(Words.WithoutPunctuation(lower ? text.ToLowerInvariant() : text));
}
