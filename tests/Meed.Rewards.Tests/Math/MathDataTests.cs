namespace Meed.Rewards.Tests.MathAnswers;

public class MathDataTests(ITestOutputHelper output)
{
    [Fact]
    public void Sets_All_Print()
    {
        Assert.SkipUnless(MathData.IsHere, MathData.Missing);
        var math500 = MathData.Math500();
        var answers = MathData.MathAnswers();
        var olympiad = MathData.Olympiad();
        List<(string, List<MathPair>)> sets =
        [
            ("math-verify", MathData.Cases(false)), ("lighteval", MathData.Cases(true)), ("hardverify", MathData.HardVerify()), ("qwen response", MathData.QwenMath(false)), ("qwen pred", MathData.QwenMath(true)),
            ("tora", MathData.Tora()), ("examples", MathData.ExampleSolutions()), ("math500 self", MathData.Reflexive(math500)), ("olympiad self", MathData.Reflexive(olympiad)),
            ("answers self", MathData.Reflexive(answers)), ("answers shuffled", MathData.Shuffled(answers, 1)), ("math500 shuffled", MathData.Shuffled(math500, 1)), ("olympiad shuffled", MathData.Shuffled(olympiad, 1)),
        ];
        foreach (var (name, pairs) in sets)
        {
            var m = MathMeasure.Of(name, pairs);
            output.WriteLine($"== {name}: FN {m.FalseNegatives}/{m.Positives} FP {m.FalsePositives}/{m.Negatives} max work {m.MaxWork} rate {MathMeasure.Rate(pairs, TimeSpan.FromSeconds(0.5)):F0}/s");
            foreach (string e in m.Errors.Take(60))
            {
                output.WriteLine("   " + e);
            }
        }
    }
}
