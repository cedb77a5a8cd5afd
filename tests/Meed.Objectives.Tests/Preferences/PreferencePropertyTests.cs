using Meed.Numerics;
using Meed.Objectives.Preferences;


namespace Meed.Objectives.Tests.Preferences;

public class PreferencePropertyTests
{
    private static readonly Tensor s_first = Tensor.From([1.5f, -0.25f, 40f, -40f, 0f]), s_second = Tensor.From([0.5f, 2f, -40f, 40f, 0f]);

    private static void Equal(Tensor expected, Tensor actual, float tolerance = 1e-6f)
    {
        float[] a = expected.ToArray(), b = actual.ToArray();
        Assert.Equal(a.Length, b.Length);
        Assert.All(Enumerable.Range(0, a.Length), i => Assert.Equal(a[i], b[i], tolerance * Math.Max(1, Math.Abs(a[i]))));
    }

    [Fact]
    public void Loss_ShiftOfBothScores_ChangesNothing()
    {
        Tensor zero = Tensor.From([0.3f]), cap = Tensor.Full(3f, 5);
        int[] outcomes = [1, 0, -1, 1, 0];
        foreach (var loss in new Func<Tensor, Tensor, Tensor>[]
        {
            (a, b) => BradleyTerry.Loss(a, b, smoothing: 0.1f), (a, b) => SoftBradleyTerry.Loss(a, b, Tensor.Full(0.25f, 5)), (a, b) => Davidson.Loss(a, b, outcomes, zero),
            (a, b) => RaoKupper.Loss(a, b, outcomes, zero), (a, b) => FocalRanking.Loss(a, b), (a, b) => PriorConstraint.Loss(a, b, cap),
        })
        {
            Equal(loss(s_first, s_second), loss(s_first + 8f, s_second + 8f), 1e-5f);
            Assert.All(loss(s_first, s_second).ToArray(), v => Assert.True(float.IsFinite(v)));
        }
    }

    [Fact]
    public void SoftBradleyTerry_CertainLabel_IsBradleyTerry() => Equal(BradleyTerry.Loss(s_first, s_second), SoftBradleyTerry.Loss(s_first, s_second, Tensor.Ones(5)));

    [Fact]
    public void FocalRanking_GammaZero_IsBradleyTerry() => Equal(BradleyTerry.Loss(s_first, s_second), FocalRanking.Loss(s_first, s_second, 0f));

    [Fact]
    public void PlackettLuce_TwoResponses_IsBradleyTerry() => Equal(BradleyTerry.Loss(s_first, s_second), PlackettLuce.Loss(Tensor.Stack(s_first, s_second).Transpose(0, 1)));

    [Fact]
    public void Ties_ProbabilitiesOfThreeOutcomes_SumToOne()
    {
        var parameter = Tensor.From([0.4f]);
        foreach (var loss in new Func<int[], Tensor>[] { o => Davidson.Loss(s_first, s_second, o, parameter), o => RaoKupper.Loss(s_first, s_second, o, parameter) })
        {
            var total = new[] { 1, 0, -1 }.Select(o => (-loss([o, o, o, o, o])).Exp()).Aggregate((a, b) => a + b);
            Equal(Tensor.Ones(5), total, 1e-5f);
        }
    }

    [Fact]
    public void Davidson_NoTies_IsBradleyTerry() => Equal(BradleyTerry.Loss(s_first, s_second), Davidson.Loss(s_first, s_second, [1, 1, 1, 1, 1], Tensor.From([-60f])), 1e-5f);

    [Fact]
    public void OrdinalReward_ProbabilitiesOfAllGrades_SumToOne()
    {
        Tensor scores = Tensor.From([0.3f]), raw = Tensor.From([-1f, 0.2f, 0.5f]);
        Assert.Equal(1f, Enumerable.Range(0, 4).Sum(g => MathF.Exp(-OrdinalReward.Loss(scores, [g], raw).Item())), 1e-6f);
    }

    [Fact]
    public void PlackettLuce_ScoresInThePadding_ChangeNothing()
    {
        var clean = PlackettLuce.Loss(Tensor.From([2f, 1f, 0f, 0f], 1, 4), [2]);
        var dirty = PlackettLuce.Loss(Tensor.From([2f, 1f, float.NaN, 1e30f], 1, 4), [2]);

        Assert.Equal(clean.Item(), dirty.Item());
    }

    [Fact]
    public void AttributeRegression_NanInAMissingPlace_ChangesNothing()
    {
        var scores = Tensor.From([1f, 2f], 1, 2).RequireGrad();
        var loss = AttributeRegression.Loss(scores, Tensor.From([float.NaN, 5f], 1, 2), [false, true]);
        loss.Sum().Backward();

        Assert.Equal(9f, loss.Item());
        Assert.Equal([0f, -6f], scores.Grad!.ToArray());
    }

    [Fact]
    public void PriorConstraint_MinimumOfTheLoss_LiesAtHalfTheCap()
    {
        float At(float d) => PriorConstraint.Loss(Tensor.From([d]), Tensor.Zeros(1), Tensor.From([3f])).Item();

        Assert.True(At(1.5f) < At(1.4f) && At(1.5f) < At(1.6f));
        Assert.Equal(1 + (1 / (0.5 + 0.2)), PriorConstraint.Cap(0.5), 1e-12);
        Assert.Equal(0.25, PriorConstraint.LengthRatio(10, 40));
    }

    [Fact]
    public void QuantileReward_MinimumOverRatings_IsTheQuantile()
    {
        // The median of 1, 2, 10 is 2: moving away from it in either direction costs more.
        float At(float q) => QuantileReward.Loss(Tensor.Full(q, 3, 1), Tensor.From([1f, 2f, 10f]), [0.5f]).Sum().Item();

        Assert.True(At(2f) < At(1.9f) && At(2f) < At(2.1f));
    }

    [Fact]
    public void Losses_OfBothDirections_AreTheMean()
    {
        Tensor a = Tensor.From([0.1f, 0.7f, -0.4f, 0.9f], 2, 2), b = Tensor.From([0.5f, -0.2f, 0.3f, 0.8f], 2, 2), odd = Tensor.From([0.6f, 0.1f, -0.3f, 0.2f], 2, 2);

        Equal(Contrastive.Symmetric(a, b, 0.5f), (Contrastive.Loss(a, b, 0.5f) + Contrastive.Loss(b, a, 0.5f)) * 0.5f, 1e-6f);
        Equal(TripletSimilarity.Answer(a, b, odd), (TripletSimilarity.Loss(a, b, odd) + TripletSimilarity.Loss(b, a, odd)) * 0.5f, 1e-6f);
        // By hand, margin 1: |a − b|² − |a − n|² + 1 = 0.97 − 0.61 + 1 in the first row, from b it is 0.97 − 0.1 + 1.
        Assert.Equal((1.36f + 1.87f) / 2, TripletSimilarity.Answer(a, b, odd).ToArray()[0], 1e-6f);
    }

    [Fact]
    public void VariationalUser_Draw_ScalesTheNoiseByTheDeviation()
    {
        Tensor mean = Tensor.From([1f, -2f, 0.5f, 3f], 2, 2);
        float[] noise = VariationalUser.Draw(Tensor.Zeros(2, 2), Tensor.Zeros(2, 2), new RandomStream(3)).ToArray();
        float[] drawn = VariationalUser.Draw(mean, Tensor.Full(2 * MathF.Log(3), 2, 2), new RandomStream(3)).ToArray();

        Assert.Equal(Tensor.Normal(new RandomStream(3), 0f, 1f, 2, 2).ToArray(), noise);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(mean.ToArray()[i] + (3 * noise[i]), drawn[i], 1e-5f));
    }

    [Fact]
    public void VariationalUser_InformationGain_IsHighestWhereDrawsDisagree()
    {
        Assert.Equal(Math.Log(2), VariationalUser.InformationGain([0, 1]), 1e-12);
        Assert.Equal(0, VariationalUser.InformationGain([0.5, 0.5]), 1e-12);
        Assert.Equal(0.75, VariationalUser.WinProbability(50, [0, 0, 0, 100]), 1e-9);
    }

    [Fact]
    public void ContextMixture_Decompose_SplitsTheError()
    {
        var (total, preference, inference) = ContextMixture.Decompose([0.9, 0.4, 0.5, 0.2], [0.9, 0.8, 0.9, 0.1]);

        Assert.Equal((0.625, 0.25, 0.375), (total, preference, inference));
    }

    [Fact]
    public void Loss_WrongShapes_AreErrors()
    {
        Assert.Throws<ArgumentException>(() => BradleyTerry.Loss(Tensor.Zeros(3), Tensor.Zeros(3, 1)));
        Assert.Throws<ArgumentException>(() => BradleyTerry.Loss(Tensor.Zeros(3), Tensor.Zeros(3), Tensor.Zeros(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => BradleyTerry.Loss(Tensor.Zeros(3), Tensor.Zeros(3), smoothing: 0.5f));
        Assert.Throws<ArgumentException>(() => Davidson.Loss(Tensor.Zeros(1), Tensor.Zeros(1), [2], Tensor.Zeros(1)));
        Assert.Throws<ArgumentException>(() => OrdinalReward.Loss(Tensor.Zeros(1), [4], Tensor.Zeros(3)));
        Assert.Throws<ArgumentException>(() => QuantileReward.Loss(Tensor.Zeros(1, 1), Tensor.Zeros(1), [1f]));
        Assert.Throws<ArgumentException>(() => PlackettLuce.Loss(Tensor.Zeros(1, 2), [3]));
    }
}
