using Meed.Numerics;
using Meed.RewardModels.Clips;
using Meed.RewardModels.Heads;
using Meed.RewardModels.Progress;
using Meed.RewardModels.Segments;
using Meed.RewardModels.Similarity;

namespace Meed.RewardModels.Tests.Methods;

public class ProgressTests
{
    [Fact]
    public void Labels_SlowDemonstration_HasTheProgressOfItsStages()
    {
        double[] shares = StageProgress.MeanShares([[1, 3], [3, 1]]);

        Assert.Equal([0.5, 0.5], shares);
        Assert.Equal([0.125, 0.25, 0.375, 0.5, 1], StageProgress.Labels([4, 1], shares));
    }

    [Fact]
    public void CloningWeights_Gains_AreCutAtBothEndsAndHaveMeanOne()
    {
        double[] gains = [-0.1, 0, 0.1, 0.2, 0.9];
        double mean = 0.22, deviation = Math.Sqrt(gains.Average(g => (g - mean) * (g - mean)));
        double[] raw = [0, .. gains[1..4].Select(g => (g - mean + (2 * deviation)) / (4 * deviation)), 1];
        var weights = StageProgress.CloningWeights(gains, 0.5);

        Assert.Equal(1, weights.Average(), 1e-12);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(raw[i] / raw.Average(), weights[i], 1e-12));
    }

    [Fact]
    public void Hop_ForwardAndBackward_LeadBackToTheProgress()
    {
        Assert.Equal(0.5, HopProgress.Label(0.2, 0.6), 1e-12);
        Assert.Equal(-0.5, HopProgress.Label(0.6, 0.3), 1e-12);
        Assert.All(new[] { (0.2, 0.6), (0.6, 0.3), (0.0, 1.0), (1.0, 0.0), (0.4, 0.4) }, p => Assert.Equal(p.Item2, HopProgress.Apply(p.Item1, HopProgress.Label(p.Item1, p.Item2)), 1e-12));
        Assert.Equal(0.6, HopProgress.Fuse(0.2, HopProgress.Label(0.2, 0.6), HopProgress.Label(0, 0.6), HopProgress.Label(1, 0.6)), 1e-12);
    }

    [Fact]
    public void Shape_AnyPath_AddsTheSameToItsReturn()
    {
        // Potentials telescope: over a whole episode the shaping adds −Φ(s₀), whatever happens between.
        foreach (double[] potentials in new double[][] { [0.1, 0.5, 0.2, 0.9], [0.1, 0.3, 0.8, 0.4] })
        {
            double sum = 0;
            for (int t = 0; t + 1 < potentials.Length; t++)
            {
                sum += Math.Pow(0.9, t) * HopProgress.Shape(0, potentials[t], potentials[t + 1], t + 2 == potentials.Length, 0.9);
            }

            Assert.Equal(-0.1, sum, 1e-12);
        }
    }

    [Fact]
    public void Pairs_OfAClip_AreOrderedReversedStaticAndMismatched()
    {
        var pairs = ProgressPairs.Sample([5, 4], ["door", "cup"], 0, new RandomStream(2));

        Assert.Equal(4, pairs.Count);
        Assert.Equal((pairs[0].To - pairs[0].From) / (4.0 - pairs[0].From), pairs[0].Delta);   // a share of what is left
        Assert.Equal((-pairs[0].Delta, 0.0), (pairs[1].Delta, pairs[2].Delta));
        Assert.Equal((1, 0.0, 0.0), (pairs[3].Goal, pairs[3].Delta, pairs[3].Done));
        Assert.Equal(1, ProgressPairs.OrderCorrelation([1, 2, 5]), 1e-12);
        Assert.Equal(-1, ProgressPairs.OrderCorrelation([3, 2, 1]), 1e-12);
        Assert.Equal(0, ProgressPairs.OrderCorrelation([1, 1]));
        Assert.Equal(0.9486832980505138, ProgressPairs.OrderCorrelation([1, 2, 2, 3]), 1e-12);   // scipy: spearmanr([0, 1, 2, 3], [1, 2, 2, 3])
    }

    [Fact]
    public void Clips_MadeIntoFailures_CarryTheirGrades()
    {
        var made = CounterfactualClips.Augment([8, 8], [[1, 0.5], [0, 1]], 0, new RandomStream(1));

        Assert.Equal(new GradedClip(0, 8, 0, 5), made[0]);
        Assert.Equal(CounterfactualClips.Grade(made[1].Frames / 8.0), made[1].Grade);
        Assert.True(made[1].Grade < 5);
        Assert.Equal(new GradedClip(0, 8, 1, 3), made[2]);
        Assert.Equal(0.75, CounterfactualClips.MeanAbsoluteError([4.5, 2], [5, 3]));
    }

    [Fact]
    public void Segments_OfThreeModels_ArePlacedAtTheirEnds()
    {
        double[] rewards = SegmentRewards.Place(4, [new(1, 0, 1), new(3, 0, -1), new(3, 1, 0.5)], [1, 2], [0.1, 0, 0, -0.2], 0.5);

        Assert.Equal([-0.05, 1, 0, 0.1], rewards.Select(r => Math.Round(r, 12)));
        Assert.Equal([1, 3], SegmentRewards.Ends(["It", " is.", " So", " end"]));
        Assert.Equal(0.75, SegmentRewards.MeanSpan([0.5, 0]));
        Assert.Throws<ArgumentException>(() => SegmentRewards.Place(2, [new(2, 0, 1)], [1]));
    }

    [Fact]
    public void GoalBaseline_StrengthZeroAndOne_AreCosineAndProjection()
    {
        float[] s = [0.6f, 0.8f, 0], g = [1, 0, 0], b = [0, 0, 1];

        Assert.Equal(0.6, GoalBaseline.Reward(s, g, b, 0), 1e-6);
        // numpy: the projection of s on the line through b and g is at share 0.8, at distance sqrt(2)·0.2 from g.
        Assert.Equal(1 - (0.5 * 2 * 0.2 * 0.2), GoalBaseline.Reward(s, g, b, 1), 1e-6);
        Assert.Equal(1, GoalBaseline.Reward(g, g, b, 0.5), 1e-6);
    }

    [Fact]
    public void SparseAutoencoder_EditedFeature_MovesOnlyItsStates()
    {
        var sae = new SparseAutoencoder(6, 12, 2, new RandomStream(1));
        var hidden = Tensor.Normal(new RandomStream(2), 0f, 1f, 20, 6);
        var optimizer = new Adam(sae.Autoencoder, 0.02f);
        float before = sae.ReconstructionLoss(hidden).Mean().Item();
        for (int i = 0; i < 100; i++)
        {
            using var scope = Tape.Begin();
            optimizer.Step(sae.ReconstructionLoss(hidden).Mean());
        }

        Assert.True(sae.ReconstructionLoss(hidden).Mean().Item() < before);
        float[] codes = sae.Encode(hidden).ToArray();
        Assert.All(Enumerable.Range(0, 20), n => Assert.True(codes.AsSpan(n * 12, 12).ToArray().Count(v => v > 0) <= 2));
        int feature = Array.FindIndex(codes, v => v > 0) % 12;
        sae[feature] = 1.5f;
        float[] scores = sae.Score(hidden).ToArray();
        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal(1.5f * codes[(n * 12) + feature], scores[n], 1e-5f));
        Assert.Equal(scores[0], sae.Attribution(hidden.Slice(0, 0, 1)).Sum(), 1e-5f);
    }

    [Fact]
    public void CriteriaMixture_OneAspect_StaysOnTheCriteriaScale()
    {
        var head = new CriteriaMixture(3, 2, [0, 0, 1], new RandomStream(1));
        var criteria = Tensor.From([1f, 3f, 7f], 1, 3);

        Assert.Equal([2f, 7f], head.Aspects(criteria).ToArray());
        Assert.Equal([0.5f, 0.5f], head.Gate(Tensor.Ones(1, 2)).ToArray());
        Assert.Equal([1], head.Score(Tensor.Ones(1, 3), Tensor.Ones(1, 2)).Shape);
        Assert.Throws<ArgumentException>(() => new CriteriaMixture(3, 2, [0, 2], new RandomStream(1)));
    }

    [Fact]
    public void Keypoints_OnlyRelevantOnes_Count()
    {
        Assert.Equal(0.75, KeypointScore.Of([1, 0, 0.5], [true, false, true]));
        Assert.Null(KeypointScore.Of([1], [false]));
    }

    [Fact]
    public void Pruning_UniformAreaAndUnchangedPatches_AreDropped()
    {
        // A 2 x 3 frame: one area of five white patches, one black patch.
        float[] white = [1, 1], black = [0, 1];
        Assert.Equal([true, false, false, false, false, true], PatchPruning.Spatial([white, white, white, white, white, black], 3, 0.1, 3));
        Assert.Equal([[true, true], [false, true], [false, false]], PatchPruning.Temporal([[white, white], [white, black], [white, black]], 0.99));
    }

    [Fact]
    public void Actions_RecoveredAndDeviating_ScoreAgreement()
    {
        Assert.Equal(0.75, ActionRewards.Agreement([1, 2, 3, 0], [1, 2, 3, 4]));
        Assert.Equal(-0.5, ActionRewards.Agreement([1.0, 2.0], [1.0, 3.0]));
        Assert.Equal(-5.5, ActionRewards.GoalAndDeviation([3, 4], [0, 0], [1, 0], [0, 0], 1));
        Assert.Equal((1, 0), ActionRewards.Pair([-2, -1]));
    }

    [Fact]
    public void Perceptual_TwoStageClips_AreCutAndTheGoalPaysMost()
    {
        // Feature 0 steps up half way, feature 1 is noise, feature 2 rises at the end.
        var random = new RandomStream(5);
        float[][] Clip(int length) => [.. Enumerable.Range(0, length).Select(t => new[] { t < length / 2 ? 0f : 1f, (float)random.NextNormal(), t < length / 2 ? 0f : 0.9f })];
        float[][][] clips = [Clip(10), Clip(12), Clip(8), Clip(10), Clip(14)];

        Assert.Equal([5], PerceptualStages.Cut(Clip(10), 2));
        var learned = PerceptualStages.Learn(clips, 2, 2);
        Assert.DoesNotContain(1, learned.FeaturesOf(1));
        Assert.True(learned.Of([1, 0, 0.9f]) > learned.Of([0, 0, 0]));
        Assert.True(learned.Of(0, [0, 0, 0]) > learned.Of(0, [1, 0, 0.9f]));
    }

    [Fact]
    public void Perceptual_OneFeature_ScoresByTheGaussianRatio()
    {
        // Frames 0, 0.2 | 1, 1.4: means 0.1 and 1.2, deviations 0.1 and 0.2. At 0.6 the log densities are −12.5 − ln 0.1 and −4.5 − ln 0.2.
        var learned = PerceptualStages.Learn([[[0f], [0.2f], [1f], [1.4f]]], 2, 1);

        double later = 1 / (1 + Math.Exp(-(-4.5 - Math.Log(0.2) + 12.5 + Math.Log(0.1))));
        Assert.Equal(later, learned.Of(1, [0.6f]), 1e-3);
        Assert.Equal(1 - later, learned.Of(0, [0.6f]), 1e-3);
        Assert.Equal(2 * later, learned.Of([0.6f]), 2e-3);
    }

    [Fact]
    public void Perceptual_MoreStages_DoubleTheirWeightAndLeaveTheFirstOut()
    {
        // Three stages at 0, 1 and 2 of one feature each: the reward of a stage's own frame is its weight.
        float[][] clip = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]];
        var learned = PerceptualStages.Learn([clip], 3, 1, 0.1);

        Assert.Equal([0, 2, 4], new[] { clip[0], clip[2], clip[4] }.Select(f => Math.Round(learned.Of(f), 6)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PerceptualStages.Learn([clip], 1, 1));
    }

    [Fact]
    public void MotionBranch_StillAndMovingClips_DifferOnlyWithIntervals()
    {
        // The same frames in two orders have the same mean.
        float[] still = [0, 0, 1, 1], moving = [0, 1, 0, 1];
        var clips = Tensor.From([.. still, .. moving], 2, 4, 1);
        float[] Codes(int intervals) => new MotionBranch(1, 3, intervals, new RandomStream(1)).Encode(clips).ToArray();

        var frames = Codes(0);
        Assert.Equal(frames[..3], frames[3..]);
        var both = Codes(2);
        Assert.NotEqual(both[..3], both[3..]);
    }

    [Fact]
    public void FrameSequence_Infractions_AreRegressedAndPlansRanked()
    {
        // The score is minus the largest first feature of any frame.
        var random = new RandomStream(7);
        float[][] frames = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 15).Select(_ => random.NextFloat()).ToArray())];
        float[] worth = [.. frames.Select(f => -Math.Max(Math.Max(f[0], f[3]), Math.Max(f[6], Math.Max(f[9], f[12]))))];
        var head = new FrameSequenceHead(3, 5, new RandomStream(1));
        var optimizer = new Adam(head.Parameters, 0.05f);
        float Error() => Enumerable.Range(0, 60).Average(i => MathF.Pow(head.Score(Tensor.From(frames[i], 5, 3)).Item() - worth[i], 2));
        float before = Error();
        for (int step = 0; step < 60; step++)
        {
            using var scope = Tape.Begin();
            var loss = Tensor.Concat(0, [.. frames.Take(40).Select((f, i) => (head.Score(Tensor.From(f, 5, 3)) - worth[i]).Square())]).Mean();
            optimizer.Step(loss);
        }

        Assert.True(Error() < before / 3, $"{before} to {Error()}");
        float[] safe = new float[15], unsafePlan = [.. Enumerable.Repeat(1f, 15)];
        Assert.Equal(1, head.Best([Tensor.From(unsafePlan, 5, 3), Tensor.From(safe, 5, 3)]));
    }
}
