using System.Text.Json;
using System.Text.Json.Serialization;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Observations;

namespace Meed.RewardModels;

/// <summary>What <c>reward-model.json</c> of a reward model's folder says.</summary>
public sealed record RewardModelInfo
{
    /// <summary>File name in the folder.</summary>
    public const string FileName = "reward-model.json";

    /// <summary>The only format there is.</summary>
    public const int CurrentFormat = 1;

    internal static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, IndentSize = 1, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Version of the layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Name of the recipe that trained it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The n-gram encoder's options; null for another encoder.</summary>
    public NGramOptions? Ngrams { get; init; }

    /// <summary>The transformer encoder's options; null for another encoder.</summary>
    public TransformerOptions? Transformer { get; init; }

    /// <summary>The feature encoder's options; null for another encoder.</summary>
    public FeatureOptions? Features { get; init; }

    /// <summary>The picture encoder's options; null for another encoder.</summary>
    public PictureEncoderOptions? Pictures { get; init; }

    /// <summary>The clip encoder's options; null for another encoder.</summary>
    public ClipEncoderOptions? Clips { get; init; }

    /// <summary>The state encoder's options; null for another encoder.</summary>
    public StateEncoderOptions? States { get; init; }

    /// <summary>Sizes of what it looks at, for pictures, clips and states.</summary>
    public ObservationShape? Shape { get; init; }

    /// <summary>Options of whichever of these encoders it has.</summary>
    internal ObservationOptions? Seeing => (ObservationOptions?)Pictures ?? (ObservationOptions?)Clips ?? States;

    /// <summary>Features of a sample, for the feature encoder.</summary>
    public int Width { get; init; }

    /// <summary>Numbers of a sample.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>What it was trained for.</summary>
    public string Objective { get; init; } = "";

    /// <summary>Weight of each number in the reward.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [1];

    /// <summary>How dialogues are written for the encoder.</summary>
    public string Template { get; init; } = "";

    /// <summary>Hash of a probe dialogue's encoding; template, tokenizer and hashing go into it.</summary>
    public string Lock { get; init; } = "";

    /// <summary>Hash of the weights.</summary>
    public string WeightsHash { get; init; } = "";

    /// <summary>The lowest reward it gives; scores below are cut to it.</summary>
    public double Minimum { get; init; } = -1;

    /// <summary>The highest reward it gives; scores above are cut to it.</summary>
    public double Maximum { get; init; } = 1;

    /// <summary>Comparisons, rankings or responses that it was trained on.</summary>
    public int TrainedOn { get; init; }

    /// <summary>Sources of the training data.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Accuracy on the test part of the training run; null when there was none.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>An encoder in a few words, such as <c>word 1-2-grams, style, by source</c>.</summary>
    /// <param name="encoder">Its options.</param>
    public static string Words(object encoder) => encoder switch
    {
        NGramOptions n => string.Join(", ", ((string[])[n.Words == 1 ? "single words" : n.Words > 1 ? $"word 1-{n.Words}-grams" : "", n.Characters > 0 ? $"character 3-{n.Characters}-grams" : "", n.Style ? n.Words + n.Characters == 0 ? "style alone" : "style" : "", n.Rank > 0 ? $"rank {n.Rank}" : "", n.Context ? "by source" : ""]).Where(w => w.Length > 0)),
        TransformerOptions t => string.Join(", ", ((string[])[t.From.Length > 0 ? "transformer of a run" : $"transformer {t.Layers} × {t.HiddenSize}", t.PretrainSteps > 0 ? "pretrained" : t.From.Length > 0 ? "" : "from scratch", t.Freeze ? "frozen" : "", t.Head == HeadKind.Linear ? t.Freeze ? "linear head" : "" : t.Head == HeadKind.TwoLayer ? "two-layer head" : "attention head", t.Context ? "by source" : ""]).Where(w => w.Length > 0)),
        FeatureOptions f => $"features, {(f.Head == HeadKind.Linear ? "linear" : "two-layer")} head",
        _ => throw new ArgumentException($"{encoder} is no encoder: n-grams, transformer or features.", nameof(encoder)),
    };
}
