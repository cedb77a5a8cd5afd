using System.Text.Json;
using Meed.RewardModels.Data;
using Meed.Rewards;

namespace Meed.RewardModels.Observations;

/// <summary>Where the picture, clip or states of a prompt or response come from: pictures are opened when they are needed.</summary>
/// <remarks>
/// In JSON: <c>image</c>, the path of a PNG, PPM or PGM file, a data URI, or numbers <c>[height][width]</c> or <c>[height][width][channels]</c> from 0 to 1; <c>frames</c>, a list of those or the path of a folder of
/// pictures; <c>states</c>, a list of lists of numbers, with <c>actions</c>, a list of numbers or lists, one a state or one less. Paths start at the folder of the file that holds the row.
/// </remarks>
public sealed class ObservationSource
{
    private const int MostFrames = 4096;
    private static readonly string[] s_fields = ["image", "frames", "states"];
    private readonly string _field;
    private readonly bool _clip;
    private readonly Observation? _known;
    private readonly string[] _pictures;
    private readonly string? _folder;
    private readonly string _place;

    private ObservationSource(string field, Observation? known, string[] pictures, string? folder, string place)
    {
        _field = field;
        _clip = field.EndsWith("frames", StringComparison.Ordinal);
        _known = known;
        _pictures = pictures;
        _folder = folder;
        _place = place;
        Key = known?.Key() ?? PromptSplit.Hash(string.Join('\u0001', [field, .. pictures]));
    }

    /// <summary>A source of an observation that is there.</summary>
    /// <param name="observation">The observation.</param>
    public ObservationSource(Observation observation)
        : this("", observation ?? throw new ArgumentNullException(nameof(observation)), [], null, "")
    {
    }

    /// <summary>The row of a sample that shows it, with <see cref="Folder"/>.</summary>
    public JsonElement Item => _known?.AsItem() ?? JsonSerializer.SerializeToElement(new Dictionary<string, object> { [_clip ? "frames" : "image"] = _clip ? _pictures : _pictures[0] });

    /// <summary>The folder that its paths start at; null where paths are refused.</summary>
    public string? Folder => _folder;

    /// <summary>A key over its numbers, or over its paths as they are written; equal sources have equal keys.</summary>
    public SampleKey Key { get; }

    /// <summary>The observation of an object; null when it has none.</summary>
    /// <param name="holder">A row, a response or the item of a sample.</param>
    /// <param name="folder">Where its paths start; null refuses paths, for rows that did not come from a file.</param>
    /// <param name="place">File and line for messages; empty for none.</param>
    /// <param name="prefix">What stands before the field in messages, such as <c>responses[1].</c></param>
    /// <exception cref="FormatException">A value is wrong; the message names the field.</exception>
    public static ObservationSource? Read(JsonElement holder, string? folder, string place = "", string prefix = "")
    {
        if (holder.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string[] given = [.. s_fields.Where(f => holder.TryGetProperty(f, out var v) && v.ValueKind != JsonValueKind.Null)];
        if (given.Length == 0)
        {
            return null;
        }

        if (given.Length > 1)
        {
            throw new FormatException($"{prefix}{given[0]} and {prefix}{given[1]} are both there; a model reads one of them");
        }

        string field = prefix + given[0];
        var value = holder.GetProperty(given[0]);
        switch (given[0])
        {
            case "image" when value.ValueKind == JsonValueKind.String:
                return new ObservationSource(field, null, [value.GetString()!], folder, place);
            case "image":
                return new ObservationSource(field, Pixels(value, field), [], folder, place);
            case "frames" when value.ValueKind == JsonValueKind.String:
                return new ObservationSource(field, null, Folders(value.GetString()!, folder, field), folder, place);
            case "frames":
                return Frames(value, folder, place, field);
            default:
                var actions = holder.TryGetProperty("actions", out var a) && a.ValueKind != JsonValueKind.Null ? a : default;
                return new ObservationSource(field, States(value, actions, field, prefix + "actions"), [], folder, place);
        }
    }

    /// <summary>What a sample shows: in its item, else as images of its prompt's last message that has some; null for nothing.</summary>
    /// <remarks>Several images are the frames of a clip. Paths start at <see cref="TextSample.Folder"/>.</remarks>
    /// <exception cref="FormatException">A value is wrong; the message names the field.</exception>
    public static ObservationSource? Of(TextSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (Read(sample.Item, sample.Folder) is { } source)
        {
            return source;
        }

        string[] images = [.. sample.Prompt.LastOrDefault(m => m.Images.Count > 0)?.Images ?? []];
        return images.Length == 0 ? null : new ObservationSource(images.Length == 1 ? "image" : "frames", null, images, sample.Folder, "");
    }

    /// <summary>The observation; pictures are opened now.</summary>
    /// <param name="expected">Sizes that it has to have; any when null.</param>
    /// <exception cref="PreferenceException">A file is missing, no picture or of another size; the message names row and field.</exception>
    public Observation Load(ObservationShape? expected = null)
    {
        string before = _place.Length > 0 ? $"{_place}: " : "", field = _field.Length > 0 ? _field : "the observation";
        if (expected?.Kind == ObservationKind.Clip && _known is null && _pictures.Length != expected.Steps && _clip)
        {
            throw new PreferenceException($"{before}{field} has {_pictures.Length} frames; this model reads {expected}.");
        }

        if (expected?.Kind == ObservationKind.States && _known is null)
        {
            throw new PreferenceException($"{before}{field} is {(_clip ? "a clip" : "a picture")}; this model reads at most {expected}.");
        }

        var found = _known;
        if (found is null)
        {
            var pictures = new Observation[_pictures.Length];
            for (int i = 0; i < pictures.Length; i++)
            {
                string one = _clip ? $"{field}[{i}]" : field;
                pictures[i] = Open(_pictures[i], expected, before, one);
                if (pictures[i].Shape != pictures[0].Shape)
                {
                    throw new PreferenceException($"{before}{one} is {pictures[i].Shape}, the first frame {pictures[0].Shape}; the frames of a clip have one size.");
                }
            }

            found = _clip ? Observation.Clip(pictures) : pictures[0];
        }

        return expected is null || expected.Reads(found.Shape) ? found : throw new PreferenceException($"{before}{field} is {found.Shape}; this model reads {(expected.Kind == ObservationKind.States ? "at most " : "")}{expected}.");
    }

    private Observation Open(string picture, ObservationShape? expected, string before, string field)
    {
        bool inline = picture.StartsWith("data:", StringComparison.Ordinal);
        string shown = inline ? $"{picture.AsSpan(0, Math.Min(picture.Length, 30))}…" : picture;
        try
        {
            if (inline)
            {
                int comma = picture.IndexOf(";base64,", StringComparison.Ordinal);
                return comma > 0 ? PictureFile.Decode(Convert.FromBase64String(picture[(comma + 8)..]), expected) : throw new PreferenceException($"{before}{field} is {shown}; a data URI is written data:image/png;base64,..");
            }

            if (_folder is null)
            {
                throw new PreferenceException($"{before}{field} names the file {shown}, and this sample did not come from a file: paths are read only beside a file that was named on the command line or in a recipe. Send the picture as data:image/png;base64,.. or as numbers.");
            }

            string path = Path.Combine(_folder, picture);
            return File.Exists(path) ? PictureFile.Read(path, expected) : throw new PreferenceException($"{before}{field}: {path} does not exist.");
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new PreferenceException($"{before}{field}: {shown} cannot be read: {(e is FormatException ? "the base64 is damaged" : e.Message)}.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or (IOException and not PreferenceException))
        {
            throw new PreferenceException($"{before}{field}: {shown} cannot be opened: {e.Message}");
        }
    }

    private static string[] Folders(string name, string? folder, string field)
    {
        if (folder is null)
        {
            throw new FormatException($"{field} names the folder {name}, and this sample did not come from a file: send the frames as a list of data URIs or numbers");
        }

        string path = Path.Combine(folder, name);
        if (!Directory.Exists(path))
        {
            throw new FormatException($"{field}: the folder {path} does not exist; frames is a list of pictures or a folder of them");
        }

        string[] files = [.. Directory.EnumerateFiles(path).Where(f => Path.GetExtension(f).ToLowerInvariant() is ".png" or ".ppm" or ".pgm").Select(f => Path.Combine(name, Path.GetFileName(f))).Order(StringComparer.Ordinal)];
        return files.Length is > 0 and <= MostFrames ? files : throw new FormatException($"{field}: the folder {path} holds {files.Length} .png, .ppm and .pgm files; a clip has 1 to {MostFrames} frames");
    }

    private static ObservationSource Frames(JsonElement value, string? folder, string place, string field)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is < 1 or > MostFrames)
        {
            throw new FormatException($"{field} is {Short(value)}; it is a folder or a list of 1 to {MostFrames} pictures");
        }

        JsonElement[] frames = [.. value.EnumerateArray()];
        if (frames.All(f => f.ValueKind == JsonValueKind.String))
        {
            return new ObservationSource(field, null, [.. frames.Select(f => f.GetString()!)], folder, place);
        }

        if (frames.Any(f => f.ValueKind == JsonValueKind.String))
        {
            throw new FormatException($"{field} mixes paths and numbers; write all frames in one way");
        }

        Observation[] pictures = [.. frames.Select((f, i) => Pixels(f, $"{field}[{i}]"))];
        int other = Array.FindIndex(pictures, p => p.Shape != pictures[0].Shape);
        return other < 0 ? new ObservationSource(field, Observation.Clip(pictures), [], folder, place)
            : throw new FormatException($"{field}[{other}] is {pictures[other].Shape}, the first frame {pictures[0].Shape}; the frames of a clip have one size");
    }

    // [height][width] or [height][width][channels], as most array libraries write pictures.
    private static Observation Pixels(JsonElement value, string field)
    {
        JsonElement[][] rows = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(r => r.ValueKind == JsonValueKind.Array ? (JsonElement[])[.. r.EnumerateArray()] : [])] : [];
        if (rows.Length == 0 || rows[0].Length == 0 || Array.Exists(rows, r => r.Length != rows[0].Length))
        {
            throw new FormatException($"{field} is {Short(value)}; a picture is a path, a data URI, or rows of equal length of pixels");
        }

        bool planes = rows[0][0].ValueKind == JsonValueKind.Array;
        int height = rows.Length, width = rows[0].Length, channels = planes ? rows[0][0].GetArrayLength() : 1;
        if (channels is < 1 or > 64)
        {
            throw new FormatException($"{field} has pixels of {channels} numbers; there are 1 to 64");
        }

        var pixels = new float[channels * height * width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                var pixel = rows[y][x];
                if (planes ? pixel.ValueKind != JsonValueKind.Array || pixel.GetArrayLength() != channels : pixel.ValueKind == JsonValueKind.Array)
                {
                    throw new FormatException($"{field}: the pixel in row {y}, column {x} is {Short(pixel)}; the first has {channels} number{(channels == 1 ? "" : "s")}");
                }

                for (int c = 0; c < channels; c++)
                {
                    pixels[(((c * height) + y) * width) + x] = Number(planes ? pixel[c] : pixel, $"{field}: row {y}, column {x}");
                }
            }
        }

        return new Observation(new ObservationShape(ObservationKind.Picture, 1, channels, height, width), pixels);
    }

    private static Observation States(JsonElement value, JsonElement actions, string field, string actionField)
    {
        float[][] states = Rows(value, field), acts = actions.ValueKind == JsonValueKind.Undefined ? [] : Rows(actions, actionField);
        if (states.Length == 0)
        {
            throw new FormatException($"{field} is empty; it is a list of one or more states, each a list of numbers");
        }

        if (acts.Length > 0 && acts.Length != states.Length && acts.Length != states.Length - 1)
        {
            throw new FormatException($"{actionField} has {acts.Length} entries for {states.Length} states; there is one a state, or one less");
        }

        int width = states[0].Length, wide = acts.Length > 0 ? acts[0].Length : 0;
        var values = new float[states.Length * (width + wide)];
        for (int t = 0; t < states.Length; t++)
        {
            states[t].CopyTo(values, t * (width + wide));
            if (t < acts.Length)
            {
                acts[t].CopyTo(values, (t * (width + wide)) + width);
            }
        }

        return new Observation(new ObservationShape(ObservationKind.States, states.Length, 1, 1, width, wide), values);
    }

    private static float[][] Rows(JsonElement value, string field)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"{field} is {Short(value)}, not a list");
        }

        float[][] rows = [.. value.EnumerateArray().Select((r, t) => r.ValueKind == JsonValueKind.Array ? (float[])[.. r.EnumerateArray().Select((v, i) => Number(v, $"{field}[{t}][{i}]"))] : [Number(r, $"{field}[{t}]")])];
        int other = Array.FindIndex(rows, r => r.Length != rows[0].Length || r.Length == 0);
        return other < 0 ? rows : throw new FormatException($"{field}[{other}] has {rows[other].Length} numbers, the first has {rows[0].Length}; all have the same number, at least one");
    }

    private static float Number(JsonElement value, string where) => value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number)
        ? number : throw new FormatException($"{where} is {Short(value)}, not a finite number");

    private static string Short(JsonElement value)
    {
        string raw = value.ValueKind == JsonValueKind.Undefined ? "nothing" : value.GetRawText();
        return raw.Length <= 60 ? raw : raw[..60] + "…";
    }
}
