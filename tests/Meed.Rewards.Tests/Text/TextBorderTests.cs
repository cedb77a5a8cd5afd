using Meed.Rewards.MathAnswers;
using Meed.Rewards.Text;

namespace Meed.Rewards.Tests.Text;

/// <summary>Tables that text and math read from, against facts from outside: syllables of a dictionary, the SI and the international yard and pound.</summary>
public class TextBorderTests
{
    // Syllable counts as a dictionary divides the words.
    [Theory]
    [InlineData("the", 1)]
    [InlineData("free", 1)]
    [InlineData("make", 1)]
    [InlineData("makes", 1)]
    [InlineData("walked", 1)]
    [InlineData("yes", 1)]
    [InlineData("lion", 2)]
    [InlineData("nation", 2)]
    [InlineData("social", 2)]
    [InlineData("region", 2)]
    [InlineData("trial", 2)]
    [InlineData("equal", 2)]
    [InlineData("language", 2)]
    [InlineData("people", 2)]
    [InlineData("table", 2)]
    [InlineData("tables", 2)]
    [InlineData("boxes", 2)]
    [InlineData("churches", 2)]
    [InlineData("wanted", 2)]
    [InlineData("being", 2)]
    [InlineData("going", 2)]
    [InlineData("piano", 3)]
    [InlineData("video", 3)]
    [InlineData("actual", 3)]
    [InlineData("fantasia", 4)]
    [InlineData("goes", 1)]
    [InlineData("used", 1)]
    [InlineData("radium", 3)]
    [InlineData("42", 0)]
    public void Syllables_DictionaryWords_AreCounted(string word, int expected) => Assert.Equal(expected, Syllables.Count(word));

    [Theory]
    [InlineData("1 meter", "100 centimeters", true)]
    [InlineData("1 meter", "1000 millimeters", true)]
    [InlineData("1 kilometer", "1000 meters", true)]
    [InlineData("1 foot", "12 inches", true)]
    [InlineData("1 yd", "3 ft", true)]
    [InlineData("1 mile", "5280 feet", true)]
    [InlineData("1 kilogram", "1000 grams", true)]
    [InlineData("1 gram", "1000 milligrams", true)]
    [InlineData("1 lb", "16 oz", true)]
    [InlineData("1 minute", "60 seconds", true)]
    [InlineData("1 hour", "60 minutes", true)]
    [InlineData("2 days", "48 hours", true)]
    [InlineData("1 week", "7 days", true)]
    [InlineData("1 year", "12 months", true)]
    [InlineData("1 liter", "1000 ml", true)]
    [InlineData("1 dollar", "100 cents", true)]
    [InlineData("1 meter", "101 centimeters", false)]
    [InlineData("1 hour", "61 minutes", false)]
    [InlineData("2 dozen", "24", true)]
    [InlineData("3 hundred", "300", true)]
    [InlineData("3 thousand", "3000", true)]
    [InlineData("3 million", "3000000", true)]
    [InlineData("3 billion", "3000000000", true)]
    [InlineData("3 trillion", "3000000000000", true)]
    [InlineData("3 million", "3000003", false)]
    public void MathEquivalence_UnitsAndNumberWords_HaveTheirWorth(string gold, string answer, bool expected)
    {
        var work = new Work(5_000_000);

        Assert.Equal(expected, MathEquivalence.Compare(gold, answer, MathOptions.Default, ref work).IsEqual);
    }

    [Fact]
    public void Bleu_NothingToCompare_IsZero()
    {
        var work = new Work(1_000_000);

        Assert.Equal(0, Bleu.Sentence([], [["a"]], BleuSmoothing.AddOne, ref work));
        Assert.Equal(0, Bleu.Sentence(["a"], [], BleuSmoothing.AddOne, ref work));
        Assert.Equal(0, Bleu.Sentence(["a"], [], BleuSmoothing.Floor, ref work));
        Assert.Equal(0, Bleu.Sentence([], [["a"]], BleuSmoothing.None, ref work, effectiveOrder: true));
        // Papineni's brevity penalty by hand: 2 of 4 words, all right with one order: exp(1 - 4/2).
        Assert.Equal(Math.Exp(-1), Bleu.Sentence(["a", "b"], [["a", "b", "c", "d"]], BleuSmoothing.None, ref work, order: 1), 1e-12);
        Assert.Equal(1, Bleu.Sentence(["a", "b"], [["a", "b"]], BleuSmoothing.None, ref work, order: 2), 1e-12);
    }
}
