using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.Objectives.Tests.Preferences;

/// <summary>Every preference objective against float64 values and central differences of tests/reference/preferences.py.</summary>
public class PreferenceReferenceTests
{
    private static readonly Dictionary<string, Func<PreferenceCase, Tensor>> s_losses = new()
    {
        ["bradley-terry"] = c => BradleyTerry.Loss(c["chosen"], c["rejected"], smoothing: c.Number("smoothing")),
        ["bradley-terry-margin"] = c => BradleyTerry.Loss(c["chosen"], c["rejected"], c["margin"], c.Number("smoothing")),
        ["soft-bradley-terry"] = c => SoftBradleyTerry.Loss(c["first"], c["second"], c["probability"]),
        ["davidson"] = c => Davidson.Loss(c["first"], c["second"], c.Ints("outcomes"), c["logNu"]),
        ["rao-kupper"] = c => RaoKupper.Loss(c["first"], c["second"], c.Ints("outcomes"), c["threshold"]),
        ["focal-ranking"] = c => FocalRanking.Loss(c["chosen"], c["rejected"], c.Number("gamma")),
        ["adaptive-margin"] = c => AdaptiveMargin.Loss(c["chosen"], c["rejected"], c["votes"]),
        ["plackett-luce"] = c => PlackettLuce.Loss(c["scores"], c.Ints("lengths"), c.MaybeInt("top")),
        ["binary"] = c => BinaryReward.Loss(c["scores"], c["labels"]),
        ["ordinal"] = c => OrdinalReward.Loss(c["scores"], c.Ints("grades"), c["raw"]),
        ["thurstone"] = c => Thurstone.Loss(c["chosen"], c["rejected"], c["chosenLogVariance"], c["rejectedLogVariance"]),
        ["noise-thurstone"] = c => NoiseThurstone.Loss(c["chosen"], c["rejected"], c["noise"], c.Number("baseDeviation"), c.Number("noiseDeviation")),
        ["quantile"] = c => QuantileReward.Loss(c["quantiles"], c["ratings"], c.Floats("levels")),
        ["attribute-regression"] = c => AttributeRegression.Loss(c["scores"], c["ratings"], c.Bools("rated")),
        ["prior-constraint"] = c => PriorConstraint.Loss(c["chosen"], c["rejected"], c["cap"]),
        ["tied-ranking"] = c => TiedRanking.Loss(c["first"], c["second"], c.Bools("equal"), c.Number("margin")),
        ["contrastive"] = c => Contrastive.Loss(c["anchors"], c["positives"], c.Number("temperature")),
        ["goal-contrastive"] = c => GoalContrastive.Loss(c["states"], c["goals"], c["negatives"], c.Number("temperature")),
        ["triplet"] = c => TripletSimilarity.Loss(c["anchors"], c["positives"], c["negatives"], c.Number("margin")),
        ["ideal-point"] = c => IdealPoint.Loss(c["chosen"], c["rejected"], c["prototypes"], c["weights"]),
        ["ideal-point-inner"] = c => IdealPoint.InnerLoss(c["chosen"], c["rejected"], c["prototypes"], c["weights"]),
        ["variational-user"] = c => VariationalUser.Loss(c["chosen"], c["rejected"], c["mean"], c["logVariance"], c.Number("beta")),
        ["context-mixture"] = c => ContextMixture.Loss(c["chosen"], c["rejected"], c["contextLogits"]),
        ["margin-beta"] = c => MarginBeta.Loss(c["logRatio"], c["margins"], c.Number("beta"), c.Number("weight"), c.Number("rate")),
        ["span-preference"] = c => SpanPreference.Loss(c["logRatios"], c.Bools("accurate"), c.Number("beta")),
        ["implicit-value"] = c => ImplicitValue.Loss(c["first"], c["now"], c["later"], c.Number("discount")),
        ["critique"] = c => CritiqueThenScore.Loss(c["tokenLogProbs"], c["chosen"], c["rejected"], c.Number("weight")),
        ["contrast-share"] = c => ContrastShare.Of(c["scores"], c["altered"], c.Number("temperature")),
    };

    public static TheoryData<string> Names() => [.. s_losses.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_ReferenceBatches_EqualsFloat64AndItsCentralDifferences(string name)
    {
        var cases = PreferenceCase.All(name).ToList();
        Assert.True(cases.Count >= 2);
        Assert.All(cases, c => c.Check(s_losses[name]));
    }

    [Fact]
    public void Cases_OfTheReferenceFile_AreAllTested() => Assert.Equal(s_losses.Keys.Order(), PreferenceCase.Root.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!).Distinct().Order());

    [Fact]
    public void NormalLogCdf_FarIntoBothTails_EqualsPyTorch()
    {
        var normal = PreferenceCase.Root.GetProperty("normal");
        var x = normal.GetProperty("x").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var expected = normal.GetProperty("logPhi").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - NormalLogCdf.Value(x[i])) <= 1e-12 * Math.Max(1e-3, Math.Abs(expected[i])), $"log Φ({x[i]}) is {NormalLogCdf.Value(x[i]):R}, PyTorch gives {expected[i]:R}.");
        }
    }
}
