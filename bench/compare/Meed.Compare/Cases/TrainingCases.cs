using Meed.Numerics;

namespace Meed.Compare.Cases;

/// <summary>Whole training steps through the ordinary tape.</summary>
public static class TrainingCases
{
    /// <summary>MLP 4-64-64-2, batch 64, tanh, mean squared error, Adam.</summary>
    public static void Mlp(CaseOptions options)
    {
        var random = new RandomStream(0);
        Linear[] layers =
        [
            new("0", 4, 64, random, activation: Activation.Tanh),
            new("1", 64, 64, random, activation: Activation.Tanh),
            new("2", 64, 2, random),
        ];
        var optimizer = new Adam(layers.SelectMany(layer => layer.Parameters), 1e-3f);
        float[] inputs = Data.Uniform(64 * 4, 1);
        float[] targets = Data.Uniform(64 * 2, 2);
        float last = 0;
        Output.Measure("mlp step", () =>
        {
            using var scope = Tape.Begin();
            var x = Tensor.From(inputs, 64, 4);
            foreach (var layer in layers)
            {
                x = layer.Forward(x);
            }

            var loss = (x - Tensor.From(targets, 64, 2)).Square().Mean();
            optimizer.Step(loss);
            last = loss.Item();
        }, options);
        Output.Note("loss after the last step", last.ToString("G9"));
    }

    /// <summary>GPT-2 shape: 4 layers, width 128, 4 heads, 16 rows of 64 tokens, 128 words, AdamW.</summary>
    public static void Gpt(CaseOptions options)
    {
        const int layers = 4;
        const int width = 128;
        const int rows = 16;
        const int tokens = 64;
        const int vocabulary = 128;
        var random = new RandomStream(0);
        var shape = new BlockOptions { Style = BlockStyle.Gpt2, Width = width, Heads = 4, KeyHeads = 4, Hidden = 4 * width, OutputDeviation = 0.02f / MathF.Sqrt(2 * layers) };
        var words = new Embedding("transformer.wte", vocabulary, width, random);
        var positions = new Embedding("transformer.wpe", tokens, width, random);
        TransformerBlock[] blocks = [.. Enumerable.Range(0, layers).Select(i => new TransformerBlock($"transformer.h.{i}", shape, random))];
        var norm = new LayerNorm("transformer.ln_f", width);
        var head = new Linear("lm_head", width, vocabulary, random, bias: false, deviation: 0.02f);
        var optimizer = new AdamW([.. words.Parameters, .. positions.Parameters, .. blocks.SelectMany(block => block.Parameters), .. norm.Parameters, .. head.Parameters], 1e-3f);
        int[] ids = [.. Enumerable.Range(0, rows * tokens).Select(i => (int)((uint)(i * 2654435761) >> 8) % vocabulary)];
        int[] targets = [.. Enumerable.Range(0, rows * tokens).Select(i => ids[(i + 1) % ids.Length])];
        int[] places = [.. Enumerable.Range(0, tokens)];
        float last = 0;
        Output.Measure("gpt step", () =>
        {
            using var scope = Tape.Begin();
            var x = words.Forward(ids, rows, tokens) + positions.Forward(places);
            foreach (var block in blocks)
            {
                x = block.Forward(x);
            }

            var loss = Ops.CrossEntropy(head.Forward(norm.Forward(x)), targets).Mean();
            optimizer.Step(loss, 1f, out _);
            last = loss.Item();
        }, options);
        Output.Note("loss after the last step", last.ToString("G9"));
        Output.Note("parameters", optimizer.Parameters.Sum(parameter => parameter.Value.Length).ToString());
    }
}
