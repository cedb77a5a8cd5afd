using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.Objectives.Tests.Preferences;

public class ParaphraseConsistencyTests
{
    [Fact]
    public void Loss_OfScores_IsTheSquaredDifferenceWithGradientsOnBothSides()
    {
        // ℓ = (s − s′)², dℓ/ds = 2·(s − s′) = −dℓ/ds′.
        var scores = Tensor.From([1f, -0.5f, 2f]).RequireGrad();
        var other = Tensor.From([0.25f, -0.5f, 3f]).RequireGrad();
        var loss = ParaphraseConsistency.Loss(scores, other);
        loss.Sum().Backward();

        Assert.Equal([0.5625f, 0f, 1f], loss.ToArray());
        Assert.Equal([1.5f, 0f, -2f], scores.Grad!.ToArray());
        Assert.Equal([-1.5f, 0f, 2f], other.Grad!.ToArray());
    }

    [Fact]
    public void Loss_ShiftOfBoth_ChangesNothing() => Assert.Equal(
        ParaphraseConsistency.Loss(Tensor.From([1f, 2f]), Tensor.From([0f, 4f])).ToArray(), ParaphraseConsistency.Loss(Tensor.From([3f, 4f]), Tensor.From([2f, 6f])).ToArray());

    [Fact]
    public void Loss_ShapesThatDiffer_AreRefused() => Assert.Throws<ArgumentException>(() => ParaphraseConsistency.Loss(Tensor.Zeros(3), Tensor.Zeros(2)));
}
