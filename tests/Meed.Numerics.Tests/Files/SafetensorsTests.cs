using System.Buffers.Binary;
using System.Text;

namespace Meed.Numerics.Tests.Files;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_ThenOpen_GivesTheSameTensorsAndText()
    {
        string path = Path.Combine(_folder, "a.safetensors");
        var first = Tensor.From([1f, -2.5f, float.NaN, float.PositiveInfinity, 0f, 1e-40f], 2, 3);
        Safetensors.Write(path, [("b.weight", first), ("a", Tensor.Scalar(7f)), ("empty", Tensor.Zeros(0, 4))], new Dictionary<string, string> { ["format"] = "pt" });
        using var file = Safetensors.Open(path);
        Assert.Equal(first.ToArray(), file.Read("b.weight").ToArray());
        Assert.Equal([2, 3], file.Read("b.weight").Shape);
        Assert.Equal(7f, file.Read("a").Item());
        Assert.Equal([0, 4], file.Read("empty").Shape);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(0, file.Entries["b.weight"].Offset % 8);
        Assert.Contains("b.weight", Assert.Throws<KeyNotFoundException>(() => file.Read("c")).Message);
        var parameter = new Parameter("p", Tensor.Zeros(2, 3));
        file.Read("b.weight", parameter);
        Assert.Equal(first.ToArray(), parameter.Value.ToArray());
        Assert.Throws<InvalidDataException>(() => file.Read("a", parameter));
    }

    [Fact]
    public void Read_HalfPrecisionForms_GivesTheirExactValues()
    {
        ushort[] half = [.. new[] { 1.5f, -65504f, 0f, 6e-8f }.Select(value => BitConverter.HalfToUInt16Bits((Half)value))];
        ushort[] brain = [0x3FC0, 0xC2F7, 0x7F80, 0x0001];
        byte[] data = [.. half.Concat(brain).SelectMany(value => BitConverter.GetBytes(value)), 1, 0];
        string path = Create("""{"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[8,16]},"i":{"dtype":"I16","shape":[1],"data_offsets":[16,18]}}""", data);
        using var file = Safetensors.Open(path);
        Assert.Equal([1.5f, -65504f, 0f, (float)(Half)6e-8f], file.Read("h").ToArray());
        Assert.Equal([1.5f, -123.5f, float.PositiveInfinity, BitConverter.UInt32BitsToSingle(0x00010000)], file.Read("b").ToArray());
        Assert.Contains("I16", Assert.Throws<NotSupportedException>(() => file.Read("i")).Message);
    }

    public static TheoryData<string, int, string> Malformed => new()
    {
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "not JSON" },
        { """[1]""", 8, "not a JSON object" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", 8, "is said to lie at" },
        { """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "takes 12" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "is said to lie at" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "is said to lie at" },
        { """{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "has the axis -2" },
        { """{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "has the axis 2.5" },
        { """{"a":{"dtype":"F32","shape":[65536,65536,65536],"data_offsets":[0,8]}}""", 8, "more than" },
        { """{"a":{"dtype":"Q7","shape":[2],"data_offsets":[0,8]}}""", 8, "unknown dtype" },
        { """{"a":{"dtype":"F32","shape":[2]}}""", 8, "needs dtype" },
        { """{"a":3}""", 8, "needs dtype" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "4 bytes at the end" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "4 bytes before a" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlaps" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice" },
        { """{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "is not text" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Open_MalformedHeader_NamesFileByteAndReason(string header, int bytes, string reason)
    {
        string path = Create(header, new byte[bytes]);
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Open(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(", byte ", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Open_EveryPrefixAndManyFlippedBytes_OpensOrExplains()
    {
        string whole = Path.Combine(_folder, "whole.safetensors");
        Safetensors.Write(whole, [("a", Tensor.Ones(3, 2)), ("b", Tensor.Ones(5))]);
        byte[] bytes = File.ReadAllBytes(whole);
        string path = Path.Combine(_folder, "part.safetensors");
        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Safetensors.Open(path)).Message);
        }

        var random = new RandomStream(1);
        for (int i = 0; i < 500; i++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[random.NextInt(bytes.Length)] = (byte)random.NextInt(256);
            File.WriteAllBytes(path, changed);
            try
            {
                using var file = Safetensors.Open(path);
                foreach (var entry in file.Entries.Values.Where(entry => entry.Type is "F32" or "F16" or "BF16"))
                {
                    Assert.Equal(Shapes.Length(entry.Shape), file.Read(entry.Name).Length);
                }
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(path, error.Message);
            }
        }
    }

    [Fact]
    public void Open_HeaderLongerThanTheFile_IsRefusedBeforeReading()
    {
        foreach (long length in (long[])[-1, 0, 1, 1000, long.MaxValue])
        {
            byte[] bytes = new byte[16];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
            string path = Path.Combine(_folder, "long.safetensors");
            File.WriteAllBytes(path, bytes);
            Assert.Contains("byte 0", Assert.Throws<InvalidDataException>(() => Safetensors.Open(path)).Message);
        }
    }

    private string Create(string header, byte[] data)
    {
        string path = Path.Combine(_folder, "test.safetensors");
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        File.WriteAllBytes(path, [.. length, .. text, .. data]);
        return path;
    }
}
