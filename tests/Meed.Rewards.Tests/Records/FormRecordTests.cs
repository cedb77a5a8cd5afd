using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Meed.Rewards.Code;
using Meed.Rewards.Documents;
using Meed.Rewards.Documents.OpenAi;
using Meed.Rewards.Files;
using Meed.Rewards.Files.Rollouts;
using Meed.Rewards.MathAnswers;

namespace Meed.Rewards.Tests.Records;

/// <summary>Word forms, units and letters of answers, programs in responses, values of workers, templates of graders and documents of rewards, and edits of them.</summary>
public class FormRecordTests
{
    private static readonly string[] s_forms =
    [
        "\\dfrac{1}{2}", "\\tfrac12", "\\dfrac", "\\d", "\\left( 3 , 4 \\right)", "\\leftarrow x", "\\quad 5", "\\quadx", "\\displaystyle x", "\\displaystyle", "1\\,000", "a \\; b", "$x$ and $y$", "x y", "3 4.", "x,.", "\\text{the Cat's} meow", "The end", "the  end", "don't U.S.A.", "1.5 apples; 2, three!",
        "\\boxed{\\text{yes}}", "a\\ldots b\\dotsc", "{a}~{b}", "x_1 = 2^{3}", "?.5!", "A B", "\\textbf{(C)} 3", "\\(x\\)", "\\[y\\]", ".", ",", "", " ", "\\", "\\le", "\\ x", "\\left", "the", "the ", "\\mathrm{kg} m", "|x|<3", "...", "é À ß", "(A) 1", "B", "(C)", "D. four", "{E}", "answer: F", "The answer is G.", "Answer A or B", "answer", "it is B's", "AB C", "I", "K", "*H*", "$J$",
        "the answer is: maybe not so clear but perhaps, given everything above, D", "the answer is: maybe not so clear but perhaps, given everything written above it, E",
    ];

    private static readonly string[] s_units =
    [
        "m", "m^2", "m^6", "m^7", "m^-2", "^2", "m^", "square m", "sq ft", "sq. ft", "squared cm", "cubic m", "cu in", "cu. ft", "m / s", "m per s", "miles an hour", "km/h", "kg m", "cubic m per s", "per s", "of the a", "m s s", "m / m", "N", "J", "cm", "mm^3", "hours", "ies", "berries", "cherries", "glass", "gas", "apples", "cm of water", "square", "cubic", "ft lb", "feet^2 / s^2", "Hz", "HZ", "KM", "min", "days each", "liters", "mph", "degrees", "\\%", "dollars", "cents per m", "square cubic m",
    ];

    private static readonly string[] s_texts =
    [
        "It is 5.", "x1.5", "a.5", ".5", "5.", "1,234 and 5,678", "1 234 567", "12 34", "1, 2", "v2.0", "-3", "50%", "50\\%", "", "none", "3.14.15", "1,23", "a1b2", "$1,000.50", "$1$, $2$ and $3$", "$1$ $2$", "\\(a\\), \\[b\\]", "$$x$$", "$$x$$ or $y$", "\\$5 and $6$", "$a", "a$", "\\) \\(", "$1$; $2$", "$1$, or $2$, and $3$", "x \\[ y", "1.", "...5", "0.5.", "5 , 6", "9 999", "9 9999", "Wait, what.", "A word {in braces} and more words here.", "so {x", "we get 4",
    ];

    private static readonly string[] s_programs =
    [
        "```python\nprint(1)\n```", "```\na\n```\ntext\n```\nb\n```", "```py\na", "a\n```\nb\n```\nc", "```", "```\n```", "no code", "", " return 1", "\nx", "  ```\n  a\n  ```", "x ```\na\n```", "```a\nb```\nc\n```", "```\n\n```\n", "def f():\n    return 1", "import x\ndef f(): pass", "class A:\n    pass", "from a import b", "    return 2\n\nprint(3)", "async def g(): pass", "@dec\ndef f(): pass", "```csharp\nint F() => 1;\n```",
    ];

    private static readonly string[] s_typed =
    [
        "null", "true", "1", "-1.50", "1e5", "\"a\"", "\"\\u00e9\\n\\\"\"", "[]", "[1,2]", "[[1],[2,[3]]]", "{}", "{\"t\":\"tuple\",\"v\":[1,2]}", "{\"t\":\"iter\",\"v\":[]}", "{\"t\":\"range\",\"v\":[0,10,3]}", "{\"t\":\"range\",\"v\":[10,0,-3]}", "{\"t\":\"range\",\"v\":[0,-1,1]}", "{\"t\":\"range\",\"v\":[0,0,1]}", "{\"t\":\"range\",\"v\":[0,10,0]}", "{\"t\":\"range\",\"v\":[0,10]}", "{\"t\":\"range\",\"v\":[0,1000000,1]}", "{\"t\":\"range\",\"v\":[0,1000001,1]}", "{\"t\":\"range\",\"v\":{}}",
        "{\"t\":\"set\",\"v\":[3,1,2]}", "{\"t\":\"frozenset\",\"v\":[\"b\",\"a\"]}", "{\"t\":\"dict\",\"v\":[[\"a\",1],[2,3]]}", "{\"t\":\"dict\",\"v\":[[\"a\",1],[2]]}", "{\"t\":\"dict\",\"v\":[[\"a\",1,2]]}", "{\"t\":\"dict\",\"v\":[1]}", "{\"t\":\"dict\",\"v\":{}}", "{\"t\":\"int\",\"v\":\"0x10\"}", "{\"t\":\"int\",\"v\":\"-0xff\"}", "{\"t\":\"int\",\"v\":\"x\"}", "{\"t\":\"int\",\"v\":5}", "{\"t\":\"float\",\"v\":\"nan\"}", "{\"t\":\"float\",\"v\":\"inf\"}", "{\"t\":\"float\",\"v\":\"-inf\"}", "{\"t\":\"float\",\"v\":\"1\"}",
        "{\"t\":\"bytes\",\"v\":\"ab\"}", "{\"t\":\"bytearray\",\"v\":1}", "{\"t\":\"complex\",\"v\":[1,2]}", "{\"t\":\"other\",\"v\":1}", "{\"t\":1,\"v\":1}", "{\"t\":\"tuple\"}", "{\"a\":{\"b\":[1,{\"c\":null}]},\"d\":\"\\u0007\\u007f~\"}",
    ];

    private static readonly string[] s_templates =
    [
        "{{ item.a }}", "{{item.a}}{{ sample.output_text }}", "x {{ item.b.c }} y", "{{ item.l[0] }} {{ item.l[1].d }}", "{{ item['a b'] }}", "{{ item[\"a b\"] }}", "{{ item }}", "{{ sample }}", "{{ other.a }}", "{{ item.a", "item.a }}", "{{ }}", "{{}}", "{{ item. }}", "{{ item.l[9] }}", "{{ item.l[-1] }}", "{{ item.l[a] }}", "{{ item.missing }}", "{{ sample.output_json.x }}", "{{ sample.output_json.l[1] }}", "{{ sample.output_tools[0].function.name }}", "{{ sample.choices[0].message.content }}", "plain", "",
        "{{ item.n }} {{ item.t }} {{ item.z }}", "{{{ item.a }}}", "{{ item.a }} {{ item.a }}", "{{ item.a.b }}", "{{ item.l }}", "{{ sample.choices }}", "{{ sample.nothing }}", "{{ item .a }}", "{{ item.a  }} {", "{{ item['a b }}", "{{ item.l[0 }}", "{{ 1 }}",
    ];

    private static readonly string[] s_pieces = ["{", "}", "(", ")", "[", "]", " ", "\n", ".", ",", "$", "\\", "\"", "'", "1", "0", "-", "^", "/", "a", "B", "```", "\\(", "{{", "}}", "m ", "per ", "square ", "item", "_", ":"];

    public static TheoryData<int> Parts() => [.. Enumerable.Range(0, Record.Parts)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Forms_AnswersAndEdits_AreThoseOfTheRecord(int part) => Check("form-answers", part, s_forms, 60, static t =>
    {
        var work = new Work(1_000_000);
        return $"{TextForm.Words(t)}¦{TextForm.Tight(t)}¦{TextForm.Loose(t)}¦{ChoiceAnswer.Find(t, ref work)}¦{work.Used}";
    });

    [Theory]
    [MemberData(nameof(Parts))]
    public void Units_WordsAndEdits_AreThoseOfTheRecord(int part) => Check("form-units", part, s_units, 60, static t => $"{Units.Read(t)} {Units.IsKnown(t)}");

    [Theory]
    [MemberData(nameof(Parts))]
    public void Ends_TextsAndEdits_AreThoseOfTheRecord(int part) => Check("form-ends", part, s_texts, 60, static t => $"{Rewards.MathAnswers.Numbers.Last(t) ?? "none"}¦{Formulas.Last(t)}¦{Prose.Is(t)}");

    [Theory]
    [MemberData(nameof(Parts))]
    public void Programs_ResponsesAndEdits_AreThoseOfTheRecord(int part) => Check("form-programs", part, s_programs, 40, static t =>
        string.Join('¦', Enum.GetValues<ProgramPlace>().SelectMany(p => new[] { "", "def f():" }.Select(prompt => ProgramText.Find(t, p, prompt) ?? "none"))));

    [Theory]
    [MemberData(nameof(Parts))]
    public void TypedValues_JsonAndEdits_AreThoseOfTheRecord(int part) => Check("form-typed", part, s_typed, 60, static t =>
    {
        try
        {
            using var json = JsonDocument.Parse(t, TypedJson.Reading);
            var (work, b) = (new Work(10_000_000), new StringBuilder());
            string? read = TypedJson.Read(json.RootElement, ref work)?.ToString();
            TypedJson.Write(b, json.RootElement);
            return $"{(read is { Length: > 60 } ? read[..20] + read.Length : read ?? "none")} {work.Used} {b} {TypedJson.Quote(t)}";
        }
        catch (JsonException)
        {
            return "no JSON";
        }
    });

    [Theory]
    [MemberData(nameof(Parts))]
    public void Templates_TextsAndEdits_AreThoseOfTheRecord(int part)
    {
        var sample = new TextSample
        {
            Response = """{"x": 7, "l": [1, "two"]}""",
            Item = JsonDocument.Parse("""{"a": "one", "b": {"c": true}, "l": [1, {"d": "deep"}], "a b": "space", "n": 1.50, "t": false, "z": null}""").RootElement,
            Turns = [new Message("assistant", "") { ToolCalls = JsonDocument.Parse("""[{"function":{"name":"get"}}]""").RootElement }],
        };

        Check("form-templates", part, s_templates, 60, t =>
        {
            if (Template.Parse(t, out string? problem) is not { } template)
            {
                return problem!;
            }

            var work = new Work(1_000_000);
            string text = template.Fill(new TemplateScope(sample), ref work, out var fault, out string? reason);
            return $"{text} {fault} {reason} {work.Used} {template.UsesSample} {template.IsConstant}";
        });
    }

    /// <summary>Documents of the catalog's rewards with edits: what they make, or every problem with its line.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void Documents_RewardsAndEdits_AreThoseOfTheRecord(int part)
    {
        string[] pieces = [" ", "\n", ",", ":", "{", "}", "[", "]", "\"", "0", "1", "-1", "0.5", "2", "null", "true", "\"of\": ", "\"weight\": 2, ", "\"name\": \"n\", ", "\"budget\": {\"work\": 9}, ", "\"length\"", "\"sum\": ", "1000000000", "\"x\"", "e9", "."];
        var registry = Catalog.TextRewards();
        var documents = File.ReadLines(Path.Combine(DataFiles.Repository, "tests/Meed.Rewards.Tests/Records/rewards.jsonl")).Where(static l => l.Length > 0).Select(static l => JsonDocument.Parse(l).RootElement.GetProperty("reward").GetRawText()).Distinct();

        Check("form-documents", part, [.. documents], 16, pieces, t =>
        {
            try
            {
                var read = RewardDocuments.Parse(t, registry);
                var s = read.Reward.Schema;
                return $"{s.Name} [{string.Join(' ', s.Components)}] {Record.Show(s.Minimum)}..{Record.Show(s.Maximum)} {s.Scope} {s.MayNotApply} {read.Hash[..12]}";
            }
            catch (DocumentException e)
            {
                // Without the names that are known, which grow with the catalog.
                return Regex.Replace(Plain(e.Message), "(Did you mean|Known:).*", "");
            }
        });
    }

    /// <summary>The keys of every reward's options with their types and defaults. Rewards that are not in the record yet are passed over.</summary>
    [Fact]
    public void Options_OfEveryReward_HaveTheTypesAndDefaultsOfTheRecord()
    {
        string path = Path.Combine(DataFiles.Repository, "tests/Meed.Rewards.Tests/Records/form-options.txt");
        var now = Catalog.TextRewards().Entries.Where(static e => e.Options is not null).OrderBy(static e => e.Name, StringComparer.Ordinal)
            .ToDictionary(static e => e.Name, static e => string.Join(' ', SchemaWriter.Record(e.Options!)["properties"]!.AsObject().Select(static p => $"{p.Key}={Bare(p.Value!)}")));
        if (Environment.GetEnvironmentVariable("MEED_WRITE_DOCS") == "1")
        {
            File.WriteAllLines(path, now.Select(static e => $"{e.Key}: {e.Value}"));
        }

        foreach (string line in File.ReadLines(path))
        {
            string name = line[..line.IndexOf(':', StringComparison.Ordinal)];
            Assert.Equal(line, $"{name}: {now[name]}");
        }

        static string Bare(JsonNode value)
        {
            var copy = value.DeepClone();
            (copy as JsonObject)?.Remove("description");
            return copy.ToJsonString();
        }
    }

    private static readonly string[] s_rows =
    [
        """{"response":"a","prompt":"p","reference":"r","response_tokens":3,"truncated":true,"id":7}""", """{"completion":"a","question":"p","ground_truth":5,"tokens":0}""", """{"output":"a","messages":[{"role":"user","content":"p"},{"role":"assistant","content":"b"}],"gold":{"x":[1,2]}}""",
        """{"response":"a","tokens":-1,"truncated":"yes"}""", """{"response":"a","tokens":2147483647}""", """{"response":"a","tokens":2147483648}""", """{"response":"a","tokens":1.5}""", """{"response":["a"]}""", """{"response":null}""", """{"prompt":"p"}""", """{"response":"a","response":"b"}""", """{"response":"a\u00e9\n","completion":"b"}""",
        """{"response":"a","prompt":[{"role":"user","content":[{"type":"text","text":"p"}]}]}""", """{"response":"a","prompt":[]}""", """{"response":"a","prompt":[{"role":"user"}]}""", """{"response":"a","prompt":{"x":1}}""", """{"re\u0073ponse":"a"}""", """{"response":"a","meta":{"key":"m","list":[1,{"k":2}]},"answer":true}""", """[1]""", """3""", """{"response":"a" """, """{"response":"a"} x""", "",
        """{"messages":[{"role":"user","content":"p"},{"role":"assistant","content":"a"}]}""", """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"p"}],"response":"a"}""", """{"prediction":"\ud800"}""", """{"response":"a","label":null}""", """{"response":12,"answer":1e3}""", """{"response":true}""",
    ];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Rows_LinesAndEdits_AreThoseOfTheRecord(int part)
    {
        (FieldMap Map, int Kept)[] maps = [(new FieldMap(new Dictionary<string, string>(), []), 0), (new FieldMap(new Dictionary<string, string> { ["response"] = "meta.key", ["reference"] = "answer", ["item"] = "meta" }, ["id", "meta.list"]), 2)];

        Check("form-rows", part, s_rows, 60, t => string.Join(" | ", maps.Select(m =>
        {
            var kept = new Range[m.Kept];
            byte[] line = Encoding.UTF8.GetBytes(t);
            return m.Map.Read(line, kept, out string problem) is { } s
                ? $"{s.Response} {s.Prompt?.Count} {string.Join(',', s.Prompt?.Select(static p => p.Role + "=" + p.Content) ?? [])} {s.ReferenceText} {Raw(s.Reference)} {Raw(s.Item).Length} {s.ResponseTokens} {s.Truncated} {string.Join(' ', kept.Select(r => Encoding.UTF8.GetString(line.AsSpan(r))))}"
                : Plain(problem);
        })));

        static string Raw(JsonElement e) => e.ValueKind == JsonValueKind.Undefined ? "none" : e.GetRawText();
    }

    /// <summary>The example rollouts with edits, written into one file and read with each layout.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void Rollouts_LinesAndEdits_AreThoseOfTheRecord(int part)
    {
        string[] pieces = ["0", "1", "-", "null", "true", "\"", ",", ":", "{", "}", "[", "]", "\"reward\": 2, ", "\"score\": 0.5, ", "\"step\": 4, ", "\"label\": \"x\", ", "a", " "];
        var lines = Directory.EnumerateFiles(Path.Combine(DataFiles.Repository, "tests/Meed.Rewards.Tests/Files/Rollouts"), "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Where(static l => l.Length > 0).ToArray();
        string path = Path.GetTempFileName();
        try
        {
            Check("form-rollouts", part, lines, 4, pieces, t => string.Join(" | ", Enum.GetValues<RolloutFormat>().Select(format =>
            {
                File.WriteAllText(path, t);
                var bad = new List<string>();
                var groups = new List<SampleKey>();
                string rows;
                try
                {
                    rows = string.Join(' ', new RolloutReader(new RolloutOptions { Inputs = [path], Format = format, RewardKey = "score" }) { OnBadLine = b => bad.Add(b.Problem) }.Rows(TestContext.Current.CancellationToken)
                        .Select(r => $"{r.Line} {Place(groups, r.Group)} {r.Sample.Response} {r.Sample.ReferenceText} {r.Sample.ResponseTokens} {r.Sample.Truncated} {Record.Show(r.Reward)} {r.Status} {r.Reason} {r.Step} {string.Join(',', r.Components.Select(static c => c.Key + "=" + Record.Show(c.Value)))}"));
                }
                catch (FileScoringException e)
                {
                    rows = Plain(e.Message.Replace(path, "file", StringComparison.Ordinal));
                }

                return rows + string.Join(' ', bad.Select(Plain));
            })));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static int Place(List<SampleKey> groups, SampleKey group)
    {
        if (!groups.Contains(group))
        {
            groups.Add(group);
        }

        return groups.IndexOf(group);
    }

    /// <summary>A problem without the words of the framework's reader of JSON.</summary>
    private static string Plain(string problem) => Regex.Replace(problem, "readable as JSON.*", "readable as JSON");

    private static void Check(string name, int part, string[] inputs, int edits, Func<string, string> result) => Check(name, part, inputs, edits, s_pieces, result);

    private static void Check(string name, int part, string[] inputs, int edits, string[] pieces, Func<string, string> result) =>
        Record.Check(name, part, Record.Of(part, inputs).Select(t => $"{t} => {result(t)} edits {Record.Digest(Record.Edits(t, edits, pieces).Select(result))}"));
}
