using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics;

/// <summary>Reads a safetensors file through a memory map, and writes one. Dispose it to close the file.</summary>
/// <remarks>
/// The file is: 8 bytes, the length of the header (little endian); the header, a JSON object from names to dtype, shape and data_offsets,
/// with text pairs under <c>__metadata__</c>; the values, without gaps. Everything the header claims is checked against the length of the
/// file when it is opened, before any value is read.
/// </remarks>
public sealed class Safetensors : IDisposable
{
    private const long LongestHeader = 100_000_000;

    private readonly string _path;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Dictionary<string, SafetensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];

    private Safetensors(string path, MemoryMappedFile map, MemoryMappedViewAccessor view)
    {
        _path = path;
        _map = map;
        _view = view;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    /// <summary>The text pairs of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">The file is malformed; the message names it, the byte and the reason.</exception>
    public static Safetensors Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        long length = new FileInfo(path).Length;
        if (length < 8)
        {
            throw Bad(path, 0, $"the file has {length} bytes; a safetensors file begins with 8 bytes for the length of its header");
        }

        var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        MemoryMappedViewAccessor? view = null;
        try
        {
            view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            var file = new Safetensors(path, map, view);
            file.ReadHeader(length);
            return file;
        }
        catch
        {
            view?.Dispose();
            map.Dispose();
            throw;
        }
    }

    /// <summary>Writes tensors as F32. The bytes depend on the order given and the values alone.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="metadata">Text pairs to store, or null.</param>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        Write(stream, tensors, metadata);
    }

    /// <summary>As <see cref="Write(string, IEnumerable{ValueTuple{string, Tensor}}, IReadOnlyDictionary{string, string}?)"/>, to a stream.</summary>
    public static void Write(Stream to, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(tensors);
        var all = tensors.ToArray();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            var names = new HashSet<string>();
            foreach (var (name, value) in all)
            {
                if (name == "__metadata__" || !names.Add(name))
                {
                    throw new ArgumentException($"Safetensors.Write: the name {name} is used twice or reserved.", nameof(tensors));
                }

                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int size in value.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += 4L * value.Length;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces bring the values to a multiple of 8 bytes.
        while (header.Length % 8 != 0)
        {
            header.WriteByte((byte)' ');
        }

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        to.Write(length);
        header.WriteTo(to);
        foreach (var (_, value) in all)
        {
            to.Write(MemoryMarshal.AsBytes(value.Data));
        }
    }

    /// <summary>Reads one tensor as float32.</summary>
    /// <exception cref="KeyNotFoundException">The file has no tensor of that name.</exception>
    /// <exception cref="NotSupportedException">The tensor is stored in a type other than F32, F16 and BF16.</exception>
    public Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_entries.TryGetValue(name, out var entry))
        {
            throw new KeyNotFoundException($"{_path} has no tensor {name}. It has {_entries.Count}, for example {string.Join(", ", _entries.Keys.Take(3))}.");
        }

        var tensor = Tensor.Allocate((int[])entry.Shape.Clone(), name);
        ReadInto(entry, tensor);
        return tensor;
    }

    /// <summary>Reads one tensor into a parameter of the same shape.</summary>
    /// <exception cref="InvalidDataException">The shapes differ.</exception>
    public void Read(string name, Parameter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        using var scope = Tape.Begin(record: false);
        var value = Read(name);
        if (!Shapes.Same(value.Shape, into.Shape))
        {
            throw new InvalidDataException($"{_path}: {name} is {Shapes.Text(value.Shape)}; the parameter {into.Name} is {Shapes.Text(into.Shape)}.");
        }

        into.Load(value);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
    }

    private static InvalidDataException Bad(string path, long offset, string reason) => new($"{path}, byte {offset}: {reason}.");

    private static int SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => 0,
    };

    private void ReadInto(SafetensorsEntry entry, Tensor tensor)
    {
        var handle = _view.SafeMemoryMappedViewHandle;
        ulong at = (ulong)entry.Offset;
        if (entry.Type == "F32")
        {
            handle.ReadSpan(at, tensor.Data);
            return;
        }

        if (entry.Type is not ("F16" or "BF16"))
        {
            throw new NotSupportedException($"{_path}: {entry.Name} is stored as {entry.Type}; F32, F16 and BF16 can be read.");
        }

        var part = new ushort[Math.Min(tensor.Length, 1 << 16)];
        for (int done = 0; done < tensor.Length; done += part.Length)
        {
            var values = part.AsSpan(0, Math.Min(part.Length, tensor.Length - done));
            handle.ReadSpan(at + (2UL * (ulong)done), values);
            var to = tensor.Data.Slice(done, values.Length);
            if (entry.Type == "F16")
            {
                Conversion.FromHalf(values, to);
            }
            else
            {
                Conversion.FromBrain(values, to);
            }
        }
    }

    private void ReadHeader(long length)
    {
        long headerLength = _view.ReadInt64(0);
        if (headerLength is < 2 or > LongestHeader || headerLength > length - 8)
        {
            throw Bad(_path, 0, $"the header is said to have {headerLength} bytes; the file has {length - 8} after this number and a header is at most {LongestHeader}");
        }

        var bytes = new byte[headerLength];
        _view.ReadArray(8, bytes, 0, bytes.Length);
        if (!Utf8.IsValid(bytes))
        {
            throw Bad(_path, 8, "the header is not UTF-8");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw Bad(_path, 8 + (e.BytePositionInLine ?? 0), "the header is not JSON");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Bad(_path, 8, "the header is not a JSON object");
            }

            long start = 8 + headerLength;
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    ReadMetadata(property.Value);
                }
                else if (!_entries.TryAdd(property.Name, ReadEntry(property, start, length - start)))
                {
                    throw Bad(_path, 8, $"the tensor {property.Name} occurs twice");
                }
            }

            RequireNoGaps(start, length);
        }
    }

    private void ReadMetadata(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Bad(_path, 8, "__metadata__ is not an object of text pairs");
        }

        foreach (var pair in element.EnumerateObject())
        {
            _metadata[pair.Name] = pair.Value.ValueKind == JsonValueKind.String
                ? pair.Value.GetString()!
                : throw Bad(_path, 8, $"__metadata__ {pair.Name} is not text");
        }
    }

    private SafetensorsEntry ReadEntry(JsonProperty property, long start, long dataLength)
    {
        string name = property.Name;
        var value = property.Value;
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !value.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() != 2)
        {
            throw Bad(_path, 8, $"{name} needs dtype, shape and data_offsets");
        }

        int size = SizeOf(type.GetString()!);
        if (size == 0)
        {
            throw Bad(_path, 8, $"{name} has the unknown dtype {type.GetString()}");
        }

        var axes = new int[shape.GetArrayLength()];
        long count = 1;
        for (int i = 0; i < axes.Length; i++)
        {
            if (shape[i].ValueKind != JsonValueKind.Number || !shape[i].TryGetInt32(out axes[i]) || axes[i] < 0)
            {
                throw Bad(_path, 8, $"{name} has the axis {shape[i].GetRawText()}; an axis is a whole number from 0 to {int.MaxValue}");
            }

            count *= axes[i];
            if (count > int.MaxValue)
            {
                throw Bad(_path, 8, $"{name} has more than {int.MaxValue} values");
            }
        }

        long begin = -1;
        long end = -1;
        bool numbers = offsets[0].ValueKind == JsonValueKind.Number && offsets[0].TryGetInt64(out begin)
            && offsets[1].ValueKind == JsonValueKind.Number && offsets[1].TryGetInt64(out end);
        if (!numbers || begin < 0 || end < begin || end > dataLength)
        {
            throw Bad(_path, start + Math.Max(begin, 0), $"{name} is said to lie at {offsets.GetRawText()}; the file has {dataLength} bytes of values");
        }

        if (end - begin != count * size)
        {
            throw Bad(_path, start + begin, $"{name} has {end - begin} bytes; {Shapes.Text(axes)} in {type.GetString()} takes {count * size}");
        }

        return new SafetensorsEntry(name, type.GetString()!, axes, start + begin, end - begin);
    }

    private void RequireNoGaps(long start, long length)
    {
        long next = start;
        foreach (var entry in _entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Bytes))
        {
            if (entry.Offset != next)
            {
                throw Bad(_path, Math.Min(next, entry.Offset), entry.Offset < next ? $"{entry.Name} overlaps the tensor before it" : $"{entry.Offset - next} bytes before {entry.Name} belong to no tensor");
            }

            next = entry.Offset + entry.Bytes;
        }

        if (next != length)
        {
            throw Bad(_path, next, $"{length - next} bytes at the end belong to no tensor");
        }
    }
}
