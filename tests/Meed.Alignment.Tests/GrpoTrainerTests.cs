using Meed.Numerics;
using Meed.Objectives;
using Meed.Objectives.Advantages;
using Meed.Objectives.Posterior;
using Meed.Rewards;

namespace Meed.Alignment.Tests;

public class GrpoTrainerTests
{
    private const int Contexts = 3;
    private const int Arms = 10;

    private static readonly GrpoOptions s_options = new() { Steps = 120, PromptsPerStep = 12, GroupSize = 8, LearningRate = 0.1, Passes = 2, RowsPerUpdate = 48 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static double Right(int context, int arm) => arm == (3 * context) + 1 ? 1 : 0;

    private static async Task<List<TrainerStep>> Run(GrpoTrainer trainer, int steps = int.MaxValue)
    {
        var done = new List<TrainerStep>();
        await foreach (var step in trainer.RunAsync(Cancel))
        {
            done.Add(step);
            if (done.Count == steps)
            {
                break;
            }
        }

        return done;
    }

    private static GrpoTrainer Trainer(GrpoOptions options, TabularPolicy policy, IReward<TextSample> reward, TabularPolicy? reference = null, ulong seed = 1) =>
        new(options, policy, reference, new TabularPrompts(Contexts), reward, new RandomStream(seed));

    [Theory]
    [InlineData(AdvantageKind.Standardised)]
    [InlineData(AdvantageKind.Mean)]
    [InlineData(AdvantageKind.LeaveOneOut)]
    [InlineData(AdvantageKind.Asymmetric)]
    public async Task RunAsync_BanditWithOneRightArmAContext_FindsIt(AdvantageKind kind)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var policy = new TabularPolicy(Contexts, Arms);

            var steps = await Run(Trainer(s_options with { Advantage = kind }, policy, new TabularReward(Right), seed: seed));

            for (int context = 0; context < Contexts; context++)
            {
                Assert.InRange(policy.Probability(context, (3 * context) + 1), 0.95, 1);
            }

            Assert.InRange(steps[0]["reward/mean"], 0, 0.3);
            Assert.InRange(steps[^1]["reward/mean"], 0.9, 1);
            Assert.Equal(steps[^1]["reward/mean"] / 2, steps[^1]["reward/half"], 1e-12);
        }
    }

    [Fact]
    public async Task RunAsync_KlInsideTheReward_EndsAtTheExactPosterior()
    {
        const double Beta = 0.5;
        double Reward(int context, int arm) => Math.Sin((7 * context) + (3 * arm));
        var policy = new TabularPolicy(Contexts, Arms);

        await Run(Trainer(
            s_options with { Steps = 400, PromptsPerStep = 24, GroupSize = 16, RowsPerUpdate = 0, Passes = 1, KlInReward = Beta, Advantage = AdvantageKind.LeaveOneOut, Reduction = TokenReduction.SequenceSum, LearningRate = 0.05, FinalRate = 0.02 },
            policy, new TabularReward(Reward), new TabularPolicy(Contexts, Arms)));

        double[] prior = [.. Enumerable.Repeat(-Math.Log(Arms), Arms)];
        for (int context = 0; context < Contexts; context++)
        {
            double[] target = TiltedTarget.LogProbs(prior, [.. Enumerable.Range(0, Arms).Select(a => Reward(context, a))], Beta);
            double[] reached = [.. policy.AllLogProbs().Skip(context * Arms).Take(Arms).Select(l => (double)l)];
            Assert.InRange(TiltedTarget.Kl(reached, target), -1e-6, 1e-3);
        }
    }

    [Fact]
    public async Task RunAsync_WeightOnTheDivergence_KeepsThePolicyNearItsReference()
    {
        var free = new TabularPolicy(Contexts, Arms);
        var held = new TabularPolicy(Contexts, Arms);

        await Run(Trainer(s_options, free, new TabularReward(Right)));
        var steps = await Run(Trainer(s_options with { KlWeight = 1 }, held, new TabularReward(Right), new TabularPolicy(Contexts, Arms)));

        Assert.InRange(held.Probability(0, 1), 0.12, free.Probability(0, 1) - 0.1);
        Assert.True(steps[^1]["kl"] > 0);
    }

    [Fact]
    public async Task RunAsync_BudgetOfKl_StopsBeforeTheNextUpdateAndSoWhenResumed()
    {
        var options = s_options with { KlBudget = 0.3 };
        var policy = new TabularPolicy(Contexts, Arms);
        var trainer = Trainer(options, policy, new TabularReward(Right), new TabularPolicy(Contexts, Arms));
        var steps = await Run(trainer);

        Assert.InRange(steps.Count, 2, s_options.Steps - 1);
        Assert.All(steps, s => Assert.InRange(s["kl/answer"], 0, 0.3));
        Assert.InRange(trainer.StoppedAtKl!.Value, 0.3, 1.5);
        float[] reached = policy.AllLogProbs();
        Assert.Empty(await Run(trainer));                    // resumed there, it stops there
        Assert.Equal(reached, policy.AllLogProbs());
        Assert.Contains(new GrpoOptions { KlBudget = -1 }.Problems(), p => p.StartsWith("KlBudget is -1", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => Trainer(options, policy, new TabularReward(Right)));
    }

    [Fact]
    public async Task RunAsync_ResumedFromAState_EndsInTheSameBits()
    {
        var options = s_options with { Steps = 12, KlWeight = 0.1, References = 2 };
        var straight = new TabularPolicy(Contexts, Arms);
        var stopped = new TabularPolicy(Contexts, Arms);
        var resumed = new TabularPolicy(Contexts, Arms);
        var all = await Run(Trainer(options, straight, new TabularReward(Right), new TabularPolicy(Contexts, Arms)));

        var first = Trainer(options, stopped, new TabularReward(Right), new TabularPolicy(Contexts, Arms));
        await Run(first, steps: 5);
        using var state = new MemoryStream();
        first.State.Save(state);
        state.Position = 0;
        var reward = new TabularReward(Right);
        var second = Trainer(options, resumed, reward, new TabularPolicy(Contexts, Arms));
        second.State.Load(state);
        var rest = await Run(second);

        Assert.Equal(7, rest.Count);
        Assert.Equal(12, reward.Updates);
        Assert.Equal(straight.Table.Value.ToArray(), resumed.Table.Value.ToArray());
        Assert.Equal(all[^1].Scalars, rest[^1].Scalars);
    }

    [Fact]
    public async Task Load_StateOfAnotherModelOrCutOff_SaysSo()
    {
        var trainer = Trainer(s_options, new TabularPolicy(Contexts, Arms), new TabularReward(Right));
        await Run(trainer, 1);
        using var state = new MemoryStream();
        trainer.State.Save(state);
        byte[] bytes = state.ToArray();

        var other = Trainer(s_options, new TabularPolicy(Contexts, Arms + 1), new TabularReward(Right));
        Assert.Contains("belongs to another model", Assert.Throws<InvalidDataException>(() => other.State.Load(new MemoryStream(bytes))).Message);
        var same = Trainer(s_options, new TabularPolicy(Contexts, Arms), new TabularReward(Right));
        Assert.Contains("ends early", Assert.Throws<InvalidDataException>(() => same.State.Load(new MemoryStream(bytes[..60]))).Message);
    }

    [Fact]
    public async Task RunAsync_FirstUpdateOfARollout_HasRatioOneAndClipsNothing()
    {
        var steps = await Run(Trainer(s_options with { Steps = 5, Passes = 1, RowsPerUpdate = 0 }, new TabularPolicy(Contexts, Arms), new TabularReward(Right)));

        Assert.All(steps, s => Assert.Equal(0, s["clip_share"]));
        Assert.Equal(Math.Log(Arms), steps[0]["entropy"], 1e-5);
    }

    [Fact]
    public async Task RunAsync_RowsThatFail_AreLeftOutOfEverything()
    {
        // Arm 9 would be worth most, but its score fails; it is drawn in well under 5 % of the rows once others pay.
        var policy = new TabularPolicy(Contexts, Arms);
        policy.Table.Load([.. Enumerable.Range(0, Contexts * Arms).Select(i => i % Arms == 9 ? -2f : 0f)]);

        var steps = await Run(Trainer(s_options with { MaxFailedShare = 0.2 }, policy, new TabularReward((c, a) => a == 9 ? 1000 : Right(c, a), (_, a) => a == 9)));

        Assert.Contains(steps, s => s["reward/failed"] > 0);
        Assert.InRange(policy.Probability(0, 1), 0.95, 1);
        Assert.InRange(policy.Probability(0, 9), 0, 0.02);
    }

    [Fact]
    public async Task RunAsync_MoreThanAllowedFail_StopsAndNamesStepAndReason()
    {
        var trainer = Trainer(s_options, new TabularPolicy(Contexts, Arms), new TabularReward(Right, (_, a) => a < 5));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Run(trainer));

        Assert.Contains("Step 1:", error.Message);
        Assert.Contains("slow", error.Message);
    }

    [Fact]
    public async Task RunAsync_NaNInTheModel_NamesStepAndRow()
    {
        var policy = new TabularPolicy(1, 2);
        var trainer = new GrpoTrainer(s_options, policy, null, new TabularPrompts(1), new TabularReward((_, a) => a), new RandomStream(1));
        await Run(trainer, 3);
        var reference = new TabularPolicy(1, 2);
        reference.Table.Load([float.NaN, 0f]);
        var poisoned = new GrpoTrainer(s_options with { KlWeight = 1 }, policy, reference, new TabularPrompts(1), new TabularReward((_, a) => a), new RandomStream(1));

        var error = await Assert.ThrowsAsync<TrainerException>(() => Run(poisoned));

        Assert.Contains("Step 1, row ", error.Message);
        Assert.Contains("NaN", error.Message);
    }

    [Fact]
    public async Task RunAsync_RowsInSeveralPasses_GiveTheSameStep()
    {
        var options = s_options with { Steps = 1, KlWeight = 0.1, RowsPerUpdate = 0 };

        var whole = await Run(Trainer(options, new TabularPolicy(Contexts, Arms), new TabularReward(Right), new TabularPolicy(Contexts, Arms)));
        var parts = await Run(Trainer(options with { RowsPerPass = 7 }, new TabularPolicy(Contexts, Arms), new TabularReward(Right), new TabularPolicy(Contexts, Arms)));

        // float32 sums in another order
        Assert.Equal(whole[0]["grad_norm"], parts[0]["grad_norm"], 1e-5);
        Assert.Equal(whole[0]["loss"], parts[0]["loss"], 1e-5);
    }

    [Fact]
    public async Task RunAsync_ReferenceAnswers_BoundTheTrainedReward()
    {
        var steps = await Run(Trainer(s_options with { Steps = 20, References = 2 }, new TabularPolicy(Contexts, Arms), new TabularReward((c, a) => 500 * Right(c, a)), new TabularPolicy(Contexts, Arms)));

        Assert.All(steps, s => Assert.InRange(s["reward/trained"], 0, 1));
        Assert.Contains(steps, s => s["reward/mean"] > 1);
    }

    [Fact]
    public async Task RunAsync_GroupsThatAgree_AreCountedAndChangeNothing()
    {
        var policy = new TabularPolicy(Contexts, Arms);

        var steps = await Run(Trainer(s_options with { Steps = 2 }, policy, new TabularReward((_, _) => 1)));

        Assert.Equal(1, steps[0]["reward/no_signal"]);
        Assert.All(policy.Table.Value.ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public async Task RunAsync_KeptRowsOnly_StillFindTheRightArm()
    {
        var policy = new TabularPolicy(Contexts, Arms);

        await Run(Trainer(s_options with { KeepRows = 24 }, policy, new TabularReward(Right)));

        Assert.InRange(policy.Probability(0, 1), 0.9, 1);
        Assert.InRange(policy.Probability(2, 7), 0.9, 1);
    }

    [Fact]
    public async Task RunAsync_KeptRows_AreThoseOfLargestAdvantage()
    {
        // One group of four: the failure among successes has the largest advantage, and keeping one row pushes that arm down.
        var policy = new TabularPolicy(1, 2);
        policy.Table.Load([3f, 0f]);
        var options = new GrpoOptions { Steps = 1, PromptsPerStep = 1, GroupSize = 40, KeepRows = 1, LearningRate = 0.1, WarmUp = 0 };
        var trainer = new GrpoTrainer(options, policy, null, new TabularPrompts(1), new TabularReward((_, arm) => arm == 0 ? 1 : 0), new RandomStream(3));

        var steps = await Run(trainer);

        Assert.InRange(steps[0]["reward/mean"], 0.85, 0.99);
        Assert.True(policy.Table.Value.ToArray()[1] < 0);
        Assert.Equal(0, steps[0]["reward/no_signal"]);
        Assert.True(steps[0]["loss"] > 2);   // -A of the one failure among forty
    }

    [Fact]
    public async Task RunAsync_NegativeWeightZero_LearnsFromSuccessesAlone()
    {
        var policy = new TabularPolicy(Contexts, Arms);
        await Run(Trainer(s_options with { NegativeWeight = 0 }, policy, new TabularReward(Right)));
        var onlyFailures = new TabularPolicy(1, 2);
        onlyFailures.Table.Load([0f, 9f]);

        var steps = await Run(new GrpoTrainer(s_options with { NegativeWeight = 0, KeepRows = 0, Steps = 3 }, onlyFailures, null, new TabularPrompts(1), new TabularReward((_, arm) => arm == 1 ? 1 : 0), new RandomStream(1)));

        Assert.InRange(policy.Probability(1, 4), 0.95, 1);
        Assert.All(steps, s => Assert.True(s["loss"] <= 0));   // −A of successes
    }

    [Fact]
    public async Task RunAsync_PositivePhase_EndsWhereTheOptionSays()
    {
        // One context, two arms, the right one rare: a failed row has a positive loss, so the mean loss shows whether failures are trained on.
        var steps = await Run(new GrpoTrainer(
            s_options with { Steps = 10, PositivePhase = 0.5, Passes = 1, RowsPerUpdate = 0, LearningRate = 1e-4, Advantage = AdvantageKind.Mean, Reduction = TokenReduction.SequenceSum },
            new TabularPolicy(1, 2), null, new TabularPrompts(1), new TabularReward((_, arm) => arm), new RandomStream(1)));

        Assert.All(steps.Take(5), s => Assert.True(s["loss"] < -0.1));
        Assert.All(steps.Skip(5), s => Assert.InRange(s["loss"], -1e-5, 1e-5));   // at ratio 1 the advantages of a group add up to 0
    }

    [Fact]
    public async Task RunAsync_EntropyBonus_KeepsThePolicyUndecided()
    {
        var plain = new TabularPolicy(Contexts, Arms);
        var spread = new TabularPolicy(Contexts, Arms);

        await Run(Trainer(s_options with { Steps = 60 }, plain, new TabularReward(Right)));
        await Run(Trainer(s_options with { Steps = 60, EntropyWeight = 1 }, spread, new TabularReward(Right)));

        Assert.InRange(spread.Probability(0, 1), 0.12, plain.Probability(0, 1) - 0.05);
    }

    [Fact]
    public async Task RunAsync_TimeBudget_EndsEarlyWithASmallLearningRate()
    {
        var steps = await Run(Trainer(s_options with { Steps = int.MaxValue, Budget = TimeSpan.FromSeconds(0.2) }, new TabularPolicy(Contexts, Arms), new TabularReward(Right)));

        Assert.InRange(steps.Count, 2, 1_000_000);
        Assert.InRange(steps[^1]["learning_rate"], 0.0099, 0.02);
    }

    [Fact]
    public void Constructor_OptionsWithProblems_ListsAllOfThem()
    {
        var error = Assert.Throws<ArgumentException>(() => Trainer(new GrpoOptions { GroupSize = 1, ClipLow = 2, LearningRate = 0 }, new TabularPolicy(1, 2), new TabularReward(Right)));

        Assert.Contains("GroupSize is 1", error.Message);
        Assert.Contains("ClipLow is 2", error.Message);
        Assert.Contains("LearningRate is 0", error.Message);
    }

    [Fact]
    public void Constructor_DivergenceWithoutAReference_SaysWhatToDo()
    {
        Assert.Contains("frozen copy", Assert.Throws<ArgumentException>(() => Trainer(new GrpoOptions { KlWeight = 0.1 }, new TabularPolicy(1, 2), new TabularReward(Right))).Message);
    }

    [Fact]
    public void Problems_Defaults_AreNone()
    {
        Assert.Empty(new GrpoOptions().Problems());
        Assert.Empty(new SftOptions().Problems());
    }
}
