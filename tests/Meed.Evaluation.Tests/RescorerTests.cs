using Meed.Evaluation.Rollouts;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Evaluation.Tests;

public class RescorerTests
{
    private static RewardDocument<TextSample> Document(string json) => RewardDocuments.Parse(json, Rewards.Catalog.TextRewards());

    internal static RolloutRow Row(string group, string response, double reward, string reference = "42", params (string, double)[] components) => new()
    {
        File = "test", Line = 1, Group = new SampleKey((ulong)group.GetHashCode(StringComparison.Ordinal), 1), Sample = TextSample.Of(response, reference, group), Reward = reward,
        Status = double.IsNaN(reward) ? ScoreStatus.Unset : ScoreStatus.Ok, Components = [.. components.Select(c => KeyValuePair.Create(c.Item1, c.Item2))],
    };

    // Counted by hand: which pair turns round, whose advantage changes sign.
    [Theory]
    [InlineData(new[] { 0.0, 1 }, new[] { 0.0, 2 }, false, 0)]
    [InlineData(new[] { 0.0, 1 }, new[] { 1.0, 0 }, true, 2)]
    [InlineData(new[] { 0.0, 1 }, new[] { 1.0, 1 }, false, 0)]            // a tie made
    [InlineData(new[] { 1.0, 1 }, new[] { 0.0, 1 }, false, 0)]            // a tie broken
    [InlineData(new[] { 0.0, 0.4, 1 }, new[] { 0.0, 0.6, 1 }, false, 1)]  // order kept, 0.4 < mean becomes 0.6 > mean
    [InlineData(new[] { 0.0, 1, 2, 3 }, new[] { 0.0, 2, 1, 3 }, true, 2)]
    [InlineData(new[] { 2.0, 2, 1, 1 }, new[] { 5.0, 4, 4, 3 }, false, 0)]
    [InlineData(new[] { 2.0, 2, 1, 1 }, new[] { 5.0, 3, 4, 3 }, true, 2)]
    [InlineData(new[] { 0.1, 0.1, 0.1 }, new[] { 0.3, 0.3, 0.3 }, false, 0)]
    [InlineData(new[] { 0.3, 0.30000000000000004, 1 }, new[] { 0.30000000000000004, 0.3, 1 }, false, 0)]   // 0.1 + 0.2 is not 0.3
    public void GroupChange_HandCountedGroups(double[] before, double[] after, bool ranking, int signs)
    {
        var change = GroupChange.Of(before, after);
        Assert.Equal((ranking, signs), (change.Ranking, change.Signs));
    }

    [Fact]
    public void GroupChange_RandomGroups_EqualsTheCountOverAllPairs()
    {
        var random = new Random(3);
        for (int round = 0; round < 2000; round++)
        {
            int n = random.Next(1, 9);
            double[] a = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(4))], b = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(4))];
            bool reversed = Enumerable.Range(0, n).Any(i => Enumerable.Range(0, n).Any(j => a[i] > a[j] && b[i] < b[j]));
            int signs = Enumerable.Range(0, n).Count(i => Math.Sign(n * a[i] - a.Sum()) * Math.Sign(n * b[i] - b.Sum()) < 0);
            Assert.Equal((reversed, signs), (GroupChange.Of(a, b).Ranking, GroupChange.Of(a, b).Signs));
        }
    }

    [Fact]
    public void GroupStream_RowsFarApart_StayTogetherUntilTooMuchIsHeld()
    {
        var closed = new List<string>();
        void Close(IReadOnlyList<string> g) => closed.Add(string.Concat(g));
        var wide = new GroupStream<string>();
        foreach (char c in "abcabcab")
        {
            wide.Add(new SampleKey(c, 0), c.ToString(), 1, Close);
        }

        wide.Finish(Close);
        Assert.Equal(["aaa", "bbb", "cc"], closed);
        Assert.Equal(0, wide.Torn);

        closed.Clear();
        var narrow = new GroupStream<string>(maxRows: 2);
        foreach (char c in "aabbca")
        {
            narrow.Add(new SampleKey(c, 0), c.ToString(), 1, Close);
        }

        narrow.Finish(Close);
        Assert.Equal(["aa", "bb", "c", "a"], closed);
        Assert.Equal(1, narrow.Torn);
    }

    [Fact]
    public async Task RunAsync_AnotherReward_CountsFlipsInTotalAndPerComponent()
    {
        RolloutRow[] rows =
        [
            Row("p", "it is \\boxed{42}", 1), Row("p", "41", 0),                        // kept
            Row("q", "it is \\boxed{42}", 0), Row("q", "41", 1),                        // turned round by math
            Row("r", "41", 0.5), Row("r", "40", 0.5),                                   // no signal either way
            Row("s", "42", double.NaN), Row("s", "41", 1),                              // no old number: not compared
        ];
        var document = Document("""{"sum": [{"math": {}}, {"length": {"max": 3}, "weight": 0.25}]}""");
        var seen = new List<RescoredRow>();
        var result = await new Rescorer(document.Reward) { OnRow = seen.Add }.RunAsync(rows, TestContext.Current.CancellationToken);

        Assert.Equal((8L, 4L, 1L, 3L), (result.Rows, result.Groups, result.WithoutBefore, result.Total.Groups));
        Assert.Equal((1L, 1L, 2L), (result.Total.RankingFlips, result.Total.SignFlips, result.Total.RowSignFlips));
        Assert.Equal((1L, 1L), (result.Total.NoSignalBefore, result.Total.NoSignalAfter));
        Assert.Equal(["math", "length"], result.Components.Select(c => c.Name));
        Assert.Equal((1L, 1L), (result.Components[0].Alone.RankingFlips, result.Components[1].Alone.RankingFlips));   // length prefers 41: it turns p round and keeps q
        Assert.Equal((1L, 1L), (result.Components[0].Without!.RankingFlips, result.Components[1].Without!.RankingFlips));
        Assert.Null(result.Components[0].Own);
        Assert.Equal([1, 0.25, 1, 0.25, 0.25, 0.25, 1.25, 0.25], seen.Select(r => r.After));
    }

    [Fact]
    public async Task RunAsync_ABaselineReward_IsAppliedAnewAndComparedPartByPart()
    {
        RolloutRow[] rows = [Row("p", "it is \\boxed{42}", 7), Row("p", "41", 9)];
        var math = Document("""{"sum": [{"math": {}}, {"length": {"max": 3}, "weight": 0.25}]}""");
        var flat = Document("""{"sum": [{"math": {}}, {"length": {"max": 3}, "weight": 4}]}""");
        var result = await new Rescorer(flat.Reward, math.Reward).RunAsync(rows, TestContext.Current.CancellationToken);
        Assert.Equal((1L, 1L), (result.Total.RankingFlips, result.Total.Groups));
        Assert.Equal(0, result.Components[0].Own!.RankingFlips);
        Assert.Equal((0.625, 2.5), (result.MeanBefore, result.MeanAfter));
        Assert.Equal(0, result.Components[1].Without!.RankingFlips);
    }

    [Fact]
    public async Task RunAsync_GroupReward_SeesItsGroupsAndAnyOrderOrThreadsGivesTheSame()
    {
        var reward = Document("""{"normalise": {"of": {"length": {"max": 4, "soft": 4}}, "over": "group"}}""").Reward;
        var rows = Enumerable.Range(0, 1500).Select(i => Row($"p{i % 300}", new string('x', i * 7919 % 9), i % 5)).ToArray();
        var one = await new Rescorer(reward, null, new RescoreOptions { Threads = 1 }).RunAsync(rows, TestContext.Current.CancellationToken);
        var two = await new Rescorer(reward, null, new RescoreOptions { Threads = 2 }).RunAsync(rows.OrderBy(r => r.Group.High), TestContext.Current.CancellationToken);
        Assert.Equal((300L, one.Total.RankingFlips, one.Total.RowSignFlips), (two.Groups, two.Total.RankingFlips, two.Total.RowSignFlips));
        Assert.Equal(0, one.MeanAfter, 1e-9);
        Assert.Contains("depends on its batch", Assert.Throws<ArgumentException>(() => new Rescorer(Document("""{"normalise": {"of": "math", "over": "batch"}}""").Reward)).Message);
    }
}
