using System.Text.Json;
using System.Text.Unicode;

namespace Meed.Rewards.Files;

/// <summary>What keeps the bytes of a JSON text from becoming text.</summary>
public static class JsonText
{
    /// <summary>
    /// Null when every string of the JSON can be read; otherwise the end of a sentence: bytes that are no UTF-8, or an escape that is half of a surrogate pair, in values and in names.
    /// Such strings cannot be read, nor written back.
    /// </summary>
    /// <exception cref="JsonException">It is no JSON. Only looked at where escapes stand.</exception>
    public static string? Problem(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return "is not valid UTF-8";
        }

        if (json.IndexOf("\\u"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return $"is not valid text: byte {reader.TokenStartIndex} begins a string with half of a surrogate pair";
            }
        }

        return null;
    }
}
