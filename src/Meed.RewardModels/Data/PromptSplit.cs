using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Meed.RewardModels.Observations;
using Meed.Rewards;

namespace Meed.RewardModels.Data;

/// <summary>Which part of a split a row belongs to.</summary>
public enum SplitPart : byte
{
    /// <summary>Bucket 0: never looked at before the end.</summary>
    Test,

    /// <summary>Bucket 1: for choosing.</summary>
    Validation,

    /// <summary>Buckets 2 to 4.</summary>
    Train,
}

/// <summary>Splits by prompt: the first 64 bits of SHA-256 over the first message of the person, modulo 5.</summary>
/// <remarks>
/// Lower case, runs of white space as one blank. The first message rather than the whole dialogue, so that two continuations of one dialogue never
/// stand on both sides. Prompts without a message of the person are hashed whole. Where a row shows a picture, clip or states, these are hashed with it, since many rows may ask the same question of different pictures.
/// </remarks>
public static class PromptSplit
{
    /// <summary>Buckets.</summary>
    public const int Buckets = 5;

    /// <summary>The bucket of a prompt, 0 to 4.</summary>
    public static int BucketOf(IReadOnlyList<Message> prompt) => (int)(Hash(Opening(prompt)).High % Buckets);

    /// <summary>The part of a prompt.</summary>
    public static SplitPart PartOf(IReadOnlyList<Message> prompt) => BucketOf(prompt) switch { 0 => SplitPart.Test, 1 => SplitPart.Validation, _ => SplitPart.Train };

    /// <summary>The key of a prompt's opening; two prompts that are split together have the same.</summary>
    public static SampleKey KeyOf(IReadOnlyList<Message> prompt) => Hash(Opening(prompt));

    /// <summary>The part of a row.</summary>
    public static SplitPart PartOf(PreferenceRow row) => (int)(KeyOf(row).High % Buckets) switch { 0 => SplitPart.Test, 1 => SplitPart.Validation, _ => SplitPart.Train };

    /// <summary>The key of a row's opening: of its group where it names one, else of the opening of its prompt with what the prompt, or else the responses, show.</summary>
    public static SampleKey KeyOf(PreferenceRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Group is { } group)
        {
            return Hash($"\u0003{group}");
        }

        SampleKey[] seen = row.Observation is { } own ? [own.Key] : [.. row.Responses.Select(r => r.Observation).OfType<ObservationSource>().Select(o => o.Key).OrderBy(k => k.High).ThenBy(k => k.Low)];
        return seen.Length == 0 ? KeyOf(row.Prompt) : Hash($"{Opening(row.Prompt)}\u0003{string.Join('\u0003', seen)}");
    }

    /// <summary>The key of a whole prompt.</summary>
    internal static SampleKey WholeKeyOf(IReadOnlyList<Message> prompt) => Hash(Plain(string.Join('\u0001', prompt.Select(m => $"{m.Role}\u0002{m.Content}"))));

    internal static SampleKey Hash(string text)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new SampleKey(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }

    private static string Opening(IReadOnlyList<Message> prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var first = prompt.FirstOrDefault(m => m.Role == "user");
        return Plain(first?.Content ?? string.Join('\n', prompt.Select(m => m.Content)));
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        bool blank = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                blank = plain.Length > 0;
                continue;
            }

            if (blank)
            {
                plain.Append(' ');
                blank = false;
            }

            plain.Append(char.ToLowerInvariant(c));
        }

        return plain.ToString();
    }
}
