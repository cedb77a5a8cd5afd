using Meed.Evaluation.Protocols;
using Meed.Numerics;

namespace Meed.Evaluation.Tests.Protocols;

public class CipherLanguageTests
{
    [Fact]
    public void Translate_WithoutErrors_MapsEachWordToOneOther()
    {
        var language = new CipherLanguage(7);
        string text = language.Translate("The lamp is 3 cm high. The Lamp!", new RandomStream(1));
        string[] words = text.Split(' ');

        Assert.Equal(("3", "."), (words[3], words[5][^1..]));
        Assert.Equal(words[0], words[6]);
        Assert.Equal(char.ToUpperInvariant(words[1][0]) + words[1][1..] + "!", words[7]);
        Assert.DoesNotContain("lamp", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(text, language.Translate("The lamp is 3 cm high. The Lamp!", new RandomStream(2)));
        Assert.NotEqual(text, new CipherLanguage(8).Translate("The lamp is 3 cm high. The Lamp!", new RandomStream(1)));
    }

    [Fact]
    public void Translate_AThousandWords_StayApart() =>
        Assert.InRange(Enumerable.Range(0, 1000).Select(i => new CipherLanguage(1).Translate($"word{(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i / 676))}", new RandomStream(1))).Distinct().Count(), 985, 1000);   // 65,536 words of four syllables

    [Fact]
    public void Translate_WithErrors_ChangesThatShare()
    {
        string text = string.Join(' ', Enumerable.Repeat("lamp", 2000)), clean = new CipherLanguage(1).Translate("lamp", new RandomStream(1));

        Assert.InRange(new CipherLanguage(1, 0.2).Translate(text, new RandomStream(3)).Split(' ').Count(w => w != clean) / 2000.0, 0.17, 0.23);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CipherLanguage(1, 1.5));
    }
}
