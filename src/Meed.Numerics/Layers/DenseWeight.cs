namespace Meed.Numerics;

/// <summary>A float32 matrix [outputs, inputs].</summary>
public sealed class DenseWeight : Weight
{
    /// <summary>Wraps a parameter.</summary>
    /// <param name="parameter">[outputs, inputs]; may be shared, for example with an embedding.</param>
    public DenseWeight(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Shapes.Require(parameter.Value, [-1, -1], parameter.Name);
        Parameter = parameter;
    }

    /// <summary>The matrix.</summary>
    public Parameter Parameter { get; }

    /// <inheritdoc/>
    public override int Inputs => Parameter.Shape[1];

    /// <inheritdoc/>
    public override int Outputs => Parameter.Shape[0];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => [Parameter];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, Tensor? bias, Activation activation = Activation.None) => Ops.Linear(x, Parameter.Value, bias, activation);
}
