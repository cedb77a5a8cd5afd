using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Meed.Models.Tokenizers;

namespace Meed.Models.Tests.Tokenizers;

public class TokenizerFileTests
{
    private static readonly string s_good = Json(BpeTrainer.Train(Texts.Corpus(), 270, [Tokenizer.End]));

    [Theory]
    [InlineData("{", "tokenizer.json:1:2: this is not JSON")]
    [InlineData("[]", "tokenizer.json: the file holds an array, not an object")]
    [InlineData("{}", "tokenizer.json: model.vocab: it is missing; an object is needed")]
    [InlineData("{\"model\":{\"type\":\"Unigram\"}}", "model.type: the model 'Unigram' is not known here; BPE is")]
    [InlineData("{\"normalizer\":{\"type\":\"NFC\"}}", "normalizer: a normalizer would change the text")]
    [InlineData("{\"pre_tokenizer\":{\"type\":\"Metaspace\"}}", "pre_tokenizer.type: the pre-tokenizer 'Metaspace' is not known here")]
    [InlineData("{\"pre_tokenizer\":{\"type\":\"ByteLevel\"},\"model\":{\"vocab\":{\"a\":0}}}", "model.vocab: byte 0x00 ('Ā') is missing")]
    [InlineData("{\"model\":{\"vocab\":{\"a\":0,\"b\":2}}}", "model.vocab: id 1 belongs to no token, though 2 does")]
    [InlineData("{\"model\":{\"vocab\":{\"a\":0,\"ab\":1}}}", "model.vocab[\"ab\"]: a token of a vocabulary without ByteLevel is one character")]
    [InlineData("{\"model\":{\"vocab\":{\"a\":-1}}}", "model.vocab[\"a\"]: -1 is not an integer from 0")]
    [InlineData("{\"model\":{\"vocab\":{\"a\":\"0\"}}}", "model.vocab[\"a\"]: it is a string; an integer is needed")]
    public void Parse_FileThatIsWrong_NamesFilePlaceAndReason(string json, string complaint)
    {
        var error = Assert.Throws<InvalidDataException>(() => TokenizerFile.Parse("tokenizer.json", Encoding.UTF8.GetBytes(json)));
        Assert.StartsWith("tokenizer.json:", error.Message);
        Assert.Contains(complaint, error.Message);
    }

    [Fact]
    public void Parse_MergeOfUnknownParts_NamesTheMerge()
    {
        var json = JsonNode.Parse(s_good)!;
        json["model"]!["merges"]![2] = "xyz q";
        Assert.Contains("model.merges[2]: 'xyz' is not in the vocabulary", Complaint(json));
        json["model"]!["merges"]![2] = "xyz";
        Assert.Contains("model.merges[2]: a merge is two parts with one space between them", Complaint(json));
    }

    [Fact]
    public void Parse_MergesAsPairs_ReadsTheNewerSpelling()
    {
        var json = JsonNode.Parse(s_good)!;
        var merges = json["model"]!["merges"]!.AsArray();
        for (int i = 0; i < merges.Count; i++)
        {
            merges[i] = new JsonArray([.. merges[i]!.GetValue<string>().Split(' ').Select(p => (JsonNode)p)]);
        }

        Assert.Equal(s_good, Json(TokenizerFile.Parse("t", Encoding.UTF8.GetBytes(json.ToJsonString()))));
    }

    [Fact]
    public void Parse_SplitBeforeByteLevel_CutsByItsPattern()
    {
        var tokenizer = BpeTrainer.Train(["1234567 1234567"], 270, null, PreTokenizer.Of(@"\p{N}{1,3}| +"), 1);
        var again = Assert.IsType<BpeTokenizer>(TokenizerFile.Parse("t", Encoding.UTF8.GetBytes(Json(tokenizer))));

        Assert.Equal(@"\p{N}{1,3}| +", again.PreTokenizer.Pattern);
        Assert.Equal(["123", "456", "7"], again.Encode("1234567").Select(t => again.Decode([t])));
    }

    [Fact]
    public void Parse_RandomDamage_IsReadOrRefusedInOneSentence()
    {
        var random = new Random(7);
        byte[] good = Encoding.UTF8.GetBytes(s_good);
        for (int i = 0; i < 1500; i++)
        {
            byte[] bad = (byte[])good.Clone();
            for (int hits = random.Next(1, 4); hits > 0; hits--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            int length = random.Next(4) == 0 ? random.Next(bad.Length) : bad.Length;
            try
            {
                TokenizerFile.Parse("t.json", bad.AsMemory(0, length));
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("t.json:", e.Message);
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    [Fact]
    public void Load_MissingFile_SaysSo() =>
        Assert.Contains("cannot be read", Assert.Throws<InvalidDataException>(() => TokenizerFile.Load("/nowhere/tokenizer.json")).Message);

    private static string Complaint(JsonNode json) =>
        Assert.Throws<InvalidDataException>(() => TokenizerFile.Parse("t", Encoding.UTF8.GetBytes(json.ToJsonString()))).Message;

    private static string Json(Tokenizer tokenizer)
    {
        var bytes = new ArrayBufferWriter<byte>();
        tokenizer.Write(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
