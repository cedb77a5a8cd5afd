using System.Text.Json;
using Meed.RewardModels.Data;
using Meed.RewardModels.Observations;
using Meed.RewardModels.Tests.Data;
using Meed.Rewards;

namespace Meed.RewardModels.Tests.Observations;

public sealed class ObservationSourceTests
{
    private static ObservationSource? Read(string json, string? folder = null) => ObservationSource.Read(JsonDocument.Parse(json).RootElement, folder);

    [Fact]
    public void Read_InlineValues_GiveTheirNumbers()
    {
        var grey = Read("""{"image": [[0, 0.5], [1, 0.25]]}""")!.Load();
        var colour = Read("""{"image": [[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]]}""")!.Load();
        var clip = Read("""{"frames": [[[0, 1]], [[1, 0]]]}""")!.Load();
        var states = Read("""{"states": [[1, 2], [3, 4]], "actions": [7]}""")!.Load();

        Assert.Equal([0, 0.5f, 1, 0.25f], Pictures.Values(grey));
        Assert.Equal(new ObservationShape(ObservationKind.Picture, 1, 3, 1, 2), colour.Shape);
        Assert.Equal([0.1f, 0.4f, 0.2f, 0.5f, 0.3f, 0.6f], Pictures.Values(colour));
        Assert.Equal(new ObservationShape(ObservationKind.Clip, 2, 1, 1, 2), clip.Shape);
        Assert.Equal([0, 1, 1, 0], Pictures.Values(clip));
        Assert.Equal(new ObservationShape(ObservationKind.States, 2, 1, 1, 2, 1), states.Shape);
        Assert.Equal([1, 2, 7, 3, 4, 0], Pictures.Values(states));
        Assert.Null(Read("""{"text": "x", "image": null}"""));
    }

    [Theory]
    [InlineData("""{"image": [[0, 1], [1]]}""", "a picture is a path, a data URI, or rows of equal length of pixels")]
    [InlineData("""{"image": [[0, "a"]]}""", "image: row 0, column 1 is \"a\", not a finite number")]
    [InlineData("""{"image": [[[0, 1], [1]]]}""", "the pixel in row 0, column 1 is [1]; the first has 2 numbers")]
    [InlineData("""{"image": 3}""", "image is 3; a picture is")]
    [InlineData("""{"frames": [[[0, 1]], [[1]]]}""", "frames[1] is a picture of 1 × 1 pixels in 1 plane, the first frame a picture of 2 × 1")]
    [InlineData("""{"frames": []}""", "it is a folder or a list of 1 to 4096 pictures")]
    [InlineData("""{"frames": ["a.png", [[1]]]}""", "frames mixes paths and numbers")]
    [InlineData("""{"frames": "clip"}""", "names the folder clip, and this sample did not come from a file")]
    [InlineData("""{"states": []}""", "states is empty")]
    [InlineData("""{"states": [[1, 2], [3]]}""", "states[1] has 1 numbers, the first has 2")]
    [InlineData("""{"states": [[1, null]]}""", "states[0][1] is null, not a finite number")]
    [InlineData("""{"states": [[1e99]]}""", "states[0][0] is 1e99, not a finite number")]
    [InlineData("""{"states": [[1], [2]], "actions": [[1], [2], [3]]}""", "actions has 3 entries for 2 states")]
    [InlineData("""{"states": [[1]], "image": "a.png"}""", "image and states are both there")]
    public void Read_BadValues_NameTheField(string json, string expected) => Assert.Contains(expected, Assert.Throws<FormatException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_Paths_StartAtTheFolder()
    {
        string folder = Directory.CreateTempSubdirectory("meed-seen-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "clip"));
            byte[] first = Pictures.Noise(3, 4, 4, 1), second = Pictures.Noise(3, 4, 4, 2);
            File.WriteAllBytes(Path.Combine(folder, "clip", "0.png"), Pictures.Png(first, 3, 4, 4));
            File.WriteAllBytes(Path.Combine(folder, "clip", "1.png"), Pictures.Png(second, 3, 4, 4));
            File.WriteAllText(Path.Combine(folder, "clip", "notes.txt"), "no picture");
            File.WriteAllBytes(Path.Combine(folder, "small.png"), Pictures.Png(Pictures.Noise(1, 2, 2, 1), 1, 2, 2));

            var clip = Read("""{"frames": "clip"}""", folder)!;
            var listed = Read("""{"frames": ["clip/0.png", "clip/1.png"]}""", folder)!;
            var inline = Read($$"""{"image": "data:image/png;base64,{{Convert.ToBase64String(Pictures.Png(first, 3, 4, 4))}}"}""")!;

            Assert.Equal(first.Concat(second).Select(b => b * (1f / 255f)), Pictures.Values(clip.Load()));
            Assert.Equal(listed.Key, clip.Key);
            Assert.Equal(Pictures.Values(listed.Load())[..48], Pictures.Values(inline.Load()));

            string Fails(string json, ObservationShape? shape = null, string? from = "") => Assert.Throws<PreferenceException>(() => Read(json, from?.Length == 0 ? folder : from)!.Load(shape)).Message;
            Assert.Equal($"image: {Path.Combine(folder, "gone.png")} does not exist.", Fails("""{"image": "gone.png"}"""));
            Assert.Contains("image: clip/notes.txt cannot be read: PNG, PPM (P6) and PGM (P5) are read", Fails("""{"image": "clip/notes.txt"}"""), StringComparison.Ordinal);
            Assert.Contains("frames[1] is a picture of 2 × 2 pixels in 1 plane, the first frame", Fails("""{"frames": ["clip/0.png", "small.png"]}"""), StringComparison.Ordinal);
            Assert.Contains("frames has 2 frames; this model reads 3 frames of 4 × 4", Fails("""{"frames": "clip"}""", new ObservationShape(ObservationKind.Clip, 3, 3, 4, 4)), StringComparison.Ordinal);
            Assert.Contains("paths are read only beside a file that was named", Fails("""{"image": "clip/0.png"}""", null, null), StringComparison.Ordinal);
            Assert.Contains("the base64 is damaged", Fails("""{"image": "data:image/png;base64,%%"}""", null, null), StringComparison.Ordinal);
            Assert.Contains("the folder", Assert.Throws<FormatException>(() => Read("""{"frames": "none"}""", folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Of_ImagesOfAMessage_AreAPictureOrAClip()
    {
        string uri = "data:image/png;base64," + Convert.ToBase64String(Pictures.Png([1, 2, 3, 4], 1, 2, 2));

        Assert.Equal(ObservationKind.Picture, ObservationSource.Of(new TextSample { Prompt = [new Message("user", "?") { Images = [uri] }] })!.Load().Shape.Kind);
        Assert.Equal(2, ObservationSource.Of(new TextSample { Prompt = [new Message("user", "?") { Images = [uri, uri] }] })!.Load().Shape.Steps);
        Assert.Null(ObservationSource.Of(new TextSample()));
    }

    [Fact]
    public void Rows_OwnFormat_CarryWhatPromptOrResponsesShow()
    {
        using var file = Files.Temporary("seen.jsonl",
            """{"prompt": "What is it?", "image": [[1, 0]], "responses": [{"text": "left", "rating": 1}, {"text": "right", "rating": 0}]}""",
            """{"prompt": "Go.", "responses": [{"states": [[1], [2]], "rank": 1}, {"states": [[2], [1]], "rank": 2}], "group": "g"}""",
            """{"prompt": "Go.", "responses": [{"states": [[1], [3]], "rank": 1}, {"states": [[3], [1]], "rank": 2}]}""");

        var rows = Files.Rows(file.Path);

        Assert.Equal([1, 0], Pictures.Values(rows[0].Observation!.Load()));
        Assert.Equal([1, 2], Pictures.Values(rows[1].Responses[0].Observation!.Load()));
        Assert.Equal([new PreferencePair(0, 1)], rows[1].Pairs);
        Assert.NotEqual(PromptSplit.KeyOf(rows[1]), PromptSplit.KeyOf(rows[2]));
        Assert.Equal(PromptSplit.KeyOf(rows[1]), PromptSplit.KeyOf(rows[2] with { Group = "g" }));
        Assert.NotEqual(PromptSplit.KeyOf(rows[0]), PromptSplit.KeyOf(rows[0].Prompt));
    }

    [Fact]
    public void Rows_ChosenAndRejected_MayShowSomething()
    {
        using var file = Files.Temporary("seen.jsonl",
            """{"prompt": "Which?", "image": [[1, 0]], "chosen": "left", "rejected": "right"}""",
            """{"prompt": "Draw.", "chosen": {"image": [[1, 0]]}, "rejected": {"image": [[0, 1]], "text": "so"}}""");

        var rows = Files.Rows(file.Path);

        Assert.Equal("left", rows[0].Responses[0].Text);
        Assert.Equal([0, 1], Pictures.Values(rows[1].Responses[1].Observation!.Load()));
        Assert.Equal("so", rows[1].Responses[1].Text);
    }

    [Fact]
    public void Rows_BadObservations_NameFileLineAndField()
    {
        void Fails(string expected, string line)
        {
            using var file = Files.Temporary("bad.jsonl", """{"prompt": "a", "responses": ["b", "c"]}""", line);
            Assert.Contains(expected.Replace("FILE", file.Path, StringComparison.Ordinal), Assert.Throws<PreferenceException>(() => Files.Rows(file.Path).ForEach(r => r.Responses.ToList().ForEach(x => x.Observation?.Load()))).Message, StringComparison.Ordinal);
        }

        Fails("FILE:2: responses[1].states[1] has 2 numbers, the first has 1", """{"prompt": "a", "responses": [{"states": [[1]]}, {"states": [[1], [1, 2]]}]}""");
        Fails("FILE:2: responses[0].image: ", """{"prompt": "a", "responses": [{"image": "gone.png"}]}""");
        Fails("FILE:2: the row and responses[0] both show something", """{"prompt": "a", "image": [[1]], "responses": [{"image": [[1]]}]}""");
    }

    [Fact]
    public void DataCheck_RowsThatShowSomething_AreOpenedAndCompared()
    {
        using var file = Files.Temporary("check.jsonl",
            """{"prompt": "a", "responses": [{"image": [[1, 0]], "rank": 1}, {"image": [[0, 1]], "rank": 2}]}""",
            """{"prompt": "a", "responses": [{"image": [[1, 0]], "rank": 1}, {"image": [[1, 0]], "rank": 2}]}""",
            """{"prompt": "a", "responses": [{"image": [[1, 0]], "rank": 2}, {"image": [[0, 1]], "rank": 1}]}""",
            """{"prompt": "a", "responses": [{"image": [[1, 0]], "rank": 1}, {"image": [[0, 1, 1]], "rank": 2}]}""",
            """{"prompt": "a", "responses": [{"image": "gone.png", "rank": 1}, {"image": [[0, 1]], "rank": 2}]}""");

        var found = DataCheck.Run([PreferenceFile.Open(file.Path)]);

        Assert.Equal(1, found.Identical.Count);
        Assert.Equal(1, found.Contradictions.Count);
        Assert.Equal(2, found.Bad.Count);
        Assert.Contains("the first one shows a picture of 2 × 1 pixels", found.Bad.Examples[0], StringComparison.Ordinal);
    }
}
