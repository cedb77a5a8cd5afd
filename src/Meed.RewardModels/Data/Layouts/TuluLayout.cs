using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Human pairwise judgements in five grades, several annotators a pair. github.com/allenai/open-instruct, <c>human_eval/data</c>.</summary>
/// <remarks>"Better" has margin 2, "slightly better" margin 1.</remarks>
public sealed class TuluLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "tulu-human-eval";

    /// <inheritdoc/>
    public override string Shape => "prompt, completion_a, completion_b, preference";

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("prompt", JsonValueKind.String), ("completion_a", JsonValueKind.String), ("completion_b", JsonValueKind.String), ("preference", JsonValueKind.String));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        string? annotator = Maybe(row, "annotator");
        var pair = Text(row, "preference") switch
        {
            "a-is-better" => new PreferencePair(0, 1, 1, 2, annotator),
            "a-is-slightly-better" => new PreferencePair(0, 1, 1, 1, annotator),
            "b-is-better" => new PreferencePair(1, 0, 1, 2, annotator),
            "b-is-slightly-better" => new PreferencePair(1, 0, 1, 1, annotator),
            "tie" => new PreferencePair(0, 1, 0.5, 0, annotator),
            var other => throw new FormatException($"\"preference\" is '{other}'; it is tie, a-is-better, a-is-slightly-better or the same of b"),
        };
        return new PreferenceRow
        {
            Id = Maybe(row, "instance_id") ?? "",
            Prompt = User(Text(row, "prompt")),
            Responses = [Response(row, "a"), Response(row, "b")],
            Pairs = [pair],
            Annotator = annotator,
        };
    }

    private static RatedResponse Response(JsonElement row, string side) => new()
    {
        Text = Text(row, $"completion_{side}"),
        Model = Maybe(row, $"model_{side}"),
        Label = Maybe(row, $"{side}_acceptable") switch { "yes" => true, "no" => false, _ => null },
    };
}
