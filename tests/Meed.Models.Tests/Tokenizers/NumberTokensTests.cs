using Meed.Models.Tokenizers;

namespace Meed.Models.Tests.Tokenizers;

public class NumberTokensTests
{
    private static readonly BpeTokenizer s_tokenizer = NumberTokens.Create(Tokenizer.Pad, Tokenizer.End);

    [Fact]
    public void Encode_NumbersOfTwoDigits_AreOneTokenEach()
    {
        Assert.Equal([258, ',', '7', '=', 286, ':', '(', 258, '+', '7', ')'], s_tokenizer.Encode("12,7=40:(12+7)"));
        Assert.Equal("12", s_tokenizer.Decode([258]));
        Assert.Equal([256 + 2, '3'], s_tokenizer.Encode("123"));
        Assert.Equal(['0', '7'], s_tokenizer.Encode("07"));
    }

    [Fact]
    public void Decode_AnyText_ComesBackTheSame()
    {
        foreach (string text in (string[])["", "1", "99+100-7", "é 😀 12", "000123456789"])
        {
            Assert.Equal(text, s_tokenizer.Decode(s_tokenizer.Encode(text)));
        }
    }

    [Fact]
    public void Create_SpecialTokens_FollowTheNumbers()
    {
        Assert.Equal(256 + 90 + 2, s_tokenizer.VocabularySize);
        Assert.Equal(346, s_tokenizer.PadToken);
        Assert.Equal(347, s_tokenizer.EndToken);
    }
}
