using Meed.Evaluation.Studies;
using Meed.Evaluation.Studies.Captions;

namespace Meed.Evaluation.Tests.Studies;

public class CaptionStudiesTests
{
    [Fact]
    public void Spans_FewUpdates_ChooseBetterThanTheCaptionerAlone()
    {
        var measures = new CaptionSpans(new CaptionSpansOptions { Method = CaptionLabels.Spans, Steps = 250 }).Run(100, TestContext.Current.CancellationToken);

        Assert.True(measures["wrong_share"] < measures["captioner_wrong_share"] - 0.05, $"{measures["wrong_share"]}");
        Assert.InRange(measures["other_wrong_share"], measures["wrong_share"], 0.6);
    }

    [Fact]
    public void Preferences_OnlyShorterWinnersLeft_TurnTheChoiceToTheShorter()
    {
        // A gap of 0 leaves no comparison won by the longer side, so that brevity itself pays.
        var measures = new CaptionPreferences(new CaptionPreferencesOptions { Method = CaptionData.LengthGap, Gap = 0, LengthBias = 0.3, Steps = 250 }).Run(100, TestContext.Current.CancellationToken);

        Assert.True(measures["longer_share"] < 0.35, $"{measures["longer_share"]}");
        Assert.Equal(Math.Abs(measures["longer_share"] - 0.5), measures["length_bias"], 1e-12);
        Assert.Equal((measures["accuracy"] + measures["text_accuracy"]) / 2, measures["mean_accuracy"], 1e-12);
    }

    [Fact]
    public void Feedback_Rewards_LowerTheErrorsThatWereCloned()
    {
        var measures = new SegmentFeedback(new SegmentFeedbackOptions { Method = FeedbackPlace.Segments, RewardSteps = 400, Steps = 40 }).Run(100, TestContext.Current.CancellationToken);

        Assert.InRange(measures["before"], 0.28, 0.45);
        Assert.True(measures["wrong_share"] < measures["before"] - 0.05, $"{measures["before"]} {measures["wrong_share"]}");
        Assert.Equal((measures["wrong_shape"] + measures["wrong_colour"] + measures["wrong_corner"]) / 3, measures["wrong_share"], 1e-12);
    }

    [Fact]
    public void Run_TheSameSeed_GivesTheSameNumbers()
    {
        var stop = TestContext.Current.CancellationToken;
        IStudy[] studies =
        [
            new CaptionPreferences(new CaptionPreferencesOptions { Steps = 3, Pairs = 50, Method = CaptionData.Staged }),
            new CaptionSpans(new CaptionSpansOptions { Steps = 3, Captions = 50, Candidates = 2 }),
            new SegmentFeedback(new SegmentFeedbackOptions { Steps = 2, Captions = 50, RewardSteps = 3, BatchSize = 4 }),
        ];

        Assert.All(studies, s =>
        {
            Assert.Equal(s.Run(7, stop), s.Run(7, stop));
            Assert.NotEqual(s.Run(7, stop), s.Run(8, stop));
        });
    }

    [Fact]
    public void Problems_OfBadValues_NamesEach()
    {
        Assert.Equal(3, new CaptionPreferencesOptions { Steps = 0, LengthBias = 2, Gap = -1 }.Problems().Count());
        Assert.Equal(2, new CaptionSpansOptions { Candidates = 0, LearningRate = 0 }.Problems().Count());
        Assert.Equal(2, new SegmentFeedbackOptions { Samples = 1, Beta = -1 }.Problems().Count());
    }
}
