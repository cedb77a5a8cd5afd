using Meed.Evaluation.Studies;
using Meed.Numerics;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Tasks.PreferenceSet;

namespace Meed.Evaluation.Tests.Studies;

public class CurationTests
{
    private static CurationTrainer Trainer() => new(r => new NGramNetwork(new NGramOptions { Buckets = 16384 }, 1, r), new RewardTrainerOptions { Steps = 300, BatchSize = 32 }, new RandomStream(1));

    [Fact]
    public void Voting_NoisyLabels_FlipsMostlyWrongOnes()
    {
        var task = new PreferenceSetTask(new PreferenceSetOptions { Pairs = 2000, Things = 6, Noise = 0.2 });
        var pairs = task.Training(0);
        var rows = pairs.Select(PreferenceSetRows.Of).ToList();
        var voted = new VotingCuration(new VotingOptions { Models = 4, Flip = 0.1, Soften = 0 }).Apply(rows, Trainer());
        var flipped = Enumerable.Range(0, rows.Count).Where(i => voted[i].Pairs[0].Probability != rows[i].Pairs[0].Probability).ToList();
        double right = flipped.Count(i => pairs[i].Probability != pairs[i].Truth) / (double)flipped.Count;

        Assert.True(right > 0.8, $"{right} of {flipped.Count}");
    }

    [Fact]
    public void Consistency_VerifiedPart_LowersTheNoise()
    {
        var task = new PreferenceSetTask(new PreferenceSetOptions { Pairs = 2000, Things = 4, Noise = 0.3, Verified = 0.15, Gap = 2 });
        var pairs = task.Training(0);
        var truth = pairs.ToDictionary(p => (p.First.Text, p.Second.Text), p => p.Truth);
        double Noise(IReadOnlyList<Meed.RewardModels.Data.PreferenceRow> rows) => rows.Count(r => r.Pairs[0].Probability != truth[(r.Responses[0].Text!, r.Responses[1].Text!)]) / (double)rows.Count;
        var rows = pairs.Select(PreferenceSetRows.Of).ToList();

        var curated = new AgreementCuration(new AgreementOptions()).Apply(rows, Trainer());

        Assert.InRange(Noise(rows), 0.2, 0.3);
        Assert.InRange(curated.Count, 800, 2000);
        Assert.True(Noise(curated) < 0.1, $"{Noise(curated)}");
    }

    [Fact]
    public void Consistency_NothingVerified_SaysWhatIsMissing()
    {
        var rows = new PreferenceSetTask(new PreferenceSetOptions { Pairs = 20 }).Training(0).Select(PreferenceSetRows.Of).ToList();

        var error = Assert.Throws<Meed.RewardModels.Data.PreferenceException>(() => new AgreementCuration(new AgreementOptions()).Apply(rows, Trainer()));

        Assert.Contains("no row has the subset 'verified'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CrossPrompt_EveryRow_AddsFourteenRowsOfItsPrompt()
    {
        var rows = new PreferenceSetTask(new PreferenceSetOptions { Pairs = 50 }).Training(0).Select(PreferenceSetRows.Of).ToList();

        var augmented = new CrossPromptCuration(new CrossPromptOptions { Share = 1 }).Apply(rows, Trainer());

        Assert.Equal(15 * rows.Count, augmented.Count);
        Assert.Equal(6 * rows.Count, augmented.Count(r => r.Pairs[0].IsTie));
        Assert.Empty(new CrossPromptCuration(new CrossPromptOptions { Share = 0 }).Apply(rows, Trainer()).Except(rows));
    }
}
