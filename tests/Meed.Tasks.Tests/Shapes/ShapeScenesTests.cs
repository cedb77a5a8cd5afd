using Meed.Numerics;
using Meed.Tasks.Shapes;

namespace Meed.Tasks.Tests.Shapes;

public class ShapeScenesTests
{
    [Fact]
    public void Picture_FullQuality_ShowsTheColourInItsCorner()
    {
        var random = new RandomStream(1);
        for (int corner = 0; corner < ShapeScenes.Corners; corner++)
        {
            float[] picture = ShapeScenes.Picture(new ShapeScene(0, 1, corner), 1, random);
            var lit = Enumerable.Range(0, 64).Where(p => picture[64 + p] > 0).ToList();

            Assert.Equal(9, lit.Count);
            Assert.All(lit, p => Assert.Equal(corner, (p / 8 / 4 * 2) + (p % 8 / 4)));
            Assert.All(picture[..64], v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void Matches_AlteredScene_LosesOne()
    {
        var scene = new ShapeScene(2, 3, 1);
        Assert.Equal(3, scene.Matches(scene));
        Assert.All(Enumerable.Range(0, 3), a => Assert.Equal(2, scene.Matches(scene.Altered(a, 1))));
    }

    [Fact]
    public void Caption_OfAnyScene_HasThreeWords() => Assert.Equal(3, ShapeScenes.Caption(ShapeScenes.Draw(new RandomStream(3))).Sum());
}
