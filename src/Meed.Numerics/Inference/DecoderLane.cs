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
    private readonly int _slotSize;
    private readonly int _queryWidth;
    private readonly int _keyWidth;
    private readonly float[][] _keys;
    private readonly float[][] _values;
    private readonly float[] _cos;
    private readonly float[] _sin;
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
        Positions = AttentionKernels.CacheCapacity(positions);
        _queryWidth = _shape.Heads * _shape.HeadSize;
        _keyWidth = _shape.KeyValueHeads * _shape.HeadSize;
        _slotSize = checked(_keyWidth * Positions);
        _keys = [.. weights.Layers.Select(_ => new float[checked(slots * _slotSize)])];
        _values = [.. weights.Layers.Select(_ => new float[slots * _slotSize])];
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
    /// <param name="wanted">Indices among the n tokens whose logits are wanted.</param>
    /// <param name="logits">[wanted, V].</param>
    public void Forward(ReadOnlySpan<int> tokens, ReadOnlySpan<int> slots, ReadOnlySpan<int> positions, ReadOnlySpan<int> wanted, Span<float> logits)
    {
        Require(tokens, slots, positions, wanted, logits);
        int n = tokens.Length, hidden = _shape.Hidden, joint = _queryWidth + _keyWidth;
        var x = _x.AsSpan(0, n * hidden);
        var h = _h.AsSpan(0, n * hidden);
        var queryKey = _queryKey.AsSpan(0, n * joint);
        var value = _value.AsSpan(0, n * joint);
        var attended = _attended.AsSpan(0, n * _queryWidth);
        var gateUp = _gateUp.AsSpan(0, n * 2 * _shape.Intermediate);
        var gated = _gated.AsSpan(0, n * _shape.Intermediate);
        var rstd = _rstd.AsSpan(0, n);
        EmbeddingKernels.Gather(_weights.Embedding.Value.Data, tokens, x, hidden);
        for (int i = 0; i < _weights.Layers.Count; i++)
        {
            var layer = _weights.Layers[i];
            NormKernels.RmsNorm(x, layer.AttentionNorm.Value.Data, h, rstd, n, hidden, _shape.NormEpsilon);
            _weights.QueryKey[i].Multiply(h, hidden, n, queryKey, joint, add: false);
            _weights.Value[i].Multiply(h, hidden, n, value, joint, add: false);
            RopeKernels.Rotate(queryKey, queryKey, positions, _cos, _sin, _shape.Heads + _shape.KeyValueHeads, _shape.HeadSize, inverse: false, accumulate: false);
            Attend(i, queryKey, value, slots, positions, attended);
            _weights.Output[i].Multiply(attended, _queryWidth, n, x, hidden, add: true);

            NormKernels.RmsNorm(x, layer.MlpNorm.Value.Data, h, rstd, n, hidden, _shape.NormEpsilon);
            _weights.GateUp[i].Multiply(h, hidden, n, gateUp, 2 * _shape.Intermediate, add: false);
            GatedSiluKernel.Apply(gateUp, gated, n, _shape.Intermediate);
            _weights.Down[i].Multiply(gated, _shape.Intermediate, n, x, hidden, add: true);
        }

        int rows = wanted.Length;
        for (int r = 0; r < rows; r++)
        {
            x.Slice(wanted[r] * hidden, hidden).CopyTo(h[(r * hidden)..]);
        }

        NormKernels.RmsNorm(h[..(rows * hidden)], _weights.Norm.Value.Data, x[..(rows * hidden)], rstd[..rows], rows, hidden, _shape.NormEpsilon);
        _weights.HeadMatrix.Multiply(x, hidden, rows, logits, _shape.Vocabulary, add: false);
    }

    /// <summary>Copies the first positions of one slot into another, so that several sequences continue one prompt.</summary>
    public void CopyPrefix(int from, int to, int positions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)positions, (uint)Positions, nameof(positions));
        for (int i = 0; i < _keys.Length; i++)
        {
            for (int d = 0; d < _keyWidth; d++)   // keys are stored [head, feature, position]
            {
                _keys[i].AsSpan((from * _slotSize) + (d * Positions), positions).CopyTo(_keys[i].AsSpan((to * _slotSize) + (d * Positions)));
            }

            for (int head = 0; head < _shape.KeyValueHeads; head++)
            {
                int start = head * Positions * _shape.HeadSize;
                _values[i].AsSpan((from * _slotSize) + start, positions * _shape.HeadSize).CopyTo(_values[i].AsSpan((to * _slotSize) + start));
            }
        }
    }

    // Calls as few kernels as the slots allow: neighbours with one token each go together, and so do the tokens of one slot.
    private void Attend(int layer, ReadOnlySpan<float> queryKey, ReadOnlySpan<float> value, ReadOnlySpan<int> slots, ReadOnlySpan<int> positions, Span<float> attended)
    {
        int n = slots.Length, joint = _queryWidth + _keyWidth;
        for (int start = 0, count; start < n; start += count)
        {
            count = 1;
            while (start + count < n && slots[start + count] == slots[start])
            {
                count++;
            }

            int rows = 1, time = count;
            if (count == 1)
            {
                while (start + rows < n && slots[start + rows] == slots[start] + rows && (start + rows + 1 == n || slots[start + rows + 1] != slots[start + rows]))
                {
                    rows++;
                }

                count = rows;
            }

            var at = positions.Slice(start, rows);

            var shape = new AttentionShape
            {
                Batch = rows, Time = time, Heads = _shape.Heads, KvHeads = _shape.KeyValueHeads, Dim = _shape.HeadSize, Scale = 1f / MathF.Sqrt(_shape.HeadSize), QueryStride = joint, KeyStride = joint,
            };
            var keys = _keys[layer].AsSpan(slots[start] * _slotSize, rows * _slotSize);
            var values = _values[layer].AsSpan(slots[start] * _slotSize, rows * _slotSize);
            AttentionKernels.Append(shape, queryKey[((start * joint) + _queryWidth)..], value[(start * joint)..], at, keys, values, Positions);
            AttentionKernels.Decode(shape, queryKey[(start * joint)..], keys, values, Positions, at, attended.Slice(start * _queryWidth, count * _queryWidth));
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

        foreach (int row in wanted)
        {
            if ((uint)row >= (uint)tokens.Length)
            {
                throw new ArgumentException($"DecoderLane.Forward: logits of token {row} are wanted; the pass has {tokens.Length} tokens.");
            }
        }
    }
}
