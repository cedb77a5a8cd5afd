using Meed.Rewards.MathAnswers;

namespace Meed.Rewards.Tests.MathAnswers;

public class AnswerExtractionTests
{
    [Theory]
    [InlineData("So $x = \\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}")]
    [InlineData("\\boxed{1} first, then \\boxed{2}", "2")]
    [InlineData("\\boxed{2} and \\boxed{3}", "2, 3")]
    [InlineData("$\\boxed{1}, \\boxed{2}, \\boxed{3}$", "1, 2, 3")]
    [InlineData("\\boxed{1} and and or thus but \\boxed{2} and \\boxed{3}", "2, 3")]
    [InlineData("\\boxed{4}\n\n\\boxed{4}", "4")]
    [InlineData("\\boxed{(3, 3)} \\text{ for part (a) and } \\boxed{(1, 1)}", "(3, 3), (1, 1)")]
    [InlineData("\\boxed{a{b}c}", "a{b}c")]
    [InlineData("\\boxed{5} and then \\boxed{6", "5")]
    [InlineData("Put it in \\boxed{}. I say 7, so \\boxed{7}. Remember \\boxed{}", "7")]
    [InlineData("so \\boxed 5", "5")]
    [InlineData("It holds. Final Answer: The final answer is $12$. I hope it is correct.", "$12$")]
    [InlineData("We get 3 cases. The answer is 12 apples", "12 apples")]
    [InlineData("She has 3 boxes.\n#### 1,234", "1,234")]
    [InlineData("first\nsecond\nA: 18", "18")]
    [InlineData("Therefore $x \\geq 5$ is the solution.", "$x \\geq 5$")]
    [InlineData("The sides are $3$ and $4$, as shown above.", "$3$ and $4$")]
    [InlineData("Hence the total cost of all of it is 45.50 dollars", "45.50")]
    [InlineData("Hence the share of all of them is 45%", "45%")]
    [InlineData("Hence the probability of that event is 2/3.", "2/3")]
    [InlineData("Hence the point that solves both of them is (7, 6).", "(7, 6)")]
    [InlineData("Hence the temperature at noon then was -5.", "-5")]
    [InlineData("42", "42")]
    [InlineData("x = 5", "x = 5")]
    [InlineData("I cannot solve this problem at all", null)]
    [InlineData("", null)]
    public void Find_Response_LastAnswer(string response, string? expected)
    {
        var work = new Work(1_000_000);
        Assert.Equal(expected, AnswerExtraction.Find(response, ref work));
    }

    [Theory]
    [InlineData("C", "thinking about it I think the correct answer is C", true)]
    [InlineData("D", "The answer is for sure D, it can't be A or B", true)]
    [InlineData("B", "It's not A because it makes no sense, so I think it's B", true)]
    [InlineData("(D) Alina", "D", true)]
    [InlineData("(A) Cecile", "C", false)]
    [InlineData("C", "\\boxed{\\text{(C)}}", true)]
    [InlineData("C", "\\boxed{D}", false)]
    [InlineData("C", "no letter here", false)]
    public void Judge_Choices_LetterDecides(string gold, string response, bool equal)
    {
        var work = new Work(1_000_000);
        Assert.Equal(equal, MathVerifier.Judge(gold, response, new MathOptions { Choices = true }, ref work).IsEqual);
    }
}
