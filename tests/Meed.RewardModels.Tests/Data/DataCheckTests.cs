using Meed.RewardModels.Data;

namespace Meed.RewardModels.Tests.Data;

public class DataCheckTests
{
    [Fact]
    public void Run_FileWithPlantedFaults_FindsEachWithItsLine()
    {
        using var file = Files.Temporary("faults.jsonl",
            """{"prompt":"p","responses":["long text","short"],"preferences":[{"first":0,"second":1}],"annotator":"a","split":"train"}""",
            """{"prompt":"p","responses":["short","long text"],"preferences":[{"first":0,"second":1}],"annotator":"b","split":"train"}""",
            """{"prompt":"q","responses":["same","same"],"preferences":[{"first":0,"second":1}],"split":"train"}""",
            """{"prompt":"r","responses":["", "x"],"preferences":[{"first":1,"second":0}],"split":"train"}""",
            """{"prompt":"P","responses":["u","vv"],"preferences":[{"first":0,"second":1,"tie":true}],"split":"test"}""",
            """{"prompt":"s"}""");

        var found = DataCheck.Run([PreferenceFile.Open(file.Path)]);

        Assert.Equal((5, 5, 1, 3), (found.Rows, found.Pairs, found.Ties, found.Prompts));
        Assert.Equal((1, 1, 1, 1, 1, 0), (found.Identical.Count, found.Empty.Count, found.Contradictions.Count, found.Leaks.Count, found.Bad.Count, found.Repeated.Count));
        Assert.Contains(":2: the same two texts were judged the other way before", found.Contradictions.Examples[0], StringComparison.Ordinal);
        Assert.Contains(":5: the prompt stands in train too", found.Leaks.Examples[0], StringComparison.Ordinal);
        Assert.Equal((1L, 0.5), (found.JudgedTwice, found.LabelNoise!.Value));
        Assert.Equal((3L, 2L), (found.LengthPairs, found.LongerWins));
        Assert.Equal((3L, 2L), (found.PositionPairs, found.FirstWins));
        Assert.True(found.HasProblems);
    }

    [Fact]
    public void LabelNoise_JudgesThatErrAtAKnownRate_IsThatRate()
    {
        // Each of 20,000 pairs is judged twice, each judgement wrong with probability 0.1.
        var random = new Random(5);
        string[] rows = [.. Enumerable.Range(0, 20_000).SelectMany(i => Enumerable.Range(0, 2).Select(j => random.NextDouble() < 0.1
            ? $$"""{"prompt":"{{i}}","chosen":"bad","rejected":"good"}""" : $$"""{"prompt":"{{i}}","chosen":"good","rejected":"bad"}"""))];
        using var file = Files.Temporary("noise.jsonl", rows);

        var found = DataCheck.Run([PreferenceFile.Open(file.Path)]);

        Assert.InRange(found.LabelNoise!.Value, 0.09, 0.11);
    }

    [Fact]
    public void Run_TheSamePromptInTwoFiles_IsALeak()
    {
        using var train = Files.Temporary("train.jsonl", """{"prompt":"p","chosen":"b","rejected":"c"}""");
        using var test = Files.Temporary("test.jsonl", """{"prompt":"p","chosen":"d","rejected":"e"}""", """{"prompt":"q","chosen":"d","rejected":"e"}""");

        var found = DataCheck.Run([PreferenceFile.Open(train.Path), PreferenceFile.Open(test.Path)]);

        Assert.Equal(1, found.Leaks.Count);
        Assert.Equal(0, found.PositionPairs);
    }

    [Fact]
    public void Interval_EightOfTen_EqualsWilson()
    {
        // statsmodels: proportion_confint(8, 10, method="wilson")
        var (low, high) = DataCheck.Interval(8, 10);

        Assert.Equal(0.4901625, low, 1e-6);
        Assert.Equal(0.9433178, high, 1e-6);
    }
}
