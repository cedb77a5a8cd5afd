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
    private readonly Memory<float>[] _keys;
    private readonly Memory<float>[] _values;
    private readonly Memory<float> _cos;
    private readonly Memory<float> _sin;
    private readonly Memory<float> _scores;
    private readonly int[] _all;
    private readonly Memory<float> _x;
    private readonly Memory<float> _h;
    private readonly Memory<float> _queryKey;
    private readonly Memory<float> _value;
    private readonly Memory<float> _attended;
    private readonly Memory<float> _gateUp;
    private readonly Memory<float> _gated;
    private readonly Memory<float> _rstd;

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
        _keys = [.. weights.Layers.Select(_ => AlignedMemory.Allocate(checked(slots * _layout.SlotSize)))];
        _values = [.. weights.Layers.Select(_ => AlignedMemory.Allocate(slots * _layout.SlotSize))];
        _scores = AlignedMemory.Allocate(4 * Positions);
        _all = [.. Enumerable.Range(0, tokensPerPass)];
        _cos = AlignedMemory.Allocate(Positions * _shape.HeadSize / 2);
        _sin = AlignedMemory.Allocate(_cos.Length);
        RopeKernels.Tables(Positions, _shape.HeadSize, _shape.RopeTheta, _cos.Span, _sin.Span);
        _x = AlignedMemory.Allocate(_room * _shape.Hidden);
        _h = AlignedMemory.Allocate(_room * _shape.Hidden);
        _queryKey = AlignedMemory.Allocate(_room * (_queryWidth + _keyWidth));
        _value = AlignedMemory.Allocate(_room * (_queryWidth + _keyWidth));   // as far apart as the keys
        _attended = AlignedMemory.Allocate(_room * _queryWidth);
        _gateUp = AlignedMemory.Allocate(_room * 2 * _shape.Intermediate);
        _gated = AlignedMemory.Allocate(_room * _shape.Intermediate);
        _rstd = AlignedMemory.Allocate(_room);
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
        var all = _x.Span[..(n * hidden)];
        EmbeddingKernels.Gather(_weights.Embedding.Value.Data, tokens, all, hidden);
        for (int i = 0; i < _weights.Layers.Count; i++)
        {
            var layer = _weights.Layers[i];
            var h = _h.Span[..(n * hidden)];
            var queryKey = _queryKey.Span[..(n * joint)];
            var value = _value.Span[..(n * joint)];
            NormKernels.RmsNorm(all, layer.AttentionNorm.Value.Data, h, _rstd.Span[..n], n, hidden, _shape.NormEpsilon);
            _weights.QueryKey[i].Multiply(h, hidden, n, queryKey, joint, add: false);
            _weights.Value[i].Multiply(h, hidden, n, value, joint, add: false);
            RopeKernels.Rotate(queryKey, queryKey, positions, _cos.Span, _sin.Span, _shape.Heads + _shape.KeyValueHeads, _shape.HeadSize, inverse: false, accumulate: false);
            CachedAttention.Append(_layout, queryKey[_queryWidth..], value, slots, positions, _keys[i].Span, _values[i].Span);

            // Once the last cache is filled only the wanted tokens matter.
            bool last = i == _weights.Layers.Count - 1;
            var kept = last ? wanted : _all.AsSpan(0, n);
            int m = kept.Length;
            for (int r = 0; last && r < m; r++)
            {
                all.Slice(kept[r] * hidden, hidden).CopyTo(all[(r * hidden)..]);
            }

            var x = all[..(m * hidden)];
            var attended = _attended.Span[..(m * _queryWidth)];
            CachedAttention.Attend(_layout, queryKey, kept, slots, positions, _keys[i].Span, _values[i].Span, _scores.Span, attended);
            _weights.Output[i].Multiply(attended, _queryWidth, m, x, hidden, add: true);

            h = h[..(m * hidden)];
            var gateUp = _gateUp.Span[..(m * 2 * inner)];
            var gated = _gated.Span[..(m * inner)];
            NormKernels.RmsNorm(x, layer.MlpNorm.Value.Data, h, _rstd.Span[..m], m, hidden, _shape.NormEpsilon);
            _weights.GateUp[i].Multiply(h, hidden, m, gateUp, 2 * inner, add: false);
            GatedSiluKernel.Apply(gateUp, gated, m, inner);
            _weights.Down[i].Multiply(gated, inner, m, x, hidden, add: true);
        }

        int rows = wanted.Length;
        var end = _h.Span[..(rows * hidden)];
        NormKernels.RmsNorm(all[..(rows * hidden)], _weights.Norm.Value.Data, end, _rstd.Span[..rows], rows, hidden, _shape.NormEpsilon);
        _weights.HeadMatrix.Multiply(end, hidden, rows, logits, _shape.Vocabulary, add: false);
    }

    /// <summary>Copies the first positions of one slot into another, so that several sequences continue one prompt.</summary>
    public void CopyPrefix(int from, int to, int positions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)positions, (uint)Positions, nameof(positions));
        int keys = (positions + 15) / 16 * 16 * _layout.Width, values = positions * _layout.Width;
        int source = from * _layout.SlotSize, target = to * _layout.SlotSize;
        for (int i = 0; i < _keys.Length; i++)
        {
            _keys[i].Slice(source, keys).CopyTo(_keys[i][target..]);
            _values[i].Slice(source, values).CopyTo(_values[i][target..]);
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
