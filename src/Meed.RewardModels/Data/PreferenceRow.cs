using Meed.RewardModels.Observations;
using Meed.Rewards;

namespace Meed.RewardModels.Data;

/// <summary>Feedback about the responses to one prompt: what every file of preferences is read into.</summary>
/// <remarks>
/// As JSONL: <c>{"prompt": "..." or "messages": [..], "responses": [{"text", "model", "label", "rank", "rating", "attributes", "spans", "steps", "scores"}],
/// "preferences": [{"first", "second", "p", "margin", "annotator"}], "annotator", "context", "margin", "tie", "subset", "source", "id", "split", "group"}</c>.
/// What is seen beside the text stands at the row or at a response, as <c>image</c>, <c>frames</c> or <c>states</c> with <c>actions</c> (<see cref="ObservationSource"/>). Without <c>preferences</c> the pairs follow from ranks, else from ratings, else from labels.
/// </remarks>
public sealed record PreferenceRow
{
    /// <summary>Name of the data set, which tables are split by.</summary>
    public string Source { get; init; } = "";

    /// <summary>The row's own name; empty when it has none.</summary>
    public string Id { get; init; } = "";

    /// <summary>Line in its file, from 1.</summary>
    public long Line { get; init; }

    /// <summary>The dialogue up to the responses.</summary>
    public IReadOnlyList<Message> Prompt { get; init; } = [];

    /// <summary>Picture, clip or states that the prompt shows; null for none.</summary>
    public ObservationSource? Observation { get; init; }

    /// <summary>Rows of one group are split together; null where the prompt and what is seen decide.</summary>
    public string? Group { get; init; }

    /// <summary>The responses.</summary>
    public IReadOnlyList<RatedResponse> Responses { get; init; } = [];

    /// <summary>Which response is better than which.</summary>
    public IReadOnlyList<PreferencePair> Pairs { get; init; } = [];

    /// <summary>Who judged; null when it is not known.</summary>
    public string? Annotator { get; init; }

    /// <summary>The criterion or profile that was judged by; null when there was none.</summary>
    public string? Context { get; init; }

    /// <summary>Part of the data set, such as a scenario or a bench's subset; null when it has none.</summary>
    public string? Subset { get; init; }

    /// <summary>Language of prompt and responses, as the file writes it; null when it does not say.</summary>
    public string? Language { get; init; }

    /// <summary>The split that the file names, such as <c>train</c>; null when it names none.</summary>
    public string? Split { get; init; }
}

/// <summary>A response with what is known about its quality.</summary>
public sealed record RatedResponse
{
    /// <summary>The response; null where a file holds only its scores.</summary>
    public string? Text { get; init; }

    /// <summary>The model that wrote it; null when it is not known.</summary>
    public string? Model { get; init; }

    /// <summary>Right or wrong, acceptable or not; null when it was not judged.</summary>
    public bool? Label { get; init; }

    /// <summary>Its rank, 1 is the best; null when it was not ranked.</summary>
    public double? Rank { get; init; }

    /// <summary>Its rating, higher is better; null when it was not rated.</summary>
    public double? Rating { get; init; }

    /// <summary>Ratings by criterion.</summary>
    public IReadOnlyDictionary<string, double> Attributes { get; init; } = new Dictionary<string, double>();

    /// <summary>Marked parts of the text.</summary>
    public IReadOnlyList<SpanLabel> Spans { get; init; } = [];

    /// <summary>The steps of the text, in order.</summary>
    public IReadOnlyList<StepLabel> Steps { get; init; } = [];

    /// <summary>Scores that other models gave: one number, or one a step.</summary>
    public IReadOnlyDictionary<string, double[]> Scores { get; init; } = new Dictionary<string, double[]>();

    /// <summary>Picture, clip or states that are, or belong to, the response; null for none.</summary>
    public ObservationSource? Observation { get; init; }

    /// <summary>True when there is something to judge: a text, a row of features or an observation.</summary>
    public bool CanBeJudged => Text is not null || Feature >= 0 || Observation is not null;

    /// <summary>True when nothing tells it from another one.</summary>
    public bool IsSame(RatedResponse other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Text is not null || Observation is not null) && (Text ?? "") == (other.Text ?? "") && Observation?.Key == other.Observation?.Key;
    }

    /// <summary>Row of a feature matrix that belongs to it; −1 when there is none.</summary>
    public int Feature { get; init; } = -1;
}

/// <summary>A part of a response with its label.</summary>
/// <param name="Start">First character.</param>
/// <param name="End">One past the last character.</param>
/// <param name="Label">What was marked, such as <c>Irrelevant</c>.</param>
public sealed record SpanLabel(int Start, int End, string Label);

/// <summary>A step of a response.</summary>
/// <param name="Text">The step.</param>
/// <param name="Value">1 right, 0 wrong, between where the label is soft; NaN when the step was not judged.</param>
public sealed record StepLabel(string Text, double Value);

/// <summary>A comparison of two responses of a row.</summary>
/// <param name="First">Index of one response.</param>
/// <param name="Second">Index of the other.</param>
/// <param name="Probability">Probability that the first is better: 1, or less where the label is soft; ½ is a tie.</param>
/// <param name="Margin">How much better, in the file's own unit; 0 when it was not said.</param>
/// <param name="Annotator">Who judged; null when the row says it or nobody.</param>
public sealed record PreferencePair(int First, int Second, double Probability = 1, double Margin = 0, string? Annotator = null)
{
    /// <summary>True when neither was preferred.</summary>
    public bool IsTie => Probability == 0.5;
}
