using Meed.Numerics.Kernels;

namespace Meed.Numerics.Inference;

/// <summary>The weights of a decoder, packed for products of few rows. Read by any number of <see cref="DecoderLane"/>s at once.</summary>
/// <remarks>Packed copies are remade by <see cref="Refresh"/> when a parameter has changed; call it before decoding, never during.</remarks>
public sealed class DecoderWeights
{
    private readonly Parameter[] _parameters;
    private readonly long[] _versions;

    /// <summary>Packs the weights of a decoder.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="embedding">[V, D].</param>
    /// <param name="layers">The blocks in order.</param>
    /// <param name="norm">Gain of the last norm, [D].</param>
    /// <param name="head">[V, D]; the embedding itself where both are tied.</param>
    public DecoderWeights(DecoderShape shape, Parameter embedding, IReadOnlyList<DecoderLayer> layers, Parameter norm, Parameter head)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(norm);
        ArgumentNullException.ThrowIfNull(head);
        Shape = shape;
        Embedding = embedding;
        Layers = layers;
        Norm = norm;
        Head = head;
        int queries = shape.Heads * shape.HeadSize, keys = shape.KeyValueHeads * shape.HeadSize;
        Require(embedding, shape.Vocabulary, shape.Hidden);
        Require(norm, shape.Hidden);
        Require(head, shape.Vocabulary, shape.Hidden);
        foreach (var layer in layers)
        {
            Require(layer.AttentionNorm, shape.Hidden);
            Require(layer.Query, queries, shape.Hidden);
            Require(layer.Key, keys, shape.Hidden);
            Require(layer.Value, keys, shape.Hidden);
            Require(layer.Output, shape.Hidden, queries);
            Require(layer.MlpNorm, shape.Hidden);
            Require(layer.Gate, shape.Intermediate, shape.Hidden);
            Require(layer.Up, shape.Intermediate, shape.Hidden);
            Require(layer.Down, shape.Hidden, shape.Intermediate);
        }

        QueryKey = Matrices(queries + keys, shape.Hidden);
        Value = Matrices(keys, shape.Hidden);
        Output = Matrices(shape.Hidden, queries);
        GateUp = Matrices(2 * shape.Intermediate, shape.Hidden);
        Down = Matrices(shape.Hidden, shape.Intermediate);
        HeadMatrix = new PackedMatrix(shape.Vocabulary, shape.Hidden);
        _parameters = [.. layers.SelectMany(l => (Parameter[])[l.Query, l.Key, l.Value, l.Output, l.Gate, l.Up, l.Down]), head];
        _versions = new long[_parameters.Length];
        Array.Fill(_versions, -1);
        Refresh();

        PackedMatrix[] Matrices(int rows, int cols) => [.. layers.Select(_ => new PackedMatrix(rows, cols))];
    }

    /// <summary>Sizes.</summary>
    public DecoderShape Shape { get; }

    internal Parameter Embedding { get; }

    internal Parameter Norm { get; }

    internal Parameter Head { get; }

    internal IReadOnlyList<DecoderLayer> Layers { get; }

    internal PackedMatrix[] QueryKey { get; }

    internal PackedMatrix[] Value { get; }

    internal PackedMatrix[] Output { get; }

    internal PackedMatrix[] GateUp { get; }

    internal PackedMatrix[] Down { get; }

    internal PackedMatrix HeadMatrix { get; }

    /// <summary>Packs again what has changed since the last call.</summary>
    public void Refresh()
    {
        bool changed = false;
        for (int i = 0; i < _parameters.Length; i++)
        {
            changed |= _versions[i] != _parameters[i].Version;
            _versions[i] = _parameters[i].Version;
        }

        if (!changed)
        {
            return;
        }

        int queries = Shape.Heads * Shape.HeadSize;
        for (int i = 0; i < Layers.Count; i++)
        {
            QueryKey[i].Pack(Layers[i].Query.Value.Data, 0);
            QueryKey[i].Pack(Layers[i].Key.Value.Data, queries);
            Value[i].Pack(Layers[i].Value.Value.Data, 0);
            Output[i].Pack(Layers[i].Output.Value.Data, 0);
            GateUp[i].Pack(Layers[i].Gate.Value.Data, 0);
            GateUp[i].Pack(Layers[i].Up.Value.Data, Shape.Intermediate);
            Down[i].Pack(Layers[i].Down.Value.Data, 0);
        }

        HeadMatrix.Pack(Head.Value.Data, 0);
    }

    private static void Require(Parameter parameter, params int[] shape)
    {
        if (!parameter.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new ArgumentException($"DecoderWeights: {parameter.Name} is {Shapes.Text(parameter.Shape)}, the decoder's sizes ask for {Shapes.Text(shape)}.");
        }
    }
}
