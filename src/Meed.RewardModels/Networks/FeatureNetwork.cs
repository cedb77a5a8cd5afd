using System.Globalization;
using Meed.Numerics;

namespace Meed.RewardModels.Networks;

/// <summary>A linear or two-layer head on given features.</summary>
/// <remarks>While training, a response's features are a row of the matrix. In use, a sample brings them in its own row, as <c>"features": [..]</c>.</remarks>
public sealed class FeatureNetwork : RewardNetwork
{
    private readonly Tensor _matrix;
    private readonly ScoreHead _head;
    private AdamW? _optimizer;

    /// <summary>A network for D features, with the matrix to train on or without.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="width">D.</param>
    /// <param name="matrix">[rows · D]; empty where samples bring their features.</param>
    /// <param name="outputs">Numbers a sample gets.</param>
    /// <param name="random">For the weights.</param>
    public FeatureNetwork(FeatureOptions options, int width, float[] matrix, int outputs, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(matrix);
        Options = options;
        Width = width;
        Outputs = outputs;
        _matrix = Tensor.From(matrix, matrix.Length / Math.Max(1, width), width);
        _head = new ScoreHead(options.Head, width, options.HeadSize, outputs, random);
        for (int i = 0; i < matrix.Length; i++)
        {
            if (!float.IsFinite(matrix[i]))
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{options.Matrix}: row {i / width}, column {i % width} of '{options.Tensor}' is {matrix[i]}. Features are finite numbers."));
            }
        }
    }

    /// <summary>Its options.</summary>
    public FeatureOptions Options { get; }

    /// <summary>Features of a sample, D.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    public override string Kind => "features";

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Value)> Weights => _head.Parameters.Select(p => (p.Name, p.Value));

    /// <summary>Reads the matrix that the options name.</summary>
    public static FeatureNetwork Open(FeatureOptions options, int outputs, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var file = Safetensors.Open(options.Matrix);
        if (!file.Entries.TryGetValue(options.Tensor, out var entry) || entry.Shape.Length != 2)
        {
            throw new InvalidDataException($"{options.Matrix}: {(entry is null ? $"there is no '{options.Tensor}'; the file has {string.Join(", ", file.Entries.Keys.Take(5))}" : $"'{options.Tensor}' is {Shapes.Text(entry.Shape)}, not [rows, features]")}.");
        }

        return new FeatureNetwork(options, entry.Shape[1], file.Read(options.Tensor).ToArray(), outputs, random);
    }

    /// <inheritdoc/>
    public override SampleStore NewStore() => new FeatureStore(_matrix, Width);

    /// <inheritdoc/>
    public override Tensor Forward(SampleStore store, int[] rows)
    {
        var (matrix, places) = ((FeatureStore)store).Locate(rows);
        return _head.Forward(matrix, places);
    }

    /// <inheritdoc/>
    public override float[] Score(SampleStore store, int[] rows)
    {
        using var scope = Tape.Begin(record: false);
        return Forward(store, rows).ToArray();
    }

    /// <inheritdoc/>
    public override void BeginTraining(float decay, IReadOnlyList<Parameter> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var free = new HashSet<Parameter>(more);
        _optimizer = new AdamW([.. _head.Parameters, .. more], 1e-3f, decay, decays: p => !free.Contains(p) && p.Shape.Length > 1);
    }

    /// <inheritdoc/>
    public override float Step(Tensor loss, float learningRate, float maxGradNorm)
    {
        var optimizer = _optimizer ?? throw new InvalidOperationException("FeatureNetwork.Step comes after BeginTraining.");
        optimizer.LearningRate = learningRate;
        optimizer.Step(loss, maxGradNorm, out float norm);
        return norm;
    }

    /// <inheritdoc/>
    public override void Restore(IReadOnlyList<float[]> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        foreach (var (parameter, values) in _head.Parameters.Zip(snapshot))
        {
            parameter.Load(values);
        }
    }

    /// <inheritdoc/>
    public override string Lock() => Locks.Hash(string.Create(CultureInfo.InvariantCulture, $"features {Width}"));

    private sealed class FeatureStore(Tensor matrix, int width) : SampleStore
    {
        private readonly List<float> _own = [];
        private readonly List<int> _rows = [];

        public override int Add(IReadOnlyList<RewardInput> samples)
        {
            int first = Count;
            foreach (var sample in samples)
            {
                if (sample.Features is { } own)
                {
                    if (own.Length != width || Array.Exists(own, v => !float.IsFinite(v)))
                    {
                        throw new InvalidDataException($"A sample has {own.Length} features{(own.Length == width ? ", one of them not finite" : "")}; the model reads {width} finite ones.");
                    }

                    _rows.Add(-1 - (_own.Count / width));
                    _own.AddRange(own);
                }
                else if (sample.Feature < 0 || sample.Feature >= matrix.Shape[0])
                {
                    throw new InvalidDataException(sample.Feature < 0
                        ? "A response names no row of the feature matrix. Give each response \"feature\": row, or each sample \"features\": [..]."
                        : $"A response names row {sample.Feature} of a feature matrix of {matrix.Shape[0]} rows.");
                }
                else
                {
                    _rows.Add(sample.Feature);
                }
            }

            Count += samples.Count;
            return first;
        }

        /// <summary>A matrix and the places in it where the features of some rows stand.</summary>
        public (Tensor Matrix, int[] Places) Locate(int[] rows)
        {
            var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows);
            var places = new int[rows.Length];
            bool stored = true;
            for (int i = 0; i < rows.Length; i++)
            {
                places[i] = all[rows[i]];
                stored &= places[i] >= 0;
            }

            if (stored)
            {
                return (matrix, places);
            }

            var features = new float[rows.Length * width];
            var own = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_own);
            for (int i = 0; i < rows.Length; i++)
            {
                var to = features.AsSpan(i * width, width);
                if (places[i] >= 0)
                {
                    matrix.Slice(0, places[i], 1).CopyTo(to);
                }
                else
                {
                    own.Slice((-1 - places[i]) * width, width).CopyTo(to);
                }

                places[i] = i;
            }

            return (Tensor.From(features, rows.Length, width), places);
        }
    }
}
