using Meed.Numerics.Tests.Reference;

namespace Meed.Numerics.Tests.Gradients;

public class LayoutGradientTests
{
    private static readonly (int[] Shape, int Axis)[] s_axes = [([1], 0), ([7], 0), ([3, 5], 0), ([3, 5], 1), ([2, 3, 4], 1), ([2, 1, 4], 1), ([2, 3, 33], 2)];

    [Fact]
    public void Reductions_AlongEveryAxis_EqualCentralDifferences()
    {
        foreach (var (shape, axis) in s_axes)
        {
            foreach (bool keep in (bool[])[false, true])
            {
                GradientCheck.Run(x => x[0].Sum(axis, keep), x => Doubles.Along(x[0], shape, axis, row => [row.Sum()]), [shape]);
                GradientCheck.Run(x => x[0].Mean(axis, keep), x => Doubles.Along(x[0], shape, axis, row => [row.Average()]), [shape]);
                GradientCheck.Run(x => x[0].Max(axis, keep), x => Doubles.Along(x[0], shape, axis, row => [row.Max()]), [shape]);
                GradientCheck.Run(x => x[0].Min(axis, keep), x => Doubles.Along(x[0], shape, axis, row => [row.Min()]), [shape]);
            }

            GradientCheck.Run(x => x[0].CumSum(axis), x => Doubles.Along(x[0], shape, axis, row => Running(row)), [shape]);
            GradientCheck.Run(x => x[0].CumSum(axis, reverse: true), x => Doubles.Along(x[0], shape, axis, row => [.. Running([.. row.Reverse()]).Reverse()]), [shape]);
            GradientCheck.RunSecond(x => x[0].Square().Sum(axis).Square(), x => Doubles.Along(x[0], shape, axis, row => [Math.Pow(row.Sum(value => value * value), 2)]), [shape]);
        }

        GradientCheck.Run(x => x[0].Sum(), x => [x[0].Sum()], [[3, 5]]);
        GradientCheck.Run(x => x[0].Mean(), x => [x[0].Average()], [[3, 5]]);
        GradientCheck.Run(x => x[0].Max(), x => [x[0].Max()], [[3, 5]]);
        GradientCheck.Run(x => x[0].Min(), x => [x[0].Min()], [[3, 5]]);
    }

    [Fact]
    public void MatMul_EveryTranspositionAndBatch_EqualsCentralDifferences()
    {
        foreach (var (m, n, k) in (ReadOnlySpan<(int, int, int)>)[(1, 1, 1), (3, 5, 7), (1, 9, 4), (8, 1, 3), (17, 33, 5)])
        {
            foreach (bool ta in (bool[])[false, true])
            {
                foreach (bool tb in (bool[])[false, true])
                {
                    int[] a = ta ? [k, m] : [m, k];
                    int[] b = tb ? [n, k] : [k, n];
                    GradientCheck.Run(x => x[0].MatMul(x[1], ta, tb), x => Doubles.MatMul(x[0], x[1], 1, m, n, k, ta, tb), [a, b]);
                    if (m * n * k < 150)
                    {
                        GradientCheck.Run(x => x[0].MatMul(x[1], ta, tb), x => Doubles.MatMul(x[0], x[1], 6, m, n, k, ta, tb), [[2, 3, .. a], [2, 3, .. b]]);
                        GradientCheck.RunSecond(x => x[0].MatMul(x[1], ta, tb).Square(), x => Doubles.Map(Doubles.MatMul(x[0], x[1], 1, m, n, k, ta, tb), y => y * y), [a, b]);
                    }
                }
            }
        }

        GradientCheck.Run(x => x[0].MatMul(x[1]), x => Doubles.MatMul(x[0], x[1], 1, 6, 5, 4, false, false), [[2, 3, 4], [4, 5]]);
    }

    [Fact]
    public void Layout_EveryOperation_EqualsCentralDifferences()
    {
        int[] shape = [2, 3, 5];
        GradientCheck.Run(x => x[0].Reshape(5, -1).Square(), x => Doubles.Map(x[0], y => y * y), [shape]);
        GradientCheck.Run(x => x[0].Transpose(), x => Permuted(x[0], shape, [0, 2, 1]), [shape]);
        GradientCheck.Run(x => x[0].Transpose(0, 1), x => Permuted(x[0], shape, [1, 0, 2]), [shape]);
        GradientCheck.Run(x => x[0].Permute(2, 0, 1), x => Permuted(x[0], shape, [2, 0, 1]), [shape]);
        GradientCheck.Run(x => x[0].Permute(2, 1, 0), x => Permuted(x[0], shape, [2, 1, 0]), [shape]);
        GradientCheck.Run(x => x[0].BroadcastTo(2, 3, 5), x => Doubles.Broadcast(x[0], [3, 1], x[0], [3, 1], shape, (a, _) => a), [[3, 1]]);
        GradientCheck.Run(x => x[0].BroadcastTo(2, 3, 4, 5), x => Doubles.Broadcast(x[0], [3, 1, 5], x[0], [3, 1, 5], [2, 3, 4, 5], (a, _) => a), [[3, 1, 5]]);
        for (int axis = 0; axis < 3; axis++)
        {
            int at = axis;
            GradientCheck.Run(x => x[0].Slice(at, 1, 1), x => Doubles.Along(x[0], shape, at, row => [row[1]]), [shape]);
            GradientCheck.Run(x => x[0].Select(at, 0), x => Doubles.Along(x[0], shape, at, row => [row[0]]), [shape]);
            GradientCheck.Run(x => x[0].Pad(at, 1, 2, 9f), x => Doubles.Along(x[0], shape, at, row => [9, .. row, 9, 9]), [shape]);
            GradientCheck.Run(x => Tensor.Concat(at, x[0], x[0].Square(), x[0]), x => Doubles.Along(x[0], shape, at, row => [.. row, .. row.Select(y => y * y), .. row]), [shape]);
            GradientCheck.Run(x => x[0].Take(at, [1, 0, 1]), x => Doubles.Along(x[0], shape, at, row => [row[1], row[0], row[1]]), [shape]);
        }

        GradientCheck.Run(x => Tensor.Stack(x[0], x[1]), x => [.. x[0], .. x[1]], [[3], [3]]);
        GradientCheck.Run(x => x[0].Gather([4, 0, 2]), x => [x[0][4], x[0][5], x[0][12]], [[3, 5]]);
        GradientCheck.Run(x => x[0].Gather([4, 4, 0, 1], 2), x => [x[0][4], x[0][4], x[0][5], x[0][6]], [[2, 5]]);
        GradientCheck.Run(x => x[0].ScatterAdd([2, 0, 2], 4), x => [x[0][2], x[0][3], 0, 0, x[0][0] + x[0][4], x[0][1] + x[0][5], 0, 0], [[3, 2]]);
        GradientCheck.Run(x => Ops.Embedding(x[0], [2, 0, 2, 1], 2, 2), x => [x[0][4], x[0][5], x[0][0], x[0][1], x[0][4], x[0][5], x[0][2], x[0][3]], [[3, 2]]);
        GradientCheck.RunSecond(x => x[0].Take(0, [1, 0, 1]).Transpose().Pad(0, 1, 0).Slice(0, 1, 4).Square(), x => Doubles.Map([x[0][5], x[0][0], x[0][5], x[0][6], x[0][1], x[0][6], x[0][7], x[0][2], x[0][7], x[0][8], x[0][3], x[0][8]], y => y * y), [[2, 5]]);
    }

    private static double[] Running(double[] row)
    {
        var y = (double[])row.Clone();
        for (int i = 1; i < y.Length; i++)
        {
            y[i] += y[i - 1];
        }

        return y;
    }

    private static double[] Permuted(double[] x, int[] shape, int[] order)
    {
        int[] target = [.. order.Select(axis => shape[axis])];
        var y = new double[x.Length];
        for (int flat = 0; flat < y.Length; flat++)
        {
            var at = new int[shape.Length];
            int rest = flat;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                at[order[axis]] = rest % target[axis];
                rest /= target[axis];
            }

            int source = 0;
            for (int axis = 0; axis < shape.Length; axis++)
            {
                source = (source * shape[axis]) + at[axis];
            }

            y[flat] = x[source];
        }

        return y;
    }
}
