using Meed.Numerics;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Images;

namespace Meed.RewardModels.Tests.Images;

public class PatchTransformerTests
{
    private static readonly PatchTransformerOptions s_options = new() { Words = 5, Outputs = 2 };

    [Fact]
    public void Score_AnyBatchAndOrder_HasTheSameBits()
    {
        var random = new RandomStream(1);
        var network = Trained(random);
        float[]?[] pictures = [Picture(random), null, Picture(random), Picture(random), null];
        int[][] words = [[1, 2, 3], [4], [], [0, 0, 1, 2], [3, 3]];

        float[][] alone = [.. pictures.Select((p, i) => network.Score([p], [words[i]]).ToArray())];
        float[] together = network.Score(pictures, words).ToArray();
        float[] reversed = network.Score([.. pictures.Reverse()], [.. words.Reverse()]).ToArray();

        Assert.Equal(alone.SelectMany(a => a), together);
        Assert.Equal(alone.Reverse().SelectMany(a => a), reversed);
        Assert.Equal(5, alone.Select(a => a[0]).Distinct().Count());
    }

    [Fact]
    public void Forward_LaterWords_ChangeNothingBefore()
    {
        var random = new RandomStream(2);
        var network = Trained(random);
        float[] picture = Picture(random);

        float[] shorter = network.Forward([picture], [[1, 2]]).ToArray(), longer = network.Forward([picture], [[1, 2, 4]]).ToArray();

        Assert.Equal(shorter, longer[..shorter.Length]);
    }

    [Fact]
    public void Score_NewNetwork_IsZero() => Assert.Equal([0, 0], new PatchTransformer(s_options, new RandomStream(1)).Score([null], [[1]]).ToArray());

    [Fact]
    public void Score_Training_LearnsWhereThePictureDecides()
    {
        // The word is right when the brighter half is the one it names: neither word nor picture alone tells.
        var random = new RandomStream(3);
        var network = new PatchTransformer(new PatchTransformerOptions { Words = 2 }, random);
        var optimizer = new AdamW([.. network.Parameters], 3e-3f);
        (float[] Picture, int[] Word, float Sign) Draw()
        {
            int half = random.NextInt(2), word = random.NextInt(2);
            float[] picture = Picture(random);
            for (int i = 0; i < picture.Length; i++)
            {
                picture[i] += (i % 8 < 4) == (half == 0) ? 1 : 0;
            }

            return (picture, [word], half == word ? 1 : -1);
        }

        for (int step = 0; step < 150; step++)
        {
            using var scope = Tape.Begin();
            var batch = Enumerable.Range(0, 32).Select(_ => Draw()).ToArray();
            var score = network.Score([.. batch.Select(b => b.Picture)], [.. batch.Select(b => b.Word)]).Reshape(32);
            optimizer.Step(-(score * Tensor.From([.. batch.Select(b => b.Sign)])).LogSigmoid().Mean());
        }

        var test = Enumerable.Range(0, 200).Select(_ => Draw()).ToArray();
        float[] scores = network.Score([.. test.Select(b => b.Picture)], [.. test.Select(b => b.Word)]).ToArray();
        Assert.True(test.Where((t, i) => scores[i] * t.Sign > 0).Count() > 190);
    }

    [Fact]
    public void Forward_BadInput_NamesTheRow()
    {
        var network = new PatchTransformer(s_options, new RandomStream(1));

        Assert.Contains("picture 1 has 3 numbers; it is 3 planes of 8 × 8", Assert.Throws<ArgumentException>(() => network.Forward([null, [1, 2, 3]], [[], []])).Message, StringComparison.Ordinal);
        Assert.Contains("word 1 of row 0 is 5; the vocabulary has 5", Assert.Throws<ArgumentException>(() => network.Forward([null], [[0, 5]])).Message, StringComparison.Ordinal);
        Assert.Contains("1 pictures and 2 rows of words", Assert.Throws<ArgumentException>(() => network.Forward([null], [[], []])).Message, StringComparison.Ordinal);
        Assert.Contains("a patch's side divides the picture's", Assert.Throws<ArgumentException>(() => new PatchTransformer(new PatchTransformerOptions { Patch = 3 }, new RandomStream(1))).Message, StringComparison.Ordinal);
        Assert.Contains("a multiple of twice the Heads", Assert.Throws<ArgumentException>(() => new PatchTransformer(new PatchTransformerOptions { Width = 20 }, new RandomStream(1))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, 10, 2, true)]
    [InlineData(13, 10, 2, false)]
    [InlineData(5, 10, 0, true)]
    public void LengthGap_WinnersThatAreMuchLonger_AreLeftOut(int chosen, int rejected, int gap, bool kept)
    {
        Assert.Equal(kept, LengthGap.Keeps(chosen, rejected, gap));
        Assert.Equal(chosen <= 1.2 * rejected, LengthGap.Keeps(chosen, rejected, 100, 1.2));
    }

    private static PatchTransformer Trained(RandomStream random)
    {
        var network = new PatchTransformer(s_options, random);
        foreach (var parameter in network.Parameters.Where(p => p.Name.StartsWith("score", StringComparison.Ordinal)))
        {
            parameter.Load(Tensor.Normal(random, 0, 0.3f, parameter.Shape));
        }

        return network;
    }

    private static float[] Picture(RandomStream random)
    {
        var picture = new float[3 * 64];
        random.FillUniform(picture, 0, 1);
        return picture;
    }
}
