using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Meed.Models.Tokenizers;

/// <summary>Writes tokenizers in the layout of a Hugging Face <c>tokenizer.json</c>, the same bytes for the same tokenizer.</summary>
internal static class TokenizerWriter
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Byte-level BPE; with no merges and no cutting it is a byte tokenizer.</summary>
    public static void ByteLevel(IBufferWriter<byte> to, ITokenizer tokenizer, IReadOnlyList<BpeMerge> merges, PreTokenizer cut)
    {
        using var json = new Utf8JsonWriter(to, s_options);
        Head(json, tokenizer);
        json.WriteStartObject("pre_tokenizer");
        if (cut.Pattern is null || cut == PreTokenizer.Gpt2)
        {
            ByteLevelStep(json, cut.Pattern is not null);
        }
        else
        {
            json.WriteString("type", "Sequence");
            json.WriteStartArray("pretokenizers");
            json.WriteStartObject();
            json.WriteString("type", "Split");
            json.WriteStartObject("pattern");
            json.WriteString("Regex", cut.Pattern);
            json.WriteEndObject();
            json.WriteString("behavior", "Isolated");
            json.WriteBoolean("invert", false);
            json.WriteEndObject();
            json.WriteStartObject();
            ByteLevelStep(json, useRegex: false);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteNull("post_processor");
        json.WriteStartObject("decoder");
        ByteLevelStep(json, useRegex: true);
        json.WriteEndObject();
        ModelHead(json, null);
        json.WriteStartObject("vocab");
        var special = tokenizer.SpecialTokens.ToDictionary(s => s.Id);
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (!special.ContainsKey(id))
            {
                json.WriteNumber(ByteAlphabet.Spell(tokenizer.BytesOf(id)), id);
            }
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var m in merges)
        {
            json.WriteStringValue($"{ByteAlphabet.Spell(tokenizer.BytesOf(m.Left))} {ByteAlphabet.Spell(tokenizer.BytesOf(m.Right))}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>BPE over characters without merges: one token per character.</summary>
    public static void Characters(IBufferWriter<byte> to, CharacterTokenizer tokenizer)
    {
        using var json = new Utf8JsonWriter(to, s_options);
        Head(json, tokenizer);
        json.WriteNull("pre_tokenizer");
        json.WriteNull("post_processor");
        json.WriteStartObject("decoder");
        json.WriteString("type", "Fuse");
        json.WriteEndObject();
        ModelHead(json, tokenizer.UnknownContent);
        json.WriteStartObject("vocab");
        var entries = tokenizer.Characters.Select(c => (c.Value, Content: c.Key.ToString()));
        if (tokenizer.UnknownContent is { } unknown)
        {
            entries = entries.Append((tokenizer.SpecialId(unknown), unknown));
        }

        foreach (var (id, content) in entries.OrderBy(e => e.Item1))
        {
            json.WriteNumber(content, id);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Head(Utf8JsonWriter json, ITokenizer tokenizer)
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WriteStartArray("added_tokens");
        foreach (var s in tokenizer.SpecialTokens)
        {
            json.WriteStartObject();
            json.WriteNumber("id", s.Id);
            json.WriteString("content", s.Content);
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", false);
            json.WriteBoolean("rstrip", false);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("normalizer");
    }

    private static void ModelHead(Utf8JsonWriter json, string? unknown)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteString("unk_token", unknown);
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
    }

    private static void ByteLevelStep(Utf8JsonWriter json, bool useRegex)
    {
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", useRegex);
    }
}
