using Meed.RewardModels.Data;

namespace Meed.RewardModels.Tests.Data;

public class RealDataTests
{
    [Theory]
    [InlineData("hh-rlhf/harmless-base-test.first1812.jsonl.gz", "hh-rlhf", 1812, 1812)]
    [InlineData("hh-rlhf/helpful-base-test.first1852.jsonl.gz", "hh-rlhf", 1852, 1852)]
    [InlineData("tulu-human-eval/pairwise.jsonl.gz", "tulu-human-eval", 880, 880)]
    [InlineData("autoj-pairwise/pairwise.idxmod4lt3.jsonl.gz", "autoj-pairwise", 1044, 1044)]
    [InlineData("pandalm/testset-v1.first703.jsonl.gz", "pandalm", 703, 2109)]
    [InlineData("llmbar/natural.jsonl.gz", "llmbar", 100, 100)]
    [InlineData("fine-grained-rlhf/qa-dev-feedback.first350.jsonl.gz", "fine-grained-rlhf", 350, 2100)]
    [InlineData("rasbt-preference/instruction-data-with-preference.jsonl.gz", "instruction-pair", 1100, 1100)]
    [InlineData("alpaca-eval-nc/pref-vs-gpt4turbo.csv.gz", "alpaca-eval", 3220, 3220)]
    [InlineData("mr-gsm8k/labelled-solutions.jsonl.gz", "mr-gsm8k", 379, 379)]
    [InlineData("rewardmath-scores/scores.jsonl.gz", "rewardmath-scores", 483, 4347)]
    [InlineData("bon-tulu2-nc/bon11.first400.jsonl.gz", "best-of-n", 400, 0)]
    public void Rows_RealFile_AreAllRead(string file, string layout, int rows, int pairs)
    {
        Assert.SkipUnless(Files.Root is not null, Files.Missing);
        var open = PreferenceFile.Open(Path.Combine(Files.Root!, file));
        Assert.Equal(layout, open.Layout.Name);
        int read = 0, compared = 0;
        foreach (var row in open.Rows())
        {
            read++;
            compared += row.Pairs.Count;
            Assert.All(row.Pairs, p => Assert.InRange(Math.Max(p.First, p.Second), 1, row.Responses.Count - 1));
        }

        Assert.Equal(rows, read);
        Assert.True(pairs == 0 ? compared > 0 : compared == pairs, $"{compared} comparisons");
    }
}
