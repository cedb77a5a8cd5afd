using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels;

namespace Meed.Numerics.Operations;

/// <summary>sign · log softmax(logits)[target] of each row, without a second [rows, V].</summary>
internal sealed class LogProbsNode(Tensor logits, int[] targets, Tensor logSum, float sign, string name) : Node1(logits)
{
    public override string Name => name;

    public static Tensor Apply(Tensor logits, int[] targets, float sign, string name)
    {
        LastAxis.Require(logits, name);
        int rows = LastAxis.Rows(logits);
        int vocabulary = logits.Shape[^1];
        if (targets.Length != rows)
        {
            throw new ArgumentException($"{name}: logits are {Shapes.Text(logits.Shape)}, so {rows} targets are needed; {targets.Length} were given.", nameof(targets));
        }

        for (int i = 0; i < rows; i++)
        {
            if (targets[i] >= vocabulary)
            {
                throw new ArgumentOutOfRangeException(nameof(targets), $"{name}: target {i} is {targets[i]}; it must be below {vocabulary}, or negative to leave the row out.");
            }
        }

        var y = Tensor.Allocate(logits.Shape[..^1], name);
        var logSum = Tensor.Allocate([rows], rows, name);
        LogProbKernels.Forward(logits.Data, targets, y.Data, logSum.Data, rows, vocabulary);
        if (sign != 1f)
        {
            BinaryKernels.Multiply(y.Data, sign, y.Data);
        }

        return Tape.Records(logits) ? y.Record(new LogProbsNode(logits, targets, logSum, sign, name)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        int vocabulary = A.Shape[^1];
        var rows = sign == 1f ? gradient : gradient * sign;
        if (!pass.IsRecorded)
        {
            var into = pass.Into(A, out bool accumulate);
            LogProbKernels.Backward(A.Data, targets, logSum.Data, rows.Data, into.Data, targets.Length, vocabulary, accumulate);
            return;
        }

        // Rows left out are selected away before anything is computed from them.
        var keep = new bool[targets.Length];
        var index = new int[targets.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            keep[i] = targets[i] >= 0;
            index[i] = Math.Max(targets[i], 0);
        }

        int[] column = [targets.Length, 1];
        var kept = MaskNode.Apply(rows.Reshape(targets.Length), keep, keep: true, 0f).Reshape(column);
        var flat = A.Reshape(targets.Length, vocabulary);
        var all = new bool[flat.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = keep[i / vocabulary];
        }

        flat = MaskNode.Apply(flat, all, keep: true, 0f);
        pass.Add(A, (PickNode.Put(kept, index, 1, vocabulary) - (kept * flat.Softmax())).Reshape(A.Shape));
    }
}
