using Meed.Numerics.Tests.Reference;

namespace Meed.Numerics.Tests.Gradients;

public class ElementwiseGradientTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Ours, Func<double, double> Reference, Func<double, double> Domain)> s_functions = new()
    {
        ["exp"] = (x => x.Exp(), Math.Exp, x => x),
        ["log"] = (x => x.Log(), Math.Log, x => 0.2 + Math.Abs(x)),
        ["sqrt"] = (x => x.Sqrt(), Math.Sqrt, x => 0.2 + Math.Abs(x)),
        ["square"] = (x => x.Square(), x => x * x, x => x),
        ["abs"] = (x => x.Abs(), Math.Abs, AwayFromZero),
        ["sin"] = (x => x.Sin(), Math.Sin, x => x),
        ["cos"] = (x => x.Cos(), Math.Cos, x => x),
        ["tanh"] = (x => x.Tanh(), Math.Tanh, x => x),
        ["sigmoid"] = (x => x.Sigmoid(), Doubles.Sigmoid, x => 3 * x),
        ["log-sigmoid"] = (x => x.LogSigmoid(), x => -Math.Log(1 + Math.Exp(-x)), x => 3 * x),
        ["softplus"] = (x => x.Softplus(), x => Math.Log(1 + Math.Exp(x)), x => 3 * x),
        ["relu"] = (x => x.Relu(), x => Math.Max(x, 0), AwayFromZero),
        ["gelu"] = (x => x.Gelu(), Doubles.Gelu, x => 2 * x),
        ["silu"] = (x => x.Silu(), x => x * Doubles.Sigmoid(x), x => 2 * x),
        ["pow 3"] = (x => x.Pow(3f), x => x * x * x, x => x),
        ["pow 2.5"] = (x => x.Pow(2.5f), x => Math.Pow(x, 2.5), x => 0.2 + Math.Abs(x)),
        ["pow -1"] = (x => x.Pow(-1f), x => 1 / x, AwayFromZero),
        ["clamp"] = (x => x.Clamp(-0.5f, 0.75f), x => Math.Clamp(x, -0.5, 0.75), x => x),
        ["x + 2"] = (x => x + 2f, x => x + 2, x => x),
        ["2 + x"] = (x => 2f + x, x => 2 + x, x => x),
        ["x - 2"] = (x => x - 2f, x => x - 2, x => x),
        ["2 - x"] = (x => 2f - x, x => 2 - x, x => x),
        ["3 x"] = (x => 3f * x, x => 3 * x, x => x),
        ["x 3"] = (x => x * 3f, x => 3 * x, x => x),
        ["x / 4"] = (x => x / 4f, x => x / 4, x => x),
        ["4 / x"] = (x => 4f / x, x => 4 / x, AwayFromZero),
        ["-x"] = (x => -x, x => -x, x => x),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradient_OfEachFunction_EqualsCentralDifferences(string name)
    {
        var (ours, reference, domain) = s_functions[name];
        foreach (int[] shape in (int[][])[[], [1], [3, 5], [2, 1, 37]])
        {
            var random = new RandomStream(11);
            GradientCheck.Run(x => ours(x[0]), x => Doubles.Map(x[0], reference), [shape], (_, _) => domain(random.NextNormal()));
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void SecondDerivative_OfEachFunction_EqualsDifferencesOfTheFirst(string name)
    {
        var (ours, reference, domain) = s_functions[name];
        var random = new RandomStream(12);
        GradientCheck.RunSecond(x => ours(x[0]), x => Doubles.Map(x[0], reference), [[3, 5]], (_, _) => domain(random.NextNormal()));
    }

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Ours, Func<double, double, double> Reference)> s_pairs = new()
    {
        ["+"] = ((a, b) => a + b, (a, b) => a + b),
        ["-"] = ((a, b) => a - b, (a, b) => a - b),
        ["*"] = ((a, b) => a * b, (a, b) => a * b),
        ["/"] = ((a, b) => a / b, (a, b) => a / b),
        ["min"] = (Tensor.Minimum, Math.Min),
        ["max"] = (Tensor.Maximum, Math.Max),
    };

    private static readonly (int[] A, int[] B)[] s_broadcasts =
    [
        ([], []), ([1], [1]), ([7], [7]), ([3, 5], [3, 5]), ([3, 5], []), ([3, 5], [1]), ([3, 5], [5]), ([3, 5], [3, 1]), ([3, 5], [1, 5]),
        ([2, 3, 4], [3, 4]), ([2, 3, 4], [2, 1, 4]), ([2, 3, 4], [1, 3, 1]), ([2, 3, 4, 5], [2, 1, 4, 1]), ([2, 3, 4, 5], [3, 1, 5]), ([1, 9], [9]), ([4, 17], [17]),
    ];

    public static TheoryData<string> Pairs => [.. s_pairs.Keys];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Gradient_OfEachPairOnEveryBroadcast_EqualsCentralDifferences(string name)
    {
        var (ours, reference) = s_pairs[name];
        foreach (var (a, b) in s_broadcasts)
        {
            foreach (bool swap in (bool[])[false, true])
            {
                int[] first = swap ? b : a;
                int[] second = swap ? a : b;
                var random = new RandomStream(13);
                GradientCheck.Run(
                    x => ours(x[0], x[1]),
                    x => Doubles.Broadcast(x[0], first, x[1], second, a, reference),
                    [first, second],
                    (_, _) => AwayFromZero(random.NextNormal()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void SecondDerivative_OfEachPair_EqualsDifferencesOfTheFirst(string name)
    {
        var (ours, reference) = s_pairs[name];
        foreach (var (a, b) in (ReadOnlySpan<(int[], int[])>)[([3, 5], [3, 5]), ([3, 5], [5]), ([2, 3, 4], [2, 1, 4])])
        {
            var random = new RandomStream(14);
            GradientCheck.RunSecond(x => ours(x[0], x[1]), x => Doubles.Broadcast(x[0], a, x[1], b, a, reference), [a, b], (_, _) => AwayFromZero(random.NextNormal()));
        }
    }

    [Fact]
    public void Where_OfTwoTensors_PassesEachGradientToTheChosenSide()
    {
        bool[] mask = [true, false, true, true, false, false];
        GradientCheck.Run(
            x => Tensor.Where(mask, x[0], x[1]),
            x => [.. mask.Select((chosen, i) => chosen ? x[0][i] : x[1][i])],
            [[2, 3], [2, 3]]);
        GradientCheck.Run(x => x[0].Where(mask, -7f), x => [.. mask.Select((chosen, i) => chosen ? x[0][i] : -7)], [[6]]);
    }

    [Fact]
    public void Where_NotANumberOnTheOtherSide_ChangesNothing()
    {
        bool[] mask = [true, false, true];
        var good = Tensor.From([1f, 2f, 3f]).RequireGrad();
        var bad = Tensor.From([float.NaN, 5f, float.NaN]).RequireGrad();
        var y = Tensor.Where(mask, good, bad);
        y.Sum().Backward();
        Assert.Equal([1f, 5f, 3f], y.ToArray());
        Assert.Equal([1f, 0f, 1f], good.Grad!.ToArray());
        Assert.Equal([0f, 1f, 0f], bad.Grad!.ToArray());

        var masked = Tensor.From([1f, float.NaN, 3f]).RequireGrad();
        masked.Log().Where(mask, 0f).Sum().Backward();
        Assert.Equal(1f, masked.Grad!.ToArray()[0]);
    }

    [Fact]
    public void Minimum_EqualInputs_GiveTheGradientToTheLeft()
    {
        var a = Tensor.From([1f, 2f]).RequireGrad();
        var b = Tensor.From([1f, 3f]).RequireGrad();
        Tensor.Minimum(a, b).Sum().Backward();
        Assert.Equal([1f, 1f], a.Grad!.ToArray());
        Assert.Equal([0f, 0f], b.Grad!.ToArray());
    }

    [Fact]
    public void LogSigmoid_FarFromZero_StaysExact()
    {
        float[] y = Tensor.From([-200f, -30f, 30f, 200f]).LogSigmoid().ToArray();
        Assert.Equal(-200f, y[0]);
        Assert.Equal(-30f, y[1]);

        // float64: -log1p(exp(-30)) = -9.357622968839299e-14
        Assert.Equal(-9.357623e-14f, y[2], 1e-19f);
        Assert.Equal(0f, y[3]);
        Assert.Equal([0f, 200f], Tensor.From([-200f, 200f]).Softplus().ToArray());
    }

    [Fact]
    public void Dropout_AtHalf_KeepsTheMeanAndPassesTheGradientWhereKept()
    {
        var x = Tensor.Ones(10_000).RequireGrad();
        var y = x.Dropout(0.5f, new RandomStream(5));
        y.Sum().Backward();
        float[] values = y.ToArray();
        Assert.All(values, value => Assert.True(value is 0f or 2f));
        Assert.Equal(values, x.Grad!.ToArray());

        // 10,000 fair coins: four standard deviations of the mean are 0.04.
        Assert.InRange(values.Average(), 0.96f, 1.04f);
        Assert.Same(x, x.Dropout(0f, new RandomStream(5)));
    }

    private static double AwayFromZero(double x) => x + (0.3 * Math.Sign(x));
}
