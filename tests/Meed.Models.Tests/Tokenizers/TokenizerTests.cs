using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Meed.Models.Tokenizers;

namespace Meed.Models.Tests.Tokenizers;

public class TokenizerTests
{
    private static readonly string[] s_special = [Tokenizer.Pad, Tokenizer.Begin, Tokenizer.End];
    private static readonly BpeTokenizer s_bpe = BpeTrainer.Train(Texts.Corpus(), 400, s_special);

    public static TheoryData<Tokenizer> All() => [new ByteTokenizer(s_special), s_bpe, BpeTrainer.Train(Texts.Corpus(), 300, s_special, PreTokenizer.None)];

    [Theory]
    [MemberData(nameof(All))]
    public void Decode_AnyString_GivesItBack(Tokenizer tokenizer)
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            string text = Texts.Random(random, random.Next(20));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }

        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => text is null || tokenizer.Decode(tokenizer.Encode(text)) == text).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Encode_SpellingOfASpecialToken_IsPlainTextUnlessAskedFor(Tokenizer tokenizer)
    {
        const string text = "a<|end|><|pad|>b<|end|>";
        int end = tokenizer.EndToken!.Value;

        Assert.DoesNotContain(end, tokenizer.Encode(text));
        int[] parsed = tokenizer.Encode(text, parseSpecial: true);
        Assert.Equal(["a", "<|end|>", "<|pad|>", "b", "<|end|>"], parsed.Select(t => tokenizer.Decode([t], showSpecial: true)));
        Assert.Equal("ab", tokenizer.Decode(parsed));
        Assert.Equal(text, tokenizer.Decode(parsed, showSpecial: true));
    }

    [Fact]
    public void EncodeBytes_All256Bytes_ComeBackInAnyOrder()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        for (int shift = 0; shift < 256; shift += 17)
        {
            byte[] bytes = [.. all[shift..], .. all[..shift], .. "the then"u8];
            Assert.Equal(bytes, s_bpe.EncodeBytes(bytes).SelectMany(t => s_bpe.BytesOf(t).ToArray()));
            Assert.Equal(bytes, ByteTokenizer.EncodeBytes(bytes).Select(t => (byte)t));
        }
    }

    [Fact]
    public void Decode_BytesThatAreNoText_BecomeReplacementCharacters() =>
        Assert.Equal("a\uFFFDb\uFFFD", new ByteTokenizer().Decode([0x61, 0xFF, 0x62, 0xC3]));

    [Fact]
    public void BytesOf_TokenOutsideTheVocabulary_SaysHowLargeItIs()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new ByteTokenizer().Decode([256]));
        Assert.Contains("Token 256 is not in the vocabulary of 256 tokens", error.Message);
    }

    [Fact]
    public void GetBytes_LoneSurrogates_AreThreeBytesEachAndPairsFour()
    {
        Assert.Equal([0xED, 0xA0, 0xBD], Wtf8.GetBytes("\uD83D"));
        Assert.Equal([0xF0, 0x9F, 0x98, 0x80], Wtf8.GetBytes("\uD83D\uDE00"));
        Assert.Equal([0xED, 0xB8, 0x80, 0xED, 0xA0, 0xBD], Wtf8.GetBytes("\uDE00\uD83D"));
    }

    [Fact]
    public void CharacterTokenizer_TextOfItsAlphabet_IsOneTokenACharacter()
    {
        var tokenizer = new CharacterTokenizer("0123456789+-*/()= é🙂", s_special);

        Assert.Equal([1, 10, 2, 18, 19], tokenizer.Encode("1+2é🙂"));
        Assert.Equal("1+2é🙂", tokenizer.Decode(tokenizer.Encode("1+2é🙂")));
        Assert.Equal(20 + 3, tokenizer.VocabularySize);
    }

    [Fact]
    public void CharacterTokenizer_CharacterOutsideTheAlphabet_IsNamedWithItsPlace()
    {
        var error = Assert.Throws<ArgumentException>(() => new CharacterTokenizer("0123456789").Encode("12x"));
        Assert.Contains("Character 'x' (U+0078) at index 2 is not in the alphabet of 10 characters", error.Message);
        error = Assert.Throws<ArgumentException>(() => new CharacterTokenizer("0123456789").Encode("1\uD800"));
        Assert.Contains("(U+D800) at index 1", error.Message);
    }

    [Fact]
    public void CharacterTokenizer_WithUnknownToken_EncodesEveryString()
    {
        var tokenizer = CharacterTokenizer.FromTexts(["abc", "cab "], CharacterTokenizer.Unknown, Tokenizer.End);
        var random = new Random(2);
        for (int i = 0; i < 500; i++)
        {
            string text = Texts.Random(random, 5);
            int[] tokens = tokenizer.Encode(text);
            Assert.Equal(text.EnumerateRunes().Count(), tokens.Length);
            Assert.Equal(string.Concat(text.Where(c => " abc".Contains(c))), tokenizer.Decode(tokens));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Write_ThenParse_IsTheSameTokenizerAndTheSameBytes(Tokenizer tokenizer)
    {
        var first = new ArrayBufferWriter<byte>();
        tokenizer.Write(first);
        var again = TokenizerFile.Parse("tokenizer.json", first.WrittenMemory);
        var second = new ArrayBufferWriter<byte>();
        again.Write(second);

        Assert.Equal(tokenizer.GetType(), again.GetType());
        Assert.True(first.WrittenSpan.SequenceEqual(second.WrittenSpan));
        Assert.Equal((tokenizer.BeginToken, tokenizer.EndToken, tokenizer.PadToken), (again.BeginToken, again.EndToken, again.PadToken));
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            string text = Texts.Random(random, 12);
            Assert.Equal(tokenizer.Encode(text), again.Encode(text));
        }
    }

    [Fact]
    public void Write_CharacterTokenizer_ParsesToTheSame()
    {
        var tokenizer = new CharacterTokenizer("01+🙂\"\\", CharacterTokenizer.Unknown, Tokenizer.End);
        var bytes = new ArrayBufferWriter<byte>();
        tokenizer.Write(bytes);
        var again = Assert.IsType<CharacterTokenizer>(TokenizerFile.Parse("t", bytes.WrittenMemory));

        Assert.Equal(tokenizer.Encode("1+0x🙂\"\\"), again.Encode("1+0x🙂\"\\"));
        Assert.Equal(tokenizer.VocabularySize, again.VocabularySize);
    }
}
