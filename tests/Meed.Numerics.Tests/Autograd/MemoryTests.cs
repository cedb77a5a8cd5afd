namespace Meed.Numerics.Tests.Autograd;

/// <summary>Tests that look at the memory of the whole process run alone.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public class MemoryCollection;

[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    [Fact]
    public void Training_AThousandSteps_LeavesTheWorkingSetFlat()
    {
        var random = new RandomStream(1);
        var first = new Linear("a", 16, 64, random, activation: Activation.Tanh);
        var second = new Linear("b", 64, 4, random);
        var optimizer = new Adam(first.Parameters.Concat(second.Parameters), 1e-3f);
        void Train(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                using var scope = Tape.Begin();
                var x = Tensor.Normal(random, 0f, 1f, 64, 16);
                var loss = second.Forward(first.Forward(x)).Square().Mean();
                optimizer.Step(loss, 1f, out _);
            }
        }

        Train(100);
        GC.Collect();
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        long set = Environment.WorkingSet;
        Train(1000);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - memory;

        // Nothing is kept: 64 KiB allow for the runtime's own bookkeeping. The working set may move by the size of one young generation.
        Assert.InRange(grown, long.MinValue, 64 * 1024);
        Assert.InRange(Environment.WorkingSet - set, long.MinValue, 64L << 20);
    }
}
