using Meed.Numerics.Kernels;

namespace Meed.Numerics.Inference;

/// <summary>Forward passes of a decoder for one thread: slots with cached keys and values, and memory for the passes, made once.</summary>
/// <remarks>
/// Each token of a pass names its slot and position. The result of a token depends on the tokens of its slot up to its position and on nothing else: the
/// same bits come out whatever else is in the pass, and they are those of the training forward. Nothing is allocated by a pass.
/// </remarks>
public sealed class DecoderLane
{
    private readonly DecoderWeights _weights;
    private readonly DecoderShape _shape;
    private readonly int _room;
    private readonly CachedAttention.Layout _layout;
    private readonly int _queryWidth;
    private readonly int _keyWidth;
    private readonly float[][] _keys;
    private readonly float[][] _values;
    private readonly float[] _cos;
    private readonly float[] _sin;
    private readonly float[] _scores;
    private readonly int[] _all;
    private readonly float[] _x;
    private readonly float[] _h;
    private readonly float[] _queryKey;
    private readonly float[] _value;
    private readonly float[] _attended;
    private readonly float[] _gateUp;
    private readonly float[] _gated;
    private readonly float[] _rstd;

    /// <summary>A lane with empty slots.</summary>
    /// <param name="weights">What it runs.</param>
    /// <param name="slots">Sequences it can hold.</param>
    /// <param name="positions">Longest sequence, in tokens; rounded up to whole blocks of the cache.</param>
    /// <param name="tokensPerPass">Most tokens of one pass.</param>
    public DecoderLane(DecoderWeights weights, int slots, int positions, int tokensPerPass)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerPass, 1);
        _weights = weights;
        _shape = weights.Shape;
        _room = tokensPerPass;
        Slots = slots;
        Positions = CachedAttention.Capacity(positions);
        _queryWidth = _shape.Heads * _shape.HeadSize;
        _keyWidth = _shape.KeyValueHeads * _shape.HeadSize;
        _layout = new CachedAttention.Layout(_shape.Heads, _shape.KeyValueHeads, _shape.HeadSize, Positions, _queryWidth + _keyWidth, 1f / MathF.Sqrt(_shape.HeadSize));
        _keys = [.. weights.Layers.Select(_ => new float[checked(slots * _layout.SlotSize)])];
        _values = [.. weights.Layers.Select(_ => new float[slots * _layout.SlotSize])];
        _scores = new float[4 * Positions];
        _all = [.. Enumerable.Range(0, tokensPerPass)];
        _cos = new float[Positions * _shape.HeadSize / 2];
        _sin = new float[_cos.Length];
        RopeKernels.Tables(Positions, _shape.HeadSize, _shape.RopeTheta, _cos, _sin);
        _x = new float[_room * _shape.Hidden];
        _h = new float[_room * _shape.Hidden];
        _queryKey = new float[_room * (_queryWidth + _keyWidth)];
        _value = new float[_room * (_queryWidth + _keyWidth)];   // as far apart as the keys
        _attended = new float[_room * _queryWidth];
        _gateUp = new float[_room * 2 * _shape.Intermediate];
        _gated = new float[_room * _shape.Intermediate];
        _rstd = new float[_room];
    }

    /// <summary>Sequences it can hold.</summary>
    public int Slots { get; }

    /// <summary>Longest sequence, in tokens.</summary>
    public int Positions { get; }

    /// <summary>One pass: caches the keys and values of some tokens and gives the logits after some of them.</summary>
    /// <param name="tokens">[n] ids.</param>
    /// <param name="slots">[n] slot of each token.</param>
    /// <param name="positions">[n] position of each token. Tokens of one slot stand next to each other in order, and all earlier positions of the slot have been passed before.</param>
    /// <param name="wanted">Indices among the n tokens whose logits are wanted, ascending.</param>
    /// <param name="logits">[wanted, V].</param>
    public void Forward(ReadOnlySpan<int> tokens, ReadOnlySpan<int> slots, ReadOnlySpan<int> positions, ReadOnlySpan<int> wanted, Span<float> logits)
    {
        Require(tokens, slots, positions, wanted, logits);
        int n = tokens.Length, hidden = _shape.Hidden, joint = _queryWidth + _keyWidth, inner = _shape.Intermediate;
        var all = _x.AsSpan(0, n * hidden);
        EmbeddingKernels.Gather(_weights.Embedding.Value.Data, tokens, all, hidden);
        for (int i = 0; i < _weights.Layers.Count; i++)
        {
            var layer = _weights.Layers[i];
            var h = _h.AsSpan(0, n * hidden);
            var queryKey = _queryKey.AsSpan(0, n * joint);
            var value = _value.AsSpan(0, n * joint);
            NormKernels.RmsNorm(all, layer.AttentionNorm.Value.Data, h, _rstd.AsSpan(0, n), n, hidden, _shape.NormEpsilon);
            _weights.QueryKey[i].Multiply(h, hidden, n, queryKey, joint, add: false);
            _weights.Value[i].Multiply(h, hidden, n, value, joint, add: false);
            RopeKernels.Rotate(queryKey, queryKey, positions, _cos, _sin, _shape.Heads + _shape.KeyValueHeads, _shape.HeadSize, inverse: false, accumulate: false);
            CachedAttention.Append(_layout, queryKey[_queryWidth..], value, slots, positions, _keys[i], _values[i]);

            // Once the last cache is filled only the wanted tokens matter.
            bool last = i == _weights.Layers.Count - 1;
            var kept = last ? wanted : _all.AsSpan(0, n);
            int m = kept.Length;
            for (int r = 0; last && r < m; r++)
            {
                all.Slice(kept[r] * hidden, hidden).CopyTo(all[(r * hidden)..]);
            }

            var x = all[..(m * hidden)];
            var attended = _attended.AsSpan(0, m * _queryWidth);
            CachedAttention.Attend(_layout, queryKey, kept, slots, positions, _keys[i], _values[i], _scores, attended);
            _weights.Output[i].Multiply(attended, _queryWidth, m, x, hidden, add: true);

            h = h[..(m * hidden)];
            var gateUp = _gateUp.AsSpan(0, m * 2 * inner);
            var gated = _gated.AsSpan(0, m * inner);
            NormKernels.RmsNorm(x, layer.MlpNorm.Value.Data, h, _rstd.AsSpan(0, m), m, hidden, _shape.NormEpsilon);
            _weights.GateUp[i].Multiply(h, hidden, m, gateUp, 2 * inner, add: false);
            GatedSiluKernel.Apply(gateUp, gated, m, inner);
            _weights.Down[i].Multiply(gated, inner, m, x, hidden, add: true);
        }

        int rows = wanted.Length;
        var end = _h.AsSpan(0, rows * hidden);
        NormKernels.RmsNorm(all[..(rows * hidden)], _weights.Norm.Value.Data, end, _rstd.AsSpan(0, rows), rows, hidden, _shape.NormEpsilon);
        _weights.HeadMatrix.Multiply(end, hidden, rows, logits, _shape.Vocabulary, add: false);
    }

    /// <summary>Copies the first positions of one slot into another, so that several sequences continue one prompt.</summary>
    public void CopyPrefix(int from, int to, int positions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)positions, (uint)Positions, nameof(positions));
        int head = _shape.HeadSize * Positions;
        int keys = (positions + 15) / 16 * 16 * _shape.HeadSize, values = positions * _shape.HeadSize;
        for (int i = 0; i < _keys.Length; i++)
        {
            for (int h = 0; h < _shape.KeyValueHeads; h++)
            {
                int source = (from * _layout.SlotSize) + (h * head), target = (to * _layout.SlotSize) + (h * head);
                _keys[i].AsSpan(source, keys).CopyTo(_keys[i].AsSpan(target));
                _values[i].AsSpan(source, values).CopyTo(_values[i].AsSpan(target));
            }
        }
    }

    private void Require(ReadOnlySpan<int> tokens, ReadOnlySpan<int> slots, ReadOnlySpan<int> positions, ReadOnlySpan<int> wanted, Span<float> logits)
    {
        if (tokens.Length > _room || slots.Length != tokens.Length || positions.Length != tokens.Length || logits.Length != wanted.Length * _shape.Vocabulary)
        {
            throw new ArgumentException($"DecoderLane.Forward: {tokens.Length} tokens, {slots.Length} slots, {positions.Length} positions and {logits.Length} logits for {wanted.Length} rows of {_shape.Vocabulary}; a pass takes up to {_room} tokens.");
        }

        for (int i = 0; i < tokens.Length; i++)
        {
            if ((uint)slots[i] >= (uint)Slots || (uint)positions[i] >= (uint)Positions)
            {
                throw new ArgumentException($"DecoderLane.Forward: token {i} stands in slot {slots[i]} at position {positions[i]}; there are {Slots} slots of {Positions} positions.");
            }
        }

        for (int r = 0; r < wanted.Length; r++)
        {
            if ((uint)wanted[r] >= (uint)tokens.Length || (r > 0 && wanted[r] <= wanted[r - 1]))
            {
                throw new ArgumentException($"DecoderLane.Forward: logits of token {wanted[r]} are wanted; the pass has {tokens.Length} tokens, and wanted ones are named in ascending order.");
            }
        }
    }
}
