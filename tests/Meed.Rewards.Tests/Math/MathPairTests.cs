using Meed.Rewards.MathAnswers;

namespace Meed.Rewards.Tests.MathAnswers;

public class MathPairTests
{
    [Fact]
    public void Compare_PairsOfTheFile_SameVerdictBothWays()
    {
        var wrong = new List<string>();
        int count = 0;
        foreach (string line in File.ReadLines(Path.Combine(DataFiles.Repository, "tests/Meed.Rewards.Tests/Math/pairs.txt")))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            string[] f = [.. line.Split(" | ").Select(static x => x.Replace('@', '|'))];
            Assert.Equal(3, f.Length);
            count++;
            foreach (var (gold, prediction) in (ReadOnlySpan<(string, string)>)[(f[1], f[2]), (f[2], f[1])])
            {
                var work = new Work(5_000_000);
                var verdict = MathEquivalence.Compare(gold, prediction, MathOptions.Default, ref work);
                if (verdict.IsEqual != (f[0] == "1"))
                {
                    wrong.Add($"{gold} | {prediction}: {verdict}");
                }
            }
        }

        Assert.True(count > 200, $"{count} pairs");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
