using Meed.Models;
using Meed.Models.Transformers;
using Meed.Numerics;
using Meed.Objectives;
using Meed.Objectives.Losses;

namespace Meed.Evaluation.Studies;

/// <summary>A tiny transformer over made-up tokens, trained on completions, for studies.</summary>
internal sealed class TinyLanguage
{
    private readonly AdamW _optimizer;

    public TinyLanguage(int tokens, int width, int layers, RandomStream random)
    {
        Model = new Transformer(new TransformerConfig { VocabularySize = tokens, HiddenSize = width, Layers = layers, Heads = 4, KeyValueHeads = 4, IntermediateSize = 3 * width, MaximumPositions = 32, InitializerRange = 0.05f }, random);
        _optimizer = new AdamW(Model.Parameters, 1e-3f, 0.01f);
    }

    public Transformer Model { get; }

    /// <summary>One update on the mean loss of the completions' tokens.</summary>
    public void Step(IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> completions, float rate)
    {
        using var scope = Tape.Begin();
        var batch = TokenBatch.From(prompts, completions);
        _optimizer.LearningRate = rate;
        _optimizer.Step(Reduce.Tokens(NegativeLogLikelihood.Loss(Model.LogProbs(batch)), batch.Mask, TokenReduction.TokenMean), 1, out _);
    }

    /// <summary>Logits after the last token of rows of one length, [N][V].</summary>
    public float[][] After(IReadOnlyList<int[]> rows) => At(rows, rows[0].Length - 1, null);

    /// <summary>Logits after a place of rows of one length, with some units of the last hidden state at zero.</summary>
    public float[][] At(IReadOnlyList<int[]> rows, int place, float[]? units)
    {
        using var scope = Tape.Begin(record: false);
        int n = rows.Count, t = rows[0].Length, d = Model.Config.HiddenSize;
        var hidden = Model.Hidden(Batch(rows)).Reshape(n * t, d).Take(0, [.. Enumerable.Range(0, n).Select(i => (i * t) + place)]);
        hidden = units is null ? hidden : hidden * Tensor.From(units, 1, d);
        float[] flat = Model.Head(hidden).ToArray();
        int v = flat.Length / n;
        return [.. Enumerable.Range(0, n).Select(i => flat[(i * v)..((i + 1) * v)])];
    }

    /// <summary>Last hidden states of rows of one length, [N][T][D].</summary>
    public float[][][] Hidden(IReadOnlyList<int[]> rows)
    {
        using var scope = Tape.Begin(record: false);
        int n = rows.Count, t = rows[0].Length, d = Model.Config.HiddenSize;
        float[] flat = Model.Hidden(Batch(rows)).ToArray();
        return [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, t).Select(k => flat[(((i * t) + k) * d)..(((i * t) + k + 1) * d)]).ToArray())];
    }

    private static TokenBatch Batch(IReadOnlyList<int[]> rows) => new([.. rows.SelectMany(r => r)], [.. rows.Select(r => r.Length)], [.. rows.Select(r => r.Length)]);
}
