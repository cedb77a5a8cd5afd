using System.Text.Json;

namespace Meed.Rewards.Code;

/// <summary>The tests of one task, as its reference states them.</summary>
public abstract record CodeTests
{
    /// <summary>Tests that are counted.</summary>
    public abstract int Count { get; }

    /// <summary>Reads the tests of a task.</summary>
    /// <remarks>
    /// Known forms, each an object or its JSON as text:
    /// <list type="bullet">
    /// <item><c>{"inputs": [...], "outputs": [...]}</c>: text for stdin and the text that stdout must be (verl's ground truth);</item>
    /// <item>the same with <c>"fn_name"</c>: each input is a list of arguments, or text with one JSON argument a line; each output a JSON value or its text;</item>
    /// <item><c>{"fn_name": f, "calls": [{"args": [...], "kwargs": {...}, "expected": value}]}</c>;</item>
    /// <item><c>{"test": code, "entry_point": f, "prompt": code}</c>: HumanEval, code that defines <c>check(candidate)</c>;</item>
    /// <item><c>{"test_list": [code, ...], "test_setup_code": code}</c>: MBPP, one assert each; <c>test_imports</c> is a list of lines before them.</item>
    /// </list>
    /// </remarks>
    /// <param name="reference">The sample's reference.</param>
    /// <param name="item">The sample's row, looked into where the reference has none of the forms.</param>
    /// <param name="problem">What is wrong, when the result is null.</param>
    public static CodeTests? Read(JsonElement reference, JsonElement item, out string problem)
    {
        problem = "no_tests";
        foreach (var source in (JsonElement[])[reference, item])
        {
            JsonElement tests = source;
            if (source.ValueKind == JsonValueKind.String)
            {
                try
                {
                    using var document = JsonDocument.Parse(source.GetString()!);
                    tests = document.RootElement.Clone();
                }
                catch (Exception e) when (e is JsonException or InvalidOperationException)
                {
                    continue;
                }
            }

            if (tests.ValueKind == JsonValueKind.Object && Read(tests, ref problem) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static CodeTests? Read(JsonElement tests, ref string problem)
    {
        if (tests.TryGetProperty("test", out var test) && test.ValueKind == JsonValueKind.String && Text(tests, "entry_point") is { } entry)
        {
            return new AssertTests(Text(tests, "prompt") ?? "", Text(tests, "test")!, [$"check({entry})"], entry);
        }

        if (tests.TryGetProperty("test_list", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            var units = Texts(list);
            string imports = tests.TryGetProperty("test_imports", out var i) && Texts(i) is { } lines ? string.Join('\n', lines) + "\n" : "";
            problem = units is null or [] ? "test_list_has_no_text" : problem;
            return units is null or [] ? null : new AssertTests("", imports + (Text(tests, "test_setup_code") ?? ""), units, Text(tests, "entry_point"));
        }

        string? function = Text(tests, "fn_name");
        if (function is not null && tests.TryGetProperty("calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            return Calls(function, calls, ref problem);
        }

        if (!tests.TryGetProperty("inputs", out var inputs) || !tests.TryGetProperty("outputs", out var outputs) || inputs.ValueKind != JsonValueKind.Array || outputs.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        if (inputs.GetArrayLength() != outputs.GetArrayLength() || inputs.GetArrayLength() == 0)
        {
            problem = "inputs_and_outputs_differ";
            return null;
        }

        if (function is null)
        {
            return Texts(inputs) is { } given && Texts(outputs) is { } wanted ? new StreamTests([.. given.Zip(wanted)]) : null;
        }

        var cases = new List<CallTest>();
        foreach (var (input, output) in inputs.EnumerateArray().Zip(outputs.EnumerateArray()))
        {
            if (Arguments(input) is not { } arguments || Value(output) is not { } expected)
            {
                problem = "input_is_no_json";
                return null;
            }

            cases.Add(new CallTest(arguments, null, expected));
        }

        return new CallTests(function, cases);
    }

    private static CallTests? Calls(string function, JsonElement calls, ref string problem)
    {
        var cases = new List<CallTest>();
        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("expected", out var expected))
            {
                problem = "call_without_expected";
                return null;
            }

            cases.Add(new CallTest(
                call.TryGetProperty("args", out var a) && a.ValueKind == JsonValueKind.Array ? [.. a.EnumerateArray()] : [],
                call.TryGetProperty("kwargs", out var k) && k.ValueKind == JsonValueKind.Object ? k.EnumerateObject().GroupBy(p => p.Name).ToDictionary(p => p.Key, p => p.Last().Value) : null,
                expected));
        }

        problem = "no_calls";
        return cases.Count == 0 ? null : new CallTests(function, cases);
    }

    /// <summary>The arguments of an input: a list as it is, text as one JSON value a line.</summary>
    private static List<JsonElement>? Arguments(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.Array)
        {
            return [.. input.EnumerateArray()];
        }

        if (input.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var arguments = new List<JsonElement>();
        foreach (string line in input.GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Parse(line) is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
        }

        return arguments;
    }

    private static JsonElement? Value(JsonElement output) => output.ValueKind == JsonValueKind.String ? Parse(output.GetString()!) ?? output : output;

    private static JsonElement? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement tests, string name) => tests.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static IReadOnlyList<string>? Texts(JsonElement list) => list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
        ? [.. list.EnumerateArray().Select(e => e.GetString()!)]
        : null;
}

/// <summary>One call: its arguments and the value it must give. The value never leaves this process.</summary>
/// <param name="Arguments">By position.</param>
/// <param name="Named">By name; null for none.</param>
/// <param name="Expected">Plain JSON.</param>
public sealed record CallTest(IReadOnlyList<JsonElement> Arguments, IReadOnlyDictionary<string, JsonElement>? Named, JsonElement Expected);

/// <summary>Calls of one function.</summary>
/// <param name="Function">Its name in the program.</param>
/// <param name="Cases">The calls.</param>
public sealed record CallTests(string Function, IReadOnlyList<CallTest> Cases) : CodeTests
{
    /// <inheritdoc/>
    public override int Count => Cases.Count;
}

/// <summary>Runs of the whole program: stdin, and what stdout must be.</summary>
/// <param name="Cases">Input and output.</param>
public sealed record StreamTests(IReadOnlyList<(string Input, string Output)> Cases) : CodeTests
{
    /// <inheritdoc/>
    public override int Count => Cases.Count;
}

/// <summary>Tests that are Python code. They run in a process of their own, where the candidate's functions are references.</summary>
/// <param name="Context">Code of the task that is run first, without the candidate: a prompt with its helper functions.</param>
/// <param name="Setup">Code before the tests.</param>
/// <param name="Units">The tests, each of which passes when it ends without an exception.</param>
/// <param name="Entry">The function that is always the candidate's, also where the context defines it; null for none.</param>
public sealed record AssertTests(string Context, string Setup, IReadOnlyList<string> Units, string? Entry) : CodeTests
{
    /// <inheritdoc/>
    public override int Count => Units.Count;
}
