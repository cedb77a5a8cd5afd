using System.Text.Json;
using Meed.Models.Files;

namespace Meed.Models.Transformers;

/// <summary>Shape of a decoder-only transformer, in the names of a Hugging Face <c>config.json</c> for Llama.</summary>
/// <remarks>The defaults are a model of about 0.8 million parameters that a laptop trains in minutes.</remarks>
public sealed record TransformerConfig
{
    /// <summary>Number of token ids, V (<c>vocab_size</c>).</summary>
    public int VocabularySize { get; init; } = 128;

    /// <summary>Features of a token, D (<c>hidden_size</c>).</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>Blocks (<c>num_hidden_layers</c>).</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Query heads (<c>num_attention_heads</c>).</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Key and value heads (<c>num_key_value_heads</c>); divides <see cref="Heads"/>. Fewer than heads is grouped-query attention (Ainslie et al. 2023, arXiv:2305.13245).</summary>
    public int KeyValueHeads { get; init; } = 4;

    /// <summary>Inner features of the gated MLP (<c>intermediate_size</c>); 8/3 of D as in Llama, rounded to whole vectors of 16.</summary>
    public int IntermediateSize { get; init; } = 352;

    /// <summary>Added to the mean square in RMS norm (<c>rms_norm_eps</c>).</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Base of the rotary position frequencies (<c>rope_theta</c>; Su et al. 2021, arXiv:2104.09864).</summary>
    public float RopeTheta { get; init; } = 10000f;

    /// <summary>Longest sequence, in tokens (<c>max_position_embeddings</c>).</summary>
    public int MaximumPositions { get; init; } = 512;

    /// <summary>True when the output matrix is the embedding (<c>tie_word_embeddings</c>).</summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>Standard deviation of the initial weights (<c>initializer_range</c>); those that write into the residual stream get it divided by √(2·layers), as GPT-2's do.</summary>
    public float InitializerRange { get; init; } = 0.02f;

    /// <summary>Token that begins a sequence (<c>bos_token_id</c>).</summary>
    public int? BeginToken { get; init; }

    /// <summary>Tokens that end a response (<c>eos_token_id</c>, one or several).</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>Token that fills rows (<c>pad_token_id</c>).</summary>
    public int? PadToken { get; init; }

    /// <summary>Features of one head.</summary>
    public int HeadSize => HiddenSize / Heads;

    /// <summary>Every problem of this record, so that one run shows them all.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, value) in ((string, int)[])[("vocab_size", VocabularySize), ("hidden_size", HiddenSize), ("num_hidden_layers", Layers), ("num_attention_heads", Heads), ("num_key_value_heads", KeyValueHeads), ("intermediate_size", IntermediateSize), ("max_position_embeddings", MaximumPositions)])
        {
            if (value < 1)
            {
                yield return $"{name} is {value}; it is 1 or more.";
            }
        }

        if (Heads >= 1 && HiddenSize % Heads != 0)
        {
            yield return $"hidden_size is {HiddenSize} and num_attention_heads {Heads}: the heads share the features evenly. Use a multiple.";
        }
        else if (Heads >= 1 && HeadSize % 2 != 0)
        {
            yield return $"hidden_size is {HiddenSize} over {Heads} heads: {HeadSize} features a head. Rotary positions need an even number.";
        }

        if (KeyValueHeads >= 1 && Heads % KeyValueHeads != 0)
        {
            yield return $"num_key_value_heads is {KeyValueHeads} and num_attention_heads {Heads}: each key head serves equally many query heads. Use a divisor.";
        }

        if (!(NormEpsilon > 0))
        {
            yield return $"rms_norm_eps is {NormEpsilon}; it is above 0.";
        }

        if (!(RopeTheta > 0))
        {
            yield return $"rope_theta is {RopeTheta}; it is above 0.";
        }

        if (!(InitializerRange >= 0))
        {
            yield return $"initializer_range is {InitializerRange}; it is 0 or more.";
        }

        foreach (int token in EndTokens.Append(BeginToken ?? 0).Append(PadToken ?? 0))
        {
            if (token < 0 || token >= VocabularySize)
            {
                yield return $"Special token {token} is not in the vocabulary of {VocabularySize}.";
            }
        }
    }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read or describes a model that is not built here; the message names file, place and reason.</exception>
    public static TransformerConfig Load(string path) => Read(JsonPlace.Read(path));

    /// <summary>Reads the bytes of a <c>config.json</c>.</summary>
    /// <exception cref="InvalidDataException">The message names file, place and reason.</exception>
    public static TransformerConfig Parse(string name, ReadOnlyMemory<byte> json) => Read(JsonPlace.Parse(name, json));

    /// <summary>Writes a <c>config.json</c>, the same bytes for the same record.</summary>
    public void Save(string path)
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartArray("architectures");
        json.WriteStringValue("LlamaForCausalLM");
        json.WriteEndArray();
        json.WriteBoolean("attention_bias", false);
        Optional(json, "bos_token_id", BeginToken);
        if (EndTokens.Count <= 1)
        {
            Optional(json, "eos_token_id", EndTokens.Count == 0 ? null : EndTokens[0]);
        }
        else
        {
            json.WriteStartArray("eos_token_id");
            foreach (int token in EndTokens)
            {
                json.WriteNumberValue(token);
            }

            json.WriteEndArray();
        }

        json.WriteString("hidden_act", "silu");
        json.WriteNumber("hidden_size", HiddenSize);
        json.WriteNumber("initializer_range", InitializerRange);
        json.WriteNumber("intermediate_size", IntermediateSize);
        json.WriteNumber("max_position_embeddings", MaximumPositions);
        json.WriteBoolean("mlp_bias", false);
        json.WriteString("model_type", "llama");
        json.WriteNumber("num_attention_heads", Heads);
        json.WriteNumber("num_hidden_layers", Layers);
        json.WriteNumber("num_key_value_heads", KeyValueHeads);
        Optional(json, "pad_token_id", PadToken);
        json.WriteNumber("rms_norm_eps", NormEpsilon);
        json.WriteNumber("rope_theta", RopeTheta);
        json.WriteBoolean("tie_word_embeddings", TieEmbeddings);
        json.WriteString("torch_dtype", "float32");
        json.WriteNumber("vocab_size", VocabularySize);
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static TransformerConfig Read(JsonPlace file)
    {
        const int most = 1 << 24;
        if (file["architectures"].Exists && !file["architectures"].Items().Any(a => a.Text() == "LlamaForCausalLM"))
        {
            throw file["architectures"].Error($"{file["architectures"].Element.GetRawText()} is not built here; LlamaForCausalLM is");
        }

        var activation = file["hidden_act"];
        if (activation.Exists && activation.Text() != "silu")
        {
            throw activation.Error($"'{activation.Text()}' is not built here; silu is");
        }

        foreach (string name in (string[])["attention_bias", "mlp_bias"])
        {
            if (file[name].Flag(false))
            {
                throw file[name].Error("biases are not built here");
            }
        }

        var rope = file["rope_parameters"];
        var scaling = file["rope_scaling"];
        if (scaling.Exists || (rope["rope_type"].Exists && rope["rope_type"].Text() != "default"))
        {
            throw (scaling.Exists ? scaling : rope["rope_type"]).Error("scaled rotary positions are not built here");
        }

        var theta = rope["rope_theta"].Exists ? rope["rope_theta"] : file["rope_theta"];
        int heads = file["num_attention_heads"].Int(1, most);
        var config = new TransformerConfig
        {
            VocabularySize = file["vocab_size"].Int(1, most),
            HiddenSize = file["hidden_size"].Int(1, most),
            Layers = file["num_hidden_layers"].Int(1, most),
            Heads = heads,
            KeyValueHeads = file["num_key_value_heads"].Exists ? file["num_key_value_heads"].Int(1, most) : heads,
            IntermediateSize = file["intermediate_size"].Int(1, most),
            NormEpsilon = file["rms_norm_eps"].Exists ? (float)file["rms_norm_eps"].Number(0, 1) : 1e-6f,
            RopeTheta = theta.Exists ? (float)theta.Number(0, 1e12) : 10000f,
            MaximumPositions = file["max_position_embeddings"].Exists ? file["max_position_embeddings"].Int(1, most) : 2048,
            TieEmbeddings = file["tie_word_embeddings"].Flag(false),
            InitializerRange = file["initializer_range"].Exists ? (float)file["initializer_range"].Number(0, 1e3) : 0.02f,
            BeginToken = file["bos_token_id"].Exists ? file["bos_token_id"].Int(0, most) : null,
            EndTokens = Tokens(file["eos_token_id"]),
            PadToken = file["pad_token_id"].Exists ? file["pad_token_id"].Int(-1, most) is var pad and >= 0 ? pad : null : null,
        };
        var size = file["head_dim"];
        if (size.Exists && size.Int(1, most) * (long)heads != config.HiddenSize)
        {
            throw size.Error($"{heads} heads of {size.Element.GetRawText()} features do not make hidden_size {config.HiddenSize}; other head sizes are not built here");
        }

        string problems = string.Join(" ", config.Problems());
        return problems.Length == 0 ? config : throw file.Error(problems.TrimEnd('.'));

        static IReadOnlyList<int> Tokens(JsonPlace place) => !place.Exists ? []
            : place.Element.ValueKind == JsonValueKind.Array ? [.. place.Items().Select(i => i.Int(0, most))]
            : [place.Int(0, most)];
    }
}
