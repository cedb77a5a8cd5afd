using System.Text.Json;
using Meed.Numerics;

namespace Meed.Objectives.Tests.Preferences;

/// <summary>One case of tests/reference/preferences.json: float32 inputs, the loss in float64 and its central differences.</summary>
internal sealed class PreferenceCase
{
    private readonly JsonElement _case;
    private readonly Dictionary<string, Tensor> _inputs = [];

    private PreferenceCase(JsonElement one)
    {
        _case = one;
        foreach (var input in one.GetProperty("inputs").EnumerateObject())
        {
            _inputs[input.Name] = Read(input.Value).RequireGrad();
        }
    }

    public static JsonElement Root { get; } = Load();

    public string Name => _case.GetProperty("name").GetString()!;

    public double[] Loss => [.. _case.GetProperty("loss").EnumerateArray().Select(v => v.GetDouble())];

    public static IEnumerable<PreferenceCase> All(string name) => Root.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("name").GetString() == name).Select(c => new PreferenceCase(c));

    public Tensor this[string name] => _inputs.TryGetValue(name, out var input) ? input : Read(_case.GetProperty("constants").GetProperty(name));

    public Tensor? Maybe(string name) => _case.GetProperty("constants").TryGetProperty(name, out var value) ? Read(value) : null;

    public float Number(string name) => _case.GetProperty("options").GetProperty(name).GetSingle();

    public int[] Ints(string name) => [.. _case.GetProperty("options").GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];

    public int? MaybeInt(string name) => _case.GetProperty("options").GetProperty(name) is { ValueKind: JsonValueKind.Number } v ? v.GetInt32() : null;

    public float[] Floats(string name) => [.. _case.GetProperty("options").GetProperty(name).EnumerateArray().Select(v => v.GetSingle())];

    public bool[] Bools(string name) => [.. _case.GetProperty("options").GetProperty(name).EnumerateArray().Select(v => v.GetBoolean())];

    /// <summary>Compares values to 1e-6 and gradients to 1e-4, relative above 1.</summary>
    public void Check(Func<PreferenceCase, Tensor> loss)
    {
        var result = loss(this);
        Reference.Values.Near(Loss, result.ToArray());
        var flat = result.Reshape(result.Length);
        (flat * Tensor.From([.. Enumerable.Range(1, flat.Length).Select(i => (float)i)])).Sum().Backward();
        foreach (var (name, input) in _inputs)
        {
            double[] expected = [.. _case.GetProperty("gradients").GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
            float[] gradient = input.Grad?.ToArray() ?? new float[expected.Length];
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - gradient[i]) <= 1e-4 * Math.Max(1, Math.Abs(expected[i])), $"{Name}: gradient {i} of {name} is {gradient[i]:R}; central differences give {expected[i]:R}.");
            }
        }
    }

    private static Tensor Read(JsonElement value) => Tensor.From([.. value.GetProperty("values").EnumerateArray().Select(v => v.GetSingle())], [.. value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32())]);

    private static JsonElement Load()
    {
        using var stream = typeof(PreferenceCase).Assembly.GetManifestResourceStream("preferences.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
