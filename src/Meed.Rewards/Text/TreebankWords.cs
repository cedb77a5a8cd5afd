using System.Text;

namespace Meed.Rewards.Text;

/// <summary>Words and punctuation in the way of the Penn Treebank: brackets, quotes, commas and end marks apart, contractions cut.</summary>
/// <remarks>
/// The full stop is cut off at the end of a sentence (<see cref="Sentences.Spaced"/>) only, so "Mr." and "U.S." stay whole; <c>don't</c> becomes <c>do n't</c>,
/// <c>it's</c> becomes <c>it 's</c>; double quotes become `` and ''. A comma or colon stays inside a word when a digit follows.
/// <para>After the tokenizer script of the Penn Treebank project (MacIntyre 1995) in the later form used by most toolkits.</para>
/// </remarks>
public static class TreebankWords
{
    private static readonly string[] s_endings = ["n't", "'ll", "'re", "'ve", "'s", "'m", "'d"];

    private static readonly Dictionary<string, int> s_pairs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cannot"] = 3, ["gonna"] = 3, ["gotta"] = 3, ["lemme"] = 3, ["wanna"] = 3, ["gimme"] = 3, ["d'ye"] = 1, ["more'n"] = 4, ["'tis"] = 2, ["'twas"] = 2,
    };

    /// <summary>Tokens in order.</summary>
    public static List<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<string>();
        foreach (var sentence in Sentences.Spaced(text))
        {
            Sentence(sentence, tokens);
        }

        return tokens;
    }

    private static void Sentence(string sentence, List<string> tokens)
    {
        // The final full stop, before closing quotes and brackets, is a token of its own.
        int tail = sentence.Length;
        while (tail > 0 && sentence[tail - 1] is ']' or ')' or '}' or '>' or '"' or '\'' or '»' or '”' or '’' or ' ') { tail--; }
        int stop = tail > 1 && sentence[tail - 1] == '.' && sentence[tail - 2] != '.' ? tail - 1 : -1;
        var word = new StringBuilder();
        for (int i = 0; i < sentence.Length; i++)
        {
            char c = sentence[i];
            if (Words.IsSpace(c))
            {
                Flush(word, tokens);
            }
            else if (c is '"' or '“' or '”' or '«' or '»')
            {
                bool opens = c is '“' or '«' || (c == '"' && word.Length == 0 && (i == 0 || Words.IsSpace(sentence[i - 1]) || sentence[i - 1] is '(' or '[' or '{' or '<'));
                Flush(word, tokens);
                tokens.Add(c == '"' ? (opens ? "``" : "''") : c.ToString());
            }
            else if (c is ';' or '@' or '#' or '$' or '%' or '&' or '?' or '!' or '(' or ')' or '[' or ']' or '{' or '}' or '<' or '>' or '*' || i == stop)
            {
                Flush(word, tokens);
                tokens.Add(c.ToString());
            }
            else if (c is ',' or ':' && (i + 1 == sentence.Length || !char.IsAsciiDigit(sentence[i + 1])))
            {
                Flush(word, tokens);
                tokens.Add(c.ToString());
            }
            else if ((c == '.' && i + 1 < sentence.Length && sentence[i + 1] == '.') || (c == '-' && i + 1 < sentence.Length && sentence[i + 1] == '-'))
            {
                Flush(word, tokens);
                int end = i;
                while (end < sentence.Length && sentence[end] == c && (c == '.' || end < i + 2)) { end++; }
                tokens.Add(sentence[i..end]);
                i = end - 1;
            }
            else
            {
                word.Append(c);
            }
        }

        Flush(word, tokens);
    }

    private static void Flush(StringBuilder buffer, List<string> tokens)
    {
        if (buffer.Length == 0)
        {
            return;
        }

        var word = buffer.ToString();
        buffer.Clear();
        if (s_pairs.TryGetValue(word, out int cut))
        {
            tokens.Add(word[..cut]);
            tokens.Add(word[cut..]);
            return;
        }

        if (word.Length > 1 && word[^1] == '\'')
        {
            tokens.Add(word[..^1]);
            tokens.Add("'");
            return;
        }

        foreach (var ending in s_endings)
        {
            if (word.Length > ending.Length && word.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                tokens.Add(word[..^ending.Length]);
                tokens.Add(word[^ending.Length..]);
                return;
            }
        }

        tokens.Add(word);
    }
}
