using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Alignment.Tests;

public class NewTokensTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Begin_NewToken_GetsTheMeanOfTheRelatedOnesAndNothingElseMoves(bool tied)
    {
        var model = new Transformer(new TransformerConfig { VocabularySize = 6, HiddenSize = 8, Layers = 1, Heads = 2, KeyValueHeads = 2, IntermediateSize = 16, TieEmbeddings = tied }, new RandomStream(1));
        var before = model.Parameters.ToDictionary(p => p.Name, p => p.Value.ToArray());

        NewTokens.Begin(model, [5], [1, 2]);

        string[] tables = tied ? ["model.embed_tokens.weight"] : ["model.embed_tokens.weight", "lm_head.weight"];
        foreach (var parameter in model.Parameters)
        {
            var expected = before[parameter.Name];
            if (tables.Contains(parameter.Name))
            {
                for (int d = 0; d < 8; d++)
                {
                    expected[40 + d] = (float)(((double)expected[8 + d] + expected[16 + d]) / 2);
                }
            }

            Assert.Equal(expected, parameter.Value.ToArray());
        }

        Assert.Equal(tables.Length, model.Parameters.Count(p => tables.Contains(p.Name)));
    }

    [Fact]
    public void Begin_NothingToResemble_IsAnError()
    {
        var model = new Transformer(new TransformerConfig { VocabularySize = 6, HiddenSize = 8, Layers = 1, Heads = 2, KeyValueHeads = 2, IntermediateSize = 16 }, new RandomStream(1));

        Assert.Throws<ArgumentException>(() => NewTokens.Begin(model, [5], []));
    }
}
