using Meed.Evaluation.Probes;
using Meed.Evaluation.Protocols;
using Meed.Numerics;

namespace Meed.Evaluation.Tests.Probes;

public class ValueUnitsTests
{
    // Unit 3 says from the start how the episode ends, unit 5 only in its last state.
    private static List<(IReadOnlyList<float[]> States, double Reward)> Episodes(int count, ulong seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            bool good = random.NextBool(0.4);
            float[][] states = [.. Enumerable.Range(0, 3).Select(t => Enumerable.Range(0, 8).Select(k => (float)(random.NextNormal() + (k == 3 && good ? 2 : 0) + (k == 5 && good && t == 2 ? 2 : 0))).ToArray())];
            return ((IReadOnlyList<float[]>)states, good ? 1.0 : 0.0);
        })];
    }

    [Fact]
    public void Fit_UnitsThatTellTheEnd_CarryTheWeight()
    {
        var values = ValueUnits.Fit(Episodes(1500, 1));
        var test = Episodes(500, 2);

        Assert.Equal(3, values.Ranking[0]);
        double good = test.Where(e => e.Reward == 1).Average(e => values.Value(e.States[0])), bad = test.Where(e => e.Reward == 0).Average(e => values.Value(e.States[0]));
        Assert.True(good > bad + 0.2, $"{good} {bad}");

        // From that unit alone the order is nearly the same.
        double goodAlone = test.Where(e => e.Reward == 1).Average(e => values.Value(e.States[0], new HashSet<int> { 3 })), badAlone = test.Where(e => e.Reward == 0).Average(e => values.Value(e.States[0], new HashSet<int> { 3 }));
        Assert.True(goodAlone > badAlone + 0.15);

        // What the last state adds to the prediction shows in unit 5.
        Assert.Equal(5, Enumerable.Range(0, 8).Where(k => k != 3).MaxBy(k => Math.Abs(values.ErrorCorrelation(test)[k])));
    }

    [Fact]
    public void Fit_NoEpisodes_IsRefused() => Assert.Throws<ArgumentException>(() => ValueUnits.Fit([]));

    [Fact]
    public void InstilledWeights_RecoveredFromChoices_FollowTheTrueOnes()
    {
        var random = new RandomStream(4);
        double[][] roles = [.. Enumerable.Range(0, 6).Select(_ => InstilledWeights.Draw(4, random))];
        var recovered = roles.Select(w => InstilledWeights.Recover([.. Enumerable.Range(0, 400).Select(_ => InstilledWeights.Choose(w, 3, 2, random))])).ToList();

        Assert.All(roles, w => Assert.Equal(1, w.Max(Math.Abs), 1e-12));
        Assert.True(InstilledWeights.Score(roles, recovered) > 0.9);
        Assert.Equal(1, InstilledWeights.Score(roles, roles), 1e-12);
    }
}
