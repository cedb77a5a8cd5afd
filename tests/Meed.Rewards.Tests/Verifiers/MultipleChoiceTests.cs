using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests.Verifiers;

public class MultipleChoiceTests
{
    private static readonly MultipleChoice s_choice = new(new MultipleChoiceOptions());

    [Theory]
    [InlineData("\\boxed{C}", "C", "boxed")]
    [InlineData("A or B: \\boxed{\\text{(c)}}", "C", "boxed")]
    [InlineData("<think>A</think><answer> (C) </answer>", "C", "tag")]
    [InlineData("The answer is C.", "C", "phrase")]
    [InlineData("The answer is (c), since A fails", "C", "phrase")]
    [InlineData("Final answer: **C**", "C", "phrase")]
    [InlineData("the answer is option C because", "C", "phrase")]
    [InlineData("A is wrong.\n\nC", "C", "last_line")]
    [InlineData("It cannot be A.\n(C) Paris", "C", "last_line")]
    [InlineData("B is wrong.\nC. Paris", "C", "last_line")]
    [InlineData("C. Paris\nbecause the others are smaller", "C", "first_line")]
    [InlineData("C) Paris", "C", "last_line")]
    [InlineData("I would go with (C) here, yes (c)", "C", "only")]
    public void Extract_Response_LetterAndRule(string response, string letter, string rule)
        => Assert.Equal((letter[0], rule), MultipleChoice.Extract(response, 5));

    [Theory]
    [InlineData("\\boxed{A, C} so (C)")]
    [InlineData("\\boxed{42} C")]
    [InlineData("<answer>A C</answer>")]
    [InlineData("either (A) or (C) fits")]
    [InlineData("A dog barks")]
    [InlineData("The answer is a dog")]
    [InlineData("")]
    [InlineData("F")]
    [InlineData("Apples")]
    public void Extract_NoOrSeveralLetters_Unparsed(string response)
    {
        Assert.Equal('\0', MultipleChoice.Extract(response, 5).Letter);
        Assert.Equal((0, "unparsed"), Judge.One(s_choice, response, "C"));
    }

    [Theory]
    [InlineData("C", 1)]
    [InlineData("(c)", 1)]
    [InlineData("C) Paris", 1)]
    [InlineData("D", 0)]
    public void Check_ReferenceSpellings_SameLetter(string reference, double value) => Assert.Equal(value, Judge.One(s_choice, "The answer is C", reference).Value);

    [Theory]
    [InlineData("Paris is the one")]
    [InlineData("G")]
    [InlineData(null)]
    public void Check_BadReference_IsTheTasksFault(string? reference)
        => Assert.Equal(ScoreStatus.InvalidReference, Judge.Score(s_choice, TextSample.Of("C", reference)).Status[0]);

    [Fact]
    public void Extract_Choices_BoundTheLetters()
    {
        Assert.Equal('\0', MultipleChoice.Extract("D", 3).Letter);
        Assert.Equal('D', MultipleChoice.Extract("D", 4).Letter);
        Assert.Equal('Z', MultipleChoice.Extract("Z", 26).Letter);
    }
}
