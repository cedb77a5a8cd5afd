using Meed.Numerics;
using Meed.Numerics.Inference;
using Meed.Numerics.Kernels;

namespace Meed.Models.Generation;

/// <summary>The rows one thread works on, and all memory it needs, made once.</summary>
internal sealed class GeneratorLane
{
    private readonly DecoderLane _decoder;
    private readonly TokenChooser _chooser;
    private readonly int _room;
    private readonly int[] _tokens;
    private readonly int[] _slots;
    private readonly int[] _positions;
    private readonly int[] _wanted;
    private readonly int[] _chosen;
    private readonly float[] _logits;
    private readonly float[] _logProbs;
    private readonly float[] _logSums;
    private readonly float[] _sharedLogits;
    private readonly Slot[] _rows;
    private int _count;          // tokens in the pass being put together
    private int _wantedCount;
    private int _shared = -1;    // slot whose first positions hold a prompt that later rows may share

    public GeneratorLane(DecoderWeights weights, int slots, int positions, int tokensPerPass)
    {
        int vocabulary = weights.Shape.Vocabulary;
        _decoder = new DecoderLane(weights, slots, positions, tokensPerPass);
        _chooser = new TokenChooser(vocabulary);
        _room = tokensPerPass;
        _tokens = new int[_room];
        _slots = new int[_room];
        _positions = new int[_room];
        _wanted = new int[_room];
        _chosen = new int[_room];
        _logits = new float[_room * vocabulary];
        _logProbs = new float[_room];
        _logSums = new float[_room];
        _sharedLogits = new float[vocabulary];
        _rows = new Slot[slots];
    }

    public int Slots => _decoder.Slots;

    public int Positions => _decoder.Positions;

    /// <summary>Slots to use in this call.</summary>
    public int UsableSlots { get; set; }

    /// <summary>Works until the queue is empty and all rows taken from it have ended.</summary>
    public void Run(GenerationWork work)
    {
        Reset();
        bool more = true;
        while (true)
        {
            work.Cancellation.ThrowIfCancellationRequested();
            for (int slot = 0; more && slot < UsableSlots; slot++)
            {
                while (more && !_rows[slot].Active)
                {
                    int row = work.Take();
                    more = row >= 0;
                    if (more)
                    {
                        Admit(work, row, slot);
                    }
                }
            }

            Flush(work);
            for (int slot = 0; slot < UsableSlots; slot++)
            {
                ref var row = ref _rows[slot];
                if (row.Active)
                {
                    Add(row.Last, slot, row.PromptLength + row.Written - 1, wanted: true);
                }
            }

            if (_count == 0 && !more)
            {
                return;
            }

            Flush(work);
        }
    }

    private void Reset()
    {
        _count = 0;
        _wantedCount = 0;
        _shared = -1;
        for (int slot = 0; slot < _rows.Length; slot++)
        {
            _rows[slot].Active = false;
            _rows[slot].Prompt = -1;
        }
    }

    /// <summary>Gives a slot a row: its prompt joins the next pass, or is copied where a neighbour has the same.</summary>
    private void Admit(GenerationWork work, int row, int slot)
    {
        int prompt = row / work.PerPrompt;
        int[] tokens = work.Prompt(row);
        bool known = _shared >= 0 && _rows[_shared].Prompt == prompt;
        ref var state = ref _rows[slot];
        state.Active = true;
        state.Row = row;
        state.Prompt = prompt;
        state.PromptLength = tokens.Length;
        state.Written = 0;
        state.Random = work.Stream(row);
        state.Bytes.Clear();
        if (known)
        {
            if (slot != _shared)
            {
                _decoder.CopyPrefix(_shared, slot, tokens.Length);
            }

            Span<int> token = [Choose(work, slot, _sharedLogits)];
            Span<float> logProb = [0f], logSum = [0f];
            LogProbKernels.Forward(_sharedLogits, token, logProb, logSum, 1, work.Vocabulary);
            Write(work, slot, token[0], logProb[0]);
            return;
        }

        if (_shared == slot)
        {
            _shared = -1;
        }

        for (int i = 0; i < tokens.Length; i++)
        {
            if (_count == _room)
            {
                Flush(work);
            }

            Add(tokens[i], slot, i, wanted: i == tokens.Length - 1);
        }

        if (work.PerPrompt > 1)
        {
            // Later rows want these keys, values and logits.
            _shared = slot;
            int last = _wantedCount - 1;
            Flush(work);
            _logits.AsSpan(last * work.Vocabulary, work.Vocabulary).CopyTo(_sharedLogits);
        }
    }

    private void Add(int token, int slot, int position, bool wanted)
    {
        if (wanted)
        {
            _wanted[_wantedCount++] = _count;
        }

        _tokens[_count] = token;
        _slots[_count] = slot;
        _positions[_count++] = position;
    }

    /// <summary>Runs the pass put together so far and draws a token for every row whose logits it gave.</summary>
    private void Flush(GenerationWork work)
    {
        if (_count == 0)
        {
            return;
        }

        int rows = _wantedCount;
        var logits = _logits.AsSpan(0, rows * work.Vocabulary);
        _decoder.Forward(_tokens.AsSpan(0, _count), _slots.AsSpan(0, _count), _positions.AsSpan(0, _count), _wanted.AsSpan(0, rows), logits);
        for (int i = 0; i < rows; i++)
        {
            _chosen[i] = Choose(work, _slots[_wanted[i]], logits.Slice(i * work.Vocabulary, work.Vocabulary));
        }

        LogProbKernels.Forward(logits, _chosen.AsSpan(0, rows), _logProbs.AsSpan(0, rows), _logSums.AsSpan(0, rows), rows, work.Vocabulary);
        for (int i = 0; i < rows; i++)
        {
            Write(work, _slots[_wanted[i]], _chosen[i], _logProbs[i]);
        }

        _count = 0;
        _wantedCount = 0;
    }

    private int Choose(GenerationWork work, int slot, ReadOnlySpan<float> logits)
    {
        ref var row = ref _rows[slot];
        int token = _chooser.Choose(logits, work.Options, row.Random!);
        return token >= 0
            ? token
            : throw new InvalidOperationException($"Generator: the logits of row {row.Row} at position {row.PromptLength + row.Written} are not numbers. The weights have diverged; go back to an earlier checkpoint.");
    }

    private void Write(GenerationWork work, int slot, int token, float logProb)
    {
        ref var row = ref _rows[slot];
        bool ended = work.Write(row.Row, row.Written, token, logProb, ref row.Bytes);
        row.Written++;
        row.Last = token;
        row.Active = !ended;
    }

    private struct Slot
    {
        public bool Active;
        public int Row;
        public int Prompt;
        public int PromptLength;
        public int Written;
        public int Last;
        public RandomStream? Random;
        public RowBytes Bytes;
    }
}
