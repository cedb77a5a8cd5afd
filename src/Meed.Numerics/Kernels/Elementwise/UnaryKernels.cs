namespace Meed.Numerics.Kernels;

/// <summary>Elementwise functions of one input, forward and backward.</summary>
/// <remarks>
/// Spans are of equal length; y may be x, and dx may be any input of its rule. Backward rules write dx, or add to it when
/// <c>accumulate</c> is set; the parameter name says whether they want the input x or the output y of the forward call.
/// Values are within about two units in the last place; NaN stays NaN. Long spans are shared among <see cref="Workers"/>.
/// </remarks>
public static class UnaryKernels
{
    /// <summary>y = eˣ.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Exp), x, y, 32_768);
    }

    /// <summary>dx = dy·y.</summary>
    public static void ExpBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, y.Length, nameof(dy));
        Check.Length(dx.Length, y.Length, nameof(dx));
        Map.Binary(default(UnaryOps.ExpBackward), y, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = ln x.</summary>
    public static void Log(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Log), x, y, 32_768);
    }

    /// <summary>dx = dy / x.</summary>
    public static void LogBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.LogBackward), x, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = tanh x.</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Tanh), x, y, 32_768);
    }

    /// <summary>dx = dy·(1 − y²).</summary>
    public static void TanhBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, y.Length, nameof(dy));
        Check.Length(dx.Length, y.Length, nameof(dx));
        Map.Binary(default(UnaryOps.TanhBackward), y, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = 1 / (1 + e⁻ˣ).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Sigmoid), x, y, 32_768);
    }

    /// <summary>dx = dy·y·(1 − y).</summary>
    public static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, y.Length, nameof(dy));
        Check.Length(dx.Length, y.Length, nameof(dx));
        Map.Binary(default(UnaryOps.SigmoidBackward), y, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = ln(1 / (1 + e⁻ˣ)) = −ln(1 + e⁻ˣ), without overflow.</summary>
    public static void LogSigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.LogSigmoid), x, y, 32_768);
    }

    /// <summary>dx = dy·σ(−x).</summary>
    public static void LogSigmoidBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.LogSigmoidBackward), x, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = ln(1 + eˣ), without overflow.</summary>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Softplus), x, y, 32_768);
    }

    /// <summary>dx = dy·σ(x).</summary>
    public static void SoftplusBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.SoftplusBackward), x, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = max(x, 0).</summary>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Relu), x, y, 262_144);
    }

    /// <summary>dx = dy where x > 0, else 0.</summary>
    public static void ReluBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.ReluBackward), x, dy, dx, accumulate, 262_144);
    }

    /// <summary>y = ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), the tanh form of GELU (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
    public static void GeluTanh(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.GeluTanh), x, y, 32_768);
    }

    /// <summary>dx = dy·GELU'(x), tanh form.</summary>
    public static void GeluTanhBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.GeluTanhBackward), x, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = x·Φ(x), the exact form of GELU (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
    public static void GeluErf(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.GeluErf), x, y, 32_768);
    }

    /// <summary>dx = dy·(Φ(x) + x·φ(x)).</summary>
    public static void GeluErfBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.GeluErfBackward), x, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = x / (1 + e⁻ˣ).</summary>
    public static void Silu(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Silu), x, y, 32_768);
    }

    /// <summary>dx = dy·(σ(x) + x·σ(x)·(1 − σ(x))).</summary>
    public static void SiluBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.SiluBackward), x, dy, dx, accumulate, 32_768);
    }

    /// <summary>y = √x.</summary>
    public static void Sqrt(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Sqrt), x, y, 131_072);
    }

    /// <summary>dx = dy / (2·y).</summary>
    public static void SqrtBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, y.Length, nameof(dy));
        Check.Length(dx.Length, y.Length, nameof(dx));
        Map.Binary(default(UnaryOps.SqrtBackward), y, dy, dx, accumulate, 131_072);
    }

    /// <summary>y = x².</summary>
    public static void Square(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Square), x, y, 262_144);
    }

    /// <summary>dx = 2·x·dy.</summary>
    public static void SquareBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.SquareBackward), x, dy, dx, accumulate, 262_144);
    }

    /// <summary>y = |x|.</summary>
    public static void Abs(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Abs), x, y, 262_144);
    }

    /// <summary>dx = dy·sign(x), 0 at 0.</summary>
    public static void AbsBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Map.Binary(default(UnaryOps.AbsBackward), x, dy, dx, accumulate, 262_144);
    }

    /// <summary>y = −x.</summary>
    public static void Negate(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Unary(default(UnaryOps.Negate), x, y, 262_144);
    }

    /// <summary>y = x limited to [low, high]; NaN stays.</summary>
    /// <exception cref="ArgumentException">low is above high or one is NaN.</exception>
    public static void Clamp(ReadOnlySpan<float> x, Span<float> y, float low, float high)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        RequireOrder(low, high);
        Map.Unary(new UnaryOps.Clamp(low, high), x, y, 262_144);
    }

    /// <summary>dx = dy where low ≤ x ≤ high, else 0.</summary>
    /// <exception cref="ArgumentException">low is above high or one is NaN.</exception>
    public static void ClampBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, float low, float high, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        RequireOrder(low, high);
        Map.Binary(new UnaryOps.ClampBackward(low, high), x, dy, dx, accumulate, 262_144);
    }

    /// <summary>y = x to the given power, by the platform's function for each element; 2, 1, ½ and −1 are computed directly.</summary>
    public static void Pow(ReadOnlySpan<float> x, Span<float> y, float power)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        switch (power)
        {
            case 1f:
                x.CopyTo(y);
                break;
            case 2f:
                Map.Unary(default(UnaryOps.Square), x, y, 262_144);
                break;
            case 0.5f:
                Map.Unary(default(UnaryOps.Sqrt), x, y, 131_072);
                break;
            case -1f:
                BinaryKernels.Divide(1f, x, y);
                break;
            default:
                for (int i = 0; i < x.Length; i++)
                {
                    y[i] = MathF.Pow(x[i], power);
                }

                break;
        }
    }

    /// <summary>dx = dy·p·x^(p−1).</summary>
    public static void PowBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, float power, bool accumulate)
    {
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        if (power == 2f)
        {
            Map.Binary(default(UnaryOps.SquareBackward), x, dy, dx, accumulate, 262_144);
            return;
        }

        for (int i = 0; i < x.Length; i++)
        {
            float slope = power switch
            {
                0f => 0f,
                1f => 1f,
                0.5f => 0.5f / MathF.Sqrt(x[i]),
                -1f => -1f / (x[i] * x[i]),
                _ => power * MathF.Pow(x[i], power - 1f),
            };
            dx[i] = accumulate ? dx[i] + (dy[i] * slope) : dy[i] * slope;
        }
    }

    private static void RequireOrder(float low, float high)
    {
        if (!(low <= high))
        {
            throw new ArgumentException($"Clamp: low is {low}, high is {high}; low must not be above high.");
        }
    }
}
