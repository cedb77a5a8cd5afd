using System.Text.Json;
using Meed.RewardModels.Observations;
using Meed.Rewards;

namespace Meed.RewardModels.Data;

/// <summary>How the rows of some public data set, or of the own format, are read.</summary>
public abstract class PreferenceLayout
{
    /// <summary>Its name, kebab-case.</summary>
    public abstract string Name { get; }

    /// <summary>The keys it needs, for messages.</summary>
    public abstract string Shape { get; }

    /// <summary>True when it was written from the public description of the format, without the files at hand.</summary>
    public virtual bool ByDocumentation => false;

    /// <summary>True when the better response comes first by the layout, so that its position says nothing about judges.</summary>
    public virtual bool BetterFirst => false;

    /// <summary>Every layout, in the order they are tried.</summary>
    public static IReadOnlyList<PreferenceLayout> All { get; } =
    [
        new Layouts.MeedLayout(), new Layouts.FineGrainedLayout(), new Layouts.TuluLayout(), new Layouts.AutoJLayout(), new Layouts.PandaLmLayout(), new Layouts.LlmBarLayout(),
        new Layouts.MrGsm8kLayout(), new Layouts.RewardMathLayout(), new Layouts.BestOfNLayout(), new Layouts.AlpacaEvalLayout(), new Layouts.RewardBench2Layout(), new Layouts.RmBenchLayout(),
        new Layouts.JudgeBenchLayout(), new Layouts.UltraFeedbackLayout(), new Layouts.HelpSteerLayout(), new Layouts.HelpSteerPreferenceLayout(), new Layouts.Prm800kLayout(),
        new Layouts.MRewardBenchLayout(), new Layouts.RewardBenchLayout(), new Layouts.InstructionPairLayout(), new Layouts.HhLayout(), new Layouts.ChosenRejectedLayout(),
    ];

    /// <summary>Null when the row has the keys; otherwise what is missing.</summary>
    public abstract string? Misfit(JsonElement row);

    /// <summary>Reads a row; null when it says nothing that can be used, such as a comparison whose texts are not there.</summary>
    /// <exception cref="FormatException">A value is wrong; the message says which.</exception>
    public abstract PreferenceRow? Read(JsonElement row, LayoutFiles files);

    /// <summary>What is missing or of another type among the needed keys.</summary>
    protected static string? Need(JsonElement row, params ReadOnlySpan<(string Key, JsonValueKind Kind)> keys)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            return "a row is an object";
        }

        foreach (var (key, kind) in keys)
        {
            if (!row.TryGetProperty(key, out var value))
            {
                return $"\"{key}\" is missing";
            }

            if (kind != JsonValueKind.Undefined && value.ValueKind != kind)
            {
                return $"\"{key}\" is {Word(value.ValueKind)}, not {Word(kind)}";
            }
        }

        return null;
    }

    /// <summary>The text of a key; a number, true or false as it is written.</summary>
    protected static string Text(JsonElement row, string key) => row.TryGetProperty(key, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw new FormatException($"\"{key}\" is {Word(value.ValueKind)}, not a text"),
        }
        : throw new FormatException($"\"{key}\" is missing");

    /// <summary>The text of a key that may be missing or null.</summary>
    protected static string? Maybe(JsonElement row, string key) => row.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Text(row, key) : null;

    /// <summary>A finite number, also where it was written as a text.</summary>
    protected static double Number(JsonElement row, string key)
    {
        var value = row.TryGetProperty(key, out var found) ? found : throw new FormatException($"\"{key}\" is missing");
        return NumberOf(value) is { } number && double.IsFinite(number) ? number : throw new FormatException($"\"{key}\" is {Short(value)}, not a finite number");
    }

    /// <summary>As <see cref="Number"/>; null when the key is missing or null.</summary>
    protected static double? MaybeNumber(JsonElement row, string key) => row.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? Number(row, key) : null;

    /// <summary>The number of a value; null when it is none.</summary>
    protected static double? NumberOf(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out double parsed) ? parsed : null;

    /// <summary>The values of an object by name; empty when the key is missing or null.</summary>
    protected static IReadOnlyDictionary<string, T> Named<T>(JsonElement row, string key, Func<JsonProperty, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        if (!row.TryGetProperty(key, out var all) || all.ValueKind == JsonValueKind.Null)
        {
            return values;
        }

        foreach (var property in all.ValueKind == JsonValueKind.Object ? all.EnumerateObject() : throw new FormatException($"\"{key}\" is {Word(all.ValueKind)}, not an object"))
        {
            if (!values.TryAdd(property.Name, read(property)))
            {
                throw new FormatException($"\"{key}\" names {property.Name} twice");
            }
        }

        return values;
    }

    /// <summary>A prompt of one message.</summary>
    protected static IReadOnlyList<Message> User(string text) => [new Message("user", text)];

    /// <summary>An instruction with its input below it.</summary>
    protected static IReadOnlyList<Message> User(string instruction, string? input) => User(string.IsNullOrWhiteSpace(input) ? instruction : $"{instruction}\n\n{input}");

    /// <summary>Messages from a list of <c>{"role", "content"}</c>.</summary>
    protected static IReadOnlyList<Message> Messages(JsonElement list, string key)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"\"{key}\" is {Word(list.ValueKind)}, not a list of messages");
        }

        return [.. list.EnumerateArray().Select(m => m.ValueKind == JsonValueKind.Object ? new Message(Text(m, "role"), Text(m, "content")) : throw new FormatException($"\"{key}\" holds {Short(m)}, not a message"))];
    }

    /// <summary>The row, unless prompt and responses both show something.</summary>
    /// <exception cref="FormatException">They do.</exception>
    internal static PreferenceRow OneSight(PreferenceRow row)
    {
        int both = row.Observation is null ? -1 : row.Responses.ToList().FindIndex(r => r.Observation is not null);
        return both < 0 ? row : throw new FormatException($"the row and responses[{both}] both show something; a model reads one of them. Write two pictures as \"frames\": [before, after] of the response");
    }

    /// <summary>The start of a value as it is written.</summary>
    protected static string Short(JsonElement value)
    {
        string raw = value.ValueKind == JsonValueKind.Undefined ? "nothing" : value.GetRawText();
        return raw.Length <= 60 ? raw : raw[..60] + "…";
    }

    private static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "nothing",
    };
}

/// <summary>Files beside the one that is read, for layouts that keep prompts or texts elsewhere. Each is read once.</summary>
public sealed class LayoutFiles(string path)
{
    private static readonly string[] s_endings = [".jsonl.gz", ".jsonl"];
    private readonly Dictionary<string, Dictionary<string, string>?> _tables = [];

    /// <summary>The file that is read.</summary>
    public string Path { get; } = path;

    /// <summary>Line of the row that is read.</summary>
    internal long Line { get; set; }

    /// <summary>Picture, clip or states of an object of the row.</summary>
    /// <param name="holder">The row or a response.</param>
    /// <param name="prefix">What stands before its fields in messages.</param>
    internal ObservationSource? Observation(JsonElement holder, string prefix = "") => ObservationSource.Read(holder, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)), $"{Path}:{Line}", prefix);

    /// <summary>A text from a companion file by the row's <c>idx</c>; null when the file or the row is missing.</summary>
    /// <param name="name">Its name without extension, such as <c>instructions</c>; looked for beside the file and in the folder <c>alpaca-eval-nc</c> next to its own.</param>
    /// <param name="idx">The row's number.</param>
    /// <param name="field">The field to take.</param>
    public string? Find(string name, string idx, string field)
    {
        string key = $"{name}/{field}";
        if (!_tables.TryGetValue(key, out var table))
        {
            _tables[key] = table = Load(name, field);
        }

        return table?.GetValueOrDefault(idx);
    }

    private Dictionary<string, string>? Load(string name, string field)
    {
        string own = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        string[] folders = [own, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(own) ?? own, "alpaca-eval-nc")];
        string? file = folders.SelectMany(f => s_endings.Select(e => System.IO.Path.Combine(f, name + e))).FirstOrDefault(File.Exists);
        if (file is null)
        {
            return null;
        }

        var table = new Dictionary<string, string>();
        foreach (var (_, bytes) in JsonRows.Read(file))
        {
            using var json = JsonDocument.Parse(bytes);
            table[json.RootElement.GetProperty("idx").GetRawText()] = json.RootElement.GetProperty(field).GetString() ?? "";
        }

        return table;
    }
}
