using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

public class WorkersTests
{
    [Fact]
    public void For_ManyRoundsAndThreads_RunsEveryChunkOnce()
    {
        int before = Workers.Count;
        try
        {
            Workers.Count = 4;
            for (int round = 0; round < 2000; round++)
            {
                var hits = new int[17];
                Workers.For(hits.Length, i => Interlocked.Increment(ref hits[i]));
                Assert.All(hits, h => Assert.Equal(1, h));
            }
        }
        finally
        {
            Workers.Count = before;
        }
    }

    [Fact]
    public void For_InsideFor_RunsEveryChunkOnce()
    {
        var hits = new int[8 * 8];
        Workers.For(8, i => Workers.For(8, j => Interlocked.Increment(ref hits[(i * 8) + j])));
        Assert.All(hits, h => Assert.Equal(1, h));
    }

    [Fact]
    public async Task For_FromSeveralThreads_RunsEveryChunkOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                var hits = new int[5];
                Workers.For(hits.Length, i => Interlocked.Increment(ref hits[i]));
                Assert.All(hits, h => Assert.Equal(1, h));
            }
        })));
    }

    [Fact]
    public void For_ChunkThrows_ThrowsHereAndLeavesThePoolUsable()
    {
        Exception e = Assert.ThrowsAny<Exception>(() => Workers.For(10, i => { if (i == 3) { throw new InvalidOperationException("chunk 3"); } }));
        Assert.Contains("chunk 3", e.ToString());
        int done = 0;
        Workers.For(10, _ => Interlocked.Increment(ref done));
        Assert.Equal(10, done);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void Count_OutOfRange_Throws(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => Workers.Count = count);
}
