using Meed.Models.Files;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Models.Tests.Files;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Save_ThenLoad_IsTheSameModelAndTheSameBytes(bool tied)
    {
        var model = Models.Small(3, tied: tied);
        ModelFolder.Save(_folder, model, new CharacterTokenizer("abc", Tokenizer.Pad, Tokenizer.End));
        byte[][] first = Read();
        var (again, tokenizer) = ModelFolder.Load(_folder);

        Assert.Equal(model.Parameters.Select(p => p.Name), again.Parameters.Select(p => p.Name));
        var batch = TokenBatch.From([[1, 2]], [[3, 4]]);
        Assert.Equal(model.LogProbs(batch).ToArray(), again.LogProbs(batch).ToArray());
        Assert.Equal((3, 4), (tokenizer.PadToken, tokenizer.EndToken));
        Assert.Equal([4], again.Config.EndTokens);
        ModelFolder.Save(_folder, again, tokenizer);
        Assert.Equal(first, Read());
        Assert.Contains("\"eos_token\": \"<|end|>\"", File.ReadAllText(Path.Combine(_folder, "tokenizer_config.json")));
    }

    [Fact]
    public void Load_Shards_ReadsAllOfThem()
    {
        var model = Models.Small(4);
        ModelFolder.Save(_folder, model, new CharacterTokenizer("abc"));
        File.Delete(Path.Combine(_folder, "model.safetensors"));
        Parameter[] all = [.. model.Parameters];
        ModelFolder.SaveWeights(Path.Combine(_folder, "a.safetensors"), all[..5]);
        ModelFolder.SaveWeights(Path.Combine(_folder, "b.safetensors"), all[5..]);
        File.WriteAllText(Path.Combine(_folder, "model.safetensors.index.json"), "{\"weight_map\":{" + string.Join(",", all.Select((p, i) => $"\"{p.Name}\":\"{(i < 5 ? "a" : "b")}.safetensors\"")) + "}}");

        Assert.Equal(all.SelectMany(p => p.Value.ToArray()), ModelFolder.Load(_folder).Model.Parameters.SelectMany(p => p.Value.ToArray()));
        File.WriteAllText(Path.Combine(_folder, "model.safetensors.index.json"), "{\"weight_map\":{\"x\":\"../a.safetensors\"}}");
        Assert.Contains("weight_map[\"x\"]: '../a.safetensors' is not a file of this folder", Complaint());
    }

    [Fact]
    public void Load_WeightsThatDoNotFit_NamesFileTensorAndReason()
    {
        var model = Models.Small(5);
        ModelFolder.Save(_folder, model, new CharacterTokenizer("abc"));
        string weights = Path.Combine(_folder, "model.safetensors");

        ModelFolder.SaveWeights(weights, model.Parameters.Skip(2));
        Assert.Contains("model.safetensors: model.embed_tokens.weight is missing, and 1 more", Complaint());
        ModelFolder.SaveWeights(weights, model.Parameters.Append(new Parameter("model.layers.0.self_attn.q_proj.bias", Tensor.Zeros(24))));
        Assert.Contains("model.layers.0.self_attn.q_proj.bias: the model of config.json has no such parameter", Complaint());
        ModelFolder.SaveWeights(weights, model.Parameters.Skip(1).Prepend(new Parameter("model.embed_tokens.weight", Tensor.Zeros(20, 24))));
        Assert.Contains("model.embed_tokens.weight is [20, 24]; the parameter model.embed_tokens.weight is [21, 24]", Complaint());
        File.WriteAllBytes(weights, [1, 2, 3]);
        Assert.Contains("model.safetensors", Complaint());
        File.Delete(weights);
        Assert.Contains("model.safetensors: it cannot be read", Complaint());
        new TransformerConfig { VocabularySize = 2 }.Save(Path.Combine(_folder, "config.json"));
        Assert.Contains("config.json: vocab_size: 2 is less than the 3 tokens of tokenizer.json", Complaint());
    }

    private string Complaint()
    {
        var error = Assert.Throws<InvalidDataException>(() => ModelFolder.Load(_folder));
        Assert.StartsWith(_folder, error.Message);
        return error.Message;
    }

    private byte[][] Read() => [.. Directory.GetFiles(_folder).Order().Select(File.ReadAllBytes)];
}
