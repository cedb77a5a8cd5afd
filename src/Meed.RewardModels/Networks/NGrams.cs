using Meed.Rewards;

namespace Meed.RewardModels.Networks;

/// <summary>Turns text into hashed n-gram features.</summary>
/// <remarks>
/// Words are runs of letters, digits and apostrophes in lower case; every other character that is no white space is a word of its own. A feature's value is log(1 + count).
/// FNV-1a for words, a multiply-and-mix for their joins; Weinberger et al. 2009, arXiv:0902.2206, without signs.
/// </remarks>
internal sealed class NGrams(NGramOptions options)
{
    /// <summary>Style features, which stand behind the buckets.</summary>
    public const int Styles = 16;

    private const ulong Golden = 0x9E3779B97F4A7C15UL;

    /// <summary>Features in all; the last one is the constant.</summary>
    public int Size { get; } = options.Buckets + Styles + 1;

    /// <summary>Adds the features of a response to the lists.</summary>
    public void Response(in RewardInput input, List<int> ids, List<float> values)
    {
        var hashes = new List<ulong>(input.Response.Length / 2);
        var words = Words(input.Response);
        Join(words, hashes);
        Characters(input.Response, hashes);
        Span<float> style = stackalloc float[Styles];
        style.Clear();
        if (options.Style)
        {
            Style(input, words, style);
        }

        Append(hashes, 0, ids, values);
        for (int i = 0; i < Styles; i++)
        {
            if (style[i] != 0)
            {
                ids.Add(options.Buckets + i);
                values.Add(style[i]);
            }
        }

        ids.Add(options.Buckets + Styles);
        values.Add(1);
        if (options.Context && input.Context is { } context)
        {
            // The same features again, under the name of the context.
            ulong salt = Hash(context) | 1;
            Append(hashes, salt, ids, values);
            for (int i = 0; i < Styles; i++)
            {
                if (style[i] != 0)
                {
                    ids.Add(Bucket(Mix((ulong)i + 0x51ED27UL) ^ salt));
                    values.Add(style[i]);
                }
            }
        }
    }

    /// <summary>Adds the features of a prompt: its single words.</summary>
    public void Prompt(IReadOnlyList<Message> prompt, List<int> ids, List<float> values)
    {
        var hashes = new List<ulong>();
        foreach (var message in prompt)
        {
            hashes.AddRange(Words(message.Content));
        }

        Append(hashes, 0, ids, values);
    }

    private void Append(List<ulong> hashes, ulong salt, List<int> ids, List<float> values)
    {
        var buckets = new int[hashes.Count];
        for (int i = 0; i < buckets.Length; i++)
        {
            buckets[i] = Bucket(hashes[i] ^ salt);
        }

        Array.Sort(buckets);
        for (int i = 0; i < buckets.Length;)
        {
            int next = i + 1;
            while (next < buckets.Length && buckets[next] == buckets[i])
            {
                next++;
            }

            ids.Add(buckets[i]);
            values.Add(MathF.Log(1 + next - i));
            i = next;
        }
    }

    private void Join(List<ulong> words, List<ulong> hashes)
    {
        for (int i = 0; i < words.Count; i++)
        {
            ulong joined = 0;
            for (int n = 0; n < options.Words && i + n < words.Count; n++)
            {
                joined = Mix((joined * Golden) + words[i + n] + (ulong)n);
                hashes.Add(joined);
            }
        }
    }

    private void Characters(string text, List<ulong> hashes)
    {
        for (int length = 3; length <= options.Characters; length++)
        {
            for (int i = 0; i + length <= text.Length; i++)
            {
                ulong hash = 14695981039346656037UL + (ulong)length;
                for (int k = 0; k < length; k++)
                {
                    hash = (hash ^ char.ToLowerInvariant(text[i + k])) * 1099511628211UL;
                }

                hashes.Add(Mix(hash));
            }
        }
    }

    /// <summary>Hash of every word, in order.</summary>
    public static List<ulong> Words(string text)
    {
        var words = new List<ulong>(text.Length / 5);
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }

            ulong hash = 14695981039346656037UL;
            if (char.IsLetterOrDigit(c))
            {
                while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '\'' or '’'))
                {
                    hash = (hash ^ char.ToLowerInvariant(text[i++])) * 1099511628211UL;
                }
            }
            else
            {
                hash = (hash ^ c) * 1099511628211UL;
                i++;
            }

            words.Add(Mix(hash));
        }

        return words;
    }

    private static void Style(in RewardInput input, List<ulong> words, Span<float> style)
    {
        string text = input.Response;
        int lines = 0, bullets = 0, numbered = 0, headings = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var trimmed = line.TrimStart();
            lines++;
            bullets += trimmed.StartsWith("- ") || trimmed.StartsWith("* ") || trimmed.StartsWith("• ") ? 1 : 0;
            numbered += trimmed.Length > 2 && char.IsAsciiDigit(trimmed[0]) && (trimmed[1] is '.' or ')' || (char.IsAsciiDigit(trimmed[1]) && trimmed[2] is '.' or ')')) ? 1 : 0;
            headings += trimmed.StartsWith("#") ? 1 : 0;
        }

        var prompt = new HashSet<ulong>(input.Prompt.Count > 0 ? Words(input.Prompt[^1].Content) : []);
        int shared = words.Count(prompt.Contains), different = words.Distinct().Count();
        float length = MathF.Log(1 + text.Length);
        style[0] = length / 4;
        style[1] = length * length / 40;
        style[2] = MathF.Log(1 + words.Count) / 3;
        style[3] = MathF.Log(lines + 1f) / 2;
        style[4] = MathF.Log(1 + bullets);
        style[5] = MathF.Log(1 + numbered);
        style[6] = MathF.Log(1 + headings);
        style[7] = MathF.Log(1 + (Count(text, "**") / 2));
        style[8] = MathF.Log(1 + Count(text, "```"));
        style[9] = MathF.Log(1 + text.AsSpan().Count('?'));
        style[10] = MathF.Log(1 + text.AsSpan().Count('!'));
        style[11] = words.Count == 0 ? 0 : (float)shared / words.Count;
        style[12] = prompt.Count == 0 ? 0 : (float)words.Where(prompt.Contains).Distinct().Count() / prompt.Count;
        style[13] = words.Count == 0 ? 0 : (float)different / words.Count;
        style[14] = text.Length == 0 ? 1 : 0;
        style[15] = text.Length > 0 && text.TrimEnd() is { Length: > 0 } end && (char.IsLetterOrDigit(end[^1]) || end[^1] == ',') ? 1 : 0;
    }

    private static int Count(string text, string part)
    {
        int count = 0;
        for (int i = text.IndexOf(part, StringComparison.Ordinal); i >= 0; i = text.IndexOf(part, i + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037UL;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return Mix(hash);
    }

    private int Bucket(ulong hash) => (int)(Mix(hash) & (ulong)(options.Buckets - 1));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
