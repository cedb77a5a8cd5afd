namespace Meed.Numerics;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its values are stored: F32, F16 or BF16 can be read; others are listed only.</param>
/// <param name="Shape">Sizes of its axes.</param>
/// <param name="Offset">Byte of the file at which its values begin.</param>
/// <param name="Bytes">Number of bytes of its values.</param>
public sealed record SafetensorsEntry(string Name, string Type, int[] Shape, long Offset, long Bytes);
