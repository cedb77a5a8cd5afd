namespace Meed.Numerics.Tests.Optimizers;

public class OptimizerTests
{
    [Fact]
    public void Sgd_WithMomentum_EqualsTheRecursionByHand()
    {
        // m₁ = 2, θ₁ = 1 − 0.1·2 = 0.8; g₂ = 1.6, m₂ = 0.5·2 + 1.6 = 2.6, θ₂ = 0.8 − 0.26 = 0.54 for the loss θ².
        var theta = new Parameter("theta", Tensor.From([1f]));
        var sgd = new Sgd([theta], 0.1f, 0.5f);
        sgd.Step(theta.Value.Square().Sum());
        Assert.Equal(0.8f, theta.Value.Item(), 1e-7f);
        sgd.Step(theta.Value.Square().Sum());
        Assert.Equal(0.54f, theta.Value.Item(), 1e-7f);
        Assert.Equal(2, sgd.StepCount);
        Assert.Null(theta.Grad);
    }

    [Fact]
    public void Adam_ThreeSteps_EqualsAFloat64Recursion()
    {
        var theta = new Parameter("theta", Tensor.From([1f, -2f, 0.5f], 3));
        var adam = new Adam([theta], 0.1f);
        double[] reference = AdamReference([1, -2, 0.5], 3, 0.1, 0);
        for (int i = 0; i < 3; i++)
        {
            adam.Step((theta.Value.Square() * theta.Value).Sum());
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(reference[i], theta.Value.ToArray()[i], 1e-6);
        }
    }

    [Fact]
    public void AdamW_DecaysMatricesOnlyUnlessTold()
    {
        var matrix = new Parameter("matrix", Tensor.From([1f, -2f, 0.5f], 3, 1));
        var vector = new Parameter("vector", Tensor.From([1f, -2f, 0.5f], 3));
        var adam = new AdamW([matrix, vector], 0.1f, 0.3f);
        double[] decayed = AdamReference([1, -2, 0.5], 4, 0.1, 0.3);
        double[] plain = AdamReference([1, -2, 0.5], 4, 0.1, 0);
        for (int i = 0; i < 4; i++)
        {
            adam.Step((matrix.Value.Square() * matrix.Value).Sum() + (vector.Value.Square() * vector.Value).Sum());
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(decayed[i], matrix.Value.ToArray()[i], 1e-6);
            Assert.Equal(plain[i], vector.Value.ToArray()[i], 1e-6);
        }
    }

    [Fact]
    public void Step_NormAboveTheLimit_ScalesAllGradientsAlike()
    {
        var a = new Parameter("a", Tensor.From([0f]));
        var b = new Parameter("b", Tensor.From([0f]));
        var sgd = new Sgd([a, b], 1f);
        sgd.Step((3f * a.Value + 4f * b.Value).Sum(), 2.5f, out float norm);
        Assert.Equal(5f, norm, 1e-6f);
        Assert.Equal(-1.5f, a.Value.Item(), 1e-5f);
        Assert.Equal(-2f, b.Value.Item(), 1e-5f);
        sgd.Step((0.3f * a.Value + 0.4f * b.Value).Sum(), 2.5f, out norm);
        Assert.Equal(0.5f, norm, 1e-6f);
        Assert.Equal(-1.8f, a.Value.Item(), 1e-5f);
    }

    [Fact]
    public void Step_GradientNotANumber_ThrowsNamesTheParameterAndChangesNothing()
    {
        var fine = new Parameter("fine", Tensor.From([1f]));
        var broken = new Parameter("broken.weight", Tensor.From([1f, 0f]));
        var adam = new Adam([fine, broken]);
        var loss = (fine.Value + broken.Value.Sqrt().Sum()).Sum();
        var error = Assert.Throws<ArithmeticException>(() => adam.Step(loss));
        Assert.Contains("broken.weight", error.Message);
        Assert.Contains("value 1", error.Message);
        Assert.Equal(1f, fine.Value.Item());
        Assert.Equal(0, adam.StepCount);
        Assert.Null(fine.Grad);
        Assert.Throws<ArithmeticException>(() => adam.Step((fine.Value * float.NaN).Sum()));
    }

    [Fact]
    public void Step_MicroBatchesOfOneBatch_GiveItsStep()
    {
        float[] Train(int parts)
        {
            var random = new RandomStream(4);
            var layer = new Linear("layer", 6, 3, random);
            var adam = new Adam(layer.Parameters, 1e-2f);
            var x = Tensor.Normal(random, 0f, 1f, 12, 6);
            for (int step = 0; step < 3; step++)
            {
                for (int part = 0; part < parts; part++)
                {
                    using var scope = Tape.Begin();
                    var loss = layer.Forward(x.Slice(0, part * 12 / parts, 12 / parts)).Square().Mean();
                    (loss * (1f / parts)).Backward();
                }

                adam.Step(1f, out _);
            }

            return [.. layer.Parameters.SelectMany(parameter => parameter.Value.ToArray())];
        }

        float[] whole = Train(1);
        float[] parts = Train(4);
        for (int i = 0; i < whole.Length; i++)
        {
            // Sums in another order: some units in the last place of a gradient, times the rate.
            Assert.Equal(whole[i], parts[i], 2e-6f);
        }
    }

    public static TheoryData<string> Kinds => ["sgd", "sgd-momentum", "adam", "adamw"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_OfASavedState_ContinuesToTheSameBits(string kind)
    {
        (Linear Layer, Optimizer Optimizer) Create()
        {
            var layer = new Linear("layer", 5, 3, new RandomStream(4));
            Optimizer optimizer = kind switch
            {
                "sgd" => new Sgd(layer.Parameters, 0.1f),
                "sgd-momentum" => new Sgd(layer.Parameters, 0.1f, 0.9f),
                "adam" => new Adam(layer.Parameters, 0.1f),
                _ => new AdamW(layer.Parameters, 0.1f, 0.1f),
            };
            return (layer, optimizer);
        }

        void Train(Linear layer, Optimizer optimizer, int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                using var scope = Tape.Begin();
                optimizer.LearningRate = 0.1f / (i + 1);
                optimizer.Step(layer.Forward(Tensor.Normal(new RandomStream((ulong)i), 0f, 1f, 4, 5)).Square().Mean(), 1f, out _);
            }
        }

        var (layer, optimizer) = Create();
        Train(layer, optimizer, 0, 5);
        using var stored = new MemoryStream();
        optimizer.Save(stored);
        float[][] values = [.. layer.Parameters.Select(parameter => parameter.Value.ToArray())];
        Train(layer, optimizer, 5, 9);

        var (resumed, other) = Create();
        foreach (var (parameter, value) in resumed.Parameters.Zip(values))
        {
            parameter.Load(value);
        }

        stored.Position = 0;
        other.Load(stored);
        Assert.Equal(5, other.StepCount);
        Train(resumed, other, 5, 9);
        Assert.Equal(layer.Parameters.SelectMany(parameter => parameter.Value.ToArray()), resumed.Parameters.SelectMany(parameter => parameter.Value.ToArray()));

        using var again = new MemoryStream();
        other.Save(again);
        using var expected = new MemoryStream();
        optimizer.Save(expected);
        Assert.Equal(expected.ToArray(), again.ToArray());
    }

    [Fact]
    public void Load_OfAnotherKindOrACutState_SaysWhatIsWrong()
    {
        var layer = new Linear("layer", 5, 3, new RandomStream(4));
        var adam = new Adam(layer.Parameters);
        using var stored = new MemoryStream();
        adam.Save(stored);
        byte[] bytes = stored.ToArray();
        Assert.Contains("Adam; Sgd was expected", Assert.Throws<InvalidDataException>(() => new Sgd(layer.Parameters, 0.1f).Load(new MemoryStream(bytes))).Message);
        Assert.Contains("ends early", Assert.Throws<InvalidDataException>(() => adam.Load(new MemoryStream(bytes[..^3]))).Message);
        Assert.Contains("not an optimiser state", Assert.Throws<InvalidDataException>(() => adam.Load(new MemoryStream(new byte[64]))).Message);
        var wider = new Adam(new Linear("layer", 6, 3, new RandomStream(4)).Parameters);
        Assert.Contains("layer.weight with 15 values", Assert.Throws<InvalidDataException>(() => wider.Load(new MemoryStream(bytes))).Message);
    }

    [Fact]
    public void At_EachScheduleKind_FollowsItsFormula()
    {
        Assert.Equal(0.5f, Schedule.Constant(0.5f).At(1000));
        var linear = Schedule.Linear(1f, 0.2f, 10, warmUp: 2);
        Assert.Equal([0.5f, 1f, 1f], new long[] { 0, 1, 2 }.Select(linear.At));
        Assert.Equal(0.9f, linear.At(3), 1e-6f);
        Assert.Equal(0.6f, linear.At(6), 1e-6f);
        Assert.Equal(0.2f, linear.At(10));
        Assert.Equal(0.2f, linear.At(1000));
        var cosine = Schedule.Cosine(1f, 0f, 8);
        Assert.Equal(1f, cosine.At(0));

        // float64: 0.5 (1 + cos(pi / 4)) = 0.8535533905932737
        Assert.Equal(0.8535534f, cosine.At(2), 1e-6f);
        Assert.Equal(0.5f, cosine.At(4), 1e-6f);
        Assert.Equal(0f, cosine.At(8));
    }

    [Fact]
    public void Ema_UpdateSwapAndState_FollowTheDefinition()
    {
        var theta = new Parameter("theta", Tensor.From([1f]));
        var ema = new Ema([theta], 0.9f);
        theta.Load([2f]);
        ema.Update();
        Assert.Equal(1.1f, ema.Averages[0].Item(), 1e-6f);
        ema.Swap();
        Assert.Equal(1.1f, theta.Value.Item(), 1e-6f);
        Assert.Equal(2f, ema.Averages[0].Item());
        ema.Swap();
        Assert.Equal(2f, theta.Value.Item());
        using var stored = new MemoryStream();
        ema.Save(stored);
        var other = new Ema([theta], 0.9f);
        stored.Position = 0;
        other.Load(stored);
        Assert.Equal(ema.Averages[0].ToArray(), other.Averages[0].ToArray());
        Assert.Throws<InvalidDataException>(() => other.Load(new MemoryStream(stored.ToArray()[..^1])));
    }

    private static double[] AdamReference(double[] theta, int steps, double rate, double decay)
    {
        double[] m = new double[theta.Length];
        double[] v = new double[theta.Length];
        for (int t = 1; t <= steps; t++)
        {
            for (int i = 0; i < theta.Length; i++)
            {
                double g = 3 * theta[i] * theta[i];
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.999 * v[i]) + (0.001 * g * g);
                theta[i] -= rate * decay * theta[i];
                theta[i] -= rate * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }
        }

        return theta;
    }
}
