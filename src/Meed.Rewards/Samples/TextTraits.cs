using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Meed.Rewards;

/// <summary>Identity, length and fields of text samples.</summary>
public sealed class TextTraits : SampleTraits<TextSample>
{
    /// <summary>The one instance.</summary>
    public static TextTraits Instance { get; } = new();

    /// <inheritdoc/>
    public override SampleKey KeyOf(TextSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Content(hash, sample);
        Json(hash, sample.Item);
        Folder(hash, sample, sample.Item);
        return Key(hash);
    }

    /// <summary>A key over prompt, response, turns, reference, tokens and truncation: everything but the item.</summary>
    public override SampleKey ContentKeyOf(TextSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Content(hash, sample);
        return Key(hash);
    }

    /// <summary>A key over the item, with its folder where it names pictures.</summary>
    public override SampleKey BeyondKeyOf(TextSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (sample.ItemJson.IsEmpty)
        {
            Json(hash, sample.PeekItem());
            Folder(hash, sample, sample.PeekItem());
        }
        else
        {
            hash.AppendData(sample.ItemJson.Span);
            if (sample.Folder is { } folder && (sample.ItemJson.Span.IndexOf("\"image\""u8) >= 0 || sample.ItemJson.Span.IndexOf("\"frames\""u8) >= 0))
            {
                Text(hash, folder);
            }
        }

        return Key(hash);
    }

    /// <summary>True once somebody asked the sample for its item.</summary>
    public override bool ReadsBeyond(TextSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample.ItemWasRead;
    }

    /// <inheritdoc/>
    public override int? LengthOf(TextSample sample, LengthUnit unit)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return unit switch
        {
            LengthUnit.Characters => sample.Response.Length,
            LengthUnit.Tokens => sample.ResponseTokens > 0 || sample.Response.Length == 0 ? sample.ResponseTokens : null,
            _ => Words(sample.Response),
        };
    }

    /// <inheritdoc/>
    public override string? FieldOf(TextSample sample, string path)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(path);
        var parts = path.Split('.');
        JsonElement element;
        switch (parts[0])
        {
            case "item":
                element = sample.Item;
                break;
            case "reference" when parts.Length == 1:
                return sample.ReferenceText;
            case "reference":
                element = sample.Reference;
                break;
            default:
                return null;
        }

        foreach (string part in parts.AsSpan(1))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element))
            {
                return null;
            }
        }

        return element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
            _ => null,
        };
    }

    private static void Content(IncrementalHash hash, TextSample sample)
    {
        Messages(hash, sample.Prompt);
        Text(hash, sample.Response);
        Messages(hash, sample.Turns);
        Json(hash, sample.Reference);
        Number(hash, sample.ResponseTokens);
        Number(hash, sample.Truncated ? 1 : 0);
        if (sample.Folder is { } folder && sample.Prompt.Any(m => m.Images.Count > 0))
        {
            Text(hash, folder);
        }
    }

    // The same path means another picture in another folder; rows without pictures are the same wherever their file lies.
    private static void Folder(IncrementalHash hash, TextSample sample, JsonElement item)
    {
        if (sample.Folder is { } folder && item.ValueKind == JsonValueKind.Object && (item.TryGetProperty("image", out _) || item.TryGetProperty("frames", out _)))
        {
            Text(hash, folder);
        }
    }

    private static SampleKey Key(IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return new SampleKey(BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }

    private static int Words(string text)
    {
        int words = 0;
        bool inside = false;
        foreach (char c in text)
        {
            bool space = char.IsWhiteSpace(c);
            words += !space && !inside ? 1 : 0;
            inside = !space;
        }

        return words;
    }

    private static void Messages(IncrementalHash hash, IReadOnlyList<Message> messages)
    {
        Number(hash, messages.Count);
        foreach (var message in messages)
        {
            Text(hash, message.Role);
            Text(hash, message.Content);
            Json(hash, message.ToolCalls);
            Number(hash, message.Images.Count);
            foreach (string image in message.Images)
            {
                Text(hash, image);
            }
        }
    }

    private static void Text(IncrementalHash hash, string text)
    {
        Number(hash, text.Length);
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static void Json(IncrementalHash hash, JsonElement element)
        => Text(hash, element.ValueKind == JsonValueKind.Undefined ? "" : element.GetRawText());

    private static void Number(IncrementalHash hash, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
