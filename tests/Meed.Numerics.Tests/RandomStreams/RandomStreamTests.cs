namespace Meed.Numerics.Tests.RandomStreams;

public class RandomStreamTests
{
    [Fact]
    public void State_StoredAtAnyPoint_ContinuesTheSameStream()
    {
        for (int drawn = 0; drawn < 5; drawn++)
        {
            var stream = new RandomStream(7);
            for (int i = 0; i < drawn; i++)
            {
                stream.NextUInt64();
            }

            _ = stream.Split("child");
            var copy = new RandomStream(stream.State);
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(stream.NextUInt64(), copy.NextUInt64());
            }

            Assert.Equal(stream.Split("child").NextUInt64(), copy.Split("child").NextUInt64());
        }
    }

    [Fact]
    public void State_ThroughJson_IsTheSame()
    {
        var stream = new RandomStream(7);
        _ = stream.NextNormal();
        _ = stream.Split("a");
        string json = System.Text.Json.JsonSerializer.Serialize(stream.State);
        var copy = new RandomStream(System.Text.Json.JsonSerializer.Deserialize<RandomState>(json)!);
        Assert.Equal(stream.NextUInt64(), copy.NextUInt64());
        Assert.Equal(stream.Split("a").NextUInt64(), copy.Split("a").NextUInt64());
    }

    [Fact]
    public void Split_ByName_DependsOnNothingElse()
    {
        var plain = new RandomStream(7);
        ulong first = plain.Split("rollout").NextUInt64();
        ulong second = plain.Split("rollout").NextUInt64();
        var busy = new RandomStream(7);
        busy.NextUInt64();
        _ = busy.Split("reward");
        Assert.Equal(first, busy.Split("rollout").NextUInt64());
        Assert.Equal(second, busy.Split("rollout").NextUInt64());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, plain.Split("reward").NextUInt64());
        Assert.Equal(first, new RandomStream(7).Split("rollout", 0).NextUInt64());
        Assert.NotEqual(first, new RandomStream(8).Split("rollout").NextUInt64());
    }

    [Fact]
    public void NextUInt64_KnownKeyAndCounter_EqualsThePublishedPhilox()
    {
        // Random123's known-answer test for philox4x32-10, counter 0 and key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
        var stream = new RandomStream(new RandomState(0, 0, new Dictionary<string, long>()));
        Assert.Equal(0xE169C58D6627E8D5UL, stream.NextUInt64());
        Assert.Equal(0x9B00DBD8BC57AC4CUL, stream.NextUInt64());
    }

    [Fact]
    public void NextInt_SmallRange_IsUniform()
    {
        var stream = new RandomStream(3);
        var counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[stream.NextInt(7)]++;
        }

        // χ² with 6 degrees of freedom exceeds 22.5 with probability 0.001.
        Assert.True(counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000) < 22.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt(0));
        Assert.InRange(stream.NextInt(-5, -3), -5, -4);
    }

    [Fact]
    public void NextNormal_ManyDraws_HaveMeanZeroAndDeviationOne()
    {
        var stream = new RandomStream(3);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => stream.NextNormal())];

        // Four standard errors: 0.0127 for the mean, 0.018 for the variance, 0.031 for the third moment (deviation √15/√n).
        Assert.InRange(draws.Average(), -0.0127, 0.0127);
        Assert.InRange(draws.Average(x => x * x), 0.982, 1.018);
        Assert.InRange(draws.Average(x => x * x * x), -0.049, 0.049);
    }

    [Fact]
    public void NextIndex_Weights_AreFollowed()
    {
        var stream = new RandomStream(3);
        var counts = new int[4];
        for (int i = 0; i < 10_000; i++)
        {
            counts[stream.NextIndex([1, 0, 3, 0])]++;
        }

        Assert.Equal(0, counts[1] + counts[3]);
        Assert.InRange(counts[0], 2327, 2673);
        Assert.Throws<ArgumentException>(() => stream.NextIndex([0, 0]));
        Assert.Throws<ArgumentException>(() => stream.NextIndex([1, double.NaN]));
    }

    [Fact]
    public void Permutation_OfThree_GivesEveryOrderEquallyOften()
    {
        var stream = new RandomStream(5);
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < 6000; i++)
        {
            string key = string.Join(',', stream.Permutation(3));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(6, counts.Count);

        // χ² with 5 degrees of freedom exceeds 20.5 with probability 0.001.
        Assert.True(counts.Values.Sum(count => Math.Pow(count - 1000, 2) / 1000) < 20.5);
    }
}
