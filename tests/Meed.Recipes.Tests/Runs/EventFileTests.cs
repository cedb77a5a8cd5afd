using System.Buffers.Binary;
using System.Text;
using Meed.Recipes.Runs;
using Meed.Recipes.Tests.Support;

namespace Meed.Recipes.Tests.Runs;

public class EventFileTests
{
    // RFC 3720, appendix B.4: 32 zero bytes, 32 bytes of ones, 0..31, 31..0; and the check value of "123456789".
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AAu)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43u)]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794Eu)]
    [InlineData("1F1E1D1C1B1A191817161514131211100F0E0D0C0B0A09080706050403020100", 0x113FDB5Cu)]
    [InlineData("313233343536373839", 0xE3069283u)]
    public void Crc32C_OfKnownBytes_IsTheKnownChecksum(string hex, uint expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(expected, Crc32C.Of(bytes));
        Assert.Equal(expected, ~Crc32C.Portable(~0u, bytes));
    }

    [Fact]
    public void Crc32C_InTwoParts_EqualsTheWhole()
    {
        byte[] bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
        for (int cut = 0; cut < 40; cut++)
        {
            Assert.Equal(Crc32C.Of(bytes), Crc32C.Append(Crc32C.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        }
    }

    [Fact]
    public void Scalars_ReadBackByAnIndependentReader_AreTheSame()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("events.out.tfevents.1.meed");
        using (var file = new EventFile(path))
        {
            file.Scalars(1, [("loss", 0.5), ("reward/mean", -1.25)]);
            file.Scalars(300, [("loss", 0.125)]);
        }

        var events = Read(path);
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal(3, events.Count);
        Assert.Equal([0L, 1L, 300L], events.Select(e => e.Step));
        Assert.Equal([("loss", 0.5f), ("reward/mean", -1.25f)], events[1].Values);
        Assert.Equal([("loss", 0.125f)], events[2].Values);
        Assert.All(events, e => Assert.InRange(e.Time, 1.7e9, 4e9));
    }

    [Fact]
    public void Open_WithANotedLength_CutsWhatCameAfter()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("events.out.tfevents.1.meed");
        long length;
        using (var file = new EventFile(path))
        {
            file.Scalars(1, [("loss", 1)]);
            length = file.Length;
            file.Scalars(2, [("loss", 2)]);
        }

        using (var file = new EventFile(path, length))
        {
            file.Scalars(2, [("loss", 3)]);
        }

        Assert.Equal([1f, 3f], Read(path).SelectMany(e => e.Values).Select(v => v.Value));
    }

    // Written from the format's description, not from the writer: TFRecord framing, then protobuf wire types by field number.
    private static List<(double Time, long Step, string? Version, List<(string Tag, float Value)> Values)> Read(string path)
    {
        var result = new List<(double, long, string?, List<(string, float)>)>();
        byte[] bytes = File.ReadAllBytes(path);
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Mask(Slow(bytes.AsSpan(at, 8))), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            var data = bytes.AsSpan(at + 12, length);
            Assert.Equal(Mask(Slow(data)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            at += 16 + length;
            double time = 0;
            long step = 0;
            string? version = null;
            var values = new List<(string, float)>();
            foreach (var (field, payload) in Fields(data.ToArray()))
            {
                switch (field)
                {
                    case 1: time = BinaryPrimitives.ReadDoubleLittleEndian(payload); break;
                    case 2: step = (long)Varint(payload, 0).Value; break;
                    case 3: version = Encoding.UTF8.GetString(payload); break;
                    case 5:
                        foreach (var (_, value) in Fields(payload))
                        {
                            var parts = Fields(value).ToDictionary(f => f.Field, f => f.Payload);
                            values.Add((Encoding.UTF8.GetString(parts[1]), BinaryPrimitives.ReadSingleLittleEndian(parts[2])));
                        }

                        break;
                    default: Assert.Fail($"Field {field} is not one of Event."); break;
                }
            }

            result.Add((time, step, version, values));
        }

        return result;
    }

    private static List<(int Field, byte[] Payload)> Fields(byte[] data)
    {
        var fields = new List<(int, byte[])>();
        for (int at = 0; at < data.Length;)
        {
            var (key, next) = Varint(data, at);
            int start = next, end = (key & 7) switch
            {
                0 => Varint(data, next).Next,
                1 => next + 8,
                5 => next + 4,
                2 => -1,
                _ => throw new InvalidDataException($"Wire type {key & 7}."),
            };
            if (end < 0)
            {
                var (length, begin) = Varint(data, next);
                (start, end) = (begin, begin + (int)length);
            }

            fields.Add(((int)(key >> 3), data[start..end]));
            at = end;
        }

        return fields;
    }

    private static (ulong Value, int Next) Varint(byte[] data, int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = data[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return (value, at);
            }
        }
    }

    private static uint Slow(ReadOnlySpan<byte> data)
    {
        uint crc = ~0u;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
            }
        }

        return ~crc;
    }

    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}
