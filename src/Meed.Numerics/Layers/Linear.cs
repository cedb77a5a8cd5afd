namespace Meed.Numerics;

/// <summary>y = f(x·Wᵀ + b). Parameters: <c>name.weight</c> [outputs, inputs] and, with a bias, <c>name.bias</c> [outputs].</summary>
public sealed class Linear
{
    /// <summary>A layer with random weights and zero bias.</summary>
    /// <param name="name">Prefix of the parameter names.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the result.</param>
    /// <param name="random">Source of the initial weights.</param>
    /// <param name="bias">True to add a bias.</param>
    /// <param name="deviation">Standard deviation of the normal initial weights; null for uniform in ±1/√inputs, which suits small networks.</param>
    /// <param name="activation">f.</param>
    public Linear(string name, int inputs, int outputs, RandomStream random, bool bias = true, float? deviation = null, Activation activation = Activation.None)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(random);
        float limit = 1f / MathF.Sqrt(inputs);
        var stream = random.Split(name, 0);
        var initial = deviation is { } d ? Tensor.Normal(stream, 0f, d, outputs, inputs) : Tensor.Uniform(stream, -limit, limit, outputs, inputs);
        Weight = new DenseWeight(new Parameter($"{name}.weight", initial));
        Bias = bias ? new Parameter($"{name}.bias", Tensor.Zeros(outputs)) : null;
        Activation = activation;
    }

    /// <summary>A layer over an existing weight.</summary>
    public Linear(Weight weight, Parameter? bias = null, Activation activation = Activation.None)
    {
        ArgumentNullException.ThrowIfNull(weight);
        Weight = weight;
        Bias = bias;
        Activation = activation;
    }

    /// <summary>W.</summary>
    public Weight Weight { get; set; }

    /// <summary>b, or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>f.</summary>
    public Activation Activation { get; }

    /// <summary>All parameters.</summary>
    public IEnumerable<Parameter> Parameters => Bias is null ? Weight.Parameters : Weight.Parameters.Append(Bias);

    /// <summary>[.., inputs] to [.., outputs].</summary>
    public Tensor Forward(Tensor x) => Weight.Apply(x, Bias?.Value, Activation);
}
