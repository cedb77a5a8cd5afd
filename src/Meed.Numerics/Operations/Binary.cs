using Meed.Numerics.Autograd;
using Meed.Numerics.Kernels.Plain;
using Kind = Meed.Numerics.Kernels.Plain.Elementwise.Kind;

namespace Meed.Numerics.Operations;

/// <summary>Elementwise arithmetic on two tensors under one-sided broadcasting.</summary>
internal sealed class BinaryNode(Tensor a, Tensor b, Kind kind) : Node2(a, b)
{
    public override string Name => NameOf(kind);

    public static Tensor Apply(Kind kind, Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        string name = NameOf(kind);
        Tensor y;
        if (Shapes.Same(left.Shape, right.Shape))
        {
            y = Tensor.Allocate(left.Shape, left.Length, name);
            Elementwise.Apply(kind, left.Data, right.Data, y.Data);
        }
        else
        {
            int[] shape = Shapes.Broadcast(left, right, name);
            y = Tensor.Allocate(shape, name);
            bool smallIsLeft = ReferenceEquals(shape, right.Shape);
            var small = smallIsLeft ? left : right;
            var large = smallIsLeft ? right : left;
            if (Broadcasting.TryAround(small.Shape, shape, out int outer, out int n, out int inner))
            {
                Elementwise.Around(kind, large.Data, small.Data, y.Data, outer, n, inner, smallIsLeft);
            }
            else
            {
                var full = Tensor.Allocate(shape, name);
                Broadcasting.Expand(small, full);
                Elementwise.Apply(kind, smallIsLeft ? full.Data : large.Data, smallIsLeft ? large.Data : full.Data, y.Data);
                full.Release();
            }
        }

        return Tape.Records(left, right) ? y.Record(new BinaryNode(left, right, kind)) : y;
    }

    public override void Backward(Tensor output, Tensor gradient, BackwardPass pass)
    {
        var b = B!;
        switch (kind)
        {
            case Kind.Add:
                Pass(A, gradient, shared: true, pass);
                Pass(b, gradient, shared: true, pass);
                break;
            case Kind.Subtract:
                Pass(A, gradient, shared: true, pass);
                if (pass.Needs(b))
                {
                    Pass(b, -gradient, shared: false, pass);
                }

                break;
            case Kind.Multiply:
                if (pass.Needs(A))
                {
                    Pass(A, gradient * b, shared: false, pass);
                }

                if (pass.Needs(b))
                {
                    Pass(b, gradient * A, shared: false, pass);
                }

                break;
            case Kind.Divide:
                if (pass.Needs(A))
                {
                    Pass(A, gradient / b, shared: false, pass);
                }

                if (pass.Needs(b))
                {
                    Pass(b, -(gradient * output / b), shared: false, pass);
                }

                break;
            default:
                // Where both are equal the gradient goes to the left one.
                var difference = kind == Kind.Minimum ? A.Detach() - b.Detach() : b.Detach() - A.Detach();
                if (pass.Needs(A))
                {
                    Pass(A, Gates.Gate(gradient, difference, float.NegativeInfinity, 0f), shared: false, pass);
                }

                if (pass.Needs(b))
                {
                    Pass(b, Gates.Gate(gradient, difference, float.Epsilon, float.PositiveInfinity), shared: false, pass);
                }

                break;
        }
    }

    private static void Pass(Tensor input, Tensor gradient, bool shared, BackwardPass pass)
    {
        if (!pass.Needs(input))
        {
            return;
        }

        if (!Shapes.Same(input.Shape, gradient.Shape))
        {
            pass.Add(input, Broadcasting.SumTo(gradient, input.Shape));
        }
        else if (shared)
        {
            pass.AddShared(input, gradient);
        }
        else
        {
            pass.Add(input, gradient);
        }
    }

    private static string NameOf(Kind kind) => kind switch
    {
        Kind.Add => "Add",
        Kind.Subtract => "Subtract",
        Kind.Multiply => "Multiply",
        Kind.Divide => "Divide",
        Kind.Minimum => "Minimum",
        _ => "Maximum",
    };
}
