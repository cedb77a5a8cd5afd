using System.Buffers;
using System.Text;
using Meed.Models.Files;

namespace Meed.Models.Tokenizers;

/// <summary>Reads and writes <c>tokenizer.json</c> in the layout of Hugging Face.</summary>
/// <remarks>
/// Read: BPE models at byte level (with GPT-2's cut, no cut, or one <c>Split</c> by regex before <c>ByteLevel</c>) and BPE models of single characters
/// without merges. What would change the ids without being done here (normalizers, prefix spaces, byte fallback, word suffixes) is refused by name.
/// Post-processors add tokens around a text; here the caller does that, so they are left out.
/// </remarks>
public static class TokenizerFile
{
    private const int MaximumTokens = 1 << 22;

    /// <summary>Writes a tokenizer to a file.</summary>
    public static void Save(ITokenizer tokenizer, string path)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var bytes = new ArrayBufferWriter<byte>();
        tokenizer.Write(bytes);
        File.WriteAllBytes(path, bytes.WrittenSpan);
    }

    /// <summary>Reads a tokenizer from a file.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read; the message names file, place and reason.</exception>
    public static Tokenizer Load(string path) => Read(JsonPlace.Read(path));

    /// <summary>Reads a tokenizer from the bytes of a file.</summary>
    /// <param name="name">Name of the file, for complaints.</param>
    /// <param name="json">Its bytes.</param>
    /// <exception cref="InvalidDataException">The message names file, place and reason.</exception>
    public static Tokenizer Parse(string name, ReadOnlyMemory<byte> json) => Read(JsonPlace.Parse(name, json));

    private static Tokenizer Read(JsonPlace file)
    {
        var model = file["model"];
        if (model["type"].Exists && model["type"].Text() is var type && type != "BPE")
        {
            throw model["type"].Error($"the model '{type}' is not known here; BPE is");
        }

        Refuse(file["normalizer"], file["normalizer"].Exists, "a normalizer would change the text before it is cut; use a tokenizer without one");
        Refuse(model["continuing_subword_prefix"], Filled(model["continuing_subword_prefix"]), "prefixes of word parts are not supported");
        Refuse(model["end_of_word_suffix"], Filled(model["end_of_word_suffix"]), "suffixes of words are not supported");
        Refuse(model["byte_fallback"], model["byte_fallback"].Flag(false), "byte fallback is not supported; byte-level BPE needs none");
        Refuse(model["ignore_merges"], model["ignore_merges"].Flag(false), "whole words that bypass the merges are not supported");

        var special = Special(file["added_tokens"]);
        var cut = Cut(file["pre_tokenizer"]);
        return cut is null ? Characters(model, special) : Bytes(model, special, cut);
    }

    private static bool Filled(JsonPlace place) => place.Exists && place.Text().Length > 0;

    private static void Refuse(JsonPlace place, bool condition, string reason)
    {
        if (condition)
        {
            throw place.Error(reason);
        }
    }

    private static List<SpecialToken> Special(JsonPlace added)
    {
        var special = new List<SpecialToken>();
        var ids = new HashSet<int>();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in added.Exists ? added.Items() : [])
        {
            foreach (string flag in (string[])["single_word", "lstrip", "rstrip"])
            {
                Refuse(token[flag], token[flag].Flag(false), "added tokens that depend on their neighbours are not supported");
            }

            var entry = new SpecialToken(token["id"].Int(0, MaximumTokens - 1), token["content"].Text());
            Refuse(token["content"], entry.Content.Length == 0, "it is empty");
            Refuse(token["id"], !ids.Add(entry.Id), $"id {entry.Id} is given twice");
            Refuse(token["content"], !contents.Add(entry.Content), $"'{entry.Content}' is given twice");
            special.Add(entry);
        }

        return special;
    }

    /// <summary>The rule by which text is cut before byte-level BPE; null when the file has no byte level.</summary>
    private static PreTokenizer? Cut(JsonPlace place)
    {
        if (!place.Exists)
        {
            return null;
        }

        string type = place["type"].Text();
        if (type == "ByteLevel")
        {
            return ByteLevel(place) ? PreTokenizer.Gpt2 : PreTokenizer.None;
        }

        if (type != "Sequence")
        {
            throw place["type"].Error($"the pre-tokenizer '{type}' is not known here; ByteLevel and Sequence are");
        }

        JsonPlace[] steps = [.. place["pretokenizers"].Items()];
        if (steps.Length == 1 && steps[0]["type"].Text() == "ByteLevel")
        {
            return Cut(steps[0]);
        }

        if (steps.Length != 2 || steps[0]["type"].Text() != "Split" || steps[1]["type"].Text() != "ByteLevel" || ByteLevel(steps[1]))
        {
            throw place["pretokenizers"].Error("only a Split followed by a ByteLevel without its own regex is supported");
        }

        var split = steps[0];
        Refuse(split["invert"], split["invert"].Flag(false), "an inverted split is not supported");
        Refuse(split["behavior"], split["behavior"].Text() != "Isolated", $"the behaviour '{split["behavior"].Text()}' is not supported; Isolated is");
        var pattern = split["pattern"]["Regex"];
        try
        {
            return PreTokenizer.Of(pattern.Text());
        }
        catch (ArgumentException e)
        {
            throw pattern.Error($"it is not a regular expression of .NET ({e.Message.TrimEnd('.')})");
        }
    }

    private static bool ByteLevel(JsonPlace step)
    {
        Refuse(step["add_prefix_space"], step["add_prefix_space"].Flag(false), "a space put before every text is not supported; write the space in the text");
        return step["use_regex"].Flag(true);
    }

    private static Tokenizer Bytes(JsonPlace model, List<SpecialToken> special, PreTokenizer cut)
    {
        var specialIds = special.ToDictionary(s => s.Id, s => s.Content);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (content, place) in model["vocab"].Members())
        {
            Refuse(place, !ids.TryAdd(content, place.Int(0, MaximumTokens - 1)), "the token is given twice");
        }

        byte[][] vocabulary = Table(model["vocab"], ids.Values, special);
        foreach (var (content, id) in ids)
        {
            if (specialIds.TryGetValue(id, out string? taken))
            {
                Refuse(model["vocab"], taken != content, $"token '{content}' has id {id}, which is the added token '{taken}'");
                continue;
            }

            Refuse(model["vocab"], vocabulary[id].Length > 0, $"id {id} is given twice, the second time to '{content}'");
            vocabulary[id] = ByteAlphabet.Read(content) ?? throw model["vocab"].Error($"token '{content}' holds a character that spells no byte");
            Refuse(model["vocab"], vocabulary[id].Length == 0, $"token {id} is empty");
        }

        var merges = new List<BpeMerge>();
        foreach (var place in model["merges"].Exists ? model["merges"].Items() : [])
        {
            var (left, right) = Merge(place);
            int Id(string content) => ids.TryGetValue(content, out int id) ? id : throw place.Error($"'{content}' is not in the vocabulary");
            merges.Add(new BpeMerge(Id(left), Id(right), Id(left + right)));
        }

        for (int b = 0; b < 256; b++)
        {
            string spelling = ByteAlphabet.CharOf((byte)b).ToString();
            Refuse(model["vocab"], !ids.TryGetValue(spelling, out int id) || specialIds.ContainsKey(id), $"byte 0x{b:X2} ('{spelling}') is missing; a byte-level vocabulary holds all 256");
        }

        bool plain = merges.Count == 0 && cut == PreTokenizer.None && ids.Count - special.Count(s => ids.ContainsKey(s.Content)) == 256
            && Enumerable.Range(0, 256).All(b => vocabulary[b] is [var only] && only == b)
            && special.OrderBy(s => s.Id).Select((s, i) => s.Id == 256 + i).All(inOrder => inOrder);
        return plain
            ? new ByteTokenizer([.. special.OrderBy(s => s.Id).Select(s => s.Content)])
            : new BpeTokenizer(vocabulary, merges, special, cut);
    }

    private static (string Left, string Right) Merge(JsonPlace place)
    {
        if (place.Element.ValueKind == System.Text.Json.JsonValueKind.Array)
        {
            JsonPlace[] pair = [.. place.Items()];
            return pair.Length == 2 ? (pair[0].Text(), pair[1].Text()) : throw place.Error($"a merge has two parts, this one has {pair.Length}");
        }

        string[] parts = place.Text().Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw place.Error($"a merge is two parts with one space between them, this one is '{place.Text()}'");
    }

    private static CharacterTokenizer Characters(JsonPlace model, List<SpecialToken> special)
    {
        Refuse(model["merges"], model["merges"].Exists && model["merges"].Items().Any(), "merges without a ByteLevel pre-tokenizer are not supported");
        var specialIds = special.ToDictionary(s => s.Content, s => s.Id, StringComparer.Ordinal);
        var characters = new List<KeyValuePair<Rune, int>>();
        var seen = new HashSet<Rune>();
        foreach (var (content, place) in model["vocab"].Members())
        {
            int id = place.Int(0, MaximumTokens - 1);
            if (specialIds.TryGetValue(content, out int added))
            {
                Refuse(place, added != id, $"the id is {id}, but the added token '{content}' has {added}");
                continue;
            }

            Refuse(place, Rune.DecodeFromUtf16(content, out var rune, out int read) != OperationStatus.Done || read != content.Length, "a token of a vocabulary without ByteLevel is one character");
            Refuse(place, !seen.Add(rune), "the character is given twice");
            characters.Add(KeyValuePair.Create(rune, id));
        }

        var table = Table(model["vocab"], characters.Select(c => c.Value), special);
        Refuse(model["vocab"], table.Length != characters.Count + special.Count, "an id is given twice");
        string? unknown = model["unk_token"].Exists ? model["unk_token"].Text() : null;
        Refuse(model["unk_token"], unknown is not null && !specialIds.ContainsKey(unknown), $"'{unknown}' is not among the added tokens");
        return new CharacterTokenizer(characters, special, unknown);
    }

    /// <summary>An empty table of bytes for ids 0..n−1, after a check that none is missing.</summary>
    private static byte[][] Table(JsonPlace vocabulary, IEnumerable<int> ids, List<SpecialToken> special)
    {
        int[] all = [.. ids.Concat(special.Select(s => s.Id)).Distinct().Order()];
        for (int i = 0; i < all.Length; i++)
        {
            Refuse(vocabulary, all[i] != i, $"id {i} belongs to no token, though {all[^1]} does; ids run without gaps");
        }

        var table = new byte[all.Length][];
        Array.Fill(table, []);
        return table;
    }
}
