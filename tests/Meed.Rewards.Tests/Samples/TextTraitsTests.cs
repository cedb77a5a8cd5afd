using System.Text;
using System.Text.Json;

namespace Meed.Rewards.Tests.Samples;

public sealed class TextTraitsTests
{
    private static TextSample Of(string item, string? folder, bool text = false) => text
        ? new TextSample { Response = "x", ItemJson = Encoding.UTF8.GetBytes(item), Folder = folder }
        : new TextSample { Response = "x", Item = JsonDocument.Parse(item).RootElement, Folder = folder };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Keys_SamePathInAnotherFolder_Differ(bool text)
    {
        var traits = TextTraits.Instance;
        const string shown = "{\"image\":\"a.png\"}", clip = "{\"frames\":\"a\"}", plain = "{\"kind\":\"a\"}";

        Assert.NotEqual(traits.BeyondKeyOf(Of(shown, "/one", text)), traits.BeyondKeyOf(Of(shown, "/two", text)));
        Assert.NotEqual(traits.KeyOf(Of(clip, "/one", text)), traits.KeyOf(Of(clip, "/two", text)));
        Assert.Equal(traits.BeyondKeyOf(Of(shown, "/one", text)), traits.BeyondKeyOf(Of(shown, "/one", text)));
        Assert.Equal(traits.BeyondKeyOf(Of(plain, "/one", text)), traits.BeyondKeyOf(Of(plain, "/two", text)));
        Assert.Equal(traits.KeyOf(Of(plain, "/one", text)), traits.KeyOf(Of(plain, null, text)));
    }

    [Fact]
    public void ContentKeyOf_MessageWithImages_DependsOnTheFolder()
    {
        var sample = new TextSample { Prompt = [new Message("user", "?") { Images = ["a.png"] }], Folder = "/one" };

        Assert.NotEqual(TextTraits.Instance.ContentKeyOf(sample), TextTraits.Instance.ContentKeyOf(sample with { Folder = "/two" }));
    }
}
