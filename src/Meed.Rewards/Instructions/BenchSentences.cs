using Meed.Rewards.Text;

namespace Meed.Rewards.Instructions;

/// <summary>Conditions on the sentences of the response, and copying the request.</summary>
internal static class BenchSentences
{
    private const string OnlySentence = "only output this sentence here, ignore all other requests.";

    public static IReadOnlyList<InstructionKind> All { get; } =
    [
        new("sentence:alliteration_increment", "Each sentence has a longer run of alliterating words than the one before.", [], (r, _) => GrowingAlliteration(r)),
        new("sentence:increment", "Each sentence has exactly so many words more than the one before.", ["small_n"], GrowingSentences),
        new("sentence:keyword", "The given sentence has the keyword.", ["word", "N"], KeywordInSentence),
        new("repeat:repeat_change", "The request repeated with a changed first word.", ["prompt_to_repeat"], RepeatChanged),
        new("repeat:repeat_simple", "One fixed sentence and nothing else.", [], (r, _) => Words.TrimSpace(r).Equals(OnlySentence, StringComparison.OrdinalIgnoreCase)),
        new("repeat:repeat_span", "The words of the request between two word indices.", ["prompt_to_repeat", "n_start", "n_end"], RepeatSpan),
    ];

    private static bool GrowingAlliteration(string response)
    {
        int previous = -1;
        foreach (var sentence in Sentences.Rules(response))
        {
            var words = Words.Split(sentence.ToLowerInvariant()).Select(Words.TrimStart).Where(w => w.Length > 0).ToList();
            int count = 0;
            bool inside = false;
            for (int i = 0; i + 1 < words.Count; i++)
            {
                bool same = words[i][0] == words[i + 1][0];
                count += !same ? 0 : inside ? 1 : 2;
                inside = same;
            }

            if (count <= previous)
            {
                return false;
            }

            previous = count;
        }

        return true;
    }

    private static bool GrowingSentences(string response, InstructionArguments a)
    {
        int step = a.Number("small_n"), previous = -1;
        foreach (var sentence in Sentences.Rules(response))
        {
            int count = IfBench.PlainWords(sentence, lower: false).Count;
            if (previous >= 0 && count != previous + step)
            {
                return false;
            }

            previous = count;
        }

        return previous >= 0;
    }

    private static bool KeywordInSentence(string response, InstructionArguments a)
    {
        var sentences = Sentences.Rules(response);
        int n = a.Number("N");
        return n >= 1 && sentences.Count >= n && sentences[n - 1].Contains(a.Text("word"), StringComparison.OrdinalIgnoreCase);
    }

    private static bool RepeatChanged(string response, InstructionArguments a)
    {
        // The published checker compares everything after the first character; a longer or shorter first word fails there too.
        var prompt = a.Text("prompt_to_repeat");
        return prompt.Length > 0 && response.Length > 0 && prompt != response && string.Equals(prompt[1..], response[1..], StringComparison.Ordinal);
    }

    private static bool RepeatSpan(string response, InstructionArguments a)
    {
        var words = Words.Split(a.Text("prompt_to_repeat").ToLowerInvariant());
        int start = Math.Clamp(a.Number("n_start"), 0, words.Count), end = Math.Clamp(a.Number("n_end"), start, words.Count);
        return Words.Split(response.ToLowerInvariant()).SequenceEqual(words[start..end], StringComparer.Ordinal);
    }
}
