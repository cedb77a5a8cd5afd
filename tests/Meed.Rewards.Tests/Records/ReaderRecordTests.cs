using System.Globalization;
using Meed.Rewards.Documents;
using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests.Records;

/// <summary>What the readers of numbers, expressions, JSON, Python literals, calls, shapes and documents make of many texts, and what it costs.</summary>
public class ReaderRecordTests
{
    private static readonly string[] s_numbers =
    [
        "12", "-12", "+12", "1,234", "1,23", "12,345,678", "1 234", "1.5", ".5", "5.", "-.5", "1.50", "1e3", "1E-3", "1.2e+2", "3/4", "-3/4", "3/-4", "3 / 4", "1 1/2", "-1 1/2", "3/0", "50%", "50 %", "12.5\\%", "\\frac{1}{2}", "\\dfrac{3}{4}", "-\\frac{1}{2}",
        "\\frac12", "\\frac{1}{0}", "\\tfrac{-1}{2}", "$5", "$1,250.75", "€3", "5 dollars", "007", "0", "-0", "0.0", "1.2.3", "1..2", "--1", "1-2", "a1", "1a", "12th", "½", "1½", "٣", "１２", "1e400", "99999999999999999999", "0.12345678901234567890", "1/3/4", "10^3", "10^{3}", "2 \\times 10^3",
        "1.5 \\cdot 10^{-2}", "(3)", "[4]", "{5}", "\\text{6}", "7 apples and 8 pears", "the answer is 9.", "10,", "11, 12", "-(3)", "− 3", "−3", "3−2", "1_000", "0x1F", "NaN", "inf", "", " ", "-", ".", "%", "1 %2", "3.14 rad", "12:30", "1\\,000", "1{,}000", "1,000.", "#### 5", "#### -7 \n x",
        "\\boxed{5}", "\\boxed{\\boxed{6}}", "\\boxed{7", "\\boxed {8}", "\\boxed{a{b}c}", "\\fbox{9}", "<answer>10</answer>", "<answer>11", "<ANSWER> 12 </ANSWER>", "Answer: 13", "answer is 14", "the final answer is: 15 units", "answer", "The answer: -16.5%", "#### ", "####17", "Answer 18\nThen 19",
        "5 cm^2", "5 m^{2}", "5^\\circ", "5^{\\circ}", "5^2", "5 \\text{cm}^2", "5 \\(x\\)", "\\[5\\]", "\\(5\\)", "5\\ m", "5\\,m", "5, -3", "5/-3", "5/\\pi", "5, \\pi", "5, x", "5/x", "5 and 6", "5 }^3", "5°", "5°C", "5;", "5: 6", "(5)", "{5}", "**5**", "`5`", "\"5\"", "5 'a'", "5|6", "<5>", "5!", "\\frac{ 1 }{ 2 } cm", "2\\frac{1}{2}", "2 \\frac{1}{2} m",
        "0.5 5", "12  5", "x = 5", "x=-5", "-5 - 3", "1 , 5", " 5", "\n5\n", "5\n6", "2 × 10^{-3} m", "3.0e5 x", "Answer is\n5", "A: 5\nA: 6", "answer = 5 is = 6", "answer - 5",
    ];

    private static readonly string[] s_expressions =
    [
        "1+2", "1-2", "2*3", "6/4", "2^3", "2**3", "(1+2)*3", "1+2*3", "2*(3+4)-5/6", "-3+4", "+3", "--3", "3--3", "3+-3", "(3", "3)", "()", "3 4", "3(4)", "(1)(2)", "1/0", "0/5", "2×3", "6÷2", "5−2", "1.5*2", ".5+.5", "1,000+1", "7%3", "3!", "10=10", "3+4=7", "3+4 = 8", "1+1=2=2", "x+1", "2*x",
        "9999999999*9999999999", "9223372036854775807+1", "-9223372036854775808-1", "2^62", "2^63", "2^64", "2^0", "2^-1", "0^0", "0^-1", "(-2)^3", "-2^2", "4^0.5", "2^2^3", "1/3+1/6", "1/(1-1)", "((((1))))", "[1+2]", "{3}", "\\frac{1}{2}+1", "3 \\times 4", "3 \\cdot 4", "8 \\div 2", "\\left(1+2\\right)", "3·4", "", " ",
        "1+", "*2", "1++2", "1//2", "1e3+1", "12 + 7 * (3 - 1)", "(8-3)*4+2", "3*4*5*6", "100-99-98",
    ];

    private static readonly string[] s_data =
    [
        "null", "true", "false", "True", "None", "0", "-1", "1.5", "1e3", "01", "1.", ".5", "-", "\"a\"", "'a'", "\"a\\n\\u0041\\\"\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"a", "[]", "[1]", "[1,2,3]", "[1,2,]", "[1 2]", "(1, 2)", "(1,)", "()", "{}", "{\"a\":1}", "{\"a\":1,}", "{'a': 1, 'b': [True, None]}", "{a:1}", "{\"a\" 1}", "{\"a\":}",
        "{\"a\":{\"b\":[{\"c\":null}]}}", "{\"a\":1,\"a\":2}", "[[[[1]]]]", "[1,[2,[3,[4]]]]", "text [1,2] more {\"a\":1} end", "```json\n{\"a\": 1}\n```", "x = {\"a\": [1, 2]}; y = [3]", "[1,2", "}{", "[}", "{\"a\":1}}", "  [ 1 , 2 ]  ", "[10, 20, 30, 40]", "[[10,20],[30,40]]", "[[1,2,3,4],[5,6,7,8]]", "{\"bbox_2d\":[1,2,3,4],\"label\":\"cat\",\"score\":0.5}",
        "[{\"bbox_2d\":[1,2,3,4],\"label\":\"cat\"},{\"box\":[5,6,7,8]}]", "{\"point_2d\":[5,6]}", "{\"start\":1,\"end\":2}", "{\"x\":1,\"y\":2}", "<box>[1,2,3,4]</box>", "(1,2),(3,4)", "1, 2, 3, 4", "from 3 to 5", "3-5", "3.5s - 7.25s", "<answer>[1,2]</answer>", "{\"x1\":1,\"y1\":2,\"x2\":3,\"y2\":4}", "f(a=1)", "f(a=1, b='x')", "f()", "f(1, 2)", "f(a=[1,2], b={'c': None})",
        "[f(a=1), g(b=2)]", "m.f(a=-1.5)", "f(a=True", "f a=1", "f(a=1)g(b=2)", "f(a=1); g(b=2)", "{\"name\":\"f\",\"arguments\":{\"a\":1}}", "[{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}]", "{\"tool\":\"f\",\"parameters\":{}}", "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>", "<tool_call>f(a=1)</tool_call>", "{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}",
        "It is so [1]. And so [2,3]. Not [4-6] (7).", "See [1][2]; also [ 3 ]. None.", "[a] [1a] [12345678]", "(a) 1\n(b) 2\n(c) 3", "a) x b) y", "1. one\n2. two", "**(a)** 5\n**(b)**: 6", "{\"a\":\"1\",\"b\":\"2\"}", "a = 1\nb = 2",
    ];

    private static readonly string[] s_documents =
    [
        "0", "1", "-1", "0.5", "1_000", "_1", "1_", "5M", "2k", "1.5M", "1.5k", "0.0005k", "3G", "k", "1K", "1e3", "1e3k", "-2k", "+3", "1,5", "1 000", "Infinity", "NaN", "9e99G", "170141183460469231731687303715884105727", "170141183460469231731687303715884105728", "170141183460469231731687303k", "1000000000000M", "999999999999.5k", "0.5", ".5", "5.", "",
        "250ms", "60s", "5m", "2h", "1d", "3min", "1.5h", "0s", "-1s", "s", "5 m", "5x", "1e3s", "999999999s", "1000000000s", " 5s ", "0.25ms",
        "length", "lenght", "lengt", "lngth", "legnth", "LENGTH", "size", "l", "exact-mach", "exactmatch", "match-exact", "format", "fromat", "form", "rmat", "xyz",
    ];

    private static readonly string[] s_schemas =
    [
        """{"type":"integer","minimum":2,"maximum":9,"multipleOf":3}""", """{"type":["null","string"],"minLength":1,"maxLength":3,"pattern":"^[a-c]+$"}""", """{"enum":[1,"a",[2],{"b":null}],"not":{"const":1}}""", """{"exclusiveMinimum":0,"exclusiveMaximum":5.5}""",
        """{"properties":{"a":{"type":"number"},"b":{"$ref":"#/$defs/t"}},"required":["a"],"additionalProperties":false,"$defs":{"t":{"type":"string"}}}""", """{"patternProperties":{"^a":{"minimum":2}},"propertyNames":{"maxLength":2},"minProperties":1,"maxProperties":2}""",
        """{"dependentRequired":{"a":["b","c"]},"dependentSchemas":{"b":{"properties":{"a":false}}}}""", """{"prefixItems":[{"type":"number"},{"type":"string"}],"items":{"type":"null"},"minItems":1,"maxItems":4}""", """{"contains":{"type":"number","minimum":2},"minContains":1,"maxContains":2,"uniqueItems":true}""",
        """{"allOf":[{"type":"number"},{"minimum":1}],"anyOf":[{"maximum":3},{"minimum":7}],"oneOf":[{"multipleOf":2},{"multipleOf":3}]}""", """{"if":{"type":"string"},"then":{"minLength":2},"else":{"type":"array","items":{"$ref":"#"}}}""", """{"title":"t","description":3,"definitions":{"x":true},"$comment":"c","default":1,"type":"boolean"}""",
    ];

    private static readonly string[] s_values =
    [
        "null", "true", "0", "1", "2", "3", "5.5", "6", "9", "12", "-3", "\"\"", "\"a\"", "\"abc\"", "\"abca\"", "\"d\"", "[]", "[1]", "[2]", "[1,\"a\"]", "[1,\"a\",null]", "[1,\"a\",null,null,null]", "[2,3]", "[2,2]", "[2,3,4]", "[\"a\",[\"ab\",[]]]", "{}", "{\"b\":null}", "{\"a\":1}", "{\"a\":2,\"b\":\"x\"}", "{\"a\":1,\"b\":1}", "{\"a\":1,\"c\":1}", "{\"ab\":2}", "{\"abc\":2}", "{\"a\":2,\"b\":2,\"c\":2}",
    ];

    private static readonly string[] s_pieces = ["0", "1", "9", "-", "+", ".", ",", "/", "%", " ", "(", ")", "[", "]", "{", "}", "\"", "'", ":", "=", "*", "^", "e", "a", "\\", "\n", "k", "M", "s", "<", ">"];

    public static TheoryData<int> Parts() => [.. Enumerable.Range(0, Record.Parts)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Numbers_TextsAndEdits_AreThoseOfTheRecord(int part) => Check("read-numbers", part, s_numbers, 60, Number);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Expressions_TextsAndEdits_AreThoseOfTheRecord(int part) => Check("read-expressions", part, s_expressions, 60, Value);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Data_TextsAndEdits_AreThoseOfTheRecord(int part) => Check("read-data", part, s_data, 60, Data);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Documents_WordsAndEdits_AreThoseOfTheRecord(int part) => Check("read-words", part, s_documents, 40, Words);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Schemas_ValuesAndEdits_AreThoseOfTheRecord(int part) => Check("read-schemas", part, s_schemas, 60, Validated);

    private static void Check(string name, int part, string[] inputs, int edits, Func<string, string> result) =>
        Record.Check(name, part, Record.Of(part, inputs).Select(t => $"{t} => {result(t)} edits {Record.Digest(Record.Edits(t, edits, s_pieces).Select(result))}"));

    private static string Number(string text)
    {
        var parts = new List<string>();
        for (int start = 0; start <= Math.Min(2, text.Length); start++)
        {
            parts.Add(NumberText.TryRead(text, start, out int end, out var value, out bool percent) ? $"{value}{(percent ? "%" : "")} to {end}" : "no");
        }

        parts.Add(NumberText.TryReadWhole(text, out var whole, out bool p) ? $"whole {whole}{(p ? "%" : "")}" : "no");
        parts.Add(NumberText.TryReadLast(text, out var last, out p) ? $"last {last}{(p ? "%" : "")}" : "no");
        parts.Add(AnswerText.TryBoxed(text, out var content) ? $"boxed {content}" : "no");
        parts.Add(AnswerText.TryTag(text, out content) ? $"tag {content}" : "no");
        parts.Add(AnswerText.TryHash(text, out content) ? $"hash {content}" : "no");
        parts.Add(AnswerText.TryPhrase(text, out content) ? $"phrase {content}" : "no");
        parts.Add(Rational.TryParse(text, out var plain) ? $"plain {plain}" : "no");
        parts.Add(Rewards.MathAnswers.Numbers.Last(text) ?? "no");
        parts.Add(Rewards.MathAnswers.Numbers.TryPlain(text, out var exact, out int decimals) ? $"{exact}'{decimals}" : "no");
        return string.Join("; ", parts);
    }

    private static string Value(string text)
    {
        var work = new Work(1_000_000);
        Span<Rational> numbers = stackalloc Rational[16];
        var all = Expression.Evaluate(text, numbers, ref work);
        string used = string.Join(' ', numbers.ToArray().TakeWhile(static n => n != default));
        var few = Expression.Evaluate(text, numbers, ref work, ExpressionOperators.Add | ExpressionOperators.Multiply);
        var judged = CountdownCheck.Judge(text, [3, 4, 5], 7, ref work);
        return $"{all} {used} {few} {judged} {work.Used}";
    }

    private static string Data(string text)
    {
        var work = new Work(10_000_000);
        var parts = new List<string>
        {
            DataReader.Read(text, ref work)?.ToString() ?? "no", DataReader.ReadPython(text, ref work)?.ToString() ?? "no", DataReader.FindLast(text, ref work)?.ToString() ?? "no",
            Calls(PythonCalls.Read(text, ref work)), Calls(ToolCall.Read(text, ref work)),
            Show(GeometryReader.Boxes(text, ref work)), Show(GeometryReader.Points(text, ref work)), Show(GeometryReader.Spans(text, ref work)),
            string.Join(' ', Citations.Read(text)), Record.Show(Citations.CitedSentences(text)), string.Join(' ', StructuredAnswer.Parts(text, ref work).Select(static p => $"{p.Key}={p.Value}")),
        };
        return string.Join("; ", parts) + " " + work.Used;
    }

    private static string Validated(string schema)
    {
        var work = new Work(10_000_000);
        if (DataReader.Read(schema, ref work) is not { } data)
        {
            return "unread";
        }

        if (JsonSchemaCheck.Read(data, out string? problem) is not { } check)
        {
            return problem!;
        }

        return string.Join("; ", s_values.Select(v =>
        {
            var own = new Work(10_000_000);
            return check.FirstError(DataReader.Read(v, ref own)!, ref own) is { } e ? $"{e.Path} {e.Problem} {own.Used}" : $"{own.Used}";
        }));
    }

    private static string Calls(IReadOnlyList<ToolCall>? calls) => calls is null ? "no" : string.Join(' ', calls.Select(static c => c.ToString()));

    private static string Show<T>(IReadOnlyList<T>? items) => items is null ? "no" : string.Join(' ', items.Select(static i => i!.ToString()));

    private static string Words(string text)
    {
        string[] known = ["length", "exact-match", "format", "numeric-answer", "form"];
        string real = Numbers.TryParse(text, out double number) ? Record.Show(number) : "no";
        string whole = Numbers.TryParse(text, out Int128 integer) ? integer.ToString(CultureInfo.InvariantCulture) : "no";
        string time = Durations.TryParse(text, out var duration) ? $"{duration.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} {Durations.Words(duration)}" : "no";
        return $"{real} {whole} {time} {Nearest.Of(text, known) ?? "no"} {string.Join(' ', known.Select(k => Nearest.Distance(text, k)))} {Names.Kebab(text)}";
    }
}
