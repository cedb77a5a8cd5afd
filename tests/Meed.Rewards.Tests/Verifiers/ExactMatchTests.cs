using System.Text.Json;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests.Verifiers;

public class ExactMatchTests
{
    private static double Value(ExactMatchOptions options, string response, string reference) => Judge.One(new ExactMatch(options), response, reference).Value;

    [Theory]
    [InlineData("Paris", "paris", 1)]
    [InlineData("  \"Paris.\"\n", "Paris", 1)]
    [InlineData("New \t York", "new york", 1)]
    [InlineData("Paris, France", "Paris", 0)]
    [InlineData("the Paris", "Paris", 0)]
    [InlineData("-5", "5", 0)]
    [InlineData("(-5)", "-5", 1)]
    [InlineData("3.5", "35", 0)]
    [InlineData("50%", "50", 0)]
    [InlineData("", "Paris", 0)]
    [InlineData("É", "é", 1)]
    public void Check_Defaults_IgnoreCaseSpaceAndEndPunctuation(string response, string reference, double value) => Assert.Equal(value, Value(new(), response, reference));

    [Theory]
    [InlineData("The cat, an apple and a dog.", "cat apple and dog", 1)]
    [InlineData("theatre", "atre", 0)]
    [InlineData("cat", "the cat", 1)]
    public void Check_SquadStyle_DropsPunctuationAndArticles(string response, string reference, double value)
        => Assert.Equal(value, Value(new() { Punctuation = PunctuationRule.Drop, DropArticles = true }, response, reference));

    // A space that an article leaves at the end goes, unless spaces are kept.
    [Theory]
    [InlineData("cat the", "cat", false, true, 1)]
    [InlineData("cat the ", "cat", false, true, 1)]
    [InlineData("a cat", "cat", false, true, 1)]
    [InlineData("an the cat", "cat", false, true, 1)]
    [InlineData("cat a dog", "cat dog", false, true, 1)]
    [InlineData("cat the", "cat", false, false, 0)]
    [InlineData("ant", "t", false, true, 0)]
    [InlineData("the", "", false, true, 1)]
    [InlineData("cat  dog", "cat dog", true, false, 0)]
    [InlineData("cat ", "cat", true, false, 0)]
    [InlineData("cat ", "cat", false, false, 1)]
    [InlineData("cat \t\n dog", "cat dog", false, false, 1)]
    public void Score_SpacesAndArticles_AsAsked(string response, string reference, bool keepSpace, bool dropArticles, double value)
        => Assert.Equal(value, Value(new() { KeepSpace = keepSpace, DropArticles = dropArticles, Punctuation = PunctuationRule.Keep }, response, reference));

    [Fact]
    public void Check_Strict_EveryCharacterCounts()
    {
        var strict = new ExactMatchOptions { CaseSensitive = true, KeepSpace = true, Punctuation = PunctuationRule.Keep };

        Assert.Equal(1, Value(strict, "a B", "a B"));
        Assert.Equal(0, Value(strict, "a b", "a B"));
        Assert.Equal(0, Value(strict, "a  B", "a B"));
        Assert.Equal(0, Value(strict, "a B.", "a B"));
    }

    [Theory]
    [InlineData(AnswerPlace.LastLine, "thinking\n\nParis\n ", 1)]
    [InlineData(AnswerPlace.LastLine, "Paris\nLondon", 0)]
    [InlineData(AnswerPlace.Tag, "x <answer>London</answer><answer> Paris </answer> y", 1)]
    [InlineData(AnswerPlace.Boxed, "\\boxed{Paris}", 1)]
    [InlineData(AnswerPlace.Phrase, "So the answer is Paris.", 1)]
    public void Check_Place_OnlyThatPartIsCompared(AnswerPlace from, string response, double value) => Assert.Equal(value, Value(new() { From = from }, response, "Paris"));

    [Fact]
    public void Check_PlaceIsNotThere_Unparsed() => Assert.Equal((0, "unparsed"), Judge.One(new ExactMatch(new() { From = AnswerPlace.Tag }), "</answer><answer>Paris", "Paris"));

    [Fact]
    public void Check_ReferenceList_OneIsEnough()
    {
        var sample = new TextSample { Response = "UK", Reference = JsonSerializer.SerializeToElement(new[] { "United Kingdom", "uk" }) };

        Assert.Equal(1, Judge.Score(new ExactMatch(new()), sample)[0]);
        Assert.Equal(0, Judge.Score(new ExactMatch(new()), sample with { Response = "France" })[0]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[[1]]")]
    public void Check_BadReference_IsTheTasksFault(string json)
    {
        var sample = new TextSample { Response = "x", Reference = JsonDocument.Parse(json).RootElement };

        Assert.Equal(ScoreStatus.InvalidReference, Judge.Score(new ExactMatch(new()), sample).Status[0]);
    }
}
