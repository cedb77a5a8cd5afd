using System.Globalization;
using System.Numerics.Tensors;
using Meed.Numerics;
using Tensor = Meed.Numerics.Tensor;

namespace Meed.RewardModels.Networks;

/// <summary>A linear or factorised head over hashed n-grams.</summary>
/// <remarks>
/// s_k = Σ_f w_{k,f}·x_f + Σ_r (Σ_f u_{r,f}·x_f)·(Σ_g v_{r,g}·p_g), x the features of the response, p those of the prompt; the second sum, where the rank is above 0, lets the prompt decide
/// which words are good (Rendle 2010, factorisation machines; only products of prompt and response). Learns by AdaGrad on the touched features (Duchi et al. 2011) with decoupled weight decay.
/// A constant feature gives ratings and labels their level; in comparisons it cancels.
/// </remarks>
public sealed class NGramNetwork : RewardNetwork
{
    private const float Epsilon = 1e-8f;
    private readonly NGrams _grams;
    private readonly Table _linear;
    private readonly Table? _response;
    private readonly Table? _prompt;
    private Adam? _more;
    private float _decay;
    private (SparseStore Store, int[] Rows, Tensor Scores)? _last;

    /// <summary>A network of zeros, with small random factors where there are any.</summary>
    public NGramNetwork(NGramOptions options, int outputs, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        string problems = string.Join(' ', options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException($"NGramNetwork: {problems}", nameof(options));
        }

        Options = options;
        Outputs = outputs;
        _grams = new NGrams(options);
        _linear = new Table(_grams.Size, outputs);
        if (options.Rank > 0)
        {
            _response = new Table(_grams.Size, options.Rank);
            _prompt = new Table(_grams.Size, options.Rank);
            random.Split("response", 0).FillNormal(_response.Weights, 0, 0.02f);
            random.Split("prompt", 0).FillNormal(_prompt.Weights, 0, 0.02f);
        }
    }

    /// <summary>Its options.</summary>
    public NGramOptions Options { get; }

    /// <inheritdoc/>
    public override string Kind => "ngrams";

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Value)> Weights => Tables.Select(t => (t.Name, Tensor.From(t.Table.Weights, t.Table.Rows, t.Table.Width)));

    private IEnumerable<(string Name, Table Table)> Tables => _response is null ? [("linear.weight", _linear)] : [("linear.weight", _linear), ("response.factors", _response), ("prompt.factors", _prompt!)];

    /// <inheritdoc/>
    public override SampleStore NewStore() => new SparseStore(_grams, _response is not null);

    /// <inheritdoc/>
    public override float[] Score(SampleStore store, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var sparse = (SparseStore)store;
        var scores = new float[rows.Length * Outputs];
        Span<float> a = stackalloc float[64], b = stackalloc float[64];
        for (int i = 0; i < rows.Length; i++)
        {
            var ids = sparse.Responses.IdsOf(rows[i]);
            var values = sparse.Responses.ValuesOf(rows[i]);
            var own = scores.AsSpan(i * Outputs, Outputs);
            _linear.Multiply(ids, values, own);
            if (_response is not null)
            {
                own[0] += Product(sparse, rows[i], a[..Options.Rank], b[..Options.Rank]);
            }
        }

        return scores;
    }

    /// <inheritdoc/>
    public override Tensor Forward(SampleStore store, int[] rows)
    {
        var scores = Tensor.From(Score(store, rows), rows.Length, Outputs).RequireGrad();
        _last = ((SparseStore)store, rows, scores);
        return scores;
    }

    /// <inheritdoc/>
    public override void BeginTraining(float decay, IReadOnlyList<Parameter> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        _decay = decay;
        _more = more.Count > 0 ? new Adam(more, 0.01f) : null;
        foreach (var (_, table) in Tables)
        {
            table.BeginTraining();
        }
    }

    /// <inheritdoc/>
    public override float Step(Tensor loss, float learningRate, float maxGradNorm)
    {
        ArgumentNullException.ThrowIfNull(loss);
        var (store, rows, scores) = _last ?? throw new InvalidOperationException("NGramNetwork.Step comes after Forward.");
        float value = loss.Item();
        if (!float.IsFinite(value))
        {
            throw new InvalidOperationException($"The loss is {value}. Use a smaller learning rate.");
        }

        loss.Backward();
        float[] gradient = scores.Grad?.ToArray() ?? new float[scores.Length];
        float norm = TensorPrimitives.Norm<float>(gradient);
        if (!float.IsFinite(norm))
        {
            throw new InvalidOperationException($"The gradient of the scores is {norm}. Use a smaller learning rate.");
        }

        Span<float> a = stackalloc float[64], b = stackalloc float[64];
        for (int i = 0; i < rows.Length; i++)
        {
            var ids = store.Responses.IdsOf(rows[i]);
            var values = store.Responses.ValuesOf(rows[i]);
            var own = gradient.AsSpan(i * Outputs, Outputs);
            _linear.Collect(ids, values, own);
            if (_response is not null && own[0] != 0)
            {
                Product(store, rows[i], a[..Options.Rank], b[..Options.Rank]);
                int prompt = store.PromptOf[rows[i]];
                TensorPrimitives.Multiply(b[..Options.Rank], own[0], b[..Options.Rank]);
                TensorPrimitives.Multiply(a[..Options.Rank], own[0], a[..Options.Rank]);
                _response.Collect(ids, values, b[..Options.Rank]);
                _prompt!.Collect(store.Prompts.IdsOf(prompt), store.Prompts.ValuesOf(prompt), a[..Options.Rank]);
            }
        }

        foreach (var (_, table) in Tables)
        {
            table.Apply(learningRate, _decay);
        }

        if (_more is not null)
        {
            _more.LearningRate = 0.01f;
            _more.Step(maxGradNorm, out _);
        }

        _last = null;
        return norm;
    }

    /// <inheritdoc/>
    public override void Restore(IReadOnlyList<float[]> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        int i = 0;
        foreach (var (_, table) in Tables)
        {
            snapshot[i++].CopyTo(table.Weights, 0);
        }
    }

    /// <inheritdoc/>
    public override string Lock()
    {
        var store = new SparseStore(_grams, prompts: true);
        store.Add([Probe]);
        var text = new System.Text.StringBuilder("ngrams");
        foreach (var rows in (SparseRows[])[store.Responses, store.Prompts])
        {
            for (int i = 0; i < rows.Ids.Count; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $" {rows.Ids[i]}:{BitConverter.SingleToInt32Bits(rows.Values[i]) >> 8}");   // the last bits of a logarithm may differ between libraries
            }
        }

        return Locks.Hash(text.ToString());
    }

    // ⟨U x, V p⟩; leaves both factors behind.
    private float Product(SparseStore store, int row, Span<float> a, Span<float> b)
    {
        int prompt = store.PromptOf[row];
        _response!.Multiply(store.Responses.IdsOf(row), store.Responses.ValuesOf(row), a);
        _prompt!.Multiply(store.Prompts.IdsOf(prompt), store.Prompts.ValuesOf(prompt), b);
        float sum = 0;
        for (int r = 0; r < a.Length; r++)
        {
            sum += a[r] * b[r];
        }

        return sum;
    }

    /// <summary>A weight for each feature and column, with AdaGrad's sums.</summary>
    private sealed class Table(int rows, int width)
    {
        private readonly List<int> _touched = [];
        private float[] _squares = [];
        private float[] _gradient = [];
        private bool[] _isTouched = [];

        public int Rows { get; } = rows;

        public int Width { get; } = width;

        public float[] Weights { get; } = new float[rows * width];

        public void BeginTraining()
        {
            _squares = new float[Weights.Length];
            _gradient = new float[Weights.Length];
            _isTouched = new bool[Rows];
        }

        public void Multiply(ReadOnlySpan<int> ids, ReadOnlySpan<float> values, Span<float> result)
        {
            result.Clear();
            if (Width == 1)
            {
                float sum = 0;
                for (int i = 0; i < ids.Length; i++)
                {
                    sum += Weights[ids[i]] * values[i];
                }

                result[0] = sum;
                return;
            }

            for (int i = 0; i < ids.Length; i++)
            {
                var own = Weights.AsSpan(ids[i] * Width, Width);
                for (int k = 0; k < own.Length; k++)
                {
                    result[k] += own[k] * values[i];
                }
            }
        }

        public void Collect(ReadOnlySpan<int> ids, ReadOnlySpan<float> values, ReadOnlySpan<float> gradient)
        {
            for (int i = 0; i < ids.Length; i++)
            {
                int id = ids[i];
                if (!_isTouched[id])
                {
                    _isTouched[id] = true;
                    _touched.Add(id);
                }

                for (int k = 0; k < Width; k++)
                {
                    _gradient[(id * Width) + k] += gradient[k] * values[i];
                }
            }
        }

        public void Apply(float learningRate, float decay)
        {
            foreach (int id in _touched)
            {
                _isTouched[id] = false;
                for (int j = id * Width; j < (id + 1) * Width; j++)
                {
                    float g = _gradient[j];
                    _gradient[j] = 0;
                    _squares[j] += g * g;
                    Weights[j] -= learningRate * g / (MathF.Sqrt(_squares[j]) + Epsilon);
                }
            }

            _touched.Clear();
            if (decay > 0)
            {
                TensorPrimitives.Multiply(Weights, 1 - (learningRate * decay), Weights);
            }
        }
    }
}
