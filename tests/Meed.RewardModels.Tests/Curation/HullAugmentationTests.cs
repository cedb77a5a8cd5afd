using Meed.Numerics;
using Meed.RewardModels.Curation;

namespace Meed.RewardModels.Tests.Curation;

public class HullAugmentationTests
{
    [Fact]
    public void Vertices_OfASquareAndItsInside_AreItsCorners()
    {
        float[][] points = [[0, 0], [1, 0], [0.5f, 0.5f], [1, 1], [0, 1], [0.2f, 0.7f]];

        Assert.Equal([0, 1, 3, 4], HullAugmentation.Vertices(points, 100, new RandomStream(1)));
    }

    [Fact]
    public void Perturb_Answer_ReplacesOneWordWhereverItStands()
    {
        const string Answer = "The red lamp is old. See the lamp.";
        var kept = HullAugmentation.Perturb(Answer, ["chair"], 40, 3, new RandomStream(2));

        Assert.InRange(kept.Count, 1, 3);
        Assert.All(kept, k =>
        {
            string[] before = Answer.Split(' '), after = k.Split(' ');
            Assert.Equal(before.Length, after.Length);
            var changed = before.Zip(after).Where(p => p.First != p.Second).ToList();
            Assert.Single(changed.Select(p => p.First.TrimEnd('.')).Distinct());
            Assert.All(changed, p => Assert.StartsWith("chair", p.Second, StringComparison.Ordinal));
        });
        Assert.Contains("The red chair is old. See the chair.", HullAugmentation.Perturb("The red lamp is old. See the lamp.", ["chair"], 400, 40, new RandomStream(3)));
        Assert.Empty(HullAugmentation.Perturb(Answer, [], 5, 3, new RandomStream(2)));
    }
}
