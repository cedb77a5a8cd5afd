using System.Globalization;
using System.Numerics;
using System.Text;
using Meed.Rewards.MathAnswers;
using Exact = Meed.Rewards.MathAnswers.Algebra;

namespace Meed.Rewards.Tests.Records;

/// <summary>Trees, normal forms, values, extracted answers and verdicts of mathematical answers of every kind.</summary>
public class MathRecordTests
{
    private static readonly string[] s_pieces = ["{", "}", "(", ")", "\\frac", "\\sqrt", "^", "_", " ", ",", ".", "x", "1", "0", "-", "+", "\\pi", "\\text{", "$", "%", "=", "/", "\\", "°", "i", "n", "!", "|"];

    private static readonly Lazy<string[]> s_answers = new(() => [.. Lines("answers.txt")]);

    public static TheoryData<int> Parts() => [.. Enumerable.Range(0, Record.Parts)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Parse_AnswersAndEdits_TreesAreThoseOfTheRecord(int part) => Record.Check("math-parse", part, Record.Of(part, s_answers.Value).Select(a => $"{a} => {Parsed(a)} edits {Record.Digest(Record.Edits(a, 25, s_pieces).Select(Parsed))}"));

    [Theory]
    [MemberData(nameof(Parts))]
    public void Normalise_AnswersAndEdits_FormsAreThoseOfTheRecord(int part) => Record.Check("math-normal", part, Record.Of(part, s_answers.Value).Select(a => $"{a} => {Normal(a)} edits {Record.Digest(Record.Edits(a, 15, s_pieces).Select(Normal))}"));

    [Theory]
    [MemberData(nameof(Parts))]
    public void Evaluate_Answers_ValuesAreThoseOfTheRecord(int part) => Record.Check("math-value", part, Record.Of(part, s_answers.Value).Select(a => $"{a} => {Value(a, true)} and {Value(a, false)}").Where(static l => !l.EndsWith("=> no and no", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Parts))]
    public void Compare_PairsAndEdits_VerdictsAreThoseOfTheRecord(int part)
    {
        var pairs = Lines("../Math/pairs.txt").Where(static l => l[0] != '#').Select(static l => l.Split(" | ")).Select(static f => (Gold: f[1].Replace('@', '|'), Prediction: f[2].Replace('@', '|')))
            .Concat(s_answers.Value.SelectMany((a, i) => new[] { 1, 2, 3 }.Select(k => (Gold: a, Prediction: s_answers.Value[(i + k) % s_answers.Value.Length]))));

        Record.Check("math-compare", part, Record.Of(part, pairs).Select(p =>
            $"{p.Gold} ~ {p.Prediction} => {Verdict(p.Gold, p.Prediction, MathOptions.Default)} edits {Record.Digest(Record.Edits(p.Prediction, 12, s_pieces).Select(e => Verdict(p.Gold, e, MathOptions.Default) + Verdict(e, p.Prediction, MathOptions.Default)))}"));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Compare_UnderOptions_VerdictsAreThoseOfTheRecord(int part)
    {
        MathOptions[] options =
        [
            new() { RelativeTolerance = 0.01 }, new() { AbsoluteTolerance = 0.05 }, new() { Decimals = 0 }, new() { Decimals = 2 }, new() { Percent = PercentReading.Fraction }, new() { Percent = PercentReading.Either }, new() { Choices = true },
            new() { RelativeTolerance = 0.001, Percent = PercentReading.Either, Decimals = 1 },
        ];
        string[] near = ["1", "1.01", "1.0101", "0.99", "0.989", "1.05", "1.051", "0.95", "0.949", "1.5", "1.4", "0.5", "2", "100", "101", "101.01", "99", "0", "0.05", "0.051", "-1", "-1.01", "50\\%", "0.5\\%", "1\\%", "100\\%", "1/3", "0.33", "0.333", "0.335", "0.345", "\\pi", "3.14", "3.1416", "\\sqrt{2}", "1.41",
            "1.414", "A", "B", "(A) 1", "\\text{(B)}", "C. 2", "The answer is (D)", "1 cm", "1.01 cm", "10 mm", "1.005", "1.004", "0.004", "0.005", "0.006", "(1, 2)", "(1.01, 1.99)", "[0, 1]", "[0, 1.01]", "\\{1, 2\\}", "\\{1.005, 2\\}", "x = 1", "x = 1.01", "1e10", "1.001e10", "12345.678", "12345.68", "12346"];
        var pairs = near.SelectMany((a, i) => near.Skip(Math.Max(0, i - 6)).Take(13).Select(b => (a, b)));

        Record.Check("math-options", part, Record.Of(part, pairs).Select(p => $"{p.a} ~ {p.b} => {string.Join("; ", options.Select(o => Verdict(p.a, p.b, o)))}"));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Find_ResponsesAndEdits_AnswersAreThoseOfTheRecord(int part)
    {
        string[] pieces = [" ", "\n", ".", "$", "\\boxed{", "}", "answer is ", "Answer: ", "#### ", "=", "3", "**", "\\[", "\\]", "$$", "The ", " is ", ",", "A: ", "and ", "-", "%", "/2"];

        Record.Check("math-find", part, Record.Of(part, Lines("responses.txt").Select(static r => r.Replace("\\n", "\n").Replace("⏎", "\n"))).Select(r => $"{r} => {Found(r)} edits {Record.Digest(Record.Edits(r, 60, pieces).Select(Found))}"));
    }

    /// <summary>Names, declarations, dates, clocks, relations, matrices and limits of powers: each answer beside the four after it and with edits.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void All_FurtherAnswersAndEdits_AreThoseOfTheRecord(int part)
    {
        string[] all = [.. Lines("answers-more.txt")];

        Record.Check("math-more", part, Record.Of(part, all.Select(static (a, i) => (Answer: a, At: i))).Select(p =>
            $"{p.Answer} => {Parsed(p.Answer)} normal {Normal(p.Answer)} value {Value(p.Answer, true)} {Value(p.Answer, false)} beside {string.Join("; ", Enumerable.Range(1, 4).Select(k => Verdict(p.Answer, all[(p.At + k) % all.Length], MathOptions.Default)))} " +
            $"edits {Record.Digest(Record.Edits(p.Answer, 20, s_pieces).Select(e => Parsed(e) + Normal(e) + Verdict(p.Answer, e, MathOptions.Default)))}"));
    }

    private static IEnumerable<string> Lines(string file) => File.ReadLines(Path.Combine(DataFiles.Repository, "tests/Meed.Rewards.Tests/Records", file)).Where(static l => l.Length > 0);

    private static string Parsed(string answer)
    {
        var meter = new Meter(1_000_000);
        try
        {
            var joined = AnswerParser.Parse(answer, true, meter, out bool bare);
            var apart = bare ? Shown(AnswerParser.Parse(answer, false, meter, out _)) : "";
            return $"{Shown(joined)} {apart} {meter.Used}";
        }
        catch (WorkExceededException)
        {
            return "over budget";
        }
    }

    private static string Normal(string answer)
    {
        var meter = new Meter(200_000);
        try
        {
            return (AnswerParser.Parse(answer, true, meter, out _) is { } node ? new Normalizer(new Exact(meter)).Try(node)?.Key ?? "none" : "unparsed") + " " + meter.Used;
        }
        catch (WorkExceededException)
        {
            return "over budget";
        }
    }

    private static string Value(string answer, bool real)
    {
        var meter = new Meter(1_000_000);
        if (AnswerParser.Parse(answer, true, meter, out _) is not { IsScalar: true } node)
        {
            return "no";
        }

        var evaluator = new NumericEvaluator(meter, real);
        foreach (var (name, k) in "xyzabcnkmprt".Select((c, i) => (c.ToString(), i)))
        {
            evaluator.Set(name, new Complex(0.7 + (0.3 * k), real ? 0 : 0.2));
        }

        var (v, error) = evaluator.Evaluate(node);
        return $"{Record.Show(Math.Abs(v.Real) < 1e-12 ? 0 : v.Real)} {Record.Show(Math.Abs(v.Imaginary) < 1e-12 ? 0 : v.Imaginary)} ± {error.ToString("G3", CultureInfo.InvariantCulture)} in {meter.Used}";
    }

    private static string Verdict(string gold, string prediction, MathOptions options)
    {
        var work = new Work(400_000);
        try
        {
            var verdict = options.Choices ? MathVerifier.Judge(gold, prediction, options, ref work) : MathEquivalence.Compare(gold, prediction, options, ref work);
            return $"{verdict.Outcome} {verdict.Rule} {work.Used}";
        }
        catch (WorkExceededException)
        {
            return "over budget";
        }
    }

    private static string Found(string response)
    {
        var work = new Work(1_000_000);
        string answer = AnswerExtraction.Find(response, ref work) ?? "nothing";
        long used = work.Used;
        return $"{answer} {used} {AnswerExtraction.FindGold(response, ref work) == answer} {ChoiceAnswer.Find(response, ref work)} {work.Used}";
    }

    private static string Shown(Node? node)
    {
        var b = new StringBuilder();
        Show(node, b);
        return b.ToString();
    }

    private static void Show(Node? node, StringBuilder b)
    {
        if (node is null)
        {
            b.Append("none");
            return;
        }

        b.Append(node.Kind == NodeKind.Number ? "" : node.Kind.ToString()).Append(node.Kind == NodeKind.Number ? node.Value.ToString() : "").Append(node.Decimals >= 0 ? $"'{node.Decimals}" : "");
        b.Append(node.Text.Length > 0 ? $":{node.Text}" : "").Append(node.Extra != 0 ? $"/{node.Extra}" : "");
        if (node.Args.Length > 0)
        {
            b.Append('(');
            foreach (var a in node.Args)
            {
                Show(a, b);
                b.Append(' ');
            }

            b.Append(')');
        }
    }
}
