using Meed.Recipes.Runs;

namespace Meed.Recipes.Tests.Runs;

public class RecipeRecordTests
{
    [Fact]
    public void Of_NewestFinishedRunOfEachSeed_GivesThePairedInterval()
    {
        RunInfo[] runs =
        [
            Run(0, 0.10, 0.90, 1) with { Status = RunStatus.Interrupted },
            Run(0, 0.10, 0.20, 1), Run(0, 0.10, 0.40, 2), Run(1, 0.20, 0.60, 1), Run(2, 0.15, 0.40, 1),
            Run(3, 0.10, 0.90, 1) with { ClockBound = true }, Run(4, 0.10, 0.90, 1) with { Name = "other" },
        ];

        var record = RecipeRecord.Of("toy", runs);
        var (before, after, gain) = record.Summary("pass@1");

        Assert.Equal([0UL, 1, 2], record.Runs.Select(r => r.Seed));
        Assert.Equal(0.15, before.Mean, 12);
        Assert.Equal(1.4 / 3, after.Mean, 12);
        // Gains 0.30, 0.40, 0.25: mean 0.316667, deviation 0.0763763, t(2) = 4.302653; half width 0.189729 (by hand).
        Assert.Equal(0.316667 - 0.189729, gain.Low, 1e-5);
        Assert.Equal(0.316667 + 0.189729, gain.High, 1e-5);
    }

    [Fact]
    public void Of_DifferentRecipes_IsRefused()
    {
        var error = Assert.Throws<InvalidDataException>(() => RecipeRecord.Of("toy", [Run(0, 0, 1, 1), Run(1, 0, 1, 1) with { RecipeHash = "b" }]));
        Assert.Contains("2 different recipes", error.Message);
    }

    private static RunInfo Run(ulong seed, double before, double after, int day) => new()
    {
        Name = "toy", Seed = seed, Status = RunStatus.Finished, Started = new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc), RecipeHash = "a", Seconds = 10,
        Headline = new Dictionary<string, double> { ["pass@1 before"] = before, ["pass@1 after"] = after },
    };
}
