using System.Text.Json;
using Meed.Rewards;
using Meed.Tasks.Countdown;

namespace Meed.Tasks.Tests.Countdown;

public class CountdownVerifierTests
{
    private static readonly CountdownVerifier s_verifier = new();

    private static async Task<Scores> Score(IReadOnlyList<string> responses, int[]? numbers = null, int target = 30)
    {
        var reference = JsonSerializer.SerializeToElement(new { numbers = numbers ?? [3, 7, 9], target });
        return await s_verifier.ScoreAsync([.. responses.Select(r => new TextSample { Response = r, Reference = reference })], RewardContext.Default, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("(7*3)+9")]
    [InlineData("7*3+9")]
    [InlineData(" 9 + 3*7 ")]
    [InlineData("((9))+(3*7)")]
    [InlineData("09+3.0*7")]                                        // other spellings of the same numbers
    public async Task Check_ExpressionOverAllNumbersThatReachesTheTarget_ScoresOne(string response)
    {
        var scores = await Score([response]);

        Assert.Equal(1, scores[0]);
        Assert.Equal(1, scores.Component("correct")[0]);
    }

    // What a policy may try instead of solving the puzzle.
    [Theory]
    [InlineData("", "unparsed")]                                    // nothing
    [InlineData("30", "wrong_numbers")]                             // the target itself
    [InlineData("30+0*3*7*9", "wrong_numbers")]                     // the target with the numbers switched off
    [InlineData("3,7,9=30:", "unparsed")]                           // the prompt copied
    [InlineData("3,7,9", "unparsed")]                               // the numbers listed
    [InlineData("7*3+9=30", "unparsed")]                            // a right answer with more behind it
    [InlineData("7*3+9 3*7+9", "unparsed")]                         // several answers
    [InlineData("7*3+9\n9+7*3", "unparsed")]
    [InlineData("3+7+9,3+7-9,3-7+9,3*7+9,3*7-9", "unparsed")]       // everything enumerated
    [InlineData("3*7+9+7-7", "wrong_numbers")]                      // a number twice
    [InlineData("3*10", "wrong_numbers")]                           // a foreign number
    [InlineData("37-7", "wrong_numbers")]                           // digits joined
    [InlineData("3*7*9/9+9", "unparsed")]                           // division is not in the puzzle
    [InlineData("-(-7*3)+9", "unparsed")]                           // nor is a sign
    [InlineData("3(7)+9", "unparsed")]                              // nor is an unwritten product
    [InlineData("3.0*7+9e0", "unparsed")]
    [InlineData("3+7+9", "wrong_value")]
    public async Task Check_HackInsteadOfASolution_NeverScoresAboveTheMinimum(string response, string reason)
    {
        var scores = await Score([response]);

        Assert.Equal(0, scores[0]);
        Assert.Equal(reason, scores.Reasons[0]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"30\"")]
    [InlineData("{\"numbers\": [3, 7, 9]}")]
    [InlineData("{\"numbers\": [3, 7.5], \"target\": 30}")]
    [InlineData("{\"numbers\": [3], \"target\": 3}")]
    [InlineData("{\"numbers\": [3, 7], \"target\": \"30\"}")]
    public async Task Check_ReferenceThatIsNoPuzzle_IsTheTasksFault(string reference)
    {
        var sample = new TextSample { Response = "3+7", Reference = JsonSerializer.Deserialize<JsonElement>(reference) };

        var scores = await s_verifier.ScoreAsync([sample], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(ScoreStatus.InvalidReference, scores.Status[0]);
    }

    [Fact]
    public async Task Check_TenThousandFuzzedAnswers_AreOkAndPayOnlySolutions()
    {
        // Strings over the alphabet and a few strangers, some grown from a solution by edits.
        const string Characters = "0123456789+-*(),=:/ .\n−×e";
        var random = new Random(7);
        var responses = new List<string>();
        for (int i = 0; i < 10_000; i++)
        {
            var text = new System.Text.StringBuilder(i % 2 == 0 ? "(7*3)+9" : "");
            for (int edit = random.Next(i % 2 == 0 ? 3 : 40); edit >= 0; edit--)
            {
                int at = random.Next(text.Length + 1);
                if (random.Next(3) == 0 && at < text.Length)
                {
                    text.Remove(at, 1);
                }
                else
                {
                    text.Insert(at, Characters[random.Next(Characters.Length)]);
                }
            }

            responses.Add(text.ToString());
        }

        var scores = await Score(responses);

        int paid = 0;
        for (int i = 0; i < responses.Count; i++)
        {
            Assert.Equal(ScoreStatus.Ok, scores.Status[i]);
            if (scores[i] > 0)
            {
                paid++;
                Assert.Equal("379", string.Concat(responses[i].Where(c => c is >= '1' and <= '9').Order()));   // 03 and 3.0 are 3
                Assert.DoesNotContain(responses[i], c => "/=,:e".Contains(c));
            }
        }

        Assert.InRange(paid, 50, 2_000);
    }
}
