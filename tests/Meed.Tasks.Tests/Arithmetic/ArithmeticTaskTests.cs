using Meed.Rewards;
using Meed.Tasks.Arithmetic;

namespace Meed.Tasks.Tests.Arithmetic;

public class ArithmeticTaskTests
{
    private static readonly ArithmeticTask s_task = new(new ArithmeticOptions { Operators = "+-*" });

    [Fact]
    public async Task Oracle_ManyItemsOfEveryDifficulty_IsRightAndAChangedDigitIsWrong()
    {
        var right = new List<TextSample>();
        for (int level = -1; level <= 2; level++)
        {
            for (ulong seed = 0; seed < 200; seed++)
            {
                right.Add(s_task.Oracle(s_task.Generate(seed, new Difficulty(level))));
            }
        }

        var wrong = right.Select(s => s with { Response = s.Response[..^1] + (char)('0' + ((s.Response[^1] - '0' + 1) % 10)) }).ToList();
        var negated = right.Where(s => s.Response != "0").Select(s => s with { Response = s.Response.StartsWith('-') ? s.Response[1..] : "-" + s.Response }).ToList();

        Assert.All((await s_task.Gold.ScoreAsync(right, RewardContext.Default, TestContext.Current.CancellationToken)).Values.ToArray(), v => Assert.Equal(1, v));
        Assert.All((await s_task.Gold.ScoreAsync(wrong, RewardContext.Default, TestContext.Current.CancellationToken)).Values.ToArray(), v => Assert.Equal(0, v));
        Assert.All((await s_task.Gold.ScoreAsync(negated, RewardContext.Default, TestContext.Current.CancellationToken)).Values.ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Generate_Question_IsAnsweredByItsOperation()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            var item = s_task.Generate(seed, Difficulty.Standard);
            var parts = item.Key.TrimEnd('=').Split(['+', '-', '*']);
            long a = long.Parse(parts[0]), b = long.Parse(parts[1]);
            long expected = item.Key.Contains('+') ? a + b : item.Key.Contains('*') ? a * b : a - b;
            Assert.Equal(expected.ToString(), s_task.Oracle(item).Response);
            Assert.All(item.Key + s_task.Oracle(item).Response, c => Assert.Contains(c, s_task.Alphabet));
        }
    }

    [Fact]
    public void IsHeldOut_ManyQuestions_KeepsTheStatedShare()
    {
        int kept = Enumerable.Range(0, 20_000).Count(s => s_task.IsHeldOut(s_task.Generate((ulong)s, new Difficulty(2))));

        Assert.InRange(kept, 1_800, 2_200);   // a tenth, give or take five deviations
    }

    [Fact]
    public void Constructor_ImpossibleWorld_NamesEveryProblem()
    {
        var error = Assert.Throws<ArgumentException>(() => new ArithmeticTask(new ArithmeticOptions { Digits = 0, Operators = "/", HeldOutShare = 1 }));

        Assert.Contains("Digits is 0", error.Message);
        Assert.Contains("Operators is '/'", error.Message);
        Assert.Contains("HeldOutShare is 1", error.Message);
    }
}
