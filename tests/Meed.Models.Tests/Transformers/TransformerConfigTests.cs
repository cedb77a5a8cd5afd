using System.Text;
using Meed.Models.Transformers;

namespace Meed.Models.Tests.Transformers;

public class TransformerConfigTests
{
    [Fact]
    public void Save_ThenLoad_GivesTheSameRecord()
    {
        string path = Path.GetTempFileName();
        try
        {
            var config = new TransformerConfig { VocabularySize = 300, Heads = 8, KeyValueHeads = 2, NormEpsilon = 1e-6f, RopeTheta = 5e5f, TieEmbeddings = false, BeginToken = 1, EndTokens = [2, 7], PadToken = 0 };
            config.Save(path);
            var again = TransformerConfig.Load(path);

            Assert.Equal(config.EndTokens, again.EndTokens);
            Assert.Equal(config with { EndTokens = [] }, again with { EndTokens = [] });
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Parse_PublishedShape_TakesTheDefaultsOfItsFormat()
    {
        var config = Parse("""{"architectures":["LlamaForCausalLM"],"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":96,"vocab_size":50,"bos_token_id":1,"eos_token_id":2,"torch_dtype":"bfloat16","rope_scaling":null,"unknown_key":3}""");

        Assert.Equal((4, 16, 1e-6f, 10000f, 2048, false), (config.KeyValueHeads, config.HeadSize, config.NormEpsilon, config.RopeTheta, config.MaximumPositions, config.TieEmbeddings));
        Assert.Equal([2], config.EndTokens);
    }

    [Theory]
    [InlineData("""{"architectures":["GPT2LMHeadModel"]}""", "config.json: architectures: [\"GPT2LMHeadModel\"] is not built here; LlamaForCausalLM is.")]
    [InlineData("""{"hidden_act":"gelu"}""", "config.json: hidden_act: 'gelu' is not built here; silu is.")]
    [InlineData("""{"attention_bias":true}""", "config.json: attention_bias: biases are not built here.")]
    [InlineData("""{"rope_scaling":{"factor":2}}""", "config.json: rope_scaling: scaled rotary positions are not built here.")]
    [InlineData("""{"rope_scal\ud800\ud800":1,"hidden_size":64}""", "config.json: the name of a member holds half of a surrogate pair.")]
    [InlineData("""{"hidden_size":64}""", "config.json: num_attention_heads: it is missing; an integer is needed.")]
    [InlineData("""{"num_attention_heads":3,"vocab_size":9,"hidden_size":64,"num_hidden_layers":1,"intermediate_size":8}""", "config.json: hidden_size is 64 and num_attention_heads 3: the heads share the features evenly. Use a multiple.")]
    [InlineData("""{"num_attention_heads":4,"num_key_value_heads":3,"vocab_size":9,"hidden_size":64,"num_hidden_layers":1,"intermediate_size":8}""", "config.json: num_key_value_heads is 3 and num_attention_heads 4: each key head serves equally many query heads. Use a divisor.")]
    [InlineData("""{"num_attention_heads":4,"vocab_size":9,"hidden_size":64.5}""", "config.json: hidden_size: 64.5 is not an integer from 1 to 16777216.")]
    public void Parse_ModelThatIsNotBuiltHere_NamesThePlace(string json, string complaint) =>
        Assert.Equal(complaint, Assert.Throws<InvalidDataException>(() => Parse(json)).Message);

    private static TransformerConfig Parse(string json) => TransformerConfig.Parse("config.json", Encoding.UTF8.GetBytes(json));
}
