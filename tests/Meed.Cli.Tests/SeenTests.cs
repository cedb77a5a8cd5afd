using System.Globalization;
using System.Text.Json;

namespace Meed.Cli.Tests;

public class SeenTests
{
    [Fact]
    public void Score_WithTheRunsOfARecipe_ReadsWhatRowsShow()
    {
        // The trajectory with the higher mean is better.
        using var place = new Workplace();
        var random = new Random(3);
        string States(double level) => $"[{string.Join(", ", Enumerable.Range(0, 3).Select(_ => string.Create(CultureInfo.InvariantCulture, $"[{level + (0.1 * random.NextDouble()):F3}]")))}]";
        File.WriteAllLines(place.At("prefs.jsonl"), Enumerable.Range(0, 200).Select(i => $$"""{"prompt": "Go {{i}}.", "chosen": {"states": {{States(1)}} }, "rejected": {"states": {{States(0)}} } }"""));
        File.WriteAllText(place.At("mine.yaml"), """
            kind: reward-model
            name: mine
            data: { files: [ { path: prefs.jsonl } ] }
            encoder: { states: { width: 16, layers: 1, heads: 2, steps: 8, vocabulary: 0 } }
            trainer: { epochs: 4, batchSize: 16 }
            evaluate: { bootstrap: 100, unigrams: false }
            """.Replace("prefs.jsonl", place.At("prefs.jsonl"), StringComparison.Ordinal));
        File.WriteAllLines(place.At("answers.jsonl"), [$$"""{"states": {{States(1)}} }""", $$"""{"states": {{States(0)}} }""", """{"response": "x", "states": [[1, 2]]}"""]);

        var (trained, _, problem) = place.Meed("train", "mine.yaml");
        var (code, output, error) = place.Meed("score", "answers.jsonl", "--reward", "runs/mine", "--out", place.At("scores.jsonl"));

        Assert.True(trained == 0, problem);
        var rows = File.ReadLines(place.At("scores.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.True(rows.Count == 3, $"{code} {output}{error}");
        Assert.True(rows[0].GetProperty("reward").GetDouble() > rows[1].GetProperty("reward").GetDouble());
        Assert.Equal("states is 1 states of 2 numbers without actions; this model reads at most 8 states of 1 numbers without actions.", rows[2].GetProperty("reason").GetString());
    }
}
