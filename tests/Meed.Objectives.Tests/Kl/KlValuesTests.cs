using Meed.Objectives.Kl;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests.Kl;

public class KlValuesTests
{
    [Fact]
    public void Values_ReferenceBatch_EqualsPyTorch()
    {
        var inputs = Values.Root.GetProperty("inputs");

        Values.Near(Values.Root.GetProperty("kl").GetProperty("K3").Doubles(), KlK3.Values(inputs.GetProperty("logProbs").Floats(), inputs.GetProperty("refLogProbs").Floats()));
    }

    [Fact]
    public void Values_LengthsThatDiffer_IsAnError()
    {
        Assert.Contains("2 log-probs and 1 reference log-probs", Assert.Throws<ArgumentException>(() => KlK3.Values([0, 0], [0])).Message);
        Assert.Empty(KlK3.Values([], []));
    }
}
