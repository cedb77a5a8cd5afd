using System.Buffers;
using Meed.Models;
using Meed.Models.Generation;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Training;

/// <summary>A model folder in the layout of Hugging Face: <c>model.safetensors</c>, <c>config.json</c>, <c>tokenizer.json</c>.</summary>
public static class SavedModel
{
    /// <summary>Writes a policy, each file whole or not at all.</summary>
    public static void Save(TransformerPolicy policy, string folder)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Directory.CreateDirectory(folder);
        Disk.Replace(Path.Combine(folder, "model.safetensors"), stream => Safetensors.Write(stream, policy.Model.Parameters.Select(p => (p.Name, p.Value)), new Dictionary<string, string> { ["format"] = "pt" }));
        policy.Model.Config.Save(Path.Combine(folder, "config.json"));
        var tokenizer = new ArrayBufferWriter<byte>();
        policy.Tokenizer.Write(tokenizer);
        Disk.Replace(Path.Combine(folder, "tokenizer.json"), stream => stream.Write(tokenizer.WrittenSpan));
    }

    /// <summary>Reads a model folder, or the one inside a run folder.</summary>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public static TransformerPolicy Load(string folder, SamplingOptions options)
    {
        string model = Directory.Exists(Path.Combine(folder, "model")) ? Path.Combine(folder, "model") : folder;
        string config = Path.Combine(model, "config.json");
        if (!File.Exists(config))
        {
            throw new FileNotFoundException($"{folder} is neither a model folder nor a finished run: it has no config.json.");
        }

        var transformer = new Transformer(TransformerConfig.Load(config), new RandomStream(0));
        var tokenizer = TokenizerFile.Load(Path.Combine(model, "tokenizer.json"));
        using var weights = Safetensors.Open(Path.Combine(model, "model.safetensors"));
        foreach (var parameter in transformer.Parameters)
        {
            weights.Read(parameter.Name, parameter);
        }

        return new TransformerPolicy(transformer, tokenizer, options);
    }
}
