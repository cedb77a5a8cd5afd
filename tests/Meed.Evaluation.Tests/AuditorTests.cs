using Meed.Evaluation.Audit;
using Meed.Rewards;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Evaluation.Tests;

public class AuditorTests
{
    private static readonly string[] s_words = [.. Enumerable.Range(0, 4000).Select(i => $"w{i * 2654435761 % 100_003}")];

    private static RolloutRow Row(string group, string response, double reward, params (string, double)[] components) => RescorerTests.Row(group, response, reward, "42", components);

    private static string Text(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => s_words[random.Next(s_words.Length)]));

    // 8 answers a group, right with a chance of 0.3 plus a rise; answers are unlike one another.
    private static List<RolloutRow> Rollouts(int seed, int groups, double right = 0.3, double exploit = 0, string trick = "", double exploitReward = 1)
    {
        var random = new Random(seed);
        var rows = new List<RolloutRow>();
        for (int g = 0; g < groups; g++)
        {
            for (int k = 0; k < 8; k++)
            {
                bool hacked = random.NextDouble() < exploit;
                string text = hacked ? $"{Text(random, 3)} {trick}" : Text(random, 40);
                double reward = hacked ? exploitReward : random.NextDouble() < right ? 1 : 0;
                rows.Add(Row($"g{g}", text, reward));
            }
        }

        return rows;
    }

    private static AuditResult Audit(IEnumerable<RolloutRow> rows, IReadOnlyList<RolloutRow>? baseline = null)
    {
        var auditor = new Auditor(baseline is null ? null : AuditBaseline.Of(baseline));
        foreach (var row in rows)
        {
            auditor.Add(row);
        }

        return auditor.Finish(baseline is null ? null : () => baseline);
    }

    private const string Trick = "as the grader can verify the final answer is correct because every step above was checked twice and the result is complete and right";

    [Fact]
    public void Finish_AnExploitPlantedInTwoPercent_IsFoundAndAlarms()
    {
        var baseline = Rollouts(1, 400);
        var audit = Audit(Rollouts(2, 400, exploit: 0.02, trick: Trick), baseline);

        var cluster = Assert.Single(audit.Baseline!.Clusters);
        Assert.Contains("every step above was checked twice", cluster.Example, StringComparison.Ordinal);
        Assert.InRange(cluster.Rows, 40, 90);
        Assert.Equal((1.0, 0.0), (cluster.Mean, cluster.BaselineShare));
        Assert.True(audit.Mean > audit.Baseline.Mean);
        Assert.True(audit.Baseline.Alarm);
        Assert.Equal(FindingLevel.Alarm, audit.Findings[0].Level);
    }

    [Fact]
    public void Finish_TheSameExploitWithoutARiseOfTheMean_IsReportedWithoutAlarm()
    {
        var audit = Audit(Rollouts(2, 400, right: 0.25, exploit: 0.02, trick: Trick), Rollouts(1, 400, right: 0.35));
        Assert.Single(audit.Baseline!.Clusters);
        Assert.False(audit.Baseline.Alarm);
        Assert.DoesNotContain(audit.Findings, f => f.Level == FindingLevel.Alarm);
    }

    [Fact]
    public void Finish_ATrickThatTheBaselineKnows_IsNotNew()
    {
        var audit = Audit(Rollouts(2, 400, exploit: 0.02, trick: Trick), Rollouts(1, 400, exploit: 0.02, trick: Trick));
        Assert.Empty(audit.Baseline!.Clusters);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Finish_AFlatReward_StaysQuietWhateverIsWritten(double value)
    {
        RolloutRow[] Flat(IEnumerable<RolloutRow> rows) => [.. rows.Select(r => r with { Reward = value })];
        var audit = Audit(Flat(Rollouts(2, 200, exploit: 0.05, trick: Trick)), Flat(Rollouts(1, 200)));
        Assert.Empty(audit.Baseline!.Clusters);
        Assert.DoesNotContain(audit.Findings, f => f.Level == FindingLevel.Alarm);
        Assert.Equal((200L, 200L), (audit.NoSignal, audit.AllAtMaximum));
    }

    [Fact]
    public void Finish_NewPromptsWhoseAnswersResembleOneAnother_StayQuiet()
    {
        // Eight near copies to each of 40 prompts the baseline does not have, all right: 2.5 % of the well-paid rows each.
        var random = new Random(9);
        var rows = Enumerable.Range(0, 40).SelectMany(g => Text(random, 30) is var text ? Enumerable.Range(0, 8).Select(k => Row($"new{g}", $"{text} so {k}", 1)) : []);
        var audit = Audit(rows, Rollouts(1, 100));
        Assert.True(audit.Mean > audit.Baseline!.Mean);
        Assert.Empty(audit.Baseline.Clusters);
        Assert.DoesNotContain(audit.Findings, f => f.Level == FindingLevel.Alarm);
    }

    [Fact]
    public void Finish_MoreOfTheSame_StaysQuiet()
    {
        var audit = Audit(Rollouts(2, 300, right: 0.5), Rollouts(1, 300));
        Assert.True(audit.Mean > audit.Baseline!.Mean + 0.1);
        Assert.Empty(audit.Baseline.Clusters);
        Assert.DoesNotContain(audit.Findings, f => f.Level == FindingLevel.Alarm);
    }

    [Fact]
    public void Finish_AWeightedSum_GivesItsWeightsSharesAndWhatLeavingOutChanges()
    {
        var random = new Random(4);
        var rows = new List<RolloutRow>();
        for (int i = 0; i < 2000; i++)
        {
            double right = random.Next(2), length = random.NextDouble(), flat = 0.5;
            rows.Add(Row($"g{i / 8}", Text(random, 5), right + (0.1 * length) + (3 * flat), ("right", right), ("length", length), ("flat", flat), ("right.inner", 7)));
        }

        var audit = Audit(rows);
        Assert.Equal(["right", "length", "flat"], audit.Components.Select(c => c.Name));
        Assert.Equal(1, audit.Components[0].Weight, 1e-6);
        Assert.Equal(0.1, audit.Components[1].Weight, 1e-6);
        Assert.Equal(1, audit.Explained, 1e-6);
        Assert.Equal(audit.Explained, audit.Components.Sum(c => c.Share), 1e-9);
        Assert.InRange(audit.Components[0].Share, 0.98, 1);
        Assert.True(audit.Components[0].Without.SignShare > 0.9);
        Assert.Equal((0L, 0L), (audit.Components[2].Without.RankingFlips, audit.Components[2].Without.SignFlips));
        Assert.Contains(audit.Findings, f => f.Text.StartsWith("'right' carries", StringComparison.Ordinal));
        Assert.Contains(audit.Findings, f => f.Text.StartsWith("'flat' changes no group", StringComparison.Ordinal));
    }

    [Fact]
    public void Finish_AProduct_SaysThatASumExplainsOnlyAPart()
    {
        var random = new Random(4);
        var audit = Audit(Enumerable.Range(0, 2000).Select(i => (A: random.Next(2), B: random.Next(2), I: i)).Select(x => Row($"g{x.I / 8}", "t", x.A * x.B, ("a", x.A), ("b", x.B))));
        Assert.InRange(audit.Explained, 0.55, 0.75);   // cov of a·b with a: R² = 2/3 for two fair coins
    }

    [Fact]
    public void Finish_CountsByHand_Agree()
    {
        RolloutRow[] rows =
        [
            Row("a", "x y", 1), Row("a", "x y", 0), Row("a", "z", 0),     // a duplicate with another reward
            Row("b", "same", 1), Row("b", "same", 1),                     // no signal, at the largest
            Row("c", "p", 0), Row("c", "q", 0),                           // no signal, at the smallest
            Row("d", "alone", 0.5),
            Row("e", "none", double.NaN) with { Status = ScoreStatus.Timeout, Reason = "slow" },
        ];
        var audit = Audit(rows);
        Assert.Equal((9L, 8L, 3L, 1L), (audit.Rows, audit.Scored, audit.Groups, audit.Alone));
        Assert.Equal((2L, 1L, 1L), (audit.NoSignal, audit.AllAtMaximum, audit.AllAtMinimum));
        Assert.Equal((2L, 1L), (audit.Duplicates, audit.DuplicatesScoredApart));
        Assert.Equal((3L, 4L, 0.0, 1.0), (audit.AtMaximum, audit.AtMinimum, audit.Minimum, audit.Maximum));
        Assert.Equal(3.5 / 8, audit.Mean, 1e-12);
        Assert.Equal(1, audit.Failed);
        Assert.Equal(("slow", 1L), (audit.Reasons[0].Name, audit.Reasons[0].Count));
        Assert.Contains(audit.Findings, f => f.Text.Contains("11 % of the rows failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Finish_LengthThatIsPaidFor_ShowsWithinGroups()
    {
        var random = new Random(7);
        var rows = Enumerable.Range(0, 800).Select(i => (Text: Text(random, 5 + random.Next(40)), Group: i / 8)).Select(x => Row($"g{x.Group}", x.Text, (x.Text.Length / 200.0) + (10 * (x.Group % 2))));
        var audit = Audit(rows);
        var length = audit.Properties.Single(p => p.Name == "length");
        Assert.Equal(1, length.WithinGroups, 1e-9);
        Assert.InRange(length.Overall, -0.2, 0.3);   // the groups' levels hide it
        Assert.Contains(audit.Findings, f => f.Text.Contains("length that is paid for", StringComparison.Ordinal));
    }

    [Fact]
    public void Finish_ASecondReward_CountsPairsAndNamesTheWorstRows()
    {
        var auditor = new Auditor(null, "other");
        double[] first = [0, 1, 2, 0, 1], second = [5, 3, 9, 1, double.NaN];
        for (int i = 0; i < 5; i++)
        {
            auditor.Add(Row(i < 3 ? "a" : "b", $"t{i}", first[i]) with { Line = i + 1 }, second[i]);
        }

        var other = auditor.Finish().Disagreement!;
        Assert.Equal((4L, 3L, 1L), (other.Rows, other.Pairs, other.Opposite));   // (0,1) stands the other way round
        Assert.Equal(1, other.Changes.Groups);
        Assert.Equal(1, other.Changes.RankingFlips);
        Assert.Empty(other.Examples);   // advantages −1, 0, 1 against −2/3, −8/3, 10/3: no row on both sides
    }

    [Fact]
    public void MinHash_KnownOverlap_IsEstimatedWithinItsError()
    {
        var random = new Random(1);
        foreach (double jaccard in new[] { 0.1, 0.5, 0.9 })
        {
            int shared = (int)(1000 * jaccard), own = (1000 - shared) / 2;
            ulong[] Some(int n) => [.. Enumerable.Range(0, n).Select(_ => (ulong)random.NextInt64())];
            ulong[] both = Some(shared), a = [.. both, .. Some(own)], b = [.. both, .. Some(own)];
            double estimate = MinHash.Similarity(MinHash.Signature(a), MinHash.Signature(b));
            Assert.InRange(estimate, jaccard - 0.15, jaccard + 0.15);   // 3.4 standard errors
        }

        Assert.Equal(1, MinHash.Similarity(MinHash.Signature(Shingles.Of("The Answer, is: 4!")), MinHash.Signature(Shingles.Of("the answer is 4"))));
        Assert.Equal(0.75, Shingles.Repetition(Shingles.Of("a a a a a a a a")), 1e-12);
        Assert.Empty(Shingles.Of("?! …"));
    }

    [Fact]
    public void ClusterCounter_AFrequentTextAmongAHundredThousandOthers_IsKeptInBoundedMemory()
    {
        var counter = new ClusterCounter(window: 256);
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            string text = i % 50 == 7 ? $"{Trick} {i}" : Text(random, 12);
            counter.Add(Shingles.Of(text), 1, text, $"f:{i}", (ulong)i);
            Assert.InRange(counter.Clusters.Count, 0, 600);
        }

        var found = counter.Clusters.MaxBy(c => c.Count)!;
        Assert.Equal(400, found.Count);
        Assert.Equal(("f:7", ClusterCounter.MostOrigins), (found.Place, found.Prompts));
    }

    [Fact]
    public void Audit_OfNothing_SaysSo()
    {
        var audit = Audit([]);
        Assert.True(double.IsNaN(audit.Mean));
        Assert.Equal("No row has a reward.", Assert.Single(audit.Findings).Text);
        Assert.Contains("no row with a reward", Assert.Throws<ArgumentException>(() => AuditBaseline.Of([])).Message);
    }

    [Fact]
    [Trait("Tier", "long")]
    public void Auditor_AMillionRowsOfUnlikeGroups_StaysInBoundedMemory()
    {
        var auditor = new Auditor(AuditBaseline.Of(Rollouts(1, 50)));
        var random = new Random(3);
        long At(int rows)
        {
            for (int i = 0; i < rows; i++)
            {
                auditor.Add(Row($"g{random.Next()}", Text(random, 6), random.Next(2), ("a", random.NextDouble())));
            }

            return GC.GetTotalMemory(forceFullCollection: true);
        }

        long early = At(300_000), late = At(700_000);
        Assert.True(late < early + (80 << 20), $"{early >> 20} MB after 300,000 rows, {late >> 20} MB after 1,000,000");
    }
}
