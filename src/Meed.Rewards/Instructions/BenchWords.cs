using Meed.Rewards.Text;

namespace Meed.Rewards.Instructions;

/// <summary>Conditions on the words of the response.</summary>
internal static class BenchWords
{
    private static readonly bool[] s_prime = Primes(100);

    public static IReadOnlyList<InstructionKind> All { get; } =
    [
        new("words:alphabet", "Each word starts with the next letter of the alphabet.", [], (r, _) => AlphabetLoop(r)),
        new("words:vowel", "One paragraph with at most three different vowels.", [], (r, _) => Words.TrimSpace(r) is var p && !p.Contains('\n') && "aeiou".Count(p.ToLowerInvariant().Contains) <= 3),
        new("words:consonants", "Every word has two consonants in a row.", [], (r, _) => Words.Split(r.ToLowerInvariant()).All(HasCluster)),
        new("words:palindrome", "At least ten palindromes of five letters or more.", [], (r, _) => IfBench.PlainWords(r, lower: true).Count(IsPalindrome) >= 10),
        new("words:prime_lengths", "Every word's length is a prime number.", [], (r, _) => IfBench.PlainWords(r, lower: false).All(w => BenchCounts.Characters(w) is var n && n < 100 && s_prime[n])),
        new("words:repeats", "No word more often than so many times.", ["small_n"], (r, a) => a.Number("small_n") is var n && IfBench.PlainWords(r, lower: true).GroupBy(w => w, StringComparer.Ordinal).All(g => g.Count() <= n)),
        new("words:start_verb", "Starts with a verb.", [], (r, _) => StartsWithVerb(r)),
        new("words:odd_even_syllables", "Words of odd and even numbers of syllables alternate.", [], (r, _) => AlternatingSyllables(r)),
        new("words:last_first", "The last word of a sentence is the first of the next.", [], (r, _) => LastIsFirst(r)),
        new("words:paragraph_last_first", "Every paragraph ends with the word it starts with.", [], (r, _) => r.Split('\n').All(SameEnds)),
        new("words:no_consecutive", "No two neighbouring words share their first letter.", [], (r, _) => NoSharedLetters(r)),
        new("words:keywords_specific_position", "A keyword is the m-th word of the n-th sentence.", ["keyword", "n", "m"], KeywordAt),
        new("words:words_position", "A keyword is the second and the second to last word.", ["keyword"], SecondAndSecondToLast),
    ];

    private static bool AlphabetLoop(string response)
    {
        var words = IfBench.PlainWords(response, lower: true);
        if (words.Count == 0 || !char.IsAsciiLetter(words[0][0]))
        {
            return false;
        }

        for (int i = 1; i < words.Count; i++)
        {
            if (words[i][0] != (char)('a' + ((words[0][0] - 'a' + i) % 26)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasCluster(string word)
    {
        for (int i = 0; i + 1 < word.Length; i++)
        {
            if (IsConsonant(word[i]) && IsConsonant(word[i + 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsConsonant(char c) => char.IsAsciiLetterLower(c) && c is not ('a' or 'e' or 'i' or 'o' or 'u');

    private static bool IsPalindrome(string word)
    {
        if (word.Length < 5)
        {
            return false;
        }

        for (int i = 0; i < word.Length / 2; i++)
        {
            if (word[i] != word[^(i + 1)])
            {
                return false;
            }
        }

        return true;
    }

    private static bool StartsWithVerb(string response)
    {
        var first = TreebankWords.Tokenize(response[..Math.Min(response.Length, 400)]).FirstOrDefault()?.ToLowerInvariant() ?? "";
        return EnglishLists.Verbs.Contains(first) || (first.Length > 4 && first.EndsWith("ing", StringComparison.Ordinal)) || (first.Length > 3 && first.EndsWith("ed", StringComparison.Ordinal));
    }

    private static bool AlternatingSyllables(string response)
    {
        int? previous = null;
        foreach (var word in IfBench.PlainWords(response, lower: true))
        {
            int parity = Syllables.Count(word) % 2;
            if (previous == parity)
            {
                return false;
            }

            previous = parity;
        }

        return true;
    }

    private static bool LastIsFirst(string response)
    {
        var sentences = Sentences.Rules(response);
        for (int i = 0; i + 1 < sentences.Count; i++)
        {
            var last = Words.Split(Words.TrimEnd(sentences[i])).LastOrDefault();
            var first = Words.Split(Words.TrimStart(sentences[i + 1])).FirstOrDefault();
            if (last is null || first is null || !last.Equals(first, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameEnds(string paragraph)
    {
        var words = Words.Split(Words.Trim(Words.TrimSpace(paragraph).ToLowerInvariant()));
        return words.Count == 0 || words[0] == words[^1];
    }

    private static bool NoSharedLetters(string response)
    {
        var words = IfBench.PlainWords(response, lower: true);
        for (int i = 0; i + 1 < words.Count; i++)
        {
            if (words[i][0] == words[i + 1][0] && !char.IsSurrogate(words[i][0]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool KeywordAt(string response, InstructionArguments a)
    {
        var sentences = Sentences.Rules(response);
        int n = a.Number("n"), m = a.Number("m");
        if (n < 1 || m < 1 || sentences.Count < n)
        {
            return false;
        }

        var words = TreebankWords.Tokenize(sentences[n - 1]);
        return words.Count >= m && words[m - 1] == Words.TrimSpace(a.Text("keyword"));
    }

    private static bool SecondAndSecondToLast(string response, InstructionArguments a)
    {
        var words = TreebankWords.Tokenize(response);
        var keyword = Words.TrimSpace(a.Text("keyword"));
        return words.Count >= 2 && words[1] == keyword && words[^2] == keyword;
    }

    private static bool[] Primes(int below)
    {
        var prime = new bool[below];
        for (int n = 2; n < below; n++)
        {
            prime[n] = true;
            for (int d = 2; d * d <= n; d++)
            {
                prime[n] &= n % d != 0;
            }
        }

        return prime;
    }
}
