namespace Meed.Numerics.Tests.Layers;

public class LayerTests
{
    public static TheoryData<BlockStyle, int> Styles => new() { { BlockStyle.Llama, 4 }, { BlockStyle.Llama, 2 }, { BlockStyle.Llama, 1 }, { BlockStyle.Gpt2, 4 } };

    private static BlockOptions Options(BlockStyle style, int keyHeads) => new() { Style = style, Width = 32, Heads = 4, KeyHeads = keyHeads, Hidden = 48, Deviation = 0.3f };

    [Theory]
    [MemberData(nameof(Styles))]
    public void Forward_RowsAloneOrInABatch_GiveTheSameBits(BlockStyle style, int keyHeads)
    {
        var random = new RandomStream(5);
        var block = new TransformerBlock("b", Options(style, keyHeads), random);
        var x = Tensor.Normal(random, 0f, 1f, 9, 13, 32);
        using var scope = Tape.Begin(record: false);
        float[] together = block.Forward(x).ToArray();
        for (int row = 0; row < 9; row++)
        {
            float[] alone = block.Forward(x.Slice(0, row, 1)).ToArray();
            Assert.Equal(alone, together[(row * 13 * 32)..((row + 1) * 13 * 32)]);
        }
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Forward_ShorterRowsPaddedWithNaN_GiveTheSameBits(BlockStyle style, int keyHeads)
    {
        var random = new RandomStream(6);
        var block = new TransformerBlock("b", Options(style, keyHeads), random);
        var x = Tensor.Normal(random, 0f, 1f, 2, 13, 32);
        bool[] real = new bool[x.Length];
        Array.Fill(real, true);
        Array.Fill(real, false, (13 + 6) * 32, 7 * 32);
        using var scope = Tape.Begin();
        var input = x.Where(real, float.NaN).RequireGrad();
        var y = block.Forward(input, [13, 6]);
        Assert.Equal(block.Forward(x.Slice(0, 1, 1).Slice(1, 0, 6)).ToArray(), y.ToArray()[(13 * 32)..((13 + 6) * 32)]);

        // Gradients of the real tokens, masked to them, stay free of the padding.
        y.Where(real, 0f).Square().Sum().Backward();
        float[] gradient = input.Grad!.ToArray();
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.True(!real[i] || float.IsFinite(gradient[i]), $"value {i} has the gradient {gradient[i]}");
        }
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Forward_ByCacheInAnyPieces_GivesTheBitsOfTheWhole(BlockStyle style, int keyHeads)
    {
        var random = new RandomStream(7);
        var block = new TransformerBlock("b", Options(style, keyHeads), random);
        const int rows = 3;
        const int tokens = 37;
        var x = Tensor.Normal(random, 0f, 1f, rows, tokens, 32);
        using var scope = Tape.Begin(record: false);
        float[] whole = block.Forward(x).ToArray();
        foreach (int prompt in (int[])[1, 5, 16, 33])
        {
            var cache = new KeyValueCache(1, rows, tokens, keyHeads * 8);

            // Row r has a prompt that is r tokens shorter; the padding holds other tokens.
            int[] lengths = [.. Enumerable.Range(0, rows).Select(row => Math.Max(1, prompt - row))];
            Compare(block.Forward(x.Slice(1, 0, prompt), cache, 0), prompt, new int[rows], lengths);
            cache.Advance(lengths);
            while (cache.Lengths.Max() < tokens)
            {
                var next = Tensor.Concat(0, [.. Enumerable.Range(0, rows).Select(row => x.Slice(0, row, 1).Slice(1, cache.Lengths[row], 1))]);
                Compare(block.Forward(next, cache, 0), 1, cache.Lengths, [1, 1, 1]);
                cache.Advance(1);
            }
        }

        void Compare(Tensor y, int stride, int[] starts, int[] counts)
        {
            float[] values = y.ToArray();
            for (int row = 0; row < rows; row++)
            {
                for (int t = 0; t < counts[row]; t++)
                {
                    int at = ((row * tokens) + starts[row] + t) * 32;
                    Assert.Equal(whole[at..(at + 32)], values[(((row * stride) + t) * 32)..(((row * stride) + t + 1) * 32)]);
                }
            }
        }
    }

    [Fact]
    public void Select_RowsRepeatedAndDropped_ContinueAsTheirOriginals()
    {
        var random = new RandomStream(8);
        var block = new TransformerBlock("b", Options(BlockStyle.Llama, 2), random);
        var x = Tensor.Normal(random, 0f, 1f, 3, 6, 32);
        using var scope = Tape.Begin(record: false);
        float[] whole = block.Forward(x).ToArray();
        var cache = new KeyValueCache(1, 3, 6, 16);
        block.Forward(x.Slice(1, 0, 5), cache, 0);
        cache.Advance(5);
        int[] rows = [2, 0, 2, 2];
        cache.Select(rows);
        float[] next = block.Forward(x.Take(0, rows).Slice(1, 5, 1), cache, 0).ToArray();
        for (int i = 0; i < rows.Length; i++)
        {
            int at = ((rows[i] * 6) + 5) * 32;
            Assert.Equal(whole[at..(at + 32)], next[(i * 32)..((i + 1) * 32)]);
        }

        cache.Advance(1);
        Assert.Throws<InvalidOperationException>(() => block.Forward(x.Take(0, rows).Slice(1, 5, 1), cache, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Advance(1));
        cache.Truncate([5, 5, 5, 5]);
        Assert.Equal(next, block.Forward(x.Take(0, rows).Slice(1, 5, 1), cache, 0).ToArray());
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Forward_RecordedOrNot_GivesTheSameBits(BlockStyle style, int keyHeads)
    {
        // Without recording, intermediate memory is reused within the pass.
        var random = new RandomStream(9);
        var block = new TransformerBlock("b", Options(style, keyHeads), random);
        var x = Tensor.Normal(random, 0f, 1f, 3, 7, 32);
        using var outer = Tape.Begin();
        float[] recorded = block.Forward(block.Forward(x)).ToArray();
        using var inner = Tape.Begin(record: false);
        var first = block.Forward(x);
        float[] values = first.ToArray();
        Assert.Equal(recorded, block.Forward(first).ToArray());
        Assert.Equal(values, first.ToArray());
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Backward_WithTheFirstMapsFrozen_ReachesTheOthers(BlockStyle style, int keyHeads)
    {
        var block = new TransformerBlock("b", Options(style, keyHeads), new RandomStream(9));
        var x = Tensor.Normal(new RandomStream(10), 0f, 1f, 3, 7, 32);
        float[] Gradient()
        {
            using var scope = Tape.Begin();
            block.Forward(x).Square().Sum().Backward();
            float[] gradient = block.Parameters.Last(parameter => parameter.Name.EndsWith(".weight", StringComparison.Ordinal)).Grad!.ToArray();
            foreach (var parameter in block.Parameters)
            {
                parameter.ClearGrad();
            }

            return gradient;
        }

        float[] all = Gradient();
        var last = block.Parameters.Last(parameter => parameter.Name.EndsWith(".weight", StringComparison.Ordinal));
        foreach (var parameter in block.Parameters.Where(parameter => parameter != last))
        {
            parameter.IsTrainable = false;
        }

        Assert.Equal(all, Gradient());
    }

    [Fact]
    public void Parameters_OfBothStyles_CarryTheNamesOfTheirCheckpoints()
    {
        var llama = new TransformerBlock("model.layers.0", Options(BlockStyle.Llama, 2), new RandomStream(1));
        Assert.Equal(
            ["input_layernorm.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight", "self_attn.o_proj.weight",
             "post_attention_layernorm.weight", "mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight"],
            llama.Parameters.Select(parameter => parameter.Name["model.layers.0.".Length..]));
        Assert.Equal([16, 32], llama.Parameters.Single(parameter => parameter.Name.EndsWith("k_proj.weight", StringComparison.Ordinal)).Shape);
        var gpt = new TransformerBlock("transformer.h.0", Options(BlockStyle.Gpt2, 4), new RandomStream(1));
        Assert.Equal(
            ["ln_1.weight", "ln_1.bias", "attn.c_attn.weight", "attn.c_attn.bias", "attn.c_proj.weight", "attn.c_proj.bias",
             "ln_2.weight", "ln_2.bias", "mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias"],
            gpt.Parameters.Select(parameter => parameter.Name["transformer.h.0.".Length..]));
    }

    [Fact]
    public void Problems_OfUnfitSizes_AreNamed()
    {
        Assert.Empty(new BlockOptions().Problems());
        Assert.Contains("must divide", Assert.Throws<ArgumentException>(() => new TransformerBlock("b", new BlockOptions { KeyHeads = 3 }, new RandomStream(1))).Message);
        Assert.Single(new BlockOptions { Width = 130 }.Problems());
        Assert.Single(new BlockOptions { Width = 12, Heads = 4 }.Problems());
        Assert.Single(new BlockOptions { Style = BlockStyle.Gpt2, KeyHeads = 2 }.Problems());
        Assert.Single(new BlockOptions { Heads = 0 }.Problems());
    }

    [Fact]
    public void Linear_FrozenWeight_CollectsNoGradientAndPassesItOn()
    {
        var layer = new Linear("l", 3, 2, new RandomStream(1));
        foreach (var parameter in layer.Parameters)
        {
            parameter.IsTrainable = false;
        }

        var x = Tensor.Ones(4, 3).RequireGrad();
        layer.Forward(x).Sum().Backward();
        Assert.NotNull(x.Grad);
        Assert.All(layer.Parameters, parameter => Assert.Null(parameter.Grad));
        Assert.Empty(new Sgd(layer.Parameters, 0.1f).Parameters);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Training_ABlockToCopyTheTokenBefore_Succeeds(BlockStyle style, int keyHeads)
    {
        const int vocabulary = 8;
        const int tokens = 12;
        var random = new RandomStream(2);
        var options = Options(style, keyHeads) with { Deviation = 0.1f };
        var embedding = new Embedding("wte", vocabulary, 32, random, 0.5f);
        var positions = new Embedding("wpe", tokens, 32, random, 0.5f);
        TransformerBlock[] blocks = [new("h.0", options, random), new("h.1", options, random)];
        var head = new Linear("head", 32, vocabulary, random, bias: false);
        var optimizer = new AdamW(embedding.Parameters.Concat(positions.Parameters).Concat(blocks.SelectMany(block => block.Parameters)).Concat(head.Parameters), 1e-2f);
        float loss = 0;
        for (int step = 0; step < 150; step++)
        {
            using var scope = Tape.Begin();
            int[] ids = [.. Enumerable.Range(0, 16 * tokens).Select(_ => random.NextInt(vocabulary))];
            int[] targets = [.. ids.Select((_, i) => i % tokens == 0 ? -1 : ids[i - 1])];
            var x = embedding.Forward(ids, 16, tokens);
            if (style == BlockStyle.Gpt2)
            {
                x += positions.Forward([.. Enumerable.Range(0, tokens)]);
            }

            foreach (var block in blocks)
            {
                x = block.Forward(x);
            }

            var mean = Ops.CrossEntropy(head.Forward(x), targets).Sum() / (16 * (tokens - 1));
            optimizer.Step(mean, 1f, out _);
            loss = mean.Item();
        }

        // Guessing costs ln 8 = 2.08; the token before is always there to copy.
        Assert.InRange(loss, 0f, 0.1f);
    }
}
