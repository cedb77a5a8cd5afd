using System.Buffers;
using System.Text.Json;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Models.Files;

/// <summary>A model on disk in the layout of Hugging Face: <c>config.json</c>, <c>model.safetensors</c>, <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
/// <remarks>Weights are read from F32, F16 or BF16, from one file or from shards with <c>model.safetensors.index.json</c>, and written as F32 in one file.</remarks>
public static class ModelFolder
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";
    private const string Index = "model.safetensors.index.json";
    private const string TokenizerName = "tokenizer.json";
    private const string TokenizerConfig = "tokenizer_config.json";

    /// <summary>Writes a model and its tokenizer into a folder, which is made where it is missing. The same model gives the same bytes.</summary>
    public static void Save(string folder, Transformer model, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        Directory.CreateDirectory(folder);
        var config = model.Config with
        {
            BeginToken = model.Config.BeginToken ?? tokenizer.BeginToken,
            EndTokens = model.Config.EndTokens.Count > 0 || tokenizer.EndToken is not { } end ? model.Config.EndTokens : [end],
            PadToken = model.Config.PadToken ?? tokenizer.PadToken,
        };
        config.Save(Path.Combine(folder, Config));
        SaveWeights(Path.Combine(folder, Weights), model.Parameters);
        TokenizerFile.Save(tokenizer, Path.Combine(folder, TokenizerName));
        File.WriteAllBytes(Path.Combine(folder, TokenizerConfig), Names(tokenizer).WrittenSpan);
    }

    /// <summary>Reads a model and its tokenizer.</summary>
    /// <exception cref="InvalidDataException">A file is missing or wrong; the message names file, place and reason.</exception>
    public static (Transformer Model, Tokenizer Tokenizer) Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string path = Path.Combine(folder, Config);
        var config = TransformerConfig.Load(path);
        var tokenizer = TokenizerFile.Load(Path.Combine(folder, TokenizerName));
        if (tokenizer.VocabularySize > config.VocabularySize)
        {
            throw new InvalidDataException($"{path}: vocab_size: {config.VocabularySize} is less than the {tokenizer.VocabularySize} tokens of {TokenizerName}.");
        }

        var model = new Transformer(config, new RandomStream(0));
        LoadWeights(folder, model.Parameters);
        return (model, tokenizer);
    }

    /// <summary>Writes parameters under their names.</summary>
    public static void SaveWeights(string path, IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Safetensors.Write(path, parameters.Select(p => (p.Name, p.Value)), new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>Reads parameters by their names from the weights of a folder.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, has another shape, or belongs to no parameter.</exception>
    public static void LoadWeights(string folder, IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(parameters);
        var wanted = parameters.ToDictionary(p => p.Name);
        var missing = new HashSet<string>(wanted.Keys);
        foreach (string path in Files(folder))
        {
            using var file = Open(path);
            foreach (string name in file.Entries.Keys)
            {
                if (wanted.TryGetValue(name, out var parameter))
                {
                    try
                    {
                        file.Read(name, parameter);
                    }
                    catch (NotSupportedException e)
                    {
                        throw new InvalidDataException($"{path}: {name}: {e.Message}", e);
                    }

                    missing.Remove(name);
                }
                else if (name != "lm_head.weight" && !name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal))   // a tied head and stored frequencies say nothing new
                {
                    throw new InvalidDataException($"{path}: {name}: the model of {Config} has no such parameter. It begins with {string.Join(", ", wanted.Keys.Take(3))}.");
                }
            }
        }

        if (missing.Count > 0)
        {
            throw new InvalidDataException($"{Path.Combine(folder, Weights)}: {missing.Order().First()} is missing{(missing.Count > 1 ? $", and {missing.Count - 1} more" : "")}; the model of {Config} needs it.");
        }
    }

    private static string[] Files(string folder)
    {
        string single = Path.Combine(folder, Weights), index = Path.Combine(folder, Index);
        if (File.Exists(single) || !File.Exists(index))
        {
            return [single];
        }

        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (_, place) in JsonPlace.Read(index)["weight_map"].Members())
        {
            string name = place.Text();
            names.Add(name == Path.GetFileName(name) && name is not (".." or ".") ? name : throw place.Error($"'{name}' is not a file of this folder"));
        }

        return [.. names.Select(n => Path.Combine(folder, n))];
    }

    private static Safetensors Open(string path)
    {
        try
        {
            return Safetensors.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path}: it cannot be read: {e.Message}", e);
        }
    }

    private static ArrayBufferWriter<byte> Names(ITokenizer tokenizer)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        foreach (var (name, id) in ((string, int?)[])[("bos_token", tokenizer.BeginToken), ("eos_token", tokenizer.EndToken), ("pad_token", tokenizer.PadToken)])
        {
            if (tokenizer.SpecialTokens.FirstOrDefault(s => s.Id == id) is { } special)
            {
                json.WriteString(name, special.Content);
            }
        }

        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteEndObject();
        json.Flush();
        return bytes;
    }
}
