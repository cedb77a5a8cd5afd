namespace Meed.Rewards.Tests;

/// <summary>The test every verifier has: hostile answers are scored, never failed.</summary>
internal static class Fuzz
{
    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", "\"", "'", "\\", ",", ":", "(", ")", "<think>", "</think>", "<answer>", "</answer>", "null", "true", "-1e999", "NaN", "1e308", "0.0000001", "\ud800", "\udc00", "\0", "\n\n", "***",
        "******", "<<", ">>", "```json\n", "```", "é", "日本", "😀", "e.g. ", "U.S. The ", "Mr. ", "...", "?!", "word ", "The ", " ", "\t", "1", "23", "4.5", "-", "*", "$", "\\boxed{", "box_2d", "[[1,2],[3,4]]", "name", "arguments",
        "{\"a\":", "]]]]]]]]", "[[[[[[[[", "S:", "P.P.S", "Section 1", "\u202e", "\uFEFF", "100000000000000000000000000",
    ];

    /// <summary>Answers of the ordinary run; the long tier takes 10,000.</summary>
    public const int Quick = 1000;

    public static async Task IsAlwaysScored(IReward<TextSample> reward, TextSample pattern, bool correctness, int count = 10_000, params string[] seeds)
    {
        var random = new Random(20260101);
        var samples = new List<TextSample>(count);
        string[] starts = [.. seeds, ""];
        for (int i = 0; i < count; i++)
        {
            var text = starts[random.Next(starts.Length)];
            int edits = random.Next(1, 12);
            for (int e = 0; e < edits; e++)
            {
                int at = random.Next(text.Length + 1);
                int cut = random.Next(3) == 0 ? Math.Min(text.Length - at, random.Next(8)) : 0;
                var piece = s_pieces[random.Next(s_pieces.Length)];
                text = string.Concat(text.AsSpan(0, at), random.Next(40) == 0 ? string.Concat(Enumerable.Repeat(piece, random.Next(200))) : piece, text.AsSpan(at + cut));
            }

            samples.Add(pattern with { Response = text });
        }

        var scores = await reward.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);

        for (int i = 0; i < count; i++)
        {
            Assert.True(scores.Status[i] == ScoreStatus.Ok, $"Status {scores.Status[i]} ({scores.Reasons[i]}) for {System.Text.Json.JsonSerializer.Serialize(samples[i].Response)}");
            if (correctness)
            {
                Assert.True(scores.Values[i] <= reward.Schema.Minimum, $"Value {scores.Values[i]} for {System.Text.Json.JsonSerializer.Serialize(samples[i].Response)}");
            }
        }
    }
}
