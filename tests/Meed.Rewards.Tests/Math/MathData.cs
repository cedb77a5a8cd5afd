using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Meed.Rewards.MathAnswers;

namespace Meed.Rewards.Tests.MathAnswers;

/// <summary>One labelled pair: what the checker should say about a response.</summary>
public sealed record MathPair(string Id, string Gold, string Response, bool Expected, MathOptions Options);

/// <summary>Reads the labelled pairs of the data sets under MEED_DATA.</summary>
public static class MathData
{
    public static string? Root { get; } = System.Environment.GetEnvironmentVariable("MEED_DATA");

    public static bool IsHere => Root is not null && Directory.Exists(Path.Combine(Root, "math500"));

    public const string Missing = "MEED_DATA does not name the folder of data sets.";

    public static IEnumerable<JsonElement> Rows(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(Root!, file)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    /// <summary>The cases of Math-Verify (source "verify") or lighteval (source "lighteval") as data.</summary>
    public static List<MathPair> Cases(bool lighteval)
    {
        var pairs = new List<MathPair>();
        foreach (var row in Rows("answer-checker-cases/cases.firsthalf.jsonl.gz"))
        {
            if (row.GetProperty("source").GetString()!.Contains("lighteval", StringComparison.OrdinalIgnoreCase) != lighteval)
            {
                continue;
            }

            bool letters = row.GetProperty("targets") is { ValueKind: JsonValueKind.Array } targets && targets.EnumerateArray().Any(static t => t.GetString() == "NativeLetters");
            int decimals = row.TryGetProperty("precision", out var p) && p.ValueKind == JsonValueKind.Number ? p.GetInt32() : -1;
            pairs.Add(new MathPair($"{row.GetProperty("group").GetString()} {row.GetProperty("i")}", row.GetProperty("gold").GetString()!, row.GetProperty("pred").GetString()!,
                row.GetProperty("expected").GetInt32() == 1, new MathOptions { Choices = letters, Decimals = decimals }));
        }

        return pairs;
    }

    public static List<MathPair> HardVerify()
    {
        var pairs = new List<MathPair>();
        foreach (var row in Rows("answer-checker-cases/hardverify-math.first125.jsonl.gz"))
        {
            string gold = row.GetProperty("gold").GetString()!;
            pairs.Add(new MathPair($"{row.GetProperty("id")} equivalent", gold, row.GetProperty("equivalent").GetString()!, true, MathOptions.Default));
            pairs.Add(new MathPair($"{row.GetProperty("id")} not_equivalent", gold, row.GetProperty("not_equivalent").GetString()!, false, MathOptions.Default));
        }

        return pairs;
    }

    /// <summary>Responses with labels; <paramref name="extracted"/> takes the field "pred" in place of the response.</summary>
    public static List<MathPair> QwenMath(bool extracted)
    {
        var pairs = new List<MathPair>();
        int problem = 0;
        foreach (var row in Rows("qwen-math-cot100/responses.first60.jsonl.gz"))
        {
            int k = 0;
            foreach (var r in row.GetProperty("responses").EnumerateArray())
            {
                pairs.Add(new MathPair($"{problem}.{k++}", row.GetProperty("gold").GetString()!, r.GetProperty(extracted ? "pred" : "response").GetString()!, r.GetProperty("correct").GetBoolean(), MathOptions.Default));
            }

            problem++;
        }

        return pairs;
    }

    /// <summary>ToRA's answers; equal when the extracted number is the gold number.</summary>
    public static List<MathPair> Tora()
    {
        var pairs = new List<MathPair>();
        foreach (var row in Rows("gsm8k/tora-code-34b.first660.jsonl.gz"))
        {
            string gold = row.GetProperty("gold").GetString()!.Replace(",", "");
            bool equal = double.TryParse(row.GetProperty("pred").ToString(), out double pred) && pred == double.Parse(gold);
            pairs.Add(new MathPair(row.GetProperty("idx").ToString(), row.GetProperty("gold").GetString()!, row.GetProperty("response").GetString()!, equal, MathOptions.Default));
        }

        return pairs;
    }

    /// <summary>The labelled solutions of four models to GSM8K.</summary>
    public static List<MathPair> ExampleSolutions()
    {
        var pairs = new List<MathPair>();
        foreach (var row in Rows("gsm8k/example-solutions.first660.jsonl.gz"))
        {
            string truth = row.GetProperty("ground_truth").GetString()!;
            string gold = truth[(truth.LastIndexOf("A:", StringComparison.Ordinal) + 2)..].Trim();
            foreach (string model in (string[])["6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"])
            {
                var m = row.GetProperty(model);
                pairs.Add(new MathPair($"{row.GetProperty("idx")} {model}", gold, m.GetProperty("solution").GetString()!, m.GetProperty("is_correct").GetBoolean(), MathOptions.Default));
            }
        }

        return pairs;
    }

    /// <summary>Every answer against itself in a box.</summary>
    public static List<MathPair> Reflexive(IEnumerable<string> answers) => [.. answers.Select(static (a, i) => new MathPair($"self {i}", a, $"The answer is $\\boxed{{{a}}}$.", true, MathOptions.Default))];

    public static List<string> Math500() => [.. Rows("math500/test.jsonl.gz").Select(static r => r.GetProperty("answer").GetString()!)];

    public static List<string> Olympiad() => [.. Rows("olympiadbench/oe-to-maths-en.jsonl.gz").Select(static r => r.GetProperty("final_answer")).Select(static f => f.ValueKind == JsonValueKind.Array ? f[0].GetString()! : f.GetString()!)];

    public static List<string> MathAnswers() => [.. Rows("math-answers/answers.jsonl.gz").Where(static r => r.GetProperty("answer").ValueKind == JsonValueKind.String).Select(static r => r.GetProperty("answer").GetString()!)];

    /// <summary>Every answer against the same answer in other characters: quotients by a stroke, Unicode signs, plain brackets, other spacing, a name before it.</summary>
    public static List<MathPair> Rewritten(List<string> answers)
    {
        var pairs = new List<MathPair>();
        for (int i = 0; i < answers.Count; i++)
        {
            // Not behind a number, where it makes a mixed one, nor behind a function.
            string a = Regex.Replace(answers[i], @"(^|[=(\[,+-])(\s*)\\[dt]?frac\{(\d+)\}\{(\d+)\}", "$1$2($3/$4)");
            a = Regex.Replace(a, @"\\sqrt\{(\d)\}", "√$1 ");
            a = a.Replace("\\pi", "π ").Replace("\\infty", "∞").Replace("\\cup", "∪").Replace("^\\circ", "°").Replace("^{\\circ}", "°").Replace("\\left", "").Replace("\\right", "")
                .Replace("\\!", "").Replace("-", " −").Replace("\\cdot", "×").Replace("^2", "²").Replace("\\mbox", "\\text").Replace("+", " + ");
            if (answers[i].Length > 0 && a != answers[i])
            {
                pairs.Add(new MathPair($"rewritten {i}", answers[i], $"\\boxed{{ {a} }}", true, MathOptions.Default));
            }
        }

        return pairs;
    }

    /// <summary>Every answer against itself with one digit raised by one, or with its first sign turned.</summary>
    public static List<MathPair> Changed(List<string> answers, int seed)
    {
        var random = new Random(seed);
        var pairs = new List<MathPair>();
        for (int i = 0; i < answers.Count; i++)
        {
            var digits = Enumerable.Range(0, answers[i].Length).Where(k => char.IsAsciiDigit(answers[i][k])).ToList();
            if (digits.Count > 0)
            {
                int at = digits[random.Next(digits.Count)];
                char digit = (char)('0' + ((answers[i][at] - '0' + 1) % 10));
                pairs.Add(new MathPair($"changed {i}", answers[i], $"\\boxed{{{answers[i][..at]}{digit}{answers[i][(at + 1)..]}}}", false, MathOptions.Default));
            }

            int sign = answers[i].AsSpan().IndexOfAny('+', '-');
            if (sign >= 0)
            {
                pairs.Add(new MathPair($"turned {i}", answers[i], $"\\boxed{{{answers[i][..sign]}{(answers[i][sign] == '+' ? '-' : '+')}{answers[i][(sign + 1)..]}}}", false, MathOptions.Default));
            }
        }

        return pairs;
    }

    /// <summary>Every answer against another one that is written differently, drawn with a fixed seed.</summary>
    public static List<MathPair> Shuffled(List<string> answers, int seed)
    {
        var random = new Random(seed);
        var pairs = new List<MathPair>();
        for (int i = 0; i < answers.Count; i++)
        {
            string other = answers[random.Next(answers.Count)];
            if (other.Replace(" ", "") != answers[i].Replace(" ", ""))
            {
                pairs.Add(new MathPair($"other {i}", answers[i], $"\\boxed{{{other}}}", false, MathOptions.Default));
            }
        }

        return pairs;
    }
}
