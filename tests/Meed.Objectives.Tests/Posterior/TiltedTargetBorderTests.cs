using Meed.Objectives.Posterior;

namespace Meed.Objectives.Tests.Posterior;

public class TiltedTargetBorderTests
{
    [Fact]
    public void KlAndEntropy_ImpossibleAnswer_AddsNothing()
    {
        double[] sure = [0, double.NegativeInfinity], even = [Math.Log(0.5), Math.Log(0.5)];

        Assert.Equal(Math.Log(2), TiltedTarget.Kl(sure, even), 1e-12);
        Assert.Equal(0, TiltedTarget.Entropy(sure), 1e-12);
        Assert.Equal(Math.Log(2), TiltedTarget.Entropy(even), 1e-12);
    }
}
