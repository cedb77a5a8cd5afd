namespace Meed.Numerics;

/// <summary>A table of vectors, one for each token. Parameter: <c>name.weight</c> [V, D].</summary>
public sealed class Embedding
{
    /// <summary>A table of normal numbers.</summary>
    /// <param name="name">Prefix of the parameter name.</param>
    /// <param name="vocabulary">Rows, V.</param>
    /// <param name="width">Columns, D.</param>
    /// <param name="random">Source of the initial values.</param>
    /// <param name="deviation">Their standard deviation; 0.02 as in GPT-2.</param>
    public Embedding(string name, int vocabulary, int width, RandomStream random, float deviation = 0.02f)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabulary);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(random);
        Table = new Parameter($"{name}.weight", Tensor.Normal(random.Split(name, 0), 0f, deviation, vocabulary, width));
    }

    /// <summary>The table.</summary>
    public Parameter Table { get; }

    /// <summary>All parameters.</summary>
    public IEnumerable<Parameter> Parameters => [Table];

    /// <summary>The rows of the given tokens.</summary>
    /// <param name="tokens">Row numbers.</param>
    /// <param name="shape">Their shape, for example B, T; a vector when left out.</param>
    /// <returns>[shape.., D].</returns>
    public Tensor Forward(int[] tokens, params int[] shape) => Ops.Embedding(Table.Value, tokens, shape);
}
