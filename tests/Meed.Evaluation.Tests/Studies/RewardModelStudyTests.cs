using Meed.Evaluation.Studies;

namespace Meed.Evaluation.Tests.Studies;

public class RewardModelStudyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The same options and seed give the same numbers, another seed gives others.
    private static IReadOnlyDictionary<string, double> Repeats(IStudy study, ulong seed = 100)
    {
        var measures = study.Run(seed, Stop);
        Assert.Equal(measures, study.Run(seed, Stop));
        Assert.NotEqual(measures, study.Run(seed + 1, Stop));
        Assert.All(measures.Values, v => Assert.True(double.IsFinite(v)));
        return measures;
    }

    [Fact]
    public void VariationalUsers_OneGoal_NeedsNoLatentAndFindsIt()
    {
        var measures = Repeats(new VariationalUsers(new VariationalUsersOptions { Goals = 1, Users = 40, Steps = 150 }));

        Assert.True(measures["unseen_accuracy"] > 0.85 && measures["goal_distance"] < 0.4, string.Join(" ", measures));
    }

    [Fact]
    public void VariationalUsers_FourGoals_InferenceBeatsTheAverage()
    {
        var options = new VariationalUsersOptions { Users = 100, Steps = 300 };

        Assert.True(new VariationalUsers(options with { Method = UserLatent.Inferred }).Run(100, Stop)["unseen_accuracy"] > new VariationalUsers(options).Run(100, Stop)["unseen_accuracy"] + 0.05);
    }

    [Fact]
    public void EnsembleHacking_MoreCandidates_WidenTheGapBetweenProxyAndGold()
    {
        var options = new EnsembleHackingOptions { Size = 2, Pairs = 200, Steps = 100, Candidates = 64 };
        var many = Repeats(new EnsembleHacking(options));
        var few = new EnsembleHacking(options with { Candidates = 2 }).Run(100, Stop);

        Assert.True(many["accuracy"] > 0.65 && many["best_of_n_gold"] > few["best_of_n_gold"] && many["proxy_gap"] > few["proxy_gap"], string.Join(" ", many));
    }

    [Fact]
    public void EnsembleHacking_OneMember_IsTheSameUnderEveryAggregate()
    {
        var options = new EnsembleHackingOptions { Size = 1, Pairs = 100, Steps = 30, Candidates = 8 };
        var mean = new EnsembleHacking(options).Run(1, Stop);

        Assert.Equal(mean, new EnsembleHacking(options with { Aggregate = MemberAggregate.Minimum }).Run(1, Stop));
        Assert.Equal(mean, new EnsembleHacking(options with { Aggregate = MemberAggregate.MeanMinusDeviation }).Run(1, Stop));
        Assert.Equal(mean, new EnsembleHacking(options with { Members = MemberSeeds.Pretraining }).Run(1, Stop));
    }

    [Fact]
    public void SparseHeadEdits_SparseFeature_TurnsItsPreferencesAlone()
    {
        var options = new SparseHeadEditsOptions { Attributes = 8, Width = 16, Features = 32, Pairs = 500, Steps = 300 };
        var sparse = Repeats(new SparseHeadEdits(options with { Method = EditedHead.Sparse }));
        var dense = new SparseHeadEdits(options).Run(100, Stop);

        Assert.True(sparse["accuracy"] > 0.9 && dense["accuracy"] > 0.9);
        Assert.True(sparse["edit_selectivity"] > dense["edit_selectivity"] + 0.2, $"{sparse["edit_selectivity"]} {dense["edit_selectivity"]}");
    }

    [Fact]
    public void CritiqueFirst_WrittenVerdicts_TeachMoreThanLabels()
    {
        var options = new CritiqueFirstOptions { Pairs = 200, Steps = 150 };
        var critic = Repeats(new CritiqueFirst(options with { Method = CritiqueUse.First }));

        Assert.True(critic["verdict_accuracy"] > 0.85 && critic["accuracy"] > new CritiqueFirst(options).Run(100, Stop)["accuracy"], string.Join(" ", critic));
    }

    [Fact]
    public void Problems_OfBadValues_NameEach()
    {
        Assert.Equal(2, new VariationalUsersOptions { Users = 0, Beta = -1 }.Problems().Count());
        Assert.Single(new EnsembleHackingOptions { Size = 0 }.Problems());
        Assert.Single(new SparseHeadEditsOptions { Pairs = 0 }.Problems());
        Assert.Single(new CritiqueFirstOptions { Statements = 0 }.Problems());
    }
}
