using Meed.Numerics;
using Meed.Tasks.Clips;

namespace Meed.Tasks.Tests.Clips;

public class ClipWorldTests
{
    private static ClipWorld World(ulong seed = 1, double hesitation = 0.5) => new(new ClipOptions { Hesitation = hesitation }, new RandomStream(seed));

    [Fact]
    public void Play_TwoTargets_AreTakenInOrderAndProgressEndsAtOne()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var world = World(seed);
            var random = new RandomStream(seed + 100);
            int[] targets = ClipWorld.Pair(random);
            var clip = world.Play(targets, random);

            Assert.Equal(0, clip.StageAt(0));
            Assert.Equal(2, clip.StageAt(clip.Length - 1));
            Assert.Equal(world.Objects[targets[1]], clip.Cells[^1]);
            Assert.Equal(1 << targets[0], clip.Taken.First(t => t != 0));
            Assert.Equal(1, world.Progress(clip, clip.Length - 1, targets));
            Assert.Equal(clip.Length, clip.Durations().Sum());
            Assert.Equal(clip.Length - 1, clip.Actions.Length);
            for (int t = 0; t + 1 < clip.Length; t++)
            {
                Assert.Equal(clip.Cells[t + 1], world.Move(clip.Cells[t], clip.Actions[t]));
                Assert.InRange(world.Progress(clip, t, targets), 0, 1);
            }
        }
    }

    [Fact]
    public void Play_WithoutHesitation_IsShortest()
    {
        var world = World(3, 0);
        var clip = world.Play([2], new RandomStream(5));

        Assert.Equal(world.Steps(clip.Cells[0], world.Objects[2]) + 1, clip.Length);
        Assert.DoesNotContain(4, clip.Actions);
    }

    [Fact]
    public void Reached_OtherInstruction_CountsOnlyWhatWasTakenInItsOrder()
    {
        var clip = World().Play([0, 1], new RandomStream(2));
        int last = clip.Length - 1;

        Assert.Equal(2, ClipWorld.Reached(clip, last, [0, 1]));
        Assert.Equal(1, ClipWorld.Reached(clip, last, [0, 2]));
        Assert.Equal(0, ClipWorld.Reached(clip, last, [1, 0]));
        Assert.Equal(0, ClipWorld.Reached(clip, 0, [0, 1]));
    }

    [Fact]
    public void Frame_TakenObject_Vanishes()
    {
        var world = World();
        int red = world.Objects[0], free = Enumerable.Range(0, world.Cells).First(c => !world.Objects.Contains(c));
        float[] before = world.Frame(free, 0), after = world.Frame(free, 1);

        Assert.Equal((1f, 0f, 0f), (before[red], before[world.Cells + red], before[(2 * world.Cells) + red]));
        Assert.Equal(0f, after[red]);
        Assert.Equal(1f, after[(2 * world.Cells) + free]);
        Assert.NotEqual(world.Frame(free, 0, new RandomStream(1)), before);
    }

    [Fact]
    public void Move_AtWalls_Stays()
    {
        var world = World();
        Assert.Equal([0, 7, 0, 1, 0], Enumerable.Range(0, 5).Select(a => world.Move(0, a)));
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Move(0, 5));
    }

    [Fact]
    public void New_BadOptions_NamesThem() =>
        Assert.Contains("Size is 2", Assert.Throws<ArgumentException>(() => new ClipWorld(new ClipOptions { Size = 2 }, new RandomStream(0))).Message, StringComparison.Ordinal);
}
