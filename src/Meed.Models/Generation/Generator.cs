using System.Runtime.ExceptionServices;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;
using Meed.Numerics.Inference;
using Meed.Numerics.Kernels;

namespace Meed.Models.Generation;

/// <summary>Batched generation with a key-value cache.</summary>
/// <remarks>
/// Each thread runs a lane of its own: it takes the next row from the common queue when one of its rows has ended, so no step works on finished rows.
/// A row depends on its prompt, the weights and its own random stream alone: neither the batch, the number of threads nor the order of work changes a token or a bit
/// of a log-probability, and the log-probabilities are those of <see cref="Transformer.LogProbs(TokenBatch)"/> bit for bit.
/// One call runs at a time.
/// </remarks>
public sealed class Generator
{
    private const int SlotsPerLane = 32;
    private const int RowsPerLane = 2;          // fewer do not pay for a thread
    private const int TokensPerPass = 64;
    private const long LaneFloats = 1 << 26;    // 256 MB of cache a lane

    private readonly Transformer _model;
    private readonly ITokenizer _tokenizer;
    private readonly Lock _lock = new();
    private DecoderWeights? _weights;
    private GeneratorLane[] _lanes = [];

    /// <summary>A generator for a model and its tokenizer.</summary>
    public Generator(Transformer model, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularySize > model.Config.VocabularySize)
        {
            throw new ArgumentException($"Generator: the tokenizer has {tokenizer.VocabularySize} tokens, the model only {model.Config.VocabularySize}. Use the tokenizer that the model was made for.", nameof(tokenizer));
        }

        _model = model;
        _tokenizer = tokenizer;
    }

    /// <summary>Continues prompts.</summary>
    /// <param name="prompts">P token rows of different lengths, none empty.</param>
    /// <param name="options">How tokens are drawn.</param>
    /// <param name="random">Row r draws from the child <c>("row", r)</c>; the stream itself does not change, so give each call its own.</param>
    /// <param name="perPrompt">Completions of each prompt, G.</param>
    /// <param name="cancellationToken">Ends the call between two tokens.</param>
    /// <returns>P·G completions, those of one prompt next to each other.</returns>
    public Completion[] Generate(IReadOnlyList<int[]> prompts, SamplingOptions options, RandomStream random, int perPrompt = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(perPrompt, 1);
        string problems = string.Join(' ', options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException($"Generator: {problems}", nameof(options));
        }

        int longest = 0;
        for (int p = 0; p < prompts.Count; p++)
        {
            longest = Math.Max(longest, prompts[p].Length);
            if (prompts[p].Length == 0 || prompts[p].Length >= _model.Config.MaximumPositions)
            {
                throw new ArgumentException($"Generator: prompt {p} has {prompts[p].Length} tokens; 1 to {_model.Config.MaximumPositions - 1} fit the model's {_model.Config.MaximumPositions} positions.", nameof(prompts));
            }

            foreach (int token in prompts[p])
            {
                if ((uint)token >= (uint)_model.Config.VocabularySize)
                {
                    throw new ArgumentException($"Generator: prompt {p} holds token {token}; the model's vocabulary is 0..{_model.Config.VocabularySize - 1}.", nameof(prompts));
                }
            }
        }

        lock (_lock)
        {
            _weights ??= _model.Pack();
            _weights.Refresh();
            var work = new GenerationWork(prompts, perPrompt, options, options.StopTokens ?? (_tokenizer.EndToken is { } end ? [end] : []), _tokenizer, _model.Config, random, cancellationToken);
            int count = Math.Clamp(work.Rows / RowsPerLane, 1, Workers.Count);
            Prepare(count, work, longest);
            var isa = Cpu.Active;
            ExceptionDispatchInfo? failure = null;
            Workers.For(count, lane =>
            {
                using var same = Cpu.Use(isa);
                try
                {
                    _lanes[lane].Run(work);
                }
                catch (Exception e)
                {
                    work.Close();
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                }
            });
            failure?.Throw();
            return work.Completions();
        }
    }

    /// <summary>Lanes large enough for the work; those of the last call where they are.</summary>
    private void Prepare(int count, GenerationWork work, int longest)
    {
        var config = _model.Config;
        int positions = Math.Min(longest + work.Options.MaximumNewTokens, config.MaximumPositions);
        long perSlot = 2L * config.Layers * config.KeyValueHeads * config.HeadSize * (positions + 32L);
        int slots = (int)Math.Clamp(Math.Min(SlotsPerLane, (work.Rows + count - 1) / count), 1, Math.Max(1, LaneFloats / perSlot));
        if (_lanes.Length < count || _lanes.Any(l => l.Slots < slots || l.Positions < positions))
        {
            _lanes = [.. Enumerable.Range(0, Math.Max(count, _lanes.Length)).Select(_ => new GeneratorLane(_weights!, slots, positions, Math.Max(slots, TokensPerPass)))];
        }

        foreach (var lane in _lanes)
        {
            lane.UsableSlots = slots;
        }
    }
}
