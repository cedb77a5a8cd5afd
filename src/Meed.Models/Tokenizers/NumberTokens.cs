namespace Meed.Models.Tokenizers;

/// <summary>A byte-level tokenizer whose numbers of two digits are one token each: a small model then sees a number as one thing instead of two digits at shifting places.</summary>
/// <remarks>The 256 bytes come first, then <c>10</c> to <c>99</c>, then the special tokens. A longer number is cut into pairs from the left.</remarks>
public static class NumberTokens
{
    private const int Bytes = 256;

    /// <summary>The tokenizer.</summary>
    /// <param name="special">Special tokens.</param>
    public static BpeTokenizer Create(params IReadOnlyList<string> special)
    {
        var vocabulary = new List<byte[]>(Bytes + 90 + special.Count);
        vocabulary.AddRange(Enumerable.Range(0, Bytes).Select(b => (byte[])[(byte)b]));
        var merges = new List<BpeMerge>();
        for (int number = 10; number < 100; number++)
        {
            int tens = '0' + (number / 10), ones = '0' + (number % 10);
            merges.Add(new BpeMerge(tens, ones, vocabulary.Count));
            vocabulary.Add([(byte)tens, (byte)ones]);
        }

        SpecialToken[] last = [.. special.Select((s, i) => new SpecialToken(vocabulary.Count + i, s))];
        vocabulary.AddRange(special.Select(_ => Array.Empty<byte>()));
        return new BpeTokenizer(vocabulary, merges, last, PreTokenizer.Of("[0-9]{1,2}"));
    }
}
