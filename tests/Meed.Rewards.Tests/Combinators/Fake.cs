namespace Meed.Rewards.Tests.Combinators;

/// <summary>A reward that reads its scores from a table: sample i gets value and status i. Counts what it was asked.</summary>
internal sealed class Fake(string name, double[] values, ScoreStatus[]? status = null, bool mayNotApply = false, RewardScope scope = RewardScope.Sample, bool deterministic = true, int[]? segmentsPerRow = null) : IReward<int>
{
    public List<int> Asked { get; } = [];

    public RewardSchema Schema { get; } = new(name, "1", [], 0, 1, scope, deterministic) { MayNotApply = mayNotApply };

    public ValueTask<Scores> ScoreAsync(IReadOnlyList<int> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        var scores = new Scores(Schema, samples.Count);
        for (int row = 0; row < samples.Count; row++)
        {
            int s = samples[row];
            Asked.Add(s);
            scores.Values[row] = values[s];
            scores.Status[row] = status?[s] ?? ScoreStatus.Ok;
            scores.Reasons[row] = scores.Status[row] == ScoreStatus.Ok ? null : "down";
            scores.Work[row] = 10 + s;
            if (segmentsPerRow is not null)
            {
                scores.Segments[row] = [.. Enumerable.Range(0, segmentsPerRow[s]).Select(i => new ScoreSegment(i, i + 1, 0.25 * (i + 1), SegmentUnit.Step))];
            }
        }

        return new(scores);
    }

    public static int[] Samples(int count) => [.. Enumerable.Range(0, count)];
}

internal sealed class IntTraits : SampleTraits<int>
{
    public override SampleKey KeyOf(int sample) => new(0, (ulong)sample);

    public override int? LengthOf(int sample, LengthUnit unit) => unit == LengthUnit.Tokens ? null : sample;

    public override string? FieldOf(int sample, string path) => path == "item.kind" ? sample % 3 == 0 ? "three" : sample % 3 == 1 ? "one" : null : null;
}
