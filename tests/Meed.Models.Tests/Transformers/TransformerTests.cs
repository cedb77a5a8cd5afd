using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Models.Tests.Transformers;

public class TransformerTests
{
    [Fact]
    public void Parameters_OfASmallModel_HaveThePublishedNamesAndShapes()
    {
        var model = Models.Small(1, layers: 1, tied: false);

        Assert.Equal(
            [
                "model.embed_tokens.weight [21, 24]", "model.layers.0.input_layernorm.weight [24]", "model.layers.0.self_attn.q_proj.weight [24, 24]", "model.layers.0.self_attn.k_proj.weight [12, 24]",
                "model.layers.0.self_attn.v_proj.weight [12, 24]", "model.layers.0.self_attn.o_proj.weight [24, 24]", "model.layers.0.post_attention_layernorm.weight [24]", "model.layers.0.mlp.gate_proj.weight [40, 24]",
                "model.layers.0.mlp.up_proj.weight [40, 24]", "model.layers.0.mlp.down_proj.weight [24, 40]", "model.norm.weight [24]", "lm_head.weight [21, 24]",
            ],
            model.Parameters.Select(p => $"{p.Name} [{string.Join(", ", p.Shape)}]"));
        Assert.DoesNotContain(Models.Small(1).Parameters, p => p.Name == "lm_head.weight");
        Assert.InRange(new Transformer(new TransformerConfig(), new RandomStream(0)).ParameterCount, 780_000, 840_000);
    }

    [Fact]
    public void Constructor_SameSeed_GivesTheSameWeights()
    {
        var first = Models.Small(3).Parameters.SelectMany(p => p.Value.ToArray());

        Assert.Equal(first, Models.Small(3).Parameters.SelectMany(p => p.Value.ToArray()));
        Assert.NotEqual(first, Models.Small(4).Parameters.SelectMany(p => p.Value.ToArray()));
    }

    [Fact]
    public void Constructor_BadConfig_NamesAllProblems()
    {
        var error = Assert.Throws<ArgumentException>(() => new Transformer(new TransformerConfig { Layers = 0, KeyValueHeads = 3 }, new RandomStream(0)));
        Assert.Contains("num_hidden_layers is 0", error.Message);
        Assert.Contains("num_key_value_heads is 3", error.Message);
    }

    [Fact]
    public void LogProbs_WhatStandsInThePadding_ChangesNothing()
    {
        var model = Models.Small(5);
        int[][] prompts = [[1, 2, 3], [4], [5, 6, 7, 8]], completions = [[9], [1, 2, 3, 4, 5], [3, 3]];

        Assert.Equal(
            model.LogProbs(TokenBatch.From(prompts, completions, pad: 0)).ToArray(),
            model.LogProbs(TokenBatch.From(prompts, completions, pad: 123_456)).ToArray());
    }

    [Fact]
    public void LogProbs_AgainstAllLogits_AreTheSameNumbers()
    {
        var model = Models.Small(6);
        var batch = TokenBatch.From([[1, 2, 3], [4]], [[9, 10], [1, 2, 3, 4, 5]]);
        float[] all = model.Logits(batch).LogSoftmax().ToArray(), picked = model.LogProbs(batch).ToArray();

        for (int i = 0; i < picked.Length; i++)
        {
            Assert.Equal(batch.Mask[i] ? all[((i - 1) * 21) + batch.Tokens[i]] : 0f, picked[i], 1e-5f);   // float32, log-probabilities around 10
        }
    }

    [Fact]
    public void LogProbs_LaterTokens_DoNotChangeEarlierOnes()
    {
        var model = Models.Small(7);
        float[] longer = model.LogProbs(TokenBatch.From([[1, 2]], [[3, 4, 5, 6, 7, 8]])).ToArray();

        Assert.Equal(model.LogProbs(TokenBatch.From([[1, 2]], [[3, 4, 5]])).ToArray(), longer[..5]);
    }

    [Fact]
    public void LogProbs_Gradient_MatchesCentralDifferences()
    {
        var model = Models.Small(8, vocabulary: 7, hidden: 8, layers: 1, heads: 2, keyValueHeads: 1, intermediate: 5);
        var batch = TokenBatch.From([[1, 2], [3]], [[4, 5, 6], [0, 1]]);
        var random = new Random(1);
        var weights = Tensor.From([.. Enumerable.Range(0, batch.Rows * batch.Length).Select(_ => random.NextSingle() - 0.5f)], batch.Rows, batch.Length);
        (model.LogProbs(batch) * weights).Sum().Backward();

        foreach (var parameter in model.Parameters)
        {
            float[] values = parameter.Value.ToArray(), gradient = parameter.Grad!.ToArray();
            int at = random.Next(values.Length);
            const float step = 1e-2f;   // float32 forward: larger steps round less, and the loss is smooth
            float Loss(float shift)
            {
                float[] moved = (float[])values.Clone();
                moved[at] += shift;
                parameter.Load(moved);
                return (model.LogProbs(batch) * weights).Sum().Item();
            }

            float numeric = ((8 * (Loss(step) - Loss(-step))) - (Loss(2 * step) - Loss(-2 * step))) / (12 * step);
            parameter.Load(values);
            Assert.True(MathF.Abs(numeric - gradient[at]) < 2e-3f * MathF.Max(1, MathF.Abs(numeric)), $"{parameter.Name}[{at}]: {gradient[at]} against {numeric}");
        }
    }

    [Fact]
    public void Hidden_RowsBeyondTheLastPosition_AreRefused() =>
        Assert.Contains("rows of 97 tokens; the model has max_position_embeddings 96", Assert.Throws<ArgumentException>(() => Models.Small(1).Hidden(TokenBatch.From([new int[97]], [[]]))).Message);

    [Fact]
    public void ValueHead_ToTargets_Learns()
    {
        var model = Models.Small(9);
        var head = new ValueHead(24);
        var batch = TokenBatch.From([[1, 2, 3], [4, 5, 6]], [[7], [8]]);
        Assert.All(head.Forward(model.Hidden(batch)).ToArray(), value => Assert.Equal(0f, value));
        var optimizer = new Adam(head.Parameters, 0.05f);
        var target = Tensor.From([1f, -1f, 2f, 0f, 0.5f, -0.5f, 1f, 3f], 2, 4);
        float last = float.MaxValue;
        for (int step = 0; step < 300; step++)
        {
            using var scope = Tape.Begin();
            var loss = (head.Forward(model.Hidden(batch).Detach()) - target).Square().Mean();
            optimizer.Step(loss);
            last = loss.Item();
        }

        Assert.True(last < 0.01f, $"loss {last}");
    }
}
