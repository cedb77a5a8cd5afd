using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Autograd;

public class TapeTests
{
    [Fact]
    public void Use_AfterTheScopeEnds_ThrowsAndNamesTheOperation()
    {
        Tensor y;
        using (Tape.Begin())
        {
            y = Tensor.From([1f, 2f]).Exp();
        }

        var error = Assert.Throws<ObjectDisposedException>(() => y + y);
        Assert.Contains("made by Exp", error.Message);
        Assert.Contains("[2]", error.Message);
        Assert.Throws<ObjectDisposedException>(() => y.ToArray());
        Assert.Throws<ObjectDisposedException>(() => y.Reshape(1, 2));
        Assert.Contains("its scope has ended", y.ToString());
    }

    [Fact]
    public void Use_AfterTheSameMemoryServesALaterScope_StillThrows()
    {
        Tensor old;
        using (Tape.Begin())
        {
            old = Tensor.From([1f, 2f, 3f]) * 2f;
        }

        using (Tape.Begin())
        {
            _ = Tensor.From([7f, 8f, 9f]) * 2f;
            Assert.Throws<ObjectDisposedException>(() => old.ToArray());
        }
    }

    [Fact]
    public void Keep_InsideAScope_OutlivesIt()
    {
        Tensor kept;
        using (Tape.Begin())
        {
            kept = (Tensor.From([1f, 2f]) * 3f).Keep();
        }

        Assert.Equal([3f, 6f], kept.ToArray());
    }

    [Fact]
    public void Dispose_OuterScopeFirst_Throws()
    {
        var outer = Tape.Begin();
        var inner = Tape.Begin();
        Assert.Throws<InvalidOperationException>(() => outer.Dispose());
        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void Begin_Nested_InnerTensorsDieOuterOnesLive()
    {
        using var outer = Tape.Begin();
        var x = Tensor.From([2f]).Square();
        Tensor y;
        using (Tape.Begin())
        {
            y = x * 5f;
            Assert.Equal(20f, y.Item());
        }

        Assert.Equal(4f, x.Item());
        Assert.Throws<ObjectDisposedException>(() => y.Item());
    }

    [Fact]
    public void Begin_WithoutRecording_GivesNoHistory()
    {
        var weight = new Parameter("w", Tensor.From([2f]));
        using (Tape.Begin(record: false))
        {
            Assert.False((weight.Value * 2f).IsTracked);
        }

        Assert.True((weight.Value * 2f).IsTracked);
        using (Tape.WithoutGradients())
        {
            Assert.False((weight.Value * 2f).IsTracked);
        }

        var error = Assert.Throws<InvalidOperationException>(() => Tensor.Scalar(1f).Backward());
        Assert.Contains("depends on no parameter", error.Message);
    }

    [Fact]
    public void Backward_OnAVector_AsksForAGradient()
    {
        var x = Tensor.From([1f, 2f]).RequireGrad();
        Assert.Contains("[2]", Assert.Throws<InvalidOperationException>(() => (x * 2f).Backward()).Message);
        Assert.Throws<ArgumentException>(() => (x * 2f).Backward(Tensor.Ones(3)));
        (x * 2f).Backward(Tensor.From([1f, 10f]));
        Assert.Equal([2f, 20f], x.Grad!.ToArray());
    }

    [Fact]
    public void Backward_WithoutScopeAndWithin_GivesTheSameBits()
    {
        var random = new RandomStream(3);
        var w = new Parameter("w", Tensor.Normal(random, 0f, 1f, 5, 7));
        var x = Tensor.Normal(random, 0f, 1f, 4, 7);
        Ops.Linear(x, w, null, Activation.Gelu).Softmax().Square().Sum().Backward();
        float[] without = w.Grad!.ToArray();
        w.ClearGrad();
        Assert.Null(w.Grad);
        using (Tape.Begin())
        {
            Ops.Linear(x, w, null, Activation.Gelu).Softmax().Square().Sum().Backward();
        }

        Assert.Equal(without, w.Grad!.ToArray());
    }

    [Fact]
    public void Backward_SeveralUsesOfOneTensor_AddsAllPaths()
    {
        // y = x + x + x·x + (x + x²): dy/dx = 3 + 4x, every path sharing gradients with the next.
        using var scope = Tape.Begin();
        var x = Tensor.From([1f, -2f, 0.5f]).RequireGrad();
        var a = x + x;
        var b = a + (x * x);
        var c = b + (x + x.Square());
        c.Sum().Backward();
        Assert.Equal([7f, -5f, 5f], x.Grad!.ToArray());
    }

    [Fact]
    public void Backward_ResidualChain_EqualsTheProductOfSlopes()
    {
        // x ← x + 0.5·x, five times, then reshaped and read twice: slope 2 · 1.5⁵.
        using var scope = Tape.Begin();
        var leaf = Tensor.From([1f, 2f, 3f, 4f]).RequireGrad();
        var x = leaf * 1f;
        for (int i = 0; i < 5; i++)
        {
            x += (x.Reshape(2, 2) * 0.5f).Reshape(4);
        }

        (x + x.Reshape(2, 2).Reshape(4)).Sum().Backward();
        Assert.All(leaf.Grad!.ToArray(), value => Assert.Equal(15.1875f, value));
    }

    [Fact]
    public void Gradient_WithRespectToAMiddleTensor_LeavesLeavesAlone()
    {
        var w = new Parameter("w", Tensor.From([3f]));
        var middle = w.Value * 2f;
        var y = middle.Square().Sum();
        var gradients = Tape.Gradient(y, [middle, w.Value, Tensor.Ones(2).RequireGrad()]);
        Assert.Equal(12f, gradients[0].Item());
        Assert.Equal(24f, gradients[1].Item());
        Assert.Equal([0f, 0f], gradients[2].ToArray());
        Assert.Null(w.Grad);
    }

    [Fact]
    public void Gradient_OfAGradientPenalty_TrainsThroughTheSecondOrder()
    {
        // f(x) = w·x², penalty (df/dx)² = 4w²x²: its derivative by w is 8wx².
        var w = new Parameter("w", Tensor.From([3f]));
        var x = Tensor.From([5f]).RequireGrad();
        var slope = Tape.Gradient((w.Value * x.Square()).Sum(), [x], createGraph: true)[0];
        slope.Square().Sum().Backward();
        Assert.Equal(600f, w.Grad!.Item());
    }

    [Fact]
    public void Gradient_OfAFusedOperationTwice_SaysSo()
    {
        var q = Tensor.Ones(1, 2, 4).RequireGrad();
        var y = Ops.CausalAttention(q, q, q, 2, 2).Sum();
        var error = Assert.Throws<NotSupportedException>(() => Tape.Gradient(y, [q], createGraph: true));
        Assert.Contains("CausalAttention is a fused operation without a second derivative", error.Message);
        Assert.True(Tape.IsRecording);
    }

    [Fact]
    public void Operators_ShapesThatWouldBothGrow_Throw()
    {
        var column = Tensor.Ones(4, 1);
        var row = Tensor.Ones(4);
        var error = Assert.Throws<ArgumentException>(() => column - row);
        Assert.Contains("Subtract: left is [4, 1], right is [4]", error.Message);
        Assert.Throws<ArgumentException>(() => row * column);
        Assert.Throws<ArgumentException>(() => Tensor.Ones(3) + Tensor.Ones(4));
        Assert.Throws<ArgumentException>(() => Tensor.Minimum(Tensor.Ones(2, 1), Tensor.Ones(1, 3)));
        Assert.Throws<ArgumentException>(() => Tensor.Where(new bool[4], Tensor.Ones(4), Tensor.Ones(4, 1)));
        Assert.Equal([4, 4], (column.BroadcastTo(4, 4) - row).Shape);
    }

    [Fact]
    public void Backward_OnOneTwoAndThreeThreads_GivesTheSameBits()
    {
        int before = Workers.Count;
        try
        {
            float[][] results = [.. new[] { 1, 2, 3 }.Select(threads =>
            {
                Workers.Count = threads;
                return TrainSome();
            })];
            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);
        }
        finally
        {
            Workers.Count = before;
        }
    }

    private static float[] TrainSome()
    {
        var random = new RandomStream(9);
        var options = new BlockOptions { Width = 64, Heads = 4, KeyHeads = 2, Hidden = 128 };
        var block = new TransformerBlock("model.layers.0", options, random);
        var head = new Linear("head", 64, 100, random);
        var optimizer = new AdamW(block.Parameters.Concat(head.Parameters), 1e-2f);
        var x = Tensor.Normal(random, 0f, 1f, 8, 40, 64);
        int[] targets = [.. Enumerable.Range(0, 320).Select(i => i % 101 == 100 ? -1 : i % 100)];
        for (int i = 0; i < 3; i++)
        {
            using var scope = Tape.Begin();
            var loss = Ops.CrossEntropy(head.Forward(block.Forward(x)), targets).Mean();
            optimizer.Step(loss, 1f, out _);
        }

        return [.. optimizer.Parameters.SelectMany(parameter => parameter.Value.ToArray())];
    }
}
