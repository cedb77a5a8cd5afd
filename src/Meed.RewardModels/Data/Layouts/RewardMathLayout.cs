using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Scores that reward models gave to one right and nine wrong solutions, without the texts. github.com/kimsh0507/RewardMATH_official, <c>results/RewardMATH</c>.</summary>
public sealed class RewardMathLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "rewardmath-scores";

    /// <inheritdoc/>
    public override string Shape => "problem, scores: {model: [number or list for each solution]}, the first solution is right";

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("problem", JsonValueKind.String), ("scores", JsonValueKind.Object));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        var scores = Named(row, "scores", p => p.Value);
        var (first, given) = scores.FirstOrDefault();
        int count = first is null ? 0 : Count(first, given);
        if (scores.FirstOrDefault(p => Count(p.Key, p.Value) != count) is { Key: { } name } odd)
        {
            throw new FormatException($"\"scores\" has {odd.Value.GetArrayLength()} solutions for {name} and {count} for the first model");
        }

        string[] writers = row.TryGetProperty("solution_reference", out var names) ? [.. names.EnumerateArray().Select(n => n.ToString())] : [];
        RatedResponse[] responses = [.. Enumerable.Range(0, count).Select(i => new RatedResponse
        {
            Model = i < writers.Length ? writers[i] : null,
            Label = i == 0,
            Scores = scores.ToDictionary(p => p.Key, p => Numbers(p.Value[i])),
        })];
        return new PreferenceRow { Prompt = User(Text(row, "problem")), Responses = responses, Pairs = PairsOf.Labels(responses) };
    }

    private static int Count(string model, JsonElement given) => given.ValueKind == JsonValueKind.Array ? given.GetArrayLength() : throw new FormatException($"the scores of {model} are {Short(given)}, not a list");

    internal static double[] Numbers(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(One)] : [One(value)];

    private static double One(JsonElement value) => NumberOf(value) ?? throw new FormatException($"a score is {Short(value)}, not a number");
}
