using Meed.Recipes.Runs;
using Meed.Recipes.Tests.Support;

namespace Meed.Recipes.Tests.Runs;

public class CheckpointStoreTests
{
    private static readonly CheckpointHeader s_header = new(7, "train", new Dictionary<string, long> { ["metrics.jsonl"] = 120 });

    [Fact]
    public void Save_ThenOpenNewest_GivesHeaderAndStateBack()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.File("checkpoints"));
        store.Save(1, s_header, s => s.Write([1, 2, 3]));
        var (header, state, _) = store.OpenNewest(out var skipped)!.Value;
        Assert.Empty(skipped);
        Assert.Equal((7, "train", 120), (header.Step, header.Phase, header.Files["metrics.jsonl"]));
        Assert.Equal([1, 2, 3], ((MemoryStream)state).ToArray());
    }

    [Fact]
    public void Save_ManyTimes_KeepsTheNewestTwo()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.File("checkpoints"));
        for (int i = 1; i <= 5; i++)
        {
            store.Save(i, s_header with { Step = i }, s => s.WriteByte((byte)i));
        }

        Assert.Equal(["0000000005.ckpt", "0000000004.ckpt"], store.Files().Select(Path.GetFileName));
    }

    [Fact]
    public void OpenNewest_NewestCutAtAnyByte_FallsBackAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.File("checkpoints"));
        store.Save(1, s_header with { Step = 1 }, s => s.Write(new byte[50]));
        string newest = store.Save(2, s_header with { Step = 2 }, s => s.Write(new byte[50]));
        byte[] whole = File.ReadAllBytes(newest);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(newest, whole[..length]);
            Assert.Equal(1, store.OpenNewest(out var skipped)!.Value.Header.Step);
            Assert.Contains("cut off", Assert.Single(skipped), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void OpenNewest_AnyBitFlipped_IsNoticed()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.File("checkpoints"));
        string path = store.Save(1, s_header, s => s.Write(new byte[20]));
        byte[] whole = File.ReadAllBytes(path);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Assert.Throws<CheckpointException>(() => store.OpenNewest(out _));
        }
    }

    [Fact]
    public void Save_WhenTheStateThrows_LeavesTheEarlierOnes()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.File("checkpoints"));
        store.Save(1, s_header, s => s.WriteByte(1));
        Assert.Throws<IOException>(() => store.Save(2, s_header, s =>
        {
            s.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal(["0000000001.ckpt"], Directory.GetFiles(store.Folder).Select(Path.GetFileName));
    }
}
