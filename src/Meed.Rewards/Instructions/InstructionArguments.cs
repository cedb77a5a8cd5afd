using System.Text.Json;

namespace Meed.Rewards.Instructions;

/// <summary>The arguments of one instruction, as the data set gives them. Null values count as absent.</summary>
/// <param name="json">A JSON object.</param>
public sealed class InstructionArguments(JsonElement json)
{
    /// <summary>No arguments.</summary>
    public static InstructionArguments None { get; } = new(default);

    /// <summary>True when the argument is there.</summary>
    public bool Has(string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    /// <summary>A whole number; 3.0 is 3.</summary>
    public int Number(string name)
    {
        var value = Get(name);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue)
        {
            return (int)number;
        }

        throw new InstructionException($"argument '{name}' is {Shown(value)}; a whole number is needed");
    }

    /// <summary>Any number.</summary>
    public double Real(string name)
    {
        var value = Get(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw new InstructionException($"argument '{name}' is {Shown(value)}; a number is needed");
    }

    /// <summary>A text.</summary>
    public string Text(string name)
    {
        var value = Get(name);
        return value.ValueKind == JsonValueKind.String ? JsonText.Read(value) : throw new InstructionException($"argument '{name}' is {Shown(value)}; a text is needed");
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var value = Get(name);
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
        {
            throw new InstructionException($"argument '{name}' is {Shown(value)}; a list of texts is needed");
        }

        return [.. value.EnumerateArray().Select(JsonText.Read)];
    }

    /// <summary>Whether a count stands in the asked relation ("at least" or "less than") to the asked number.</summary>
    public bool Compare(string relationName, string numberName, int count)
    {
        int number = Number(numberName);
        return Text(relationName) switch
        {
            "at least" => count >= number,
            "less than" => count < number,
            var other => throw new InstructionException($"argument '{relationName}' is '{other}'; known: at least, less than"),
        };
    }

    private JsonElement Get(string name) => Has(name) ? json.GetProperty(name) : throw new InstructionException($"argument '{name}' is missing");

    private static string Shown(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.Length <= 40 ? raw : string.Concat(raw.AsSpan(0, 40), "…");
    }
}

/// <summary>An instruction of the task cannot be read: the task's fault, never the policy's.</summary>
public sealed class InstructionException(string message) : Exception(message);
